"""Prompts with regions, cells that are kept, and strokes of the brush."""

from __future__ import annotations

import weakref
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from studio.core.settings import Motion, Prompt, Settings, Stroke
from studio.engine import painter as module
from studio.engine.painter import Painter, State, state_from_bytes
from studio.engine.regions import frame_of
from studio.engine.views import Views
from tests.engine import tiny

SIDE = 64
LEFT = np.zeros((SIDE, SIDE), np.uint8)
LEFT[:, : SIDE // 2] = 255
RIGHT = 255 - LEFT
BLOB = np.zeros((16, 16, 4), np.uint8)
BLOB[:] = (255, 220, 0, 255)
PICTURES: dict[str, NDArray[np.uint8]] = {"left": LEFT, "right": RIGHT, "blob": BLOB}
SPOT = np.zeros((SIDE, SIDE), np.uint8)
SPOT[:16, :16] = 255
PICTURES["spot"] = SPOT


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter(tiny.vqgan(), {"tiny": tiny.vision_transformer()}, pictures=PICTURES)


def settings(*prompts: Prompt, **changes: Any) -> Settings:
    fields: dict[str, Any] = {
        "prompts": prompts or (Prompt(text="red"),),
        "size": (SIDE, SIDE),
        "perceptors": ("tiny",),
        "cutouts": 6,
        "seed": 3,
    }
    return Settings(**(fields | changes))


def painted(painter: Painter, asked: Settings, count: int, state: State | None = None) -> State:
    state = state or painter.start(asked)
    for _ in range(count):
        state, _step = painter.step(state, asked)
    return state


def codes(painter: Painter, state: State) -> NDArray[np.int64]:
    return painter.vqgan.nearest_codes(state.z)[0].numpy()


def test_a_region_changes_nothing_that_it_does_not_reach(painter: Painter) -> None:
    asked = settings(Prompt(text="red", mask="left"), smooth=0.3)
    begun = painter.start(asked)
    state = painted(painter, asked, 4)
    half = state.z.shape[3] // 2
    assert torch.equal(state.z[..., half:], begun.z[..., half:])
    assert not torch.equal(state.z[..., :half], begun.z[..., :half])


def test_regions_cost_no_more_views(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    sent = Views.sent

    def counted(views: Views, device: torch.device) -> Views:
        seen.append(len(views))
        return sent(views, device)

    monkeypatch.setattr(Views, "sent", counted)
    two = (Prompt(text="red", mask="left"), Prompt(text="blue", mask="right"))
    painted(painter, settings(Prompt(text="sea"), *two), 1)
    assert seen == [6]  # for all regions at once


@pytest.mark.parametrize("average", [0.0, 0.8])
def test_what_is_kept_stays_the_same_to_the_code(painter: Painter, average: float) -> None:
    free = settings(Prompt(text="red"), smooth=0.2, average=average, learning_rate=0.5)
    before = painted(painter, free, 3)
    kept = msgspec.structs.replace(free, keep="left")
    first, step = painter.step(before, kept)
    last, other = painter.step(painted(painter, kept, 5, first), kept)
    half = step.codes.shape[1] // 2
    assert np.array_equal(step.codes[:, :half], other.codes[:, :half])
    assert not np.array_equal(step.codes[:, half:], other.codes[:, half:])
    again = state_from_bytes(last.to_bytes(), torch.device("cpu"))
    assert again.keep == "left"
    assert torch.equal(painter.step(again, kept)[0].z, painter.step(last, kept)[0].z)
    let_go, _ = painter.step(last, free)
    assert let_go.kept is None
    assert not torch.equal(let_go.z[..., :half], last.z[..., :half])


def test_what_is_kept_moves_along(painter: Painter) -> None:
    asked = settings(keep="left", motion=Motion(x=0.5))
    state = painted(painter, asked, 2)
    assert state.kept is not None
    places = state.kept[0, 0].mean(0)
    assert places[-1] > places[0] or places[-1] > 0.5


def test_colour_changes_the_cells_that_it_touches_alone(painter: Painter) -> None:
    asked = settings(learning_rate=1e-6, smooth=0.0)
    before = painted(painter, asked, 2)
    _, plain = painter.step(before, asked)
    _, struck = painter.step(before, asked, (Stroke(kind="colour", picture="blob", x=8, y=8),))
    factor = painter.vqgan.config.factor
    changed = plain.codes != struck.codes
    low, high = 8 // factor, -(-24 // factor)
    assert changed[low:high, low:high].any()
    changed[low:high, low:high] = False
    assert not changed.any()
    _, again = painter.step(before, asked, (Stroke(kind="colour", picture="blob", x=8, y=8),))
    assert np.array_equal(struck.codes, again.codes)


@pytest.mark.parametrize("kind", ["colour", "scramble"])
def test_no_stroke_changes_what_is_kept(painter: Painter, kind: Any) -> None:
    asked = settings(keep="spot", learning_rate=1e-6)
    before = painted(painter, asked, 2)
    stroke = Stroke(kind=kind, picture="blob" if kind == "colour" else "left", x=0, y=0)
    plain = painter.step(before, asked)[1].codes
    struck = painter.step(before, asked, (stroke,))[1].codes
    side = 16 // painter.vqgan.config.factor
    assert np.array_equal(plain[:side, :side], struck[:side, :side])


def test_a_stroke_may_reach_beyond_the_picture(painter: Painter) -> None:
    asked = settings()
    before = painted(painter, asked, 1)
    for x, y in ((-8, -8), (SIDE - 4, 2), (500, 500), (-500, 0)):
        painter.step(before, asked, (Stroke(kind="colour", picture="blob", x=x, y=y),))


def test_scrambled_cells_are_new_and_the_same_again_for_the_same_seed(painter: Painter) -> None:
    asked = settings(learning_rate=1e-6, smooth=0.0)
    before = painted(painter, asked, 2)
    found = []
    for seed in (1, 1, 2):
        stroke = Stroke(kind="scramble", picture="spot", seed=seed)
        found.append(painter.step(before, asked, (stroke,))[1].codes)
    plain = painter.step(before, asked)[1].codes
    side = 16 // painter.vqgan.config.factor
    assert np.array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[2])
    assert np.array_equal(found[0][side:], plain[side:])
    assert (found[0][:side, :side] != plain[:side, :side]).any()


def test_weights_of_a_prompt_are_read_anew_and_its_text_is_not(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = settings(Prompt(text="a boat"))
    state = painted(painter, asked, 1)
    monkeypatch.setattr(painter.perceptors["tiny"], "encode_text", None)
    for weight in (0.5, 0.25):
        other = settings(Prompt(text="a boat", weight=weight))
        _, step = painter.step(state, other)
        assert step.losses[0] == pytest.approx(weight * painter.step(state, asked)[1].losses[0])


def test_masks_that_were_painted_over_are_let_go(
    painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = []
    monkeypatch.setattr(module, "MOST_MASKS", 2)
    new_target = Painter._new_target

    def watched(self: Painter, *asked: Any) -> Any:
        target = new_target(self, *asked)
        refs.append(weakref.ref(target.mask))
        return target

    monkeypatch.setattr(Painter, "_new_target", watched)
    alone = Painter(tiny.vqgan(), painter.perceptors, pictures=dict(PICTURES))
    state = alone.start(settings())
    for k in range(6):
        alone.pictures = PICTURES | {f"stroke {k}": LEFT}
        red, blue = (Prompt(text=text, mask=f"stroke {k}") for text in ("red", "blue"))
        state, _ = alone.step(state, settings(red, blue))
    assert len(refs) == 12
    assert len({id(ref()) for ref in refs if ref() is not None}) <= 3


def test_the_frame_of_a_region_holds_it(painter: Painter) -> None:
    frame = frame_of(SPOT)
    assert (frame.left, frame.top) == (-1, -1)
    assert -0.5 <= frame.right < 0
    assert frame.area == pytest.approx(1 / 16)
    assert frame_of(np.zeros((8, 8), np.uint8))[:4] == (-1, -1, 1, 1)
