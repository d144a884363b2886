"""Published weight files become models that equal taming's and clip's own, and paint."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from clip.model import CLIP
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from studio.core.settings import Prompt, Settings
from studio.engine.painter import Painter
from studio.engine.vqgan import VQGAN
from studio.engine.weights import (
    convert_clip,
    convert_vqgan,
    load_perceptor,
    load_vqgan,
    recognise,
    save,
)
from studio.errors import RequestError
from tests.engine import formats, tiny
from tests.engine.reference import embedded_pictures, embedded_text


@pytest.fixture(scope="module")
def vqmodel() -> formats.VQModel:
    return formats.filled(lambda: formats.VQModel(formats.SMALL))


@pytest.fixture(scope="module")
def gumbelvq() -> formats.VQModel:
    return formats.filled(lambda: formats.GumbelVQ(formats.F8))


@pytest.fixture(scope="module")
def checkpoint(vqmodel: formats.VQModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Written by Lightning's trainer."""
    return formats.trained(vqmodel, tmp_path_factory.mktemp("trained"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "models" / "vqgan.safetensors"


def imported(checkpoint: Path, config: Path | None, out: Path) -> VQGAN:
    assert recognise(checkpoint) == "vqgan"
    convert_vqgan(checkpoint, config, out)
    assert sorted(path.name for path in out.parent.iterdir()) == [
        f"{out.stem}.json",
        f"{out.stem}.safetensors",
    ]
    return load_vqgan(out)


def picture() -> Tensor:
    return torch.rand(2, 3, 32, 48, generator=torch.Generator().manual_seed(3)) * 2 - 1


def assert_same_picture(found: Tensor, wanted: Tensor) -> None:
    """To 1e-4 of its largest value: random weights paint beyond -1..1 and magnify rounding."""
    scale = wanted.abs().max()
    torch.testing.assert_close(found / scale, wanted / scale, rtol=0, atol=1e-4)


@torch.no_grad()
def assert_equal(ours: VQGAN, theirs: formats.VQModel) -> None:
    """Encoding, quantizing and decoding as taming's."""
    hidden = theirs.hidden(picture())
    quantized, _, (_, _, codes) = theirs.quantize(hidden)
    found, found_codes = ours.quantized(ours.encode(picture()))
    torch.testing.assert_close(ours.encode(picture()), hidden, rtol=1e-5, atol=1e-5)
    assert torch.equal(found_codes.flatten(), codes.flatten())
    assert len(found_codes.unique()) > 2
    torch.testing.assert_close(found, quantized, rtol=1e-5, atol=1e-5)
    assert_same_picture(ours.decode(found), theirs.decode(quantized))


@torch.no_grad()
def assert_equal_to_gumbel(ours: VQGAN, theirs: formats.VQModel) -> None:
    """As `assert_equal`; taming draws its codes by chance, so the likeliest stand for them."""
    hidden = theirs.hidden(picture())
    *_, logits = theirs.quantize(hidden, return_logits=True)
    codes = logits.argmax(1)
    shape = (*codes.shape, ours.config.embed_dim)
    wanted = theirs.quantize.get_codebook_entry(codes.flatten(), shape)
    encoded = ours.encode(picture())
    found, found_codes = ours.quantized(encoded)
    assert torch.equal(found_codes, codes)
    assert len(codes.unique()) > 2
    torch.testing.assert_close(encoded, wanted, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-5)
    assert_same_picture(ours.decode(found), theirs.decode(wanted))


@pytest.mark.slow
def test_a_lightning_checkpoint_with_its_yaml(
    checkpoint: Path, vqmodel: formats.VQModel, tmp_path: Path, out: Path
) -> None:
    config = formats.vqgan_yaml(tmp_path / "model.yaml", formats.SMALL)
    ours = imported(checkpoint, config, out)
    assert ours.config.resolution == 32
    assert_equal(ours, vqmodel)


@pytest.mark.slow
def test_a_checkpoint_of_the_lightning_that_trained_the_published_ones(
    checkpoint: Path, vqmodel: formats.VQModel, tmp_path: Path, out: Path
) -> None:
    old = formats.as_old_lightning(checkpoint, tmp_path / "old.ckpt")
    assert_equal(imported(old, None, out), vqmodel)


@pytest.mark.slow
def test_only_the_model_is_kept_and_it_knows_its_source(checkpoint: Path, out: Path) -> None:
    imported(checkpoint, None, out)
    with safe_open(out, framework="pt") as file:
        names, about = set(file.keys()), file.metadata()
    assert {name.split(".")[0] for name in names} == {
        "encoder",
        "decoder",
        "quantize",
        "quant_conv",
        "post_quant_conv",
    }
    assert about["source_sha256"] == hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    assert out.stat().st_size < checkpoint.stat().st_size / 2
    assert out.stat().st_mode == out.with_suffix(".json").stat().st_mode


def test_the_same_checkpoint_gives_the_same_file_each_time(
    checkpoint: Path, tmp_path: Path
) -> None:
    """A project knows its model by the sha256 of the converted file."""
    outs = [tmp_path / str(n) / "vqgan.safetensors" for n in range(8)]
    for out in outs:
        convert_vqgan(checkpoint, None, out)
    assert len({out.read_bytes() for out in outs}) == 1


@pytest.mark.parametrize("with_yaml", [True, False])
def test_a_gumbel_vqgan_of_factor_8(
    gumbelvq: formats.VQModel, with_yaml: bool, tmp_path: Path, out: Path
) -> None:
    torch.save({"state_dict": gumbelvq.state_dict()}, tmp_path / "gumbel.ckpt")
    target = "taming.models.vqgan.GumbelVQ"
    config = formats.vqgan_yaml(tmp_path / "gumbel.yaml", formats.F8, target, embed_dim=8)
    ours = imported(tmp_path / "gumbel.ckpt", config if with_yaml else None, out)
    assert (ours.config.kind, ours.config.factor) == ("gumbel", 8)
    assert_equal_to_gumbel(ours, gumbelvq)


def test_the_first_stage_of_a_transformer(
    vqmodel: formats.VQModel, tmp_path: Path, out: Path
) -> None:
    condition = formats.VQModel(formats.SMALL | {"ch": 64}, n_embed=7)
    whole = formats.Net2Net(vqmodel, condition)
    state = whole.state_dict() | {"model_ema.decay": torch.tensor(0.9)}
    torch.save({"state_dict": state, "epoch": 3}, tmp_path / "net2net.ckpt")
    config = formats.net2net_yaml(tmp_path / "net2net.yaml", formats.SMALL)
    assert_equal(imported(tmp_path / "net2net.ckpt", config, out), vqmodel)


def test_safetensors_of_the_same_names(vqmodel: formats.VQModel, tmp_path: Path, out: Path) -> None:
    save_file(vqmodel.state_dict(), tmp_path / "v.safetensors")
    assert_equal(imported(tmp_path / "v.safetensors", None, out), vqmodel)


def test_a_vqgan_of_our_own_training(tmp_path: Path, out: Path) -> None:
    model = tiny.vqgan(norm_groups=8)
    save(tmp_path / "vqgan.safetensors", model)
    ours = imported(tmp_path / "vqgan.safetensors", None, out)
    assert ours.config == model.config
    again = load_vqgan(tmp_path / "vqgan.safetensors")
    assert torch.equal(ours.decode(ours.encode(picture())), again.decode(again.encode(picture())))


def test_precision_stays_as_it_was(vqmodel: formats.VQModel, tmp_path: Path, out: Path) -> None:
    halves = {name: tensor.half() for name, tensor in vqmodel.state_dict().items()}
    torch.save(halves, tmp_path / "half.ckpt")
    convert_vqgan(tmp_path / "half.ckpt", None, out)
    with safe_open(out, framework="pt") as file:
        assert file.get_tensor("quantize.embedding.weight").dtype == torch.float16


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["vq", "gumbel"])
def test_it_paints(
    kind: str,
    vqmodel: formats.VQModel,
    gumbelvq: formats.VQModel,
    tmp_path: Path,
    out: Path,
) -> None:
    model = vqmodel if kind == "vq" else gumbelvq
    torch.save({"state_dict": model.state_dict()}, tmp_path / "v.ckpt")
    vqgan = imported(tmp_path / "v.ckpt", None, out)
    painter = Painter(vqgan, {"eye": tiny.vision_transformer()})
    factor = vqgan.config.factor
    settings = Settings(
        prompts=(Prompt(text="a red circle"),),
        size=(3 * factor, 2 * factor),
        perceptors=("eye",),
        cutouts=2,
        start="fractal",
        learning_rate=1.0,
    )
    state = painter.start(settings)
    state, first = painter.step(state, settings)
    for _ in range(10):
        state, last = painter.step(state, settings)
    assert last.codes.shape == (2, 3)
    assert last.total > 0
    assert (first.codes != last.codes).any()
    assert (painter.picture(last.codes) == last.picture).all()


CLIPS: dict[str, Callable[[], Any]] = {"vit": tiny.vision_transformer, "resnet": tiny.resnet}


def in_half(build: Callable[[], Any]) -> CLIP:
    """clip's own model with the weights of a published archive, as `clip.load` has it on a CPU."""
    from clip.model import build_model

    return build_model(build().clip.state_dict()).float().eval().requires_grad_(False)


@torch.no_grad()
def assert_same_towers(out: Path, theirs: CLIP) -> None:
    ours = load_perceptor(out)
    side = ours.resolution
    pictures = torch.rand(3, 3, side, side, generator=torch.Generator().manual_seed(5))
    wanted = embedded_pictures(theirs, pictures)
    torch.testing.assert_close(ours.encode_pictures(pictures), wanted, rtol=1e-5, atol=1e-5)
    assert (wanted[0] - wanted[1]).norm() > 1e-3
    for text in ("a red circle on a blue sea", "night"):
        wanted = embedded_text(theirs, text)
        torch.testing.assert_close(ours.encode_text(text), wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("tower", CLIPS)
def test_a_torchscript_archive(tower: str, tmp_path: Path) -> None:
    archive = formats.as_openai_wrote(CLIPS[tower]().clip, tmp_path / "clip.pt")
    assert recognise(archive) == "clip"
    config = convert_clip(archive, tmp_path / "out" / "clip.safetensors")
    assert config == CLIPS[tower]().config
    assert_same_towers(tmp_path / "out" / "clip.safetensors", in_half(CLIPS[tower]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        mapped = torch.jit.load(archive, map_location="cpu").state_dict()
    with safe_open(tmp_path / "out" / "clip.safetensors", framework="pt") as file:
        for name in file.keys():  # noqa: SIM118
            assert torch.equal(file.get_tensor(name), mapped[name]), name


@pytest.mark.parametrize("tower", CLIPS)
def test_a_state_dict_of_a_clip(tower: str, tmp_path: Path) -> None:
    state = CLIPS[tower]().clip.state_dict()
    extras = {"input_resolution": torch.tensor(32), "context_length": torch.tensor(77)}
    torch.save(state | extras, tmp_path / "clip.pt")
    assert recognise(tmp_path / "clip.pt") == "clip"
    out = tmp_path / "out" / "clip.safetensors"
    assert convert_clip(tmp_path / "clip.pt", out) == CLIPS[tower]().config
    theirs = in_half(CLIPS[tower])
    theirs.load_state_dict(state)
    assert_same_towers(out, theirs)


def test_a_clip_in_safetensors_and_one_of_few_words(tmp_path: Path) -> None:
    save_file(tiny.vision_transformer().clip.state_dict(), tmp_path / "clip.safetensors")
    few = tiny.vision_transformer(**tiny.few_words())
    save(tmp_path / "few.safetensors", few)
    for name in ("clip", "few"):
        assert recognise(tmp_path / f"{name}.safetensors") == "clip"
        convert_clip(tmp_path / f"{name}.safetensors", tmp_path / "out" / f"{name}.safetensors")
    assert load_perceptor(tmp_path / "out" / "few.safetensors").config == few.config
    (tmp_path / "few.json").unlink()
    with pytest.raises(RequestError, match="put the JSON of its config beside it"):
        convert_clip(tmp_path / "few.safetensors", tmp_path / "out" / "few.safetensors")


def test_a_model_of_the_other_kind_is_refused(vqmodel: formats.VQModel, tmp_path: Path) -> None:
    torch.save(vqmodel.state_dict(), tmp_path / "v.ckpt")
    torch.save(tiny.vision_transformer().clip.state_dict(), tmp_path / "c.pt")
    with pytest.raises(RequestError, match="is not a CLIP"):
        convert_clip(tmp_path / "v.ckpt", tmp_path / "out.safetensors")
    with pytest.raises(RequestError, match="cannot be told from its weights"):
        convert_vqgan(tmp_path / "c.pt", None, tmp_path / "out.safetensors")
