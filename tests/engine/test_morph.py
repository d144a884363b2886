"""Films through latents: exact at their stops, smooth between them, flat in memory."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor

from studio.core.film import Moment, Place
from studio.core.settings import Crossing, Motion, Prompt, Settings
from studio.engine import morph as module
from studio.engine.morph import Traveller, between
from studio.engine.painter import Painter, State
from studio.engine.polish import Polisher, spline
from studio.engine.polish import between as settings_between
from studio.engine.vqgan import VQGAN
from studio.errors import RequestError, StudioError
from tests.engine import tiny

START, END, OTHER, LARGE = Place(1, 3), Place(1, 9), Place(2, 0), Place(3, 0)
SEA, NIGHT = (Prompt(text="sea"),), (Prompt(text="night"), Prompt(text="blur", weight=-0.5))
FULL = RuntimeError("DefaultCPUAllocator: can't allocate memory: Error code 12")


class Codes:
    """A project's codes, and how often they were read."""

    def __init__(self) -> None:
        dice = np.random.default_rng(3)
        self.all = {
            place: dice.integers(0, 24, (16, 16) if place == LARGE else (12, 16), dtype=np.uint16)
            for place in (START, END, OTHER, LARGE)
        }
        self.reads = 0

    def __call__(self, place: Place) -> NDArray[np.uint16]:
        self.reads += 1
        return self.all[place]


@pytest.fixture(scope="module")
def vqgan() -> VQGAN:
    return tiny.vqgan()


@pytest.fixture(scope="module")
def painter(vqgan: VQGAN) -> Painter:
    return Painter(vqgan, {"vit": tiny.vision_transformer()})


@pytest.fixture
def codes() -> Codes:
    return Codes()


def settings_of(place: Place) -> Settings:
    return Settings(
        prompts=NIGHT if place == END else SEA,
        size=(32, 24),
        perceptors=("vit",),
        cutouts=2,
        learning_rate=0.2,
    )


def shares(count: int) -> list[Moment]:
    return [Moment(START, END, number / count) for number in range(count + 1)]


def change(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(np.sqrt(np.square(one.astype(float) - other).mean()))


class Decodes:
    """Counts the pictures of each pass through the decoder, and has room for so many."""

    def __init__(self, vqgan: VQGAN, monkeypatch: pytest.MonkeyPatch, room: int = 1000) -> None:
        self.passes: list[int] = []
        decode = vqgan.decode

        def counted(z: Tensor) -> Tensor:
            if len(z) > room:
                raise FULL
            self.passes.append(len(z))
            return decode(z)

        monkeypatch.setattr(vqgan, "decode", counted)


@pytest.mark.parametrize("polished", [False, True])
@pytest.mark.parametrize("requantize", [False, True])
def test_stops_are_the_painted_pictures(
    painter: Painter, codes: Codes, requantize: bool, polished: bool
) -> None:
    polisher = Polisher(painter, settings_of, 1) if polished else None
    film = Traveller(painter.vqgan, requantize=requantize, polisher=polisher, at_once=3)
    moments = [
        Moment(START, END, 0.0),
        Moment(START, END, 0.5),
        Moment(START, END, 1.0),
        Moment(OTHER, OTHER, 0.7),
    ]
    pictures = list(film.pictures(moments, codes))
    for picture, place in ((pictures[0], START), (pictures[2], END), (pictures[3], OTHER)):
        assert np.array_equal(picture, painter.picture(codes(place)))
    assert pictures[1].shape == (24, 32, 3)


def test_a_way_changes_little_by_little(vqgan: VQGAN, codes: Codes) -> None:
    pictures = list(Traveller(vqgan).pictures(shares(40), codes))
    changes = [change(a, b) for a, b in pairwise(pictures)]
    assert min(changes) > 0
    assert max(changes) < 3 * np.mean(changes)
    assert max(changes) < change(pictures[0], pictures[-1]) / 10


@given(share=st.floats(0, 1), seed=st.integers(0, 50), same=st.floats(0, 1))
@examples(max_examples=30)
def test_an_arc_keeps_its_length_and_what_both_ends_share(
    share: float, seed: int, same: float
) -> None:
    dice = torch.Generator().manual_seed(seed)
    a, b = torch.randn(2, 1, 6, 4, 5, generator=dice) * torch.tensor([3.0, 5.0])[:, *[None] * 4]
    rest = torch.rand(1, 1, 4, 5, generator=dice) < same
    b = torch.where(rest, a, b)
    z = between(a, b, share)
    assert torch.equal(torch.where(rest, z, a), a)
    lengths = [(each * ~rest).norm() for each in (a, b, z)]
    torch.testing.assert_close(lengths[2], lengths[0].lerp(lengths[1], share), atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(between(b, a, 1 - share), z, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(between(a, b, 0), a)
    torch.testing.assert_close(between(a, b, 1), b)


def test_ends_in_one_line_are_joined_by_it() -> None:
    a = torch.ones(1, 2, 3, 3)
    assert torch.equal(between(a, 3 * a, 0.25), 1.5 * a)
    assert torch.equal(between(a, -a, 0.5), 0 * a)
    assert torch.equal(between(a, 0 * a, 0.5), 0.5 * a)


def test_requantized_pictures_are_pictures_of_codes(painter: Painter, codes: Codes) -> None:
    vqgan = painter.vqgan
    way = Traveller(vqgan, requantize=True, at_once=1)
    ends = [
        vqgan.vectors_of(torch.from_numpy(codes(place).astype(np.int64))[None])
        for place in (START, END)
    ]
    for moment, picture in zip(shares(5), way.pictures(shares(5), codes), strict=True):
        nearest = vqgan.nearest_codes(between(*ends, moment.share))[0].numpy().astype(np.uint16)
        assert np.array_equal(picture, painter.picture(nearest))


@pytest.mark.parametrize("at_once", [3, 8])
def test_pictures_decoded_together_are_those_decoded_alone(
    vqgan: VQGAN, codes: Codes, at_once: int
) -> None:
    together, alone = Traveller(vqgan, at_once=at_once), Traveller(vqgan, at_once=1)
    for a, b in zip(
        together.pictures(shares(10), codes), alone.pictures(shares(10), codes), strict=True
    ):
        assert np.abs(a.astype(int) - b).max() <= 1  # from rounding values 1e-4 apart
        assert (a != b).mean() < 0.01


def test_moments_are_asked_for_as_they_are_shown(vqgan: VQGAN, codes: Codes) -> None:
    asked = 0

    def moments() -> Iterator[Moment]:
        nonlocal asked
        for number in range(10_000):
            asked += 1
            yield Moment(START, END, number / 10_000)

    pictures = Traveller(vqgan, at_once=4).pictures(moments(), codes)
    assert asked == 0
    assert len(list(islice(pictures, 6))) == 6
    assert asked <= 8
    assert codes.reads == 2


def test_holds_and_repetitions_are_decoded_once(
    vqgan: VQGAN, codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    decodes = Decodes(vqgan, monkeypatch)
    hold = [Moment(START, START, 0.0)] * 500
    there = shares(6)
    film = Traveller(vqgan, at_once=2)
    assert len(list(film.pictures(hold + there + there[::-1] + hold, codes))) == 1014
    assert sum(decodes.passes) == 7


def test_only_so_many_pictures_are_kept(
    vqgan: VQGAN, codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_BYTES", 3 * 24 * 32 * 3)
    film = Traveller(vqgan, at_once=1)
    list(film.pictures(shares(10), codes))
    decodes = Decodes(vqgan, monkeypatch)
    list(film.pictures(shares(10)[::-1], codes))
    assert sum(decodes.passes) == 8


def test_nobody_can_draw_into_a_picture_that_is_shown_again(vqgan: VQGAN, codes: Codes) -> None:
    for picture in Traveller(vqgan).pictures(shares(2), codes):
        with pytest.raises(ValueError, match="read-only"):
            picture[0, 0] = 0


def test_a_small_picture_goes_through_the_decoder_with_others_and_a_large_one_alone(
    vqgan: VQGAN, codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    decodes = Decodes(vqgan, monkeypatch)
    inner = shares(9)[1:-1]
    monkeypatch.setitem(module.PIXELS_AT_ONCE, "cpu", 4 * 24 * 32)
    list(Traveller(vqgan).pictures(inner, codes))
    monkeypatch.setitem(module.PIXELS_AT_ONCE, "cpu", 100)
    list(Traveller(vqgan).pictures(inner[:2], codes))
    assert decodes.passes == [4, 4, 1, 1]


def test_when_memory_runs_out_fewer_pictures_go_at_once(
    vqgan: VQGAN,
    codes: Codes,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected = list(Traveller(vqgan, at_once=1).pictures(shares(9), codes))
    decodes = Decodes(vqgan, monkeypatch, room=2)
    with caplog.at_level(logging.WARNING, "studio"):
        pictures = list(Traveller(vqgan, at_once=8).pictures(shares(9), codes))
    assert max(decodes.passes) == 2
    assert all(
        np.abs(a.astype(int) - b).max() <= 1 for a, b in zip(pictures, expected, strict=True)
    )
    assert [record.getMessage() for record in caplog.records] == [
        f"Memory ran out; going on with {at_once} pictures per pass." for at_once in (4, 2)
    ]


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_picture_too_large_for_memory_is_the_end(
    vqgan: VQGAN, codes: Codes, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    Decodes(vqgan, monkeypatch, room=0)
    with pytest.raises(StudioError, match="Memory ran out at 32x24 even with one picture"):
        list(Traveller(vqgan).pictures([Moment(START, END, share)], codes))


def test_other_faults_stay_what_they_are(
    vqgan: VQGAN, codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(_: Tensor) -> Tensor:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(vqgan, "decode", decode)
    for share in (0.0, 0.5):
        with pytest.raises(RuntimeError, match="a mistake"):
            list(Traveller(vqgan).pictures([Moment(START, END, share)], codes))


def test_a_way_stays_in_one_size(vqgan: VQGAN, codes: Codes) -> None:
    told = "Iteration 3 of take 1 is 32x24 and iteration 0 of take 3 is 32x32"
    with pytest.raises(RequestError, match=told):
        list(Traveller(vqgan).pictures([Moment(START, LARGE, 0.5)], codes))


def test_changes_along_a_way_are_those_of_its_pictures(vqgan: VQGAN, codes: Codes) -> None:
    film = Traveller(vqgan)
    pictures = list(film.pictures(shares(4), codes))
    expected = [change(a, b) for a, b in pairwise(pictures)]
    assert film.changes(START, END, codes, 4) == pytest.approx(expected, rel=1e-4)
    assert film.changes(START, START, codes, 2) == [0, 0]


def polished(painter: Painter, steps: int = 2, **fields: Any) -> Traveller:
    return Traveller(painter.vqgan, polisher=Polisher(painter, settings_of, steps), **fields)


@pytest.mark.slow
def test_a_polished_way_leaves_and_arrives_without_a_jump(painter: Painter, codes: Codes) -> None:
    straight = list(Traveller(painter.vqgan).pictures(shares(64), codes))
    bent = list(polished(painter).pictures(shares(64), codes))
    apart = [change(a, b) for a, b in zip(straight, bent, strict=True)]
    assert apart[0] == apart[-1] == 0
    assert max(apart) > 1
    assert max(apart[1], apart[-2]) < max(apart) / 10
    steps = [change(a, b) for a, b in pairwise(bent)]
    assert max(steps) < 4 * np.mean(steps)


@pytest.mark.slow
def test_polish_depends_on_the_share_alone(painter: Painter, codes: Codes) -> None:
    film = dict(
        zip(shares(8), polished(painter, at_once=1).pictures(shares(8), codes), strict=True)
    )
    some = [shares(8)[number] for number in (6, 3)]
    for moment, picture in zip(
        some, polished(painter, at_once=1).pictures(some, codes), strict=True
    ):
        assert np.array_equal(film[moment], picture)


@pytest.mark.slow
def test_polish_comes_nearer_to_both_prompts(painter: Painter, codes: Codes) -> None:
    """Through the cutouts that it was painted with, the middle of the way has less loss."""
    half = settings_between(settings_of(START), settings_of(END), 0.5)
    ends = [
        painter.vqgan.vectors_of(torch.from_numpy(codes(place).astype(np.int64))[None])
        for place in (START, END)
    ]
    straight = between(*ends, 0.5)
    bend = Polisher(painter, settings_of, 6).bend(START, END, lambda s: between(*ends, s), 0.5)
    before, after = (
        np.mean([painter.step(State(number, z), half)[1].total for number in range(6)])
        for z in (straight, straight + bend)
    )
    assert after < before


@pytest.mark.slow
def test_between_neighbours_polish_stays_near(painter: Painter, codes: Codes) -> None:
    a = painter.vqgan.vectors_of(torch.from_numpy(codes(START).astype(np.int64))[None])
    for apart in (0.0, 1.0):
        b = a.clone()
        b[0, 0, 0, 0] += apart
        way = partial(between, a, b)
        bend = Polisher(painter, settings_of, 2).bend(START, END, way, 0.5)
        assert float(bend.norm()) <= apart / 2 + 1e-6


@pytest.mark.slow
def test_points_of_a_way_are_painted_once(
    painter: Painter, codes: Codes, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[State] = []
    step = painter.step

    def counted(state: State, settings: Settings) -> Any:
        taken.append(state)
        return step(state, settings)

    monkeypatch.setattr(painter, "step", counted)
    list(polished(painter).pictures(shares(30) * 2, codes))
    assert [state.iteration for state in taken] == [0, 1] * 3


def test_between_two_stops_only_their_prompts_pull() -> None:
    start = Settings(prompts=SEA, learning_rate=0.1, motion=Motion(zoom=1.1), smooth=0.3)
    end = Settings(prompts=NIGHT, learning_rate=0.4, start_weight=2, average=0.9)
    for share, rate in ((0.25, 0.1), (0.75, 0.4)):
        settings = settings_between(start, end, share)
        assert settings.prompts == SEA
        assert settings.crossing == Crossing(prompts=NIGHT, share=share)
        assert settings.learning_rate == rate
        assert settings.motion.is_still
        assert settings.smooth == settings.start_weight == settings.average == 0
    assert settings_between(start, start, 0.5).crossing is None


def test_a_stop_in_the_middle_of_a_crossing_brings_both_sides_of_it() -> None:
    stop = Settings(prompts=SEA, crossing=Crossing(prompts=NIGHT, share=0.25))
    settings = settings_between(stop, stop, 0.5)
    assert [(each.text, each.weight) for each in settings.prompts] == [
        ("sea", 0.75),
        ("night", 0.25),
        ("blur", -0.125),
    ]
    assert settings.crossing is None


@given(points=st.lists(st.floats(-5, 5), min_size=1, max_size=5))
@examples(max_examples=30)
def test_a_spline_goes_through_its_points_and_does_not_jump(points: list[float]) -> None:
    tensors = [torch.tensor(point) for point in (0.0, *points, 0.0)]
    last = len(tensors) - 1
    for number, point in enumerate(tensors):
        torch.testing.assert_close(spline(tensors, number / last), point, atol=1e-5, rtol=0)
    way = [float(spline(tensors, number / 200)) for number in range(201)]
    steepest = 3 * last * (max(map(abs, points)) * 2 + 1e-6)
    assert max(abs(b - a) for a, b in pairwise(way)) <= steepest / 200
    assert abs(way[1]) <= steepest * last / 200**2 * 3 + 1e-6
