"""The widget that shows the picture."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from studio.ui.canvas import drawing
from studio.ui.canvas.compare import Comparison, Pair
from studio.ui.canvas.divider import Divider
from studio.ui.canvas.dropping import Drops
from studio.ui.canvas.empty import draw_empty
from studio.ui.canvas.strokes import painting
from studio.ui.canvas.transfer import Outbox, carrying
from studio.ui.canvas.viewport import Viewport

WIPE_STEP = 0.02


@dataclass(frozen=True)
class Pixel:
    """One pixel of the picture, as the cursor points at it."""

    x: int
    y: int
    colour: QColor


class Canvas(Viewport):
    """Shows one picture, near or far, alone or against a reference."""

    pixel_changed = Signal(object)
    """The `Pixel` under the cursor, or None."""
    comparison_changed = Signal(object)
    """The `Comparison` now in force."""
    file_dropped = Signal(str, object)
    """Path of a picture file (or a project) that was dropped, and the `DropUse` meant."""
    menu_wanted = Signal(QPoint)
    """Where on the screen."""
    picture_dropped = Signal(object, object)
    """A picture without a file, as `QImage` or bytes, and the `DropUse`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair = Pair()
        self._shrinker = drawing.Shrinker()
        self._outbox = Outbox()
        self._file_name = "picture"
        self._empty = (self.tr("No picture yet"), "")
        self._note = ""
        self._cursor: QPointF | None = None
        self._pixel: Pixel | None = None
        self._pressed: QPointF | None = None
        self._dividing = False
        self._drops = Drops(self)
        self._drops.file_dropped.connect(self.file_dropped)
        self._drops.picture_dropped.connect(self.picture_dropped)
        self._tabbed = False
        weakref.finalize(self, self._outbox.close)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAcceptDrops(True)
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(640, 640)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 160)

    # What is shown

    def show_picture(self, picture: QImage | None) -> None:
        """Show a picture from now on; None shows the empty state."""
        self._pair.picture = None if picture is None or picture.isNull() else picture
        shown = self._pair.picture
        self._set_extent((shown.width(), shown.height()) if shown else None)
        self._point()
        self.update()

    def picture(self) -> QImage | None:
        """The picture shown, without the reference."""
        return self._pair.picture

    def set_empty_text(self, title: str, hint: str) -> None:
        """What to say while there is no picture."""
        self._empty = (title, hint)
        self.update()

    def set_note(self, note: str) -> None:
        """A few words over the picture, while it is not quite what was asked for."""
        if note != self._note:
            self._note = note
            self.update()

    def set_file_name(self, name: str) -> None:
        """What a dragged out PNG is called, without the ending."""
        self._file_name = name

    # Comparing

    def set_reference(self, reference: QImage | None) -> None:
        """The picture to compare with; None ends every comparison."""
        self._pair.reference = None if reference is None or reference.isNull() else reference
        if self._pair.reference is None:
            self._pair.held = False
            self.set_comparison(Comparison.NONE)
        self._point()
        self.update()

    def name_reference(self, name: str) -> None:
        """Say what the picture to compare with is."""
        if name != self._pair.name:
            self._pair.name = name
            self.update()

    def reference_name(self) -> str:
        return self._pair.name

    def reference(self) -> QImage | None:
        return self._pair.reference

    def hold_reference(self, held: bool) -> None:
        """While held, the reference is shown in place of the picture."""
        self._pair.held = held and self._pair.reference is not None
        self._point()
        self.update()

    def set_comparison(self, comparison: Comparison) -> None:
        """Compare in this way from now on; without a reference there is nothing to compare."""
        if self._pair.reference is None:
            comparison = Comparison.NONE
        if comparison is not self._pair.comparison:
            self._pair.comparison = comparison
            self._point_hand()
            self.update()
            self.comparison_changed.emit(comparison)

    def comparison(self) -> Comparison:
        return self._pair.comparison

    def set_wipe(self, share: float) -> None:
        """Where the divider stands: the share of the picture's width that shows the reference."""
        self._pair.wipe = min(max(share, 0.0), 1.0)
        self.update()

    def wipe(self) -> float:
        return self._pair.wipe

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        if self._pair.picture is not None:
            QGuiApplication.clipboard().setImage(self._pair.picture)

    # Pointing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self.is_panning() or event.button() != Qt.MouseButton.LeftButton:
            return
        self._dividing = self._at_divider(event.position())
        if self._dividing:
            self._divide(event.position())
        elif self._pixel_at(event.position()):
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._cursor = event.position()
        if self._dividing:
            self._divide(event.position())
        elif self._pressed is not None:
            way = event.position() - self._pressed
            if way.manhattanLength() >= QApplication.startDragDistance():
                self._drag_out()
        self._point()
        self._point_hand()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dividing, self._pressed = False, None
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        self._cursor = None
        self._point()
        super().leaveEvent(event)

    def _looked(self) -> None:
        super()._looked()
        self._point()

    def _point(self) -> None:
        """Say which pixel the cursor is on, if that is another one."""
        pixel = self._pixel_at(self._cursor) if self._cursor is not None else None
        if pixel != self._pixel:
            self._pixel = pixel
            self.pixel_changed.emit(pixel)

    def _pixel_at(self, position: QPointF) -> Pixel | None:
        picture = self._pair.picture
        if picture is None:
            return None
        across, down = self.in_picture(position)
        x, y = int(across // 1), int(down // 1)
        return Pixel(x, y, picture.pixelColor(x, y)) if picture.valid(x, y) else None

    def _point_hand(self) -> None:
        free = not self._space_held and not self.is_panning()
        if self._dividing or (free and self._at_divider(self._cursor)):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            super()._point_hand()

    # The divider

    def _divider(self) -> Divider | None:
        """None where nothing is wiped."""
        if self._pair.picture is None or not self._pair.wiping():
            return None
        whole = self.covered()
        return Divider(whole.x() + self._pair.wipe * whole.width(), self.sight())

    def _at_divider(self, position: QPointF | None) -> bool:
        divider = self._divider()
        return divider is not None and position is not None and divider.is_at(position)

    def _divide(self, position: QPointF) -> None:
        assert self._extent is not None
        self.set_wipe(self.in_picture(position)[0] / self._extent[0])

    # Keys

    def _claimed(self, event: QKeyEvent) -> bool:
        if self._wipe_way(event):
            event.accept()
            return True
        return super()._claimed(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if way := self._wipe_way(event):
            self.set_wipe(self.wipe() + way * WIPE_STEP)
        else:
            super().keyPressEvent(event)

    def _wipe_way(self, event: QKeyEvent) -> int:
        """Where a key pushes the divider: -1 is left, 1 right."""
        if not self._pair.wiping() or event.modifiers() != Qt.KeyboardModifier.ShiftModifier:
            return 0
        ways: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        return ways.get(event.key(), 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        reasons = Qt.FocusReason
        self._tabbed = event.reason() in (reasons.TabFocusReason, reasons.BacktabFocusReason)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._tabbed = False
        super().focusOutEvent(event)
        self.update()

    # Giving and taking

    def _drag_out(self) -> None:
        assert self._pair.picture is not None
        self._pressed = None
        data = self._outbox.package(self._pair.picture, self._file_name)
        carrying(self, data, self._pair.picture).exec(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drops.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drops.hover(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drops.drop(event)

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.fillRect(self.rect(), drawing.surround(self.palette()))
            if self._pair.picture is not None:
                self._draw_pictures(painter, self._pair.picture.size())
            elif not self._drops.hanging():
                self._draw_nothing(painter)
            self._drops.draw(painter)
            if self._tabbed:
                drawing.draw_focus(painter, self.rect(), self.palette())

    def _draw_nothing(self, painter: QPainter) -> None:
        draw_empty(painter, QRectF(self.rect()), self.palette(), *self._empty)

    def _draw_pictures(self, painter: QPainter, size: QSize) -> None:
        with drawing.screen_pixels(painter, self.devicePixelRatio()):
            layers = self._pair.layers()
            drawing.draw_layers(painter, layers, self._view, self._room, self._shrinker)
            drawing.draw_grid(painter, size, self._view, self._room)
        self._draw_words(painter)

    def _draw_words(self, painter: QPainter) -> None:
        """What is compared with what, or the note."""
        reference, sight = self._pair.name or self.tr("Reference"), self.sight()
        if divider := self._divider():
            divider.draw(painter)
            left, right = divider.sides()
            drawing.draw_label(painter, reference, left)
            drawing.draw_label(painter, self.tr("Now"), right, right=True)
        elif self._pair.holding():
            drawing.draw_label(painter, reference, sight)
        elif self._pair.comparison is Comparison.DIFFERENCE:
            words = self.tr("Difference from: {reference}").format(reference=reference)
            drawing.draw_label(painter, words, sight)
        elif self._note:
            drawing.draw_label(painter, self._note, sight)

    def _describe(self) -> None:
        self.setAccessibleName(self.tr("Canvas"))
        self.setAccessibleDescription(
            self.tr(
                "Shows the picture. Plus and minus zoom, 0 fits the picture into the canvas,"
                " 1 shows it at 100 %, the arrow keys pan. While wiping, Shift with left or right"
                " moves the divider. Hold Space and drag to pan; drag the picture to give it to"
                " another program."
            )
        )
