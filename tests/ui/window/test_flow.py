"""The way through the program: write, paint, scrub, branch, undo, save, open again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QPushButton

from studio.project.file import Project
from studio.project.recent import RecentProjects
from studio.work.easel import untitled_folder
from tests.ui.window.conftest import Hand

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def save_as(hand: Hand, name: str) -> None:
    """Through the dialog, by keyboard."""
    hand.press(Qt.Key.Key_S, CTRL | SHIFT)
    hand.wait(lambda: bool(visible(hand, QFileDialog)))
    [dialog] = visible(hand, QFileDialog)
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, name)
    QTest.keyClick(field, Qt.Key.Key_Return)
    contents = hand.window.document
    hand.wait(lambda: contents.contents is not None and not contents.contents.untitled)


def visible(hand: Hand, kind: type) -> list:  # type: ignore[type-arg]
    return [each for each in hand.window.findChildren(kind) if each.isVisible()]


def test_the_whole_way(open_window: Callable[..., Hand], hand: Hand, home: Path) -> None:
    window, document = hand.window, hand.window.document
    hand.write_prompt("sea")
    hand.paint(6)
    assert window.is_at_canvas
    assert window.canvas.picture() is not None
    assert "Untitled" in window.windowTitle()
    assert window.isWindowModified()

    # scrub back by keyboard, change the prompt, branch with the big button
    window.canvas.setFocus()
    hand.press(Qt.Key.Key_Home)
    for _ in range(2):
        hand.press(Qt.Key.Key_Right)
    assert window.docks.timeline.position() == 2
    hand.write_prompt("sky")
    window.docks.prompts.commit()
    assert document.branches
    assert window.docks.bar.paint.text() == "Branch and paint"
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: document.length == 9 and hand.is_at_rest())
    assert document.take == 2
    assert [change.iteration for change in document.changes] == [0, 3]

    # an edit, and back
    hand.write_prompt("birds")
    window.docks.prompts.commit()
    assert document.prompts[0].text == "birds"
    hand.press(Qt.Key.Key_Z, CTRL)
    assert document.prompts[0].text == "sky"
    assert hand.fields()[0].toPlainText() == "sky"

    save_as(hand, "kept")
    hand.wait(lambda: not window.isWindowModified())
    assert "kept.vqproj" in window.windowTitle()
    window.close()

    again = open_window()
    again.window.files.open_path(home / "Bilder ünï" / "kept.vqproj")
    again.wait(lambda: again.window.document.contents is not None)
    reopened = again.window.document
    assert (reopened.take, reopened.length) == (2, 9)
    assert reopened.prompts[0].text == "sky"
    assert reopened.contents is not None
    assert [take.id for take in reopened.contents.takes] == [1, 2]
    again.wait(lambda: again.window.canvas.picture() is not None)


def test_all_of_it_by_keyboard(hand: Hand, home: Path) -> None:
    window, document = hand.window, hand.window.document
    hand.press(Qt.Key.Key_L, CTRL)
    hand.type("sea")
    hand.press(Qt.Key.Key_Return)
    hand.wait(lambda: document.length == 6 and hand.is_at_rest())
    hand.press(Qt.Key.Key_Escape)
    hand.press(Qt.Key.Key_Left, SHIFT)
    hand.press(Qt.Key.Key_Period)
    assert window.docks.timeline.position() == 1
    hand.press(Qt.Key.Key_L, CTRL)
    hand.press(Qt.Key.Key_A, CTRL)
    hand.type("sky")
    hand.press(Qt.Key.Key_Return, CTRL)
    hand.wait(lambda: document.take == 2 and document.length == 8 and hand.is_at_rest())
    save_as(hand, "by keys")
    assert (home / "Bilder ünï" / "by keys.vqproj").exists()


def test_letters_do_not_command_while_writing(hand: Hand) -> None:
    hand.write_prompt("sea")
    hand.paint(6)
    timeline = hand.window.docks.timeline
    hand.write_prompt("jkl io, w d p")
    assert hand.fields()[0].toPlainText() == "jkl io, w d p"
    assert not timeline.is_playing()
    assert timeline.range() == (None, None)
    hand.press(Qt.Key.Key_Escape)
    hand.press(Qt.Key.Key_I)
    assert timeline.range()[0] is not None


def test_painting_goes_on_while_scrubbing(hand: Hand) -> None:
    window = hand.window
    window.docks.bar.count.setValue(10_000)
    hand.write_prompt("sea")
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: window.document.length > 3)
    window.docks.timeline.set_position(1)
    assert not window.docks.timeline.is_live()
    painted = window.document.length
    hand.wait(lambda: window.document.length > painted + 3)
    assert window.docks.timeline.position() == 1
    hand.click(window.docks.bar.stop)
    hand.wait(hand.is_at_rest)
    assert window.docks.timeline.position() == 1


def test_a_knob_turned_while_painting_is_recorded_there(hand: Hand) -> None:
    window, document = hand.window, hand.window.document
    window.docks.bar.count.setValue(10_000)
    hand.write_prompt("sea")
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: document.length > 3)
    document.edit({"learning_rate": 0.05}, "Learning rate")
    hand.wait(lambda: not document._answers)
    changed_at = document.changes[1].iteration
    hand.wait(lambda: document.length > changed_at)
    hand.click(window.docks.bar.stop)
    hand.wait(hand.is_at_rest)
    assert len(document.changes) == 2
    assert 3 < document.changes[1].iteration < document.length
    assert document.settings.learning_rate == 0.05


def test_it_pauses_steps_and_goes_on(hand: Hand) -> None:
    window, document = hand.window, hand.window.document
    window.docks.bar.count.setValue(10_000)
    hand.write_prompt("sea")
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: document.length > 3)
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: window.studio.activity == "paused")
    assert window.docks.bar.paint.text() == "Go on"
    paused_at = document.length
    hand.click(window.docks.bar.paint)
    hand.wait(lambda: document.length > paused_at)
    hand.click(window.docks.bar.stop)
    hand.wait(lambda: window.studio.activity == "idle")
    stopped_at = document.length
    hand.click(window.docks.bar.step)
    hand.wait(lambda: document.length == stopped_at + 1 and hand.is_at_rest())


def test_nothing_is_painted_without_a_prompt(hand: Hand) -> None:
    hand.click(hand.window.docks.bar.paint)
    assert "Write what" in hand.window.status.currentMessage()
    assert hand.window.document.contents is None


def test_unsaved_work_is_asked_about(hand: Hand) -> None:
    hand.write_prompt("sea")
    hand.paint(6)
    hand.press(Qt.Key.Key_N, CTRL)
    [box] = visible(hand, QMessageBox)
    assert "Keep this painting?" in box.text()
    hand.click(box.button(QMessageBox.StandardButton.Cancel))
    assert hand.window.document.length == 6
    hand.press(Qt.Key.Key_N, CTRL)
    [box] = visible(hand, QMessageBox)
    hand.click(box.button(QMessageBox.StandardButton.Discard))
    hand.wait(lambda: hand.window.document.contents is None)
    assert hand.window.is_at_canvas
    assert not list(untitled_folder().glob("*.vqproj"))


def test_work_left_by_a_crash_is_offered(open_window: Callable[..., Hand], hand: Hand) -> None:
    hand.write_prompt("sea")
    hand.paint(6)
    left = hand.window.document.contents
    assert left is not None
    hand.window._quitting = True
    hand.window.close()
    again = open_window()
    again.wait(lambda: any(each.isVisible() and each.text() == "Open" for each in _all(again)))
    [button] = [each for each in _all(again) if each.isVisible() and each.text() == "Open"]
    again.click(button)
    again.wait(lambda: again.window.document.length == 6)
    assert again.window.document.contents is not None
    assert again.window.document.contents.untitled


def test_recovered_work_has_a_picture_among_the_recent(
    open_window: Callable[..., Hand], hand: Hand, home: Path
) -> None:
    hand.write_prompt("sea")
    hand.paint(6)
    left = hand.window.document.contents
    assert left is not None
    hand.window._quitting = True
    hand.window.close()
    again = open_window()
    again.window.files.open_path(left.path)
    again.wait(lambda: again.window.document.length == 6)
    again.window.studio.save_as(home / "kept.vqproj")
    again.wait(lambda: bool(RecentProjects().list()))
    [recent] = RecentProjects().list()
    assert recent.path.name == "kept.vqproj"
    assert recent.thumbnail is not None


def _all(hand: Hand) -> list[QPushButton]:
    return hand.window.welcome.findChildren(QPushButton)


def test_takes_are_deleted_and_come_back(hand: Hand) -> None:
    document = hand.window.document
    hand.write_prompt("sea")
    hand.paint(6)
    hand.window.docks.timeline.set_position(2)
    hand.press(Qt.Key.Key_B, CTRL)
    hand.wait(lambda: document.contents is not None and document.take == 2)
    document.delete_take(2)
    hand.wait(lambda: document.take == 1)
    hand.press(Qt.Key.Key_Z, CTRL)
    hand.wait(lambda: document.take == 2)


def test_a_project_keeps_what_it_was_painted_with(hand: Hand) -> None:
    hand.write_prompt("sea")
    hand.paint(6)
    contents = hand.window.document.contents
    assert contents is not None
    hand.window._quitting = True
    hand.window.close()
    with Project.open(contents.path) as project:
        [change] = project.changes(1)
        assert change.settings.prompts[0].text == "sea"
        assert change.settings.size == (32, 32)
        assert project.length(1) == 6
