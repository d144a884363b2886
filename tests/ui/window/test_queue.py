"""The queue through its panel: variations in, painted one after the other, opened when done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QListView, QPushButton

from studio.core.prompt import parse
from studio.core.schedule import STORY_SPACING, Change, Keyframe
from studio.core.settings import Motion, Prompt
from studio.project.file import Project
from studio.project.recent import RecentProjects
from studio.ui.dialogs.queue_add import VariationsDialog
from studio.ui.queue_desk import told
from tests.ui.window.conftest import Hand


def add(hand: Hand, text: str, *, planned: bool = False) -> None:
    """Put the painting shown in the queue through the dialog, as it is proposed there."""
    hand.write_prompt(text)
    hand.window.docks.prompts.commit()
    hand.press(
        Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    [dialog] = [d for d in hand.window.findChildren(VariationsDialog) if d.isVisible()]
    before = len(hand.window.queue._jobs)
    if planned:
        [choice] = dialog.findChildren(QCheckBox)
        hand.click(choice, QPoint(8, choice.height() // 2))
    [button] = [b for b in dialog.findChildren(QPushButton) if b.isDefault()]
    hand.click(button)
    hand.wait(lambda: len(hand.window.queue._jobs) > before)


def button(hand: Hand, text: str) -> QAbstractButton:
    """A button of the queue's panel, by what it says."""
    panel = hand.window.docks.queue
    [found] = [
        each
        for each in panel.findChildren(QAbstractButton)
        if text in (each.text(), each.accessibleName())
    ]
    return found


def test_the_queue_paints_what_was_put_in(hand: Hand) -> None:
    add(hand, "sea")
    hand.click(button(hand, "Start"))
    jobs = hand.window.queue._jobs
    hand.wait(lambda: all(job.state == "done" for job in hand.window.queue._jobs))
    assert all(job.done == job.count for job in hand.window.queue._jobs)
    assert len(hand.window.queue._jobs) == len(jobs)


def queued(hand: Hand) -> Change:
    """How the first painting of the queue begins."""
    with Project.open(hand.window.queue._jobs[0].path, read_only=True) as project:
        [change] = project.changes(1)
        return change


@pytest.mark.parametrize("planned", [False, True])
def test_keyframes_and_motion_come_along_only_if_wanted(hand: Hand, planned: bool) -> None:
    document = hand.window.document
    motion = Motion(zoom=1.1)
    keyframes = (Keyframe(iteration=5, prompts=(Prompt(text="sky"),), learning_rate=0.05),)
    document.edit({"motion": motion}, "Motion")
    document.put_keyframes(None, keyframes)
    add(hand, "sea", planned=planned)
    change = queued(hand)
    assert change.settings.prompts == (Prompt(text="sea"),)
    assert change.settings.motion == (motion if planned else Motion())
    assert change.keyframes == (keyframes if planned else ())


def test_what_is_typed_holds_against_keyframes_and_tells_its_own_story(hand: Hand) -> None:
    document = hand.window.document
    document.edit({"prompts": (Prompt(text="sea"),)}, "Prompt")
    sky = (Prompt(text="sky"),)
    document.put_keyframes(None, (Keyframe(iteration=5, prompts=sky, cutouts=3),))
    [draft] = [told(document.variation(planned=True), parse("moon ^ stars"))]
    assert draft.settings.prompts == (Prompt(text="moon"),)
    assert [(each.iteration, each.values) for each in draft.keyframes] == [
        (5, {"cutouts": 3}),
        (STORY_SPACING, {"prompts": (Prompt(text="stars"),)}),
    ]


def test_a_painting_of_the_queue_is_opened(hand: Hand) -> None:
    add(hand, "sea")
    hand.click(button(hand, "Start"))
    hand.wait(lambda: all(job.state == "done" for job in hand.window.queue._jobs))
    panel = hand.window.docks.queue
    view = panel.findChild(QListView)
    assert view is not None
    view.setCurrentIndex(view.model().index(0, 0))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    hand.wait(lambda: hand.window.document.length == 6)


def test_the_status_tells_of_the_queue(hand: Hand) -> None:
    shown: list[str] = []
    status = hand.window.status
    hand.window.studio.job_news.connect(lambda _: shown.append(status._activity.text()))
    add(hand, "sea")
    hand.click(button(hand, "Start"))
    hand.wait(lambda: all(job.state == "done" for job in hand.window.queue._jobs))
    hand.wait(lambda: status._activity.text() == "Ready")
    assert set(shown) <= {f"Painting the queue, {n} of 4" for n in range(1, 5)}


def test_what_the_queue_painted_has_a_picture_everywhere(
    open_window: Callable[..., Hand], hand: Hand
) -> None:
    add(hand, "sea")
    hand.click(button(hand, "Start"))
    hand.wait(lambda: all(job.state == "done" for job in hand.window.queue._jobs))
    hand.window.close()
    again = open_window()
    again.wait(lambda: len(again.window.queue._jobs) == 4)
    jobs = again.window.queue._jobs
    assert all(job.picture is not None for job in jobs)
    again.window.queue._open(jobs[0].id)
    again.wait(lambda: bool(RecentProjects().list()))
    [recent] = RecentProjects().list()
    assert recent.path == jobs[0].path
    assert recent.thumbnail is not None


def test_the_queue_is_there_after_a_new_start(open_window: Callable[..., Hand], hand: Hand) -> None:
    add(hand, "sea")
    waiting = len(hand.window.queue._jobs)
    hand.window.close()
    again = open_window()
    again.wait(lambda: len(again.window.queue._jobs) == waiting)
    assert all(job.state == "waiting" for job in again.window.queue._jobs)
