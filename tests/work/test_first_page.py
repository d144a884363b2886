"""The first page offers what can be opened, whatever else lies there."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from made_up import Painter
from resealed import edit_document, put_document, put_measured, put_take, tables

from studio import places
from studio.project.recent import RecentProjects
from studio.work.clerk import Clerk
from studio.work.easel import untitled_folder
from studio.work.facts import Welcome


def shown() -> Welcome:
    """What the page is told."""
    clerk, told = Clerk(), list[Welcome]()
    clerk.welcome.connect(told.append)
    clerk.serve(clerk.list_projects)
    [welcome] = told
    return welcome


def _delete_takes(path: Path) -> None:
    with tables(path) as connection:
        connection.execute("DELETE FROM take")


def _make_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _make_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


ODD: dict[str, Callable[[Path], object]] = {
    "no takes": _delete_takes,
    "a take that branches off the end of time": lambda path: put_take(
        path, 2, {"parent": 1, "branched_at": 2**62, "created": ""}
    ),
    "a deep document": lambda path: put_document(path, b"[" * 100_000),
    "no settings": lambda path: edit_document(path, lambda plain: plain.update(takes={})),
    "an iteration at the end of time": lambda path: put_measured(path, 1, 2**62, 0.0, 1.0, 1.0),
    "a name that is a number": lambda path: edit_document(
        path, lambda plain: plain["takes"]["1"].update(name=7)
    ),
    "no project": lambda path: path.write_bytes(b"x" * 5000),
    "nothing": lambda path: path.write_bytes(b""),
    "a folder": _make_a_folder,
    "a log beside it": lambda path: Path(f"{path}-wal").write_bytes(b"x"),
    "a date before all others": lambda path: os.utime(path, (-1e10, -1e10)),
}
if sys.platform != "win32":
    ODD["a pipe"] = _make_a_pipe


@pytest.mark.parametrize("what", ODD)
def test_one_odd_project_costs_at_most_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(places, "examples", lambda: folder)
    untitled_folder().mkdir(parents=True)
    places_of = [untitled_folder() / f"{name}.vqproj" for name in ("first", "odd", "third")]
    for path in (*places_of, folder / "Example one.vqproj", folder / "Example odd.vqproj"):
        Painter().create(path, 3).close()
    ODD[what](untitled_folder() / "odd.vqproj")
    ODD[what](folder / "Example odd.vqproj")
    RecentProjects().add(folder / "Example odd.vqproj")
    welcome = shown()
    unsaved = {listed.path.stem: listed for listed in welcome.unsaved}
    assert {"first", "third"} <= set(unsaved)
    assert unsaved["first"].name == "a lighthouse"
    assert unsaved["first"].thumbnail
    assert "one" in [listed.name for listed in welcome.examples]
    assert len(welcome.recent) == 1


def test_work_that_cannot_be_read_is_not_passed_over(folder: Path) -> None:
    untitled_folder().mkdir(parents=True)
    Painter().create(untitled_folder() / "mine.vqproj", 3).close()
    put_document(untitled_folder() / "mine.vqproj", b"?")
    [listed] = shown().unsaved
    assert (listed.path.stem, listed.thumbnail) == ("mine", None)
