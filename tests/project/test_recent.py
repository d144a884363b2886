"""Recent projects: newest first, with pictures, and never in the way of a start."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.errors import StudioError
from studio.project.recent import RecentProjects


@pytest.fixture
def kept(tmp_path: Path) -> RecentProjects:
    return RecentProjects(tmp_path / "data" / "recent")


def project(tmp_path: Path, name: str) -> Path:
    path = tmp_path / f"{name} é.vqproj"
    path.touch()
    return path


def names(kept: RecentProjects) -> list[str]:
    return [each.path.name.split()[0] for each in kept.list()]


def pictures(tmp_path: Path) -> list[bytes]:
    return [each.read_bytes() for each in (tmp_path / "data" / "recent").glob("*.jpg")]


def test_there_are_none_at_first(kept: RecentProjects, tmp_path: Path) -> None:
    assert kept.list() == ()
    assert os.listdir(tmp_path) == []


def test_the_newest_is_first_and_another_list_sees_the_same(
    kept: RecentProjects, tmp_path: Path
) -> None:
    for name in ("one", "two", "one"):
        kept.add(project(tmp_path, name), b"jpeg " + name.encode())
    assert names(kept) == ["one", "two"]
    again = RecentProjects(tmp_path / "data" / "recent").list()
    assert again == kept.list()
    assert [each.thumbnail for each in again] == [b"jpeg one", b"jpeg two"]
    assert again[0].when >= again[1].when > 1e9
    assert not any(each.missing for each in again)


def test_a_picture_stays_until_there_is_another(kept: RecentProjects, tmp_path: Path) -> None:
    path = project(tmp_path, "one")
    kept.add(path)
    assert kept.list()[0].thumbnail is None
    kept.add(path, b"first")
    kept.add(path)
    assert kept.list()[0].thumbnail == b"first"
    kept.add(path, b"second")
    assert kept.list()[0].thumbnail == b"second"


def test_projects_that_are_gone_are_told_from_the_others(
    kept: RecentProjects, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        kept.add(project(tmp_path, name), b"jpeg")
    project(tmp_path, "two").unlink()
    assert [each.missing for each in kept.list()] == [True, False]
    assert names(kept) == ["two", "one"]


def test_no_more_than_the_limit_and_no_pictures_of_others(
    kept: RecentProjects, tmp_path: Path
) -> None:
    for number in range(6):
        kept.add(project(tmp_path, str(number)), str(number).encode(), limit=3)
    assert names(kept) == ["5", "4", "3"]
    assert sorted(pictures(tmp_path)) == [b"3", b"4", b"5"]


def test_forgetting_leaves_the_project(kept: RecentProjects, tmp_path: Path) -> None:
    one, two = project(tmp_path, "one"), project(tmp_path, "two")
    kept.add(one, b"1")
    kept.add(two, b"2")
    kept.forget(one)
    kept.forget(tmp_path / "never heard of.vqproj")
    assert names(kept) == ["two"]
    assert pictures(tmp_path) == [b"2"]
    assert one.exists()


def test_a_relative_path_is_the_same_project(
    kept: RecentProjects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project(tmp_path, "one")
    monkeypatch.chdir(tmp_path)
    kept.add(Path(path.name))
    kept.add(path)
    assert [each.path for each in kept.list()] == [path]


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[[", b"3", b"\xff", b"[" * 100_000, b'[{"path": 3}, null]']
)
def test_a_damaged_list_is_begun_anew(kept: RecentProjects, tmp_path: Path, content: bytes) -> None:
    kept.add(project(tmp_path, "one"))
    (tmp_path / "data" / "recent" / "recent.json").write_bytes(content)
    assert kept.list() == ()
    kept.add(project(tmp_path, "two"))
    assert names(kept) == ["two"]


def test_a_damaged_line_costs_only_itself(kept: RecentProjects, tmp_path: Path) -> None:
    kept.add(project(tmp_path, "one"))
    file = tmp_path / "data" / "recent" / "recent.json"
    file.write_bytes(b'[{"path": "\\u0000", "when": 1.5}, 7, ' + file.read_bytes()[1:])
    assert [each.missing for each in kept.list()] == [True, False]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    kept = RecentProjects(tmp_path / "data" / "recent")
    assert kept.list() == ()
    with pytest.raises(StudioError, match=r"recent\.json"):
        kept.add(project(tmp_path, "one"))
