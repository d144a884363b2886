"""Painting through the bridge: requests in, news out, everything kept."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from studio.core.settings import Prompt
from studio.painting import codes_sha256
from studio.project.file import Project
from studio.work.facts import Contents, Draft, Fault, Finished, Frame, News, Read
from studio.work.studio import Studio
from tests import fakes
from tests.work.conftest import Person


def test_an_untitled_painting_is_painted_and_kept(
    studio: Studio, person: Person, draft: Draft
) -> None:
    studio.create(draft, 5)
    finished: Finished = person.wait_for("finished")
    assert (finished.take, finished.painted) == (1, 5)
    assert person.iterations() == [0, 1, 2, 3, 4]
    news: News = person.all("news")[-1]
    assert news.left == 0
    assert news.picture.shape == (32, 32, 3)
    assert person.all("activity_changed") == ["loading", "painting", "idle"]
    contents: Contents = person.all("opened")[0]
    assert contents.untitled
    studio.close()
    with Project.open(contents.path) as project:
        assert project.length(1) == 5


def test_news_of_a_painting_comes_between_its_opening_and_the_next(
    studio: Studio, person: Person, draft: Draft
) -> None:
    painted = threading.Semaphore(0)
    studio._worker.finished.connect(lambda _: painted.release(), Qt.ConnectionType.DirectConnection)
    for count in (3, 2):  # while the window's thread is busy, so that nothing is heard in it
        studio.create(draft, count)
        assert painted.acquire(timeout=60)
    person.wait_for("finished", 2)
    heard = [
        [each.number for each in value.iterations] if said == "news" else said
        for said, value in person.heard
        if said in ("opened", "news")
    ]
    assert heard == ["opened", [0, 1, 2], "opened", [0, 1]]


def test_an_untitled_project_without_iterations_leaves_nothing(
    studio: Studio, person: Person, draft: Draft, fault: fakes.Fault
) -> None:
    fault.kind = "any"
    studio.create(draft, 5)
    path = person.wait_for("opened").path
    person.wait_for("failed")
    studio.close_project()
    person.wait_for("closed")
    assert not path.exists()


def test_it_pauses_and_goes_on(studio: Studio, person: Person, draft: Draft) -> None:
    studio.create(draft, 10_000)
    person.wait_for("news", 2)
    studio.pause()
    person.wait_until_it_is("paused")
    painted = len(person.iterations())
    assert studio.activity == "paused"
    assert 0 < painted < 10_000
    person.forget()
    studio.go_on(10_000)
    person.wait_for("news")
    assert person.iterations()[0] == painted
    studio.stop()
    person.wait_until_it_is("idle")
    person.forget()
    studio.go_on(5)
    studio.paint(1, 1)
    assert person.wait_for("finished").painted == 1


def test_a_change_takes_effect_at_the_next_iteration(
    studio: Studio, person: Person, draft: Draft
) -> None:
    studio.create(draft, 1000)
    person.wait_for("news", 2)
    studio.change(1, {"prompts": (Prompt(text="sky"),)})
    changes = person.wait_for("changed").changes
    studio.stop()
    assert [change.settings.prompts[0].text for change in changes] == ["sea", "sky"]
    assert 0 < changes[1].iteration < 1000


def test_a_branch_is_exact(studio: Studio, person: Person, draft: Draft) -> None:
    studio.create(draft, 12)
    person.wait_for("finished")
    studio.branch(1, 7, draft, 5)
    person.wait_for("finished", 2)
    contents: Contents = person.all("opened")[-1]
    assert contents.take == 2
    assert [(take.id, take.parent, take.branched_at) for take in contents.takes] == [
        (1, None, None),
        (2, 1, 7),
    ]
    studio.close()
    with Project.open(contents.path) as project:
        assert project.length(2) == 12
        for number in range(12):
            assert codes_sha256(project.codes(1, number)) == codes_sha256(project.codes(2, number))


def test_a_branch_with_another_prompt_differs(studio: Studio, person: Person, draft: Draft) -> None:
    studio.create(draft, 6)
    person.wait_for("finished")
    other = Draft(msgspec.structs.replace(draft.settings, prompts=(Prompt(text="sky"),)))
    studio.branch(1, 3, other, 0)
    contents: Contents = person.wait_for("opened", 2)
    assert [change.iteration for change in contents.changes] == [0, 3]
    assert contents.changes[-1].settings == other.settings
    assert [iteration.number for iteration in contents.iterations] == [0, 1, 2]


def test_frames_and_previews_are_read_while_painting(
    studio: Studio, person: Person, draft: Draft
) -> None:
    studio.create(draft, 10_000)
    person.wait_for("news", 3)
    studio.wish_previews(1, [2, 0])
    studio.wish_frame(1, 1)
    frame: Frame = person.wait_for("frame")
    person.wait_for("preview", 2)
    assert (frame.take, frame.iteration, frame.exact) == (1, 1, False)
    assert frame.picture.shape == (32, 32, 3)
    assert [each.iteration for each in person.all("preview")] == [2, 0]
    studio.wish_exact(1, 1)
    exact: Frame = person.wait_for("frame", 2)
    assert exact.exact
    # the kept JPEG is close to it
    assert np.abs(exact.picture.astype(int) - frame.picture.astype(int)).mean() < 12
    studio.stop()


def test_an_iteration_that_is_not_there_is_no_failure(
    studio: Studio, person: Person, draft: Draft
) -> None:
    studio.create(draft, 2)
    person.wait_for("finished")
    studio.wish_frame(1, 99)
    studio.wish_exact(1, 99)
    studio.wish_frame(1, 1)
    assert person.wait_for("frame").iteration == 1
    assert not person.all("failed")


def test_takes_are_renamed_deleted_and_restored(
    studio: Studio, person: Person, draft: Draft
) -> None:
    studio.create(draft, 3)
    person.wait_for("finished")
    studio.branch(1, 2, draft, 0)
    studio.rename_take(2, "dawn")
    assert person.wait_for("opened", 3).takes[1].name == "dawn"
    studio.delete_take(2)
    contents: Contents = person.wait_for("opened", 4)
    assert ([take.id for take in contents.takes], contents.take) == ([1], 1)
    studio.restore_take(2)
    assert [take.id for take in person.wait_for("opened", 5).takes] == [1, 2]
    studio.delete_take(1)
    studio.delete_take(2)
    fault: Fault = person.wait_for("failed")
    assert "only take" in fault.sentence


def test_save_as_takes_the_painting_along(
    studio: Studio, person: Person, draft: Draft, folder: Path
) -> None:
    studio.create(draft, 10_000)
    person.wait_for("news", 2)
    untitled = person.all("opened")[0].path
    kept = folder / "kept.vqproj"
    studio.save_as(kept)
    contents: Contents = person.wait_for("opened", 2)
    assert (contents.path, contents.untitled) == (kept, False)
    before = len(person.iterations())
    person.wait_for("news", len(person.all("news")) + 2)
    studio.stop()
    studio.close()
    assert not untitled.exists()
    with Project.open(kept) as project:
        assert project.length(1) > before


def test_a_copy_leaves_the_project_where_it_is(
    studio: Studio, person: Person, draft: Draft, folder: Path
) -> None:
    studio.create(draft, 2)
    person.wait_for("finished")
    studio.save_copy(folder / "copy.vqproj")
    person.wait_for("said")
    studio.save_copy(folder / "copy.vqproj")
    assert "exists already" in person.wait_for("failed").sentence
    with Project.open(folder / "copy.vqproj") as project:
        assert project.length(1) == 2


def test_what_is_open_elsewhere_is_refused_politely(
    studio: Studio, person: Person, draft: Draft, folder: Path
) -> None:
    studio.create(draft, 1)
    person.wait_for("finished")
    studio.save_as(folder / "kept.vqproj")
    person.wait_for("said")
    with pytest.raises(Exception, match="being written"):
        Project.open(folder / "kept.vqproj")


def test_a_project_that_cannot_be_opened_leaves_the_open_one(
    studio: Studio, person: Person, draft: Draft, folder: Path
) -> None:
    studio.create(draft, 1)
    person.wait_for("finished")
    (folder / "text.vqproj").write_text("no project")
    studio.open(folder / "text.vqproj")
    assert "text.vqproj" in person.wait_for("failed").sentence
    studio.paint(1, 1)
    person.wait_for("finished", 2)


def test_an_exported_picture_tells_how_it_was_painted(
    studio: Studio, person: Person, draft: Draft, folder: Path
) -> None:
    studio.create(draft, 2)
    person.wait_for("finished")
    studio.export_picture(1, 1, folder / "with.png")
    studio.export_picture(1, 1, folder / "without.png", about=False)
    person.wait_for("said", 2)
    with Image.open(folder / "with.png") as image:
        assert (image.info["prompt"], image.size) == ("sea", (32, 32))
    with Image.open(folder / "without.png") as image:
        assert image.info == {"srgb": 0}
    studio.read_picture(folder / "with.png", "restore")
    read: Read = person.wait_for("picture_read")
    assert (read.use, read.settings) == ("restore", draft.settings)


def test_an_image_prompt_is_kept_in_the_project(
    studio: Studio, person: Person, draft: Draft, folder: Path
) -> None:
    Image.new("RGB", (40, 30), "red").save(folder / "red.png")
    studio.read_picture(folder / "red.png", "prompt")
    read: Read = person.wait_for("picture_read")
    studio.create(draft, 2)
    person.wait_for("finished")
    prompts = (*draft.settings.prompts, Prompt(picture=read.sha256))
    studio.change(1, {"prompts": prompts}, {read.sha256: read.data})
    studio.paint(1, 2)
    person.wait_for("finished", 2)
    studio.show_take(1)
    contents: Contents = person.wait_for("opened", 2)
    assert contents.pictures == {read.sha256: read.data}
    assert len(contents.iterations[-1].losses) == 2


def test_a_text_file_is_no_picture(studio: Studio, person: Person, folder: Path) -> None:
    (folder / "words.png").write_text("words")
    studio.read_picture(folder / "words.png", "prompt")
    assert "is not a picture" in person.wait_for("failed").sentence


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("memory", "paint a smaller picture"),
        ("nan", "lower the learning rate"),
        ("device", "start the studio again"),
        ("any", "copy the details"),
    ],
)
def test_a_fault_pauses_and_loses_nothing(
    studio: Studio, person: Person, draft: Draft, fault: fakes.Fault, kind: str, words: str
) -> None:
    fault.kind, fault.at = kind, 3
    studio.create(draft, 6)
    told: Fault = person.wait_for("failed")
    assert told.painting
    assert words in told.sentence
    assert studio.activity == "paused"
    assert person.iterations() == [0, 1, 2]
    fault.kind = None
    studio.go_on(3)
    person.wait_for("finished")
    assert person.iterations() == [0, 1, 2, 3, 4, 5]


def test_the_disk_fails_and_painting_pauses(
    studio: Studio, person: Person, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.create(draft, 3)
    person.wait_for("finished")
    project = person.all("opened")[0].path
    with sqlite3.connect(project, isolation_level=None) as other:
        other.execute("PRAGMA busy_timeout = 5000")
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("studio.project.database._PATIENCE", 0.1)
        studio.paint(1, 2)
        told: Fault = person.wait_for("failed")
    assert told.painting
    studio.close()
    with Project.open(project) as kept:
        assert kept.length(1) == 3


def test_more_is_added_while_it_paints(studio: Studio, person: Person, draft: Draft) -> None:
    studio.create(draft, 5)
    studio.paint_more(5)  # served before the first iteration
    assert person.wait_for("finished").painted == 10


def test_a_step_leaves_what_is_left(studio: Studio, person: Person, draft: Draft) -> None:
    studio.create(draft, 12)
    studio.pause()  # served before the first iteration
    person.wait_for("activity_changed", 3)
    for painted in (1, 2):
        studio.step(1)
        person.wait_for("activity_changed", 3 + 3 * painted)
        assert studio.activity == "paused"
        assert person.iterations() == list(range(painted))
        assert person.all("news")[-1].left == 12 - painted
    studio.go_on(10)
    person.wait_for("finished")
    assert person.iterations() == list(range(12))


def test_a_step_of_what_is_done_is_one_more(studio: Studio, person: Person, draft: Draft) -> None:
    studio.create(draft, 2)
    person.wait_for("finished")
    studio.step(1)
    assert person.wait_for("finished", 2).painted == 1
