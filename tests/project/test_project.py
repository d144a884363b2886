"""What goes into a project comes out again, through branches, versions and a second opening."""

from __future__ import annotations

import hashlib
import math
import os
import sqlite3
import threading
from pathlib import Path

import msgspec
import numpy as np
import pytest
from made_up import MODELS, Painter

from studio.core.schedule import Keyframe
from studio.core.settings import Prompt, Settings, Stroke
from studio.errors import RequestError, StudioError
from studio.project import schema
from studio.project.document import Iteration, ModelRef
from studio.project.file import Project


def test_a_new_project(project: Project, painter: Painter) -> None:
    assert project.models == MODELS
    assert project.changes(1) == (painter.change(0),)
    assert project.length(1) == 0
    assert project.iterations(1) == []
    assert project.nearest_state(1, 100) is None
    [take] = project.takes()
    assert (take.id, take.parent, take.branched_at, take.deleted) == (1, None, None, False)
    assert take == project.take(1)
    assert project.created <= project.modified
    assert project.created.endswith("+00:00")
    assert not project.fell_back


def test_iterations_come_back(project: Project, painter: Painter, path: Path) -> None:
    painter.paint(project, 1, 5)
    project.close()
    with Project.open(path, read_only=True) as again:
        assert again.length(1) == 5
        assert again.iterations(1) == [painter.iteration(number) for number in range(5)]
        assert [each.number for each in again.iterations(1, 1, 3)] == [1, 2, 3]
        assert [each.number for each in again.iterations(1, 3, 9)] == [3, 4]
        for number in range(5):
            assert (again.codes(1, number) == painter.codes(number)).all()
            assert again.codes(1, number).dtype == np.uint16
            assert again.proxy(1, number) == painter.proxy(number)


def test_numbers_that_are_not_ordinary_survive(project: Project, painter: Painter) -> None:
    odd = Iteration(0, (math.nan, math.inf, -math.inf), math.nan, 1e-300)
    project.record(1, odd, painter.codes(0), b"")
    [found] = project.iterations(1)
    assert math.isnan(found.losses[0])
    assert math.isnan(found.total)
    assert found.losses[1:] == (math.inf, -math.inf)
    assert found.seconds == 1e-300


def test_only_the_next_iteration_is_recorded(project: Project, painter: Painter) -> None:
    painter.paint(project, 1, 2)
    for number in (0, 1, 3):
        with pytest.raises(ValueError, match="next"):
            project.record(1, painter.iteration(number), painter.codes(0), b"")
    with pytest.raises(ValueError, match="uint16"):
        project.record(1, painter.iteration(2), painter.codes(0).astype(np.int64), b"")
    assert project.length(1) == 2


def test_what_is_not_there(project: Project, painter: Painter) -> None:
    painter.paint(project, 1, 2)
    for number in (-1, 2):
        with pytest.raises(ValueError, match="no iteration"):
            project.codes(1, number)
        with pytest.raises(ValueError, match="no iteration"):
            project.proxy(1, number)
    for ask in (project.take, project.length, project.changes, project.delete_take):
        with pytest.raises(ValueError, match="no take 7"):
            ask(7)
    with pytest.raises(StudioError, match="abc"):
        project.asset("abc")


def test_branches_share_what_came_before(project: Project, painter: Painter) -> None:
    project.add_change(1, painter.change(2, "fog"))
    project.add_change(1, painter.change(4, "rain"))
    painter.paint(project, 1, 6)
    child = project.add_take(1, 3, "foggy")
    assert (child.parent, child.branched_at, child.name) == (1, 3, "foggy")
    assert project.length(child.id) == 3
    project.add_change(child.id, painter.change(3, "snow"))
    project.record(child.id, painter.iteration(3), painter.codes(33), b"child")
    project.record(child.id, painter.iteration(4), painter.codes(44), b"child")
    grandchild = project.add_take(child.id, 1).id
    painter.paint(project, grandchild, 1)

    assert [each.settings.prompts[0].text for each in project.changes(child.id)] == [
        "a lighthouse",
        "fog",
        "snow",
    ]
    assert len(project.changes(grandchild)) == 1
    assert [project.codes(child.id, number)[0, 0] for number in range(5)] == [0, 1, 2, 33, 44]
    assert project.proxy(child.id, 2) == painter.proxy(2)
    assert [each.number for each in project.iterations(child.id)] == [0, 1, 2, 3, 4]
    assert [project.codes(grandchild, number)[0, 0] for number in range(2)] == [0, 1]
    assert project.length(1) == 6
    for branched_at in (-1, 7):
        with pytest.raises(ValueError, match="branch"):
            project.add_take(1, branched_at)


def test_takes_are_deleted_softly(project: Project, painter: Painter) -> None:
    painter.paint(project, 1, 2)
    child = project.add_take(1, 1).id
    project.delete_take(1)
    assert [take.deleted for take in project.takes()] == [True, False]
    assert project.length(child) == 1
    assert project.proxy(child, 0) == painter.proxy(0)
    project.restore_take(1)
    assert not project.take(1).deleted


def test_changes_are_replaced_until_they_are_painted(project: Project, painter: Painter) -> None:
    project.add_change(1, painter.change(1, "fog"))
    project.add_change(1, painter.change(1, "rain"))
    assert project.changes(1) == (painter.change(0), painter.change(1, "rain"))
    painter.paint(project, 1, 2)
    with pytest.raises(ValueError, match="painted"):
        project.add_change(1, painter.change(1, "snow"))
    project.add_change(1, painter.change(2, "snow"))
    assert len(project.changes(1)) == 3


def test_every_setting_survives(project: Project) -> None:
    prompts = (
        Prompt(text="Ünï 🎨", weight=-0.1, stop=0.5, mask="a" * 64),
        Prompt(noise=2**63 - 1),
        Prompt(picture="b" * 64),
    )
    settings = Settings(
        prompts=prompts, size=(640, 384), seed=2**63 - 1, learning_rate=0.1 + 0.2, average=0.99
    )
    project.add_change(1, msgspec.structs.replace(project.changes(1)[0], settings=settings))
    assert project.changes(1)[0].settings == settings


def test_states_are_found_through_parents(project: Project, painter: Painter) -> None:
    project.save_state(1, 0, b"start")
    painter.paint(project, 1, 8)
    for count in (2, 4, 8):
        project.save_state(1, count, b"state %d" % count)
    child = project.add_take(1, 4).id
    assert project.nearest_state(1, 100) == (8, b"state 8")
    assert project.nearest_state(1, 7) == (4, b"state 4")
    assert project.nearest_state(1, 1) == (0, b"start")
    assert project.nearest_state(child, 100) == (4, b"state 4")
    assert project.nearest_state(child, 3) == (2, b"state 2")
    project.save_state(child, 4, b"child's")
    assert project.nearest_state(child, 4) == (4, b"child's")
    assert project.nearest_state(1, 4) == (4, b"state 4")
    for take, count in ((1, 9), (1, -1), (child, 3), (child, 5)):
        with pytest.raises(ValueError, match="no state"):
            project.save_state(take, count, b"")


def test_assets(project: Project, painter: Painter, tmp_path: Path) -> None:
    sha256 = project.add_asset(b"picture")
    assert sha256 == hashlib.sha256(b"picture").hexdigest() == project.add_asset(b"picture")
    assert project.asset(sha256) == b"picture"
    other = tmp_path / "other.vqproj"
    changes = [painter.change(0)]
    with Project.create(other, models=(), changes=changes, assets={sha256: b"picture"}) as second:
        assert second.asset(sha256) == b"picture"
    with pytest.raises(ValueError, match="sha256"):
        Project.create(tmp_path / "b.vqproj", models=(), changes=changes, assets={"a": b"picture"})
    assert not (tmp_path / "b.vqproj").exists()


def test_pictures_that_nothing_names_any_more_go(project: Project) -> None:
    masks = [project.add_asset(bytes([number])) for number in range(14)]
    for mask in masks:
        project.change_values(1, {"keep": mask})
    left = project.add_take(1, 0)
    project.add_stroke(left.id, Stroke(kind="scramble", picture=project.add_asset(b"spot")))
    project.delete_take(left.id)
    project.change_values(1, {"prompts": (Prompt(text="sea", mask=project.add_asset(b"sea")),)})
    project.let_go()
    with pytest.raises(StudioError):
        project.asset(masks[0])
    for data in (bytes([13]), b"spot", b"sea"):  # in force, or of a take that can come back
        assert project.asset(hashlib.sha256(data).hexdigest()) == data
    before = project.path.read_bytes()
    project.let_go()
    assert project.path.read_bytes() == before


def test_a_project_is_one_file(project: Project, painter: Painter, path: Path) -> None:
    painter.paint(project, 1, 3)
    project.close()
    project.close()
    assert os.listdir(path.parent) == [path.name]


def test_an_existing_file_is_replaced_only_when_asked(painter: Painter, path: Path) -> None:
    painter.create(path, 3).close()
    before = path.read_bytes()
    with pytest.raises(RequestError, match="exists"):
        painter.create(path)
    assert path.read_bytes() == before
    changes = [painter.change(0)]
    with Project.create(path, models=(), changes=changes, replace=True) as project:
        assert project.length(1) == 0
    assert os.listdir(path.parent) == [path.name]


def test_ten_versions_of_the_document_stay(project: Project, painter: Painter, path: Path) -> None:
    for number in range(25):
        project.add_change(1, painter.change(number, f"text {number}"))
    project.close()
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*), max(version) FROM document").fetchone() == (10, 26)
    connection.close()


def test_threads_share_a_project(project: Project, painter: Painter) -> None:
    seen: list[int] = []

    def scrub() -> None:
        while not seen or seen[-1] < 40:
            length = project.length(1)
            if length:
                assert (project.codes(1, length - 1) == painter.codes(length - 1)).all()
            seen.append(length)

    reader = threading.Thread(target=scrub)
    reader.start()
    painter.paint(project, 1, 40)
    reader.join(timeout=20)
    assert seen[-1] == 40


def test_an_older_file_is_migrated_on_a_copy(
    painter: Painter, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter.create(path, 3).close()
    old, before = path.read_bytes(), schema.VERSION

    def step(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE added (a)")

    monkeypatch.setattr(schema, "MAJOR", 2)
    monkeypatch.setattr(schema, "VERSION", 2 << 16)
    monkeypatch.setattr(schema, "MIGRATIONS", {before: (2 << 16, step)})
    with Project.open(path, read_only=True) as project:
        assert (project.length(1), project.proxy(1, 2)) == (3, painter.proxy(2))
    assert path.read_bytes() == old
    with Project.open(path) as project:
        painter.paint(project, 1, 1)
    assert schema.header(path) == (schema.APPLICATION_ID, 2 << 16)
    kept = path.with_name(f"a painting (format {schema.name(before)}).vqproj")
    assert kept.read_bytes() == old
    assert sorted(os.listdir(path.parent)) == sorted([path.name, kept.name])


def test_a_file_without_keyframes_gets_them_when_it_is_painted_on(
    painter: Painter, path: Path
) -> None:
    with painter.create(path) as project:
        project.add_change(1, painter.change(2, "fog"))
        painter.paint(project, 1, 3)
    _make_it_format_1_0(path)
    old = path.read_bytes()
    with Project.open(path, read_only=True) as project:
        assert project.changes(1) == (painter.change(0), painter.change(2, "fog"))
        assert project.keyframes(1) == ()
        copy = path.with_name("a copy.vqproj")
        project.copy_to(copy)
    assert path.read_bytes() == old
    assert schema.header(copy) == (schema.APPLICATION_ID, schema.VERSION)
    with Project.open(path) as project:
        assert project.changes(1) == (painter.change(0), painter.change(2, "fog"))
        assert np.array_equal(project.codes(1, 2), painter.codes(2))
        project.set_keyframe(1, Keyframe(iteration=9, cutouts=3))
        painter.paint(project, 1, 1)
    assert schema.header(path) == (schema.APPLICATION_ID, schema.VERSION)
    kept = path.with_name("a painting (format 1.0).vqproj")
    assert kept.read_bytes() == old


def _make_it_format_1_0(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {1 << 16}")
    connection.close()


def test_keyframes_are_set_and_removed(project: Project, painter: Painter) -> None:
    project.set_keyframe(1, Keyframe(iteration=12, cutouts=8, ease="out", hold=2))
    project.set_keyframe(1, Keyframe(iteration=4, prompts=(Prompt(text="fog"),)))
    painter.paint(project, 1, 3)
    assert [each.iteration for each in project.keyframes(1)] == [4, 12]
    assert project.keyframes(1)[1] == Keyframe(iteration=12, cutouts=8, ease="out", hold=2)
    project.remove_keyframe(1, 4)
    assert [each.iteration for each in project.keyframes(1)] == [3, 12]
    with pytest.raises(RequestError, match="no keyframe at iteration 4"):
        project.remove_keyframe(1, 4)
    assert [change.iteration for change in project.changes(1)] == [0, 3]


def test_a_branch_takes_over_the_plan_that_held_there(project: Project, painter: Painter) -> None:
    first, second = Keyframe(iteration=8, cutouts=8), Keyframe(iteration=9, seed=3)
    project.set_keyframe(1, first)
    painter.paint(project, 1, 3)
    project.set_keyframe(1, second)
    child = project.add_take(1, 2).id
    assert project.keyframes(child) == (first,)
    project.change_values(child, {"seed": 5}, record=True)
    assert project.keyframes(child) == (Keyframe(iteration=2, seed=5), first)
    assert project.keyframes(1) == (first, second)


def test_a_change_replaces_what_was_planned_behind_it(project: Project, painter: Painter) -> None:
    project.add_change(1, painter.change(6, "rain"))
    assert [each.iteration for each in project.keyframes(1)] == [0, 6]
    project.add_change(1, painter.change(4, "fog"))
    assert project.changes(1) == (painter.change(0), painter.change(4, "fog"))


def test_an_edit_that_changes_nothing_is_not_kept(project: Project) -> None:
    project.set_keyframe(1, Keyframe(iteration=8, cutouts=8))
    kept = project.path.read_bytes()
    project.set_keyframe(1, Keyframe(iteration=8, cutouts=8))
    project.change_values(1, {"optimizer": "adam"})
    assert project.path.read_bytes() == kept


def test_a_migration_that_fails_changes_nothing(
    painter: Painter, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter.create(path, 3).close()
    old, before = path.read_bytes(), schema.VERSION

    def step(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE picture")
        connection.execute("DROP TABLE nothing")

    monkeypatch.setattr(schema, "MAJOR", 2)
    monkeypatch.setattr(schema, "VERSION", 2 << 16)
    monkeypatch.setattr(schema, "MIGRATIONS", {before: (2 << 16, step)})
    for _ in range(2):
        with pytest.raises(StudioError):
            Project.open(path)
        assert path.read_bytes() == old
        assert os.listdir(path.parent) == [path.name]


def test_a_copy_holds_the_same_and_never_replaces_unasked(
    project: Project, painter: Painter, tmp_path: Path
) -> None:
    painter.paint(project, 1, 3)
    copy = tmp_path / "a copy.vqproj"
    project.copy_to(copy)
    with pytest.raises(RequestError, match="exists already"):
        project.copy_to(copy)
    with Project.open(copy) as same:
        assert same.iterations(1) == project.iterations(1)
        assert same.proxy(1, 2) == project.proxy(1, 2)
        with pytest.raises(StudioError, match="being written"):
            project.copy_to(copy, replace=True)
    project.copy_to(copy, replace=True)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [copy.name]


def test_takes_are_renamed(project: Project) -> None:
    project.rename_take(1, "dawn")
    assert project.take(1).name == "dawn"


def test_models_are_added_once(project: Project) -> None:
    before = project.models
    other = ModelRef("other", "2" * 64, "vqgan")
    project.add_models([before[0], other])
    project.add_models([other])
    assert project.models == (*before, other)
