"""Whole files: the old or the new content, never else, and nothing left beside."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio.atomic import whole_file, write_whole
from studio.errors import RequestError, StudioError


def test_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "Ünï picture.png"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == [path.name]


def test_a_new_file_has_the_rights_that_any_other_has(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write_whole(tmp_path / "picture.png", b"one")
    assert (tmp_path / "picture.png").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.png").symlink_to(tmp_path / "picture.png")
    write_whole(tmp_path / "link.png", b"one")
    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "picture.png").read_bytes() == b"one"


@pytest.mark.parametrize("name", ["write", "fsync", "replace", "open"])
@pytest.mark.parametrize("there", [True, False])
def test_a_failing_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, there: bool
) -> None:
    path = tmp_path / "picture.png"
    if there:
        path.write_bytes(b"one")
    fail = _failing(errno.ENOSPC)
    if name == "write":
        monkeypatch.setattr(Path, "write_bytes", fail)
    elif name == "replace":
        monkeypatch.setattr(Path, "replace", fail)
    else:
        monkeypatch.setattr(os, name, fail)
    with pytest.raises(StudioError) as raised:
        write_whole(path, b"two")
    monkeypatch.undo()
    assert str(path) in str(raised.value)
    assert "room" in str(raised.value)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == ([b"one"] if there else [])


def test_a_block_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"one")
    with pytest.raises(KeyboardInterrupt):
        _begin_and_break_off(path)
    assert path.read_bytes() == b"one"
    assert os.listdir(tmp_path) == [path.name]


def test_places_where_no_file_can_be(tmp_path: Path) -> None:
    for path in (
        tmp_path / "no folder" / "a.png",
        tmp_path,
        Path(os.devnull),
        tmp_path / ("a" * 300 + ".png"),
    ):
        with pytest.raises(RequestError, match=path.name):
            write_whole(path, b"one")
    assert os.listdir(tmp_path) == []


def _failing(number: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:
        raise OSError(number, os.strerror(number))

    return fail


def _begin_and_break_off(path: Path) -> None:
    with whole_file(path) as unfinished:
        assert unfinished.suffix == ".mp4"
        unfinished.write_bytes(b"tw")
        raise KeyboardInterrupt
