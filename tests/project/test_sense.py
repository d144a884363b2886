"""Whole projects whose contents make no sense: refused in a sentence when they are opened."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_up import Painter
from resealed import edit_document, put_document, put_measured, put_take, tables

from studio.core.schedule import settings_at
from studio.errors import RequestError, StudioError
from studio.project import outline, versions
from studio.project.file import Project

CREATED = "2026-11-30T20:00:00+00:00"
PROMPTS = [{"text": "fog"}]


def first(plain: Any) -> Any:
    """What a person made of the first take."""
    return plain["takes"]["1"]


def keyed(**fields: Any) -> Callable[[Any], None]:
    """A keyframe that sets such values."""
    keyframe = {"iteration": 5, "prompts": PROMPTS, **fields}
    return lambda plain: first(plain)["changes"][0].update(keyframes=[keyframe])


def setting(**fields: Any) -> Callable[[Any], None]:
    """Settings with such values."""
    return lambda plain: first(plain)["changes"][0]["settings"].update(fields)


DOCUMENTS: dict[str, Callable[[Any], object]] = {
    "no takes": lambda plain: plain.update(takes={}),
    "no first take": lambda plain: plain.update(takes={"2": first(plain)}),
    "no changes": lambda plain: first(plain).update(changes=[]),
    "settings too late": lambda plain: first(plain)["changes"][0].update(iteration=5),
    "settings before the first iteration": lambda p: first(p)["changes"][0].update(iteration=-1),
    "settings at the end of time": lambda plain: first(plain)["changes"].append(
        {**first(plain)["changes"][0], "iteration": 2**62}
    ),
    "keyframe before the first iteration": keyed(iteration=-3),
    "keyframe at the end of time": keyed(iteration=2**62),
    "keyframe with a number of 4,000 digits": keyed(iteration=10**4000),
    "keyframe of few cutouts": keyed(cutouts=-5),
    "keyframe of many cutouts": keyed(cutouts=2**62),
    "keyframe without a rate": keyed(learning_rate=0),
    "keyframe without prompts": keyed(prompts=[]),
    "keyframe of a seed that is none": keyed(seed=-5),
    "keyframe of a motion away": keyed(motion={"zoom": 1e300}),
    "a rate of endless size": setting(learning_rate=math.inf),
    "a seed that is none": setting(seed=-5),
    "a picture too large": setting(size=[2**40, 1]),
    "no prompts": setting(prompts=[]),
    "prompts without end": setting(prompts=PROMPTS * 1000),
    "a prompt without end": setting(prompts=[{"text": "fog " * 100_000}]),
    "CLIPs without end": setting(perceptors=["starter"] * 1000),
    "a crossing from nothing": setting(crossing={"prompts": [], "share": 0.5}),
    "a crossing to nowhere": setting(crossing={"prompts": PROMPTS, "share": 7}),
    "a name without end": lambda plain: first(plain).update(name="fog" * 100_000),
    "a model without end": lambda plain: plain["models"][0].update(name="fog" * 100_000),
    "a date that is none": lambda plain: plain.update(created="\x1b[2J"),
    "a film of no frames": lambda plain: plain.update(film={"fps": 0}),
}

BYTES = {
    "100,000 brackets": b"[" * 100_000,
    "100,000 objects": b'{"takes":' * 100_000,
    "unknown words that lead deep": b'{"other":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nothing": b"",
    "no text": b'{"created": "\xff"}',
    "half a letter": b'{"created": "\\ud800"}',
    "a number": b"7",
}


def refused(path: Path, said: str = "The document") -> None:
    """It is, for reading and for painting, and in one sentence."""
    for read_only in (True, False):
        with pytest.raises(StudioError, match=f"{said} of .* is damaged;") as raised:
            Project.open(path, read_only=read_only)
        assert "\n" not in str(raised.value)
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("what", DOCUMENTS)
def test_a_document_that_makes_no_sense(painter: Painter, path: Path, what: str) -> None:
    with painter.create(path, 2) as project:
        project.add_change(1, painter.change(3))
    edit_document(path, DOCUMENTS[what], alone=False)
    with Project.open(path) as project:
        assert project.fell_back
        assert project.changes(1) == (painter.change(0), painter.change(3))
        project.rename_take(1, "dawn")
        assert not project.fell_back
    edit_document(path, DOCUMENTS[what])
    refused(path)


@pytest.mark.parametrize("what", BYTES)
def test_a_document_that_is_none(painter: Painter, path: Path, what: str) -> None:
    painter.create(path, 2).close()
    put_document(path, BYTES[what])
    refused(path)


def test_a_document_without_end_is_not_read(painter: Painter, path: Path) -> None:
    painter.create(path, 2).close()
    with tables(path) as connection:
        connection.execute("UPDATE document SET json = zeroblob(9000000)")
    refused(path)


@pytest.mark.parametrize(
    "branch",
    [
        {"parent": 1, "branched_at": 2**62},
        {"parent": 1, "branched_at": 10**30},
        {"parent": 1, "branched_at": 300_000_000},
        {"parent": 1, "branched_at": 5},
        {"parent": 1, "branched_at": -1},
        {"parent": 1, "branched_at": 1.5},
        {"parent": 1, "branched_at": None},
        {"parent": None, "branched_at": None},
        {"parent": None, "branched_at": 1},
        {"parent": 2, "branched_at": 0},
        {"parent": 3, "branched_at": 0},
        {"parent": -1, "branched_at": 0},
        {"parent": 1, "branched_at": 1, "created": "\x1b[2J"},
    ],
)
def test_a_take_that_comes_from_nowhere(
    painter: Painter, path: Path, branch: dict[str, Any]
) -> None:
    painter.create(path, 4).close()
    put_take(path, 2, {"created": CREATED, **branch})
    refused(path, "Take 2")


def test_a_take_with_a_number_that_is_none(painter: Painter, path: Path) -> None:
    painter.create(path, 4).close()
    put_take(path, 2**62, {"parent": 1, "branched_at": 1, "created": CREATED})
    refused(path, f"Take {2**62}")


def test_no_takes_at_all_and_more_than_can_be(
    painter: Painter, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter.create(path, 4).close()
    monkeypatch.setattr(outline, "MOST_TAKES", 3)
    for take in (2, 3, 4):
        put_take(path, take, {"parent": 1, "branched_at": 1, "created": CREATED})
    refused(path, "The list of takes")
    with tables(path) as connection:
        connection.execute("DELETE FROM take")
    refused(path, "The list of takes")


@pytest.mark.parametrize("number", [2**62, 300_000_000, 100_000, "x", b"x"])
def test_iterations_that_cannot_be(painter: Painter, path: Path, number: Any) -> None:
    painter.create(path, 4).close()
    put_measured(path, 1, number, 0.0, 1.0, 1.0)
    said = pytest.raises(StudioError, match="The list of iterations of take 1")
    with Project.open(path, read_only=True) as project, said:
        project.iterations(1)


@pytest.mark.parametrize("time", [math.nan, math.inf, 1e300, -1e15, 1e12])
def test_times_that_are_none(painter: Painter, path: Path, time: float) -> None:
    painter.create(path, 4).close()
    put_measured(path, 1, 4, time, 1.0, 1.0)
    put_measured(path, 1, 5, 0.0, -1e300, 1.0)
    with Project.open(path) as project:
        assert project.modified >= project.created
        assert [each.losses for each in project.iterations(1)[4:]] == [(), ()]
        painter.paint(project, 1, 1)


def test_a_version_beyond_all_others_is_not_counted_on(painter: Painter, path: Path) -> None:
    painter.create(path, 2).close()
    with tables(path) as connection:
        connection.execute("UPDATE document SET version = ?", (2**53 + 1,))
    refused(path)
    path.unlink()
    painter.create(path, 2).close()
    with tables(path) as connection:
        connection.execute("INSERT INTO document VALUES (?, x'00')", (2**63 - 1,))
    with Project.open(path) as project:
        project.rename_take(1, "dawn")
        assert project.take(1).name == "dawn"


def test_a_take_may_branch_off_before_the_first_iteration(painter: Painter, path: Path) -> None:
    with painter.create(path, 4) as project:
        child = project.add_take(1, 0).id
        assert settings_at(project.changes(child), 0) == painter.settings()
        project.add_change(child, painter.change(0, "fog"))
        grandchild = project.add_take(child, 0).id
        assert settings_at(project.changes(grandchild), 7) == painter.settings("fog")
        painter.paint(project, grandchild, 2)


def test_when_every_take_is_deleted_they_are_shown_all_the_same(
    painter: Painter, path: Path
) -> None:
    with painter.create(path, 4) as project:
        project.add_take(1, 2)
        project.delete_take(2)
        assert [each.id for each in project.shown_takes()] == [1]
        project.delete_take(1)
        assert [each.id for each in project.shown_takes()] == [1, 2]


def test_what_could_not_be_read_again_is_not_written(painter: Painter, path: Path) -> None:
    with painter.create(path, 1) as project:
        with pytest.raises(RequestError, match="1000 letters"):
            project.rename_take(1, "a" * 1001)
        with pytest.raises(RequestError, match="between 0 and"):
            project.add_change(1, painter.change(2**40))
    Project.open(path).close()


@pytest.mark.parametrize("takes", [2, 300])
def test_an_iteration_costs_the_same_with_any_number_of_takes(
    painter: Painter, path: Path, takes: int
) -> None:
    with painter.create(path, 1) as project:
        for _ in range(takes - 1):
            project.add_take(1, 1)
        project.length(1)
        asked: list[str] = []
        project._database._connection.set_trace_callback(asked.append)
        painter.paint(project, takes, 1)
        project.save_state(takes, 2, b"state")
        assert len(asked) < 25
        assert not [each for each in asked if "FROM take" in each or "FROM document" in each]
        asked.clear()
        for take in project.takes():
            project.changes(take.id)
            project.length(take.id)
        assert len(asked) < 3 + 4 * takes


def test_a_reader_sees_what_another_writes(painter: Painter, path: Path) -> None:
    with painter.create(path, 2) as project, Project.open(path, read_only=True) as reader:
        assert len(reader.takes()) == 1
        project.add_take(1, 1, "dusk")
        painter.paint(project, 2, 1)
        assert reader.take(2).name == "dusk"
        assert reader.length(2) == 2


def test_an_edit_that_fails_is_forgotten(
    painter: Painter, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with painter.create(path, 2) as project:
        with monkeypatch.context() as patch:
            patch.setattr(outline, "insert", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                project.add_take(1, 1)
        assert len(project.takes()) == 1
        assert project.add_take(1, 1).id == 2


def test_a_document_too_long_to_be_read_again_is_not_saved(
    painter: Painter, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with painter.create(path, 1) as project:
        monkeypatch.setattr(versions, "LONGEST", 3000)
        for number in range(1, 4):
            project.add_change(1, painter.change(number))
        with pytest.raises(RequestError, match="as many changes of settings as it can"):
            project.add_change(1, painter.change(9, "fog " * 1000))
        kept = project.changes(1)
    with Project.open(path) as project:
        assert project.changes(1) == kept
        assert len(kept) == 4


def test_damaged_states_without_end_are_not_all_tried(painter: Painter, path: Path) -> None:
    with painter.create(path, 300) as project:
        project.save_state(1, 10, b"state 10")
        project.save_state(1, 250, b"state 250")
    with tables(path) as connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 251 UNION ALL SELECT i + 1 FROM n) "
            "INSERT INTO state SELECT 1, i, x'00' FROM n LIMIT 50"
        )
    with Project.open(path) as project:
        assert project.nearest_state(1, 300) == (250, b"state 250")
    with tables(path) as connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "INSERT OR REPLACE INTO state SELECT 1, i, x'00' FROM n WHERE i > 10 LIMIT 290"
        )
    with Project.open(path) as project:
        assert project.nearest_state(1, 300) is None
        assert project.nearest_state(1, 20) == (10, b"state 10")
