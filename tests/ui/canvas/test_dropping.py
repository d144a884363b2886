"""Pictures dropped on the canvas, and the choice of what they are for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QPixmap,
)
from PySide6.QtWidgets import QApplication

from studio.ui.canvas import Canvas, DropUse
from studio.ui.canvas.dropping import zone_at, zones

COPY = Qt.DropAction.CopyAction
BUTTON, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Told = list[tuple[object, DropUse]]
START, PROMPT, RESTORE, OPEN = DropUse.START, DropUse.PROMPT, DropUse.RESTORE, DropUse.OPEN


@pytest.fixture
def png(tmp_path: Path) -> Path:
    return written(tmp_path / "sea.png")


@pytest.fixture
def told(canvas: Canvas) -> Told:
    """What the canvas says was dropped."""
    heard: Told = []
    canvas.file_dropped.connect(lambda path, use: heard.append((path, use)))
    canvas.picture_dropped.connect(lambda picture, use: heard.append((picture, use)))
    return heard


def written(path: Path, **texts: str) -> Path:
    picture = QImage(8, 8, QImage.Format.Format_RGB888)
    picture.fill(QColor("teal"))
    for key, text in texts.items():
        picture.setText(key, text)
    assert picture.save(str(path))
    return path


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def hang(canvas: Canvas, data: QMimeData, x: int, y: int = 150) -> bool:
    """Whether the canvas would take it there."""
    enter = QDragEnterEvent(QPoint(x, y), COPY, data, BUTTON, NONE)
    enter.ignore()
    QApplication.sendEvent(canvas, enter)
    return enter.isAccepted()


def move(canvas: Canvas, data: QMimeData, x: int, y: int = 150) -> bool:
    event = QDragMoveEvent(QPoint(x, y), COPY, data, BUTTON, NONE)
    event.ignore()
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


def drop(canvas: Canvas, data: QMimeData, x: int, y: int = 150) -> bool:
    event = QDropEvent(QPointF(x, y), COPY, data, BUTTON, NONE)
    event.ignore()
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


@pytest.mark.parametrize(("x", "use"), [(20, START), (190, START), (210, PROMPT), (398, PROMPT)])
def test_the_place_says_what_a_picture_is_for(
    canvas: Canvas, png: Path, told: Told, x: int, use: DropUse
) -> None:
    assert hang(canvas, files(png), 200)
    assert move(canvas, files(png), x)
    assert drop(canvas, files(png), x)
    assert told == [(str(png), use)]


@pytest.mark.parametrize(("x", "use"), [(50, START), (200, PROMPT), (350, RESTORE)])
def test_a_png_that_tells_its_settings_can_restore_them(
    canvas: Canvas, tmp_path: Path, told: Told, x: int, use: DropUse
) -> None:
    told_by = files(written(tmp_path / "painted.png", settings="{}", prompt="sea"))
    hang(canvas, told_by, x)
    drop(canvas, told_by, x)
    assert [use for _, use in told] == [use]


def test_other_texts_in_a_png_restore_nothing(canvas: Canvas, tmp_path: Path, told: Told) -> None:
    data = files(written(tmp_path / "other.png", prompt="sea"))
    hang(canvas, data, 390)
    drop(canvas, data, 390)
    assert [use for _, use in told] == [PROMPT]


def test_a_png_that_is_none_is_offered_without_settings(
    canvas: Canvas, tmp_path: Path, told: Told
) -> None:
    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n torn")
    data = files(tmp_path / "torn.png")
    assert hang(canvas, data, 390)
    drop(canvas, data, 390)
    assert [use for _, use in told] == [PROMPT]


@pytest.mark.parametrize("x", [5, 200, 395])
def test_a_project_can_only_be_opened(canvas: Canvas, tmp_path: Path, told: Told, x: int) -> None:
    project = tmp_path / "Sea.VQPROJ"
    assert hang(canvas, files(project), x)
    drop(canvas, files(project), x)
    assert told == [(str(project), OPEN)]


def test_the_first_file_that_is_a_picture_is_taken(
    canvas: Canvas, tmp_path: Path, png: Path, told: Told
) -> None:
    data = files(tmp_path / "notes.txt", png, written(tmp_path / "later.bmp"))
    hang(canvas, data, 20)
    drop(canvas, data, 20)
    assert told == [(str(png), START)]


def test_picture_data_is_taken_without_a_file(canvas: Canvas, told: Told) -> None:
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(QColor("teal"))
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/teal.png")])
    data.setImageData(picture)
    hang(canvas, data, 300)
    assert drop(canvas, data, 300)
    assert told == [(picture, PROMPT)]


def test_a_pixmap_is_picture_data_too(canvas: Canvas, told: Told) -> None:
    pixmap = QPixmap(8, 8)
    pixmap.fill(QColor("teal"))
    data = QMimeData()
    data.setImageData(pixmap)
    hang(canvas, data, 20)
    drop(canvas, data, 20)
    ((picture, use),) = told
    assert isinstance(picture, QImage)
    assert picture.pixelColor(4, 4) == QColor("teal")
    assert use is START


def test_picture_data_that_cannot_be_read_is_no_news(canvas: Canvas, told: Told) -> None:
    data = QMimeData()
    data.setImageData(QImage())
    hang(canvas, data, 20)
    drop(canvas, data, 20)
    assert told == []


@pytest.mark.parametrize("name", ["notes.txt", "folder", "png"])
def test_what_is_no_picture_is_refused(
    canvas: Canvas, tmp_path: Path, told: Told, name: str
) -> None:
    before = canvas.grab().toImage()
    data = files(tmp_path / name)
    assert not hang(canvas, data, 20)
    assert not move(canvas, data, 30)
    assert canvas.grab().toImage() == before
    assert not drop(canvas, data, 30)
    assert told == []


def test_text_is_refused(canvas: Canvas) -> None:
    data = QMimeData()
    data.setText("a sea")
    assert not hang(canvas, data, 20)


def test_the_zones_show_while_something_hangs_there(canvas: Canvas, png: Path) -> None:
    before = canvas.grab().toImage()
    hang(canvas, files(png), 20)
    left = canvas.grab().toImage()
    move(canvas, files(png), 380)
    right = canvas.grab().toImage()
    assert before != left != right != before
    # The zone under the cursor is lit: the two change their looks.
    assert left.pixelColor(60, 60) != right.pixelColor(60, 60)
    assert left.pixelColor(60, 60).name() == right.pixelColor(340, 60).name()
    QApplication.sendEvent(canvas, QDragLeaveEvent())
    assert canvas.grab().toImage() == before


def test_the_zones_look_the_same_whatever_is_to_be_said_without_them(
    canvas: Canvas, png: Path
) -> None:
    hang(canvas, files(png), 20)
    before = canvas.grab().toImage()
    canvas.set_empty_text("Describe a picture", "Then press Paint")
    assert canvas.grab().toImage() == before


def test_the_zones_go_after_the_drop(canvas: Canvas, png: Path) -> None:
    before = canvas.grab().toImage()
    hang(canvas, files(png), 20)
    drop(canvas, files(png), 20)
    assert canvas.grab().toImage() == before


def test_a_drop_over_a_picture_leaves_it_as_it_was(
    canvas: Canvas, numbered: QImage, png: Path
) -> None:
    canvas.show_picture(numbered)
    before = canvas.grab().toImage()
    hang(canvas, files(png), 20)
    canvas.grab()
    drop(canvas, files(png), 20)
    assert canvas.grab().toImage() == before
    assert canvas.picture() == numbered


@pytest.mark.parametrize("uses", [(OPEN,), (START, PROMPT), (START, PROMPT, RESTORE)])
@pytest.mark.parametrize("box", [QRectF(0, 0, 800, 500), QRectF(0, 0, 300, 900)])
def test_zones_lie_in_the_box_side_by_side_and_are_found(
    uses: tuple[DropUse, ...], box: QRectF
) -> None:
    places = zones(box, uses)
    assert list(places) == list(uses)
    for use, zone in places.items():
        assert box.contains(zone)
        assert zone.width() > 60
        assert zone_at(box, uses, zone.center()) is use
        assert not any(zone.intersects(other) for name, other in places.items() if name != use)
    wide = box.width() > box.height()
    assert len({zone.top() if wide else zone.left() for zone in places.values()}) == 1
