"""Projects and pictures as files: saved, copied, exported, restored, and never lost unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QMessageBox

from studio.project.file import Project
from studio.ui.dialogs.error import ErrorDialog
from studio.work.easel import untitled_folder
from tests.ui.window.conftest import Hand

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def painted(hand: Hand, text: str = "sea") -> None:
    hand.write_prompt(text)
    hand.paint(6)


def name_it(hand: Hand, name: str) -> None:
    """Type a name into the file dialog that is open, and Enter."""
    hand.wait(lambda: bool(shown(hand, QFileDialog)))
    [dialog] = shown(hand, QFileDialog)
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, name)
    QTest.keyClick(field, Qt.Key.Key_Return)
    hand.wait(lambda: not shown(hand, QFileDialog))
    hand.window.activateWindow()


def shown(hand: Hand, kind: type) -> list:  # type: ignore[type-arg]
    return [each for each in hand.window.findChildren(kind) if each.isVisible()]


def drop(hand: Hand, path: Path) -> None:
    """Let go of a file over the middle of the canvas, after dragging it there."""
    canvas = hand.window.canvas
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = QPoint(canvas.width() // 2, canvas.height() // 2)
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(canvas, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(
        canvas, QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, left, none)
    )


def test_a_copy_leaves_the_work_where_it_is(hand: Hand, home: Path) -> None:
    painted(hand)
    before = hand.window.document.contents
    hand.press(Qt.Key.Key_S, CTRL | ALT)
    name_it(hand, "copy")
    copy = home / "Bilder ünï" / "copy.vqproj"
    hand.wait(lambda: "copy.vqproj" in hand.window.status.currentMessage())
    with Project.open(copy, read_only=True) as project:
        assert project.length(1) == 6
    assert hand.window.document.contents is before


def test_saving_when_asked_about_unsaved_work_goes_on_with_what_was_wanted(
    hand: Hand, home: Path
) -> None:
    painted(hand)
    hand.press(Qt.Key.Key_N, CTRL)
    [box] = shown(hand, QMessageBox)
    hand.click(box.button(QMessageBox.StandardButton.Save))
    name_it(hand, "kept")
    hand.wait(lambda: hand.window.document.contents is None)
    assert hand.window.is_at_canvas
    with Project.open(home / "Bilder ünï" / "kept.vqproj", read_only=True) as project:
        assert project.length(1) == 6
    assert not list(untitled_folder().glob("*.vqproj"))


def test_a_picture_exported_and_dropped_restores_prompt_and_settings(
    hand: Hand, home: Path
) -> None:
    painted(hand)
    settings = hand.window.document.settings
    hand.press(Qt.Key.Key_E, CTRL)
    name_it(hand, "picture")
    path = home / "Bilder ünï" / "picture.png"
    hand.wait(lambda: "picture.png" in hand.window.status.currentMessage())
    with Image.open(path) as image:
        assert image.size == (32, 32)
    hand.press(Qt.Key.Key_N, CTRL)
    [box] = shown(hand, QMessageBox)
    hand.click(box.button(QMessageBox.StandardButton.Discard))
    hand.wait(lambda: hand.window.document.contents is None)
    hand.window.files._studio.read_picture(path, "RESTORE")
    hand.wait(lambda: bool(hand.window.document.prompts))
    assert hand.window.document.settings == settings


def test_a_project_dropped_is_opened(hand: Hand, home: Path) -> None:
    painted(hand)
    hand.press(Qt.Key.Key_S, CTRL | SHIFT)
    name_it(hand, "kept")
    hand.wait(lambda: "kept" in hand.window.windowTitle())
    hand.press(Qt.Key.Key_N, CTRL)
    hand.wait(lambda: hand.window.document.contents is None)
    drop(hand, home / "Bilder ünï" / "kept.vqproj")
    hand.wait(lambda: hand.window.document.length == 6)


def test_a_project_with_a_name_is_offered_among_the_recent_ones(
    open_window: Callable[..., Hand], hand: Hand, home: Path
) -> None:
    painted(hand)
    hand.press(Qt.Key.Key_S, CTRL | SHIFT)
    name_it(hand, "kept")
    hand.wait(lambda: "kept" in hand.window.windowTitle())
    hand.press(Qt.Key.Key_W, CTRL)
    hand.wait(lambda: not hand.window.is_at_canvas)
    menu = hand.window.findChildren(QMenu)
    hand.wait(lambda: any(a.text() == "kept.vqproj" for m in menu for a in m.actions()))
    [recent] = [a for m in menu for a in m.actions() if a.text() == "kept.vqproj"]
    recent.trigger()
    hand.wait(lambda: hand.window.document.length == 6)


def test_a_second_window_on_a_project_is_refused_in_words(
    open_window: Callable[..., Hand], hand: Hand, home: Path
) -> None:
    painted(hand)
    hand.press(Qt.Key.Key_S, CTRL | SHIFT)
    name_it(hand, "kept")
    hand.wait(lambda: "kept" in hand.window.windowTitle())
    other = open_window(home / "Bilder ünï" / "kept.vqproj")
    other.wait(lambda: bool(shown(other, ErrorDialog)))
    [dialog] = shown(other, ErrorDialog)
    assert other.window.document.contents is None
    dialog.close()
    assert hand.window.document.length == 6


def test_what_cannot_be_written_is_told_and_nothing_is_lost(hand: Hand, home: Path) -> None:
    painted(hand)
    hand.window.studio.save_as(home / "no such folder" / "kept.vqproj")
    hand.wait(lambda: bool(shown(hand, ErrorDialog)))
    shown(hand, ErrorDialog)[0].close()
    assert hand.window.document.contents is not None
    assert hand.window.document.contents.untitled
    assert hand.window.document.contents.path.exists()
    hand.paint(12)
    assert hand.window.document.length == 12


def test_what_is_dragged_over_the_first_page_can_be_dropped(hand: Hand, home: Path) -> None:
    hand.window.show_welcome()
    picture = home / "red.png"
    Image.new("RGB", (40, 30), "red").save(picture)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture))])
    drag = QDragEnterEvent(
        QPoint(50, 50),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(hand.window.welcome.viewport(), drag)
    assert hand.window.is_at_canvas
    drop(hand, picture)
    hand.wait(
        lambda: (
            hand.window.document.settings.start == "picture" or bool(hand.window.document.prompts)
        )
    )
