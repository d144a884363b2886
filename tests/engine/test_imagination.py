"""A text to a whole grid of codes: the same every time, round what is given, at any proportions."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from studio.core.settings import Prompt, Settings
from studio.engine.imagination import Imagination, imagine
from studio.engine.painter import Painter
from studio.engine.weights import load_imagination, save
from studio.errors import RequestError, StudioError
from tests.engine import tiny


@pytest.fixture(scope="module")
def model() -> Imagination:
    return tiny.imagination()


def drawn(model: Imagination, *texts: tuple[str, float], seed: int = 0, **words: object) -> Tensor:
    dice = torch.Generator().manual_seed(seed)
    return imagine(model, texts, (4, 6), dice, **words)  # type: ignore[arg-type]


def test_every_place_gets_a_code_and_the_seed_decides_which(model: Imagination) -> None:
    codes = drawn(model, ("red sea", 1.0))
    assert codes.shape == (4, 6)
    assert 0 <= int(codes.min()) <= int(codes.max()) < model.config.codes
    assert torch.equal(codes, drawn(model, ("red sea", 1.0)))
    assert not torch.equal(codes, drawn(model, ("red sea", 1.0), seed=1))


@pytest.mark.parametrize("passes", [1, 3, 40])
def test_what_is_given_stays_and_the_rest_is_imagined(model: Imagination, passes: int) -> None:
    given = torch.full((4, 6), -1)
    given[1:3, 2:5] = torch.arange(6).view(2, 3)
    codes = drawn(model, ("sea", 1.0), given=given, passes=passes)
    assert torch.equal(codes[1:3, 2:5], given[1:3, 2:5])
    assert int(codes.min()) >= 0
    whole = torch.arange(24).view(4, 6) % model.config.codes
    assert torch.equal(drawn(model, ("sea", 1.0), given=whole), whole)


def test_texts_lead_and_weights_count_to_each_other(model: Imagination) -> None:
    led = drawn(model, ("sea", 1.0), guidance=30)
    assert not torch.equal(led, drawn(model, ("circle", 1.0), guidance=30))
    assert torch.equal(led, drawn(model, ("sea", 5.0), guidance=30))
    assert not torch.equal(led, drawn(model, ("sea", -1.0), guidance=30))
    assert torch.equal(drawn(model), drawn(model, ("", 1.0)))


def test_words_it_never_learned_are_one_word_and_long_texts_are_cut(model: Imagination) -> None:
    rows = model.rows(["sea zebra red", "", "sea " * 9])
    assert rows.tolist() == [[2, 0, 3, -1, -1], [1, -1, -1, -1, -1], [2, 2, 2, 2, 2]]


def test_what_comes_after_a_text_is_not_looked_at(model: Imagination) -> None:
    rows, codes = model.rows(["sea"]), torch.full((1, 2, 2), -1)
    alone = model(rows[:, :1], codes)
    torch.testing.assert_close(model(rows, codes), alone, atol=1e-5, rtol=1e-5)


def test_a_painting_starts_from_it_whole_at_any_size() -> None:
    vqgan, perceptors = tiny.vqgan(), {"vit": tiny.vision_transformer()}
    painter = Painter(vqgan, perceptors, imagination=tiny.imagination)
    fixed = Settings(prompts=(Prompt(text="sea"),), perceptors=("vit",), start="imagined")
    factor = vqgan.config.factor
    for width, height in ((4, 4), (9, 5)):
        settings = Settings(
            prompts=fixed.prompts,
            perceptors=("vit",),
            start="imagined",
            size=(width * factor, height * factor),
        )
        z = painter.start(settings).z
        codes = vqgan.nearest_codes(z)
        assert codes.shape == (1, height, width)
        torch.testing.assert_close(vqgan.vectors_of(codes), z)


def test_a_model_without_one_says_so() -> None:
    painter = Painter(tiny.vqgan(), {"vit": tiny.vision_transformer()})
    asked = Settings(prompts=(Prompt(text="sea"),), perceptors=("vit",), start="imagined")
    with pytest.raises(RequestError, match="starter has no imagination"):
        painter.start(asked)


def test_it_comes_back_from_its_file_and_only_beside_its_own_vqgan(
    model: Imagination, tmp_path: Path
) -> None:
    path = tmp_path / "imagination.safetensors"
    save(path, model, torch.float32)
    again = load_imagination(path, model.config.codes)
    assert torch.equal(drawn(again, ("red", 1.0)), drawn(model, ("red", 1.0)))
    with pytest.raises(StudioError, match=r"imagines \d+ codes"):
        load_imagination(path, model.config.codes + 1)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(StudioError, match="cannot be read"):
        load_imagination(path, model.config.codes)
