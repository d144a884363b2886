"""The picture given away: dragged out as a PNG, and copied."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt
from PySide6.QtGui import QColor, QDrag, QDragEnterEvent, QImage, QImageReader
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.ui.canvas import Canvas, Comparison
from studio.ui.canvas.transfer import file_name

LEFT = Qt.MouseButton.LeftButton


class Taker:
    """Stands for the program that takes what is dragged out."""

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.pictures: list[QImage] = []
        self.thumb = QImage()
        self.sources: list[object] = []

    def take(self, drag: QDrag, actions: Qt.DropAction) -> Qt.DropAction:
        assert actions == Qt.DropAction.CopyAction
        data = drag.mimeData()
        self.paths += [Path(url.toLocalFile()) for url in data.urls()]
        self.pictures.append(data.imageData())
        self.thumb = drag.pixmap().toImage()
        self.sources.append(drag.source())
        return actions


@pytest.fixture
def taker(monkeypatch: pytest.MonkeyPatch) -> Taker:
    made = Taker()
    monkeypatch.setattr(QDrag, "exec", lambda drag, actions: made.take(drag, actions))
    return made


def pull(canvas: Canvas, qtbot: QtBot, start: tuple[int, int] = (180, 140), way: int = 40) -> None:
    place, end = QPoint(*start), QPoint(start[0] + way, start[1])
    qtbot.mousePress(canvas, LEFT, pos=place)
    qtbot.mouseMove(canvas, end)
    qtbot.mouseRelease(canvas, LEFT, pos=end)


def test_a_drag_on_the_picture_gives_it_away_as_png(
    canvas: Canvas, numbered: QImage, qtbot: QtBot, taker: Taker
) -> None:
    canvas.show_picture(numbered)
    canvas.set_file_name("sea 120")
    pull(canvas, qtbot)
    (path,) = taker.paths
    assert path.name == "sea 120.png"
    assert QImage(str(path)).convertToFormat(numbered.format()) == numbered
    assert taker.pictures == [numbered]
    assert taker.sources == [canvas]


def test_the_png_tells_how_it_was_painted(
    canvas: Canvas, numbered: QImage, qtbot: QtBot, taker: Taker
) -> None:
    settings = '{"prompts": [{"text": "Meer im Süden, 海"}], "seed": 7}' * 40
    numbered.setText("settings", settings)
    numbered.setText("prompt", "sea")
    canvas.show_picture(numbered)
    pull(canvas, qtbot)
    reader = QImageReader(str(taker.paths[0]))
    assert reader.text("settings") == settings
    assert reader.text("prompt") == "sea"


def test_a_small_picture_hangs_at_the_cursor(
    canvas: Canvas, numbered: QImage, qtbot: QtBot, taker: Taker
) -> None:
    canvas.show_picture(numbered.scaled(256, 128))
    canvas.fit()
    pull(canvas, qtbot)
    assert (taker.thumb.width(), taker.thumb.height()) == (128, 64)


def test_the_small_picture_is_as_sharp_as_the_screen(
    canvas: Canvas, numbered: QImage, qtbot: QtBot, taker: Taker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canvas, "devicePixelRatio", lambda: 2.0)
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.DevicePixelRatioChange))
    canvas.show_picture(numbered)
    pull(canvas, qtbot)
    assert taker.thumb.width() == 256
    assert taker.thumb.devicePixelRatio() == 2


def test_a_later_drag_leaves_the_earlier_file_alone(
    canvas: Canvas, numbered: QImage, qtbot: QtBot, taker: Taker
) -> None:
    canvas.show_picture(numbered)
    pull(canvas, qtbot)
    later = QImage(numbered)
    later.fill(QColor("red"))
    canvas.show_picture(later)
    pull(canvas, qtbot)
    one, other = taker.paths
    assert QImage(str(one)).pixelColor(0, 0) == numbered.pixelColor(0, 0)
    assert QImage(str(other)).pixelColor(0, 0) == QColor("red")


def test_the_files_go_with_the_canvas(numbered: QImage, qtbot: QtBot, taker: Taker) -> None:
    canvas = Canvas()
    canvas.resize(400, 300)
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.show_picture(numbered)
    pull(canvas, qtbot)
    (path,) = taker.paths
    assert path.exists()
    taker.sources.clear()
    shiboken6.delete(canvas)
    del canvas
    gc.collect()
    assert not path.parent.parent.exists()


def test_a_short_pull_is_a_click(
    canvas: Canvas, numbered: QImage, qtbot: QtBot, taker: Taker
) -> None:
    canvas.show_picture(numbered)
    pull(canvas, qtbot, way=QApplication.startDragDistance() - 1)
    assert taker.pictures == []


def test_beside_the_picture_there_is_nothing_to_pull(
    canvas: Canvas, numbered: QImage, qtbot: QtBot, taker: Taker
) -> None:
    canvas.show_picture(numbered)
    pull(canvas, qtbot, start=(10, 150))
    canvas.show_picture(None)
    pull(canvas, qtbot)
    assert taker.pictures == []


def test_the_divider_is_not_given_away(
    canvas: Canvas, numbered: QImage, qtbot: QtBot, taker: Taker
) -> None:
    canvas.show_picture(numbered)
    canvas.set_reference(numbered)
    canvas.set_comparison(Comparison.WIPE)
    pull(canvas, qtbot, start=(200, 80))
    assert taker.pictures == []
    pull(canvas, qtbot, start=(100, 80))
    assert len(taker.pictures) == 1


def test_panning_gives_nothing_away(
    canvas: Canvas, numbered: QImage, qtbot: QtBot, taker: Taker
) -> None:
    canvas.show_picture(numbered)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    pull(canvas, qtbot)
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert taker.pictures == []


def test_what_is_dragged_out_is_not_taken_back(
    canvas: Canvas, numbered: QImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDragEnterEvent, "source", lambda event: canvas)
    data = QMimeData()
    data.setImageData(numbered)
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(20, 150), Qt.DropAction.CopyAction, data, LEFT, none)
    QApplication.sendEvent(canvas, enter)
    assert not enter.isAccepted()


def test_copy_puts_the_picture_on_the_clipboard(canvas: Canvas, numbered: QImage) -> None:
    canvas.show_picture(numbered)
    canvas.set_zoom(12)
    canvas.copy()
    copied = QApplication.clipboard().image()
    assert copied.convertToFormat(numbered.format()) == numbered


def test_copy_without_a_picture_leaves_the_clipboard(canvas: Canvas) -> None:
    QApplication.clipboard().setText("kept")
    canvas.copy()
    assert QApplication.clipboard().text() == "kept"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("sea/../../etc", "sea-..-..-etc"),
        ('a: "sea"?', "a- -sea"),
        ("..", "picture"),
        ("", "picture"),
        ("海", "海"),
        ("x" * 400, "x" * 100),
    ],
)
def test_names_that_no_file_can_have_are_made_plain(name: str, plain: str) -> None:
    assert file_name(name) == plain
