"""The bridge's films: counted, previewed and written from the project file, beside the painting."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from studio.core.film import Order, Stop
from studio.film.formats import Kind
from studio.work.facts import Draft, FilmFacts, FilmNews
from studio.work.film_source import Footage, Source
from studio.work.studio import Studio
from tests.work.conftest import Person, asked

pytestmark = pytest.mark.slow
MORPH = Order(
    mode="morph", fps=10, stops=tuple(Stop(take=1, iteration=n, hold=0.2, travel=1) for n in (0, 5))
)


class Films:
    """What the bridge tells of films, in order."""

    def __init__(self, studio: Studio, qtbot: QtBot) -> None:
        self.studio, self._qtbot = studio, qtbot
        self.facts: list[FilmFacts] = []
        self.news: list[FilmNews] = []
        studio.films.planned.connect(self.facts.append)
        studio.films.changed.connect(self._hear)

    def _hear(self, films: list[FilmNews]) -> None:
        self.news = films

    def plan(self, order: Order, kind: Kind = "mp4") -> FilmFacts:
        before = len(self.facts)
        self.studio.plan_film(order, kind)
        self.wait(lambda: len(self.facts) > before and self.facts[-1].order == order)
        return self.facts[-1]

    def export(self, order: Order, out: Path, kind: Kind = "mp4") -> None:
        self.studio.export_film(order, out, kind)

    def states(self) -> list[str]:
        return [each.state for each in self.news]

    def wait(self, holds: Any) -> None:
        self._qtbot.waitUntil(holds)


@pytest.fixture
def films(studio: Studio, person: Person, qtbot: QtBot) -> Films:
    """Of a painting of six iterations that are not all alike."""
    studio.create(Draft(asked(learning_rate=2.0)), 6)
    person.wait_for("finished")
    return Films(studio, qtbot)


def test_a_film_is_counted_and_its_frames_come(films: Films) -> None:
    facts = films.plan(Order(fps=10, duration=2))
    assert (facts.frames, facts.seconds, facts.size, facts.own) == (20, 2.0, (32, 32), (32, 32))
    assert facts.bytes > 0
    reel = films.studio.films.reel
    films.wait(lambda: reel.ready() == [(0, 19)])
    first, last = reel.frame(0), reel.frame(19)
    assert first is not None
    assert last is not None
    assert first.shape == (32, 32, 3)
    assert (first != last).any()


def test_a_film_that_nobody_looks_at_any_more_is_not_shown(
    films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = films.studio.contents
    assert contents is not None
    counting, may = threading.Event(), threading.Event()

    def slow(self: Source, *words: Any) -> Footage:
        counting.set()
        may.wait(60)
        return counted(self, *words)

    counted = Source.footage
    monkeypatch.setattr(Source, "footage", slow)
    films.studio.plan_film(Order(fps=10, duration=2), "mp4")
    assert counting.wait(60)
    films.studio.films.forget()
    may.set()
    films.wait(lambda: not films.studio.films._is_planning)
    assert not films.facts
    assert not films.studio.films.reel.ready()


def test_an_order_that_cannot_be_followed_says_why(films: Films) -> None:
    facts = films.plan(Order(mode="morph", stops=MORPH.stops[:1]))
    assert "two stops" in facts.problem
    assert films.studio.films.reel.frame(0) is None
    assert "no take 9" in films.plan(Order(take=9)).problem


def test_the_newest_of_many_orders_is_counted(films: Films) -> None:
    orders = [Order(fps=10, duration=seconds) for seconds in range(1, 30)]
    for order in orders[:-1]:
        films.studio.plan_film(order, "mp4")
    assert films.plan(orders[-1]).frames == 290
    assert len(films.facts) < len(orders)


def test_a_morph_is_previewed_through_latents_and_without_the_model_by_a_dissolve(
    films: Films, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reel = films.studio.films.reel
    facts = films.plan(MORPH)
    assert facts.note == ""
    films.wait(lambda: reel.ready() == [(0, 13)])
    through = reel.frame(7)
    films.studio.films.forget()
    # the starter that the program brings along is another one than that of the tests
    monkeypatch.setenv("VQGAN_CLIP_STUDIO_MODELS", str(tmp_path))
    facts = films.plan(MORPH)
    assert "starter" in facts.note
    assert "dissolves" in facts.note
    films.wait(lambda: reel.ready() == [(0, 13)])
    dissolved = reel.frame(7)
    assert through is not None
    assert dissolved is not None
    assert (through != dissolved).any()
    films.export(MORPH, tmp_path / "morph.mp4")
    films.wait(lambda: films.states() == ["failed"])
    fault = films.news[0].fault
    assert fault is not None
    assert "starter" in fault.sentence
    assert "Traceback" not in fault.sentence
    films.export(Order(fps=10, quality="best"), tmp_path / "best.mp4")
    films.wait(lambda: films.states() == ["failed", "done"])
    assert "previews" in films.news[1].note


def test_films_are_written_in_turn_and_a_waiting_one_can_be_cancelled(
    films: Films, tmp_path: Path
) -> None:
    order = Order(fps=10, duration=1)
    for name, kind in (("a.mp4", "mp4"), ("b.webp", "webp"), ("c", "folder"), ("d.png", "png")):
        films.export(order, tmp_path / name, kind)  # type: ignore[arg-type]
    films.studio.films.cancel(2)
    films.wait(lambda: films.states() == ["done", "cancelled", "done", "done"])
    assert not (tmp_path / "b.webp").exists()
    assert len(list((tmp_path / "c").iterdir())) == 10
    with Image.open(tmp_path / "d.png") as image:
        assert image.size == (32, 32)
    assert [each.count for each in films.news] == [10, 0, 10, 1]
    assert [each.done for each in films.news] == [10, 0, 10, 1]
    films.export(order, tmp_path / "e.gif", "mp4")
    films.wait(lambda: films.states()[-1] == "done")
    assert (tmp_path / "e.gif").read_bytes().startswith(b"GIF89a")
    films.studio.films.remove(1)
    films.wait(lambda: [each.id for each in films.news] == [2, 3, 4, 5])


def test_the_order_is_kept_in_the_project(films: Films, person: Person) -> None:
    films.studio.set_film(MORPH)
    contents = person.all("opened")[-1]
    person.forget()
    films.studio.show_take(1)
    assert person.wait_for("opened").film == MORPH
    assert contents.film is None


def test_closing_the_program_cancels_what_is_written(films: Films, tmp_path: Path) -> None:
    films.export(Order(fps=60, duration=600, size=(1024, 1024)), tmp_path / "long.mp4")
    films.wait(lambda: bool(films.news) and films.news[0].done > 0)
    films.studio.close()
    films.wait(lambda: films.states() == ["cancelled"])
    assert not [each for each in tmp_path.iterdir() if "long" in each.name or ".part" in each.name]
