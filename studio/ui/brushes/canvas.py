"""The canvas with tools: it is painted on with masks and strokes, by mouse or pen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QShowEvent,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from studio.ui.brushes.dabs import Box
from studio.ui.brushes.gestures import Brushing, Gesture, Outlining, Picking, Shifting, Sizing
from studio.ui.brushes.look import Layer, drawable, screen_box, shown
from studio.ui.brushes.moving import may_move
from studio.ui.brushes.pen import Pen, is_eraser
from studio.ui.brushes.tools import MASKED, Shape, Tool, Toolbox
from studio.ui.canvas import Canvas, drawing
from studio.ui.canvas.strokes import ROUND
from studio.ui.canvas.view import Size

MARCH = 110
"""Milliseconds from one step of a marching edge to the next."""
MOUSE = 1.0
"""The pressure of a mouse."""
PAPER = QColor(118, 118, 118)
"""What is painted on before there is a picture."""


class PaintableCanvas(Canvas):
    """Shows masks over the picture, and lets tools change them."""

    picture_changed = Signal()
    """Another picture is shown, or none."""
    stroked = Signal(object, str)
    """The `Layer` that a person has changed, and how: "paint", "erase" or "move"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.toolbox = Toolbox(self)
        self.toolbox.changed.connect(self._take_tool)
        self.give: Callable[[], Layer | None] = lambda: None
        """Asked for what a stroke goes on; None where there is nothing to paint on."""
        self._layers: list[Layer] = []
        self._painted: Layer | None = None
        self._gesture: Gesture | None = None
        self._pen = Pen()
        self._paper: Size | None = None
        self._target = ""
        self._over: QImage | None = None
        self._over_words = ""
        self._told = ""
        self._phase = 0
        self._exposed = QRect()
        self._march = QTimer(self, interval=MARCH)
        self._march.timeout.connect(self._march_on)

    # What lies over the picture

    @property
    def extent(self) -> Size:
        """Of the picture, or of the paper before there is one."""
        assert self._extent is not None
        return self._extent

    @property
    def is_busy(self) -> bool:
        """Whether a stroke is being made."""
        return self._gesture is not None

    def show_masks(self, layers: Sequence[Layer]) -> None:
        """Have these over the picture, the last on top."""
        self._layers = list(layers)
        self._march_if_wanted()
        self.update()

    def show_target(self, words: str) -> None:
        """Say what a stroke would be for."""
        if words != self._target:
            self._target = words
            self.update()

    def show_over(self, image: QImage | None, words: str = "") -> None:
        """Show an image of any size in place of the picture, and say what it is."""
        if image is not None or self._over is not None:
            self._over, self._over_words = image, words
            self.update()

    def show_told(self, words: str) -> None:
        """Say something about the place under the cursor."""
        if words != self._told:
            self._told = words
            self.update()

    def show_change(self, layer: Layer, box: Box) -> None:
        """Draw again where a mask has changed."""
        area = screen_box(box, layer.mask, self._view.placed(), self.extent)
        self.update(self._in_widget(area))

    def set_paper(self, size: Size) -> None:
        """How large the picture is going to be."""
        self._paper = size
        self._lay_paper()

    def show_picture(self, picture: QImage | None) -> None:
        """Show a picture from now on; a stroke goes on unless its size is another one."""
        before = self._extent
        super().show_picture(picture)
        self._lay_paper()
        if self._extent != before:
            self.give_up()
        self.picture_changed.emit()

    def colour_at(self, position: QPointF) -> QColor | None:
        """Of the picture there."""
        pixel = self._pixel_at(position)
        return None if pixel is None else pixel.colour

    def give_up(self) -> None:
        """Cancel the stroke that is being made."""
        if self._gesture is not None:
            gesture, self._gesture, self._painted = self._gesture, None, None
            gesture.drop()

    def _lay_paper(self) -> None:
        """Before there is a picture, brushes are given something to paint on."""
        if self._pair.picture is None:
            wanted = self._paper if self.toolbox.tool.paints else None
            if wanted != self._extent:
                self._set_extent(wanted)
                self.update()

    @Slot()
    def _take_tool(self) -> None:
        self._lay_paper()
        self._point_hand()
        self.update()

    # Presses

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._gesture is not None or self._pen.is_doubled():
            event.accept()
        elif event.button() == Qt.MouseButton.LeftButton and self._is_for_tool(event.position()):
            self._begin(event.position(), MOUSE, event.modifiers(), erases=False)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pen.is_down:
            return
        if self._gesture is not None:
            self._gesture.lead(event.position(), MOUSE)
        self._hover(event.position())
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pen.is_down:
            return
        if self._gesture is not None and event.button() == Qt.MouseButton.LeftButton:
            self._finish()
        super().mouseReleaseEvent(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        kinds, kind = QEvent.Type, event.type()
        if self._gesture is None and not self._is_for_tool(event.position()):
            event.ignore()  # Qt makes the mouse's of it
            return
        event.accept()
        self._pen.hear()
        self._hover(event.position())
        if kind == kinds.TabletPress and event.button() == Qt.MouseButton.LeftButton:
            self._pen.press(event)
            self._touch(event)
        elif kind == kinds.TabletMove and self._pen.is_down:
            self._touch(event)
        elif kind == kinds.TabletRelease and self._pen.is_down:
            self._pen.lift()
            self._finish()

    def _touch(self, event: QTabletEvent) -> None:
        """The pen is on the picture; a stroke begins with the first pressure that is told."""
        pressure = self._pen.pressure(event)
        if pressure is None:
            return
        if self._gesture is None:
            self._begin(event.position(), pressure, event.modifiers(), erases=is_eraser(event))
        else:
            self._gesture.lead(event.position(), pressure)

    def _is_for_tool(self, position: QPointF) -> bool:
        """Whether a press there is the tool's, not the view's."""
        free = not self._space_held and not self.is_panning() and not self._at_divider(position)
        return free and self._extent is not None and self.toolbox.tool is not Tool.MOVE

    def _begin(
        self, position: QPointF, pressure: float, modifiers: Qt.KeyboardModifier, *, erases: bool
    ) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        toolbox, keys = self.toolbox, Qt.KeyboardModifier
        if toolbox.tool is Tool.PICK or (
            toolbox.tool is Tool.COLOUR and modifiers & keys.ControlModifier
        ):
            self._gesture = Picking(self, toolbox)
        elif modifiers & keys.ShiftModifier and toolbox.shape is Shape.FREE:
            ratio = self.zoom() / self.devicePixelRatio()
            self._gesture = Sizing(toolbox, position, ratio)
        elif (layer := self.give()) is None:
            return
        elif modifiers & keys.ControlModifier and toolbox.tool in MASKED:
            self._gesture, self._painted = Shifting(self, layer, toolbox, position), layer
        else:
            kind = Brushing if toolbox.shape is Shape.FREE else Outlining
            self._gesture = kind(self, layer, toolbox, toolbox.erases != erases)
            self._painted = layer
        if self._gesture is not None:
            self._gesture.lead(position, pressure)

    def _finish(self) -> None:
        gesture, self._gesture, self._painted = self._gesture, None, None
        if gesture is not None:
            gesture.lift()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._gesture is None:
            super().contextMenuEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._gesture is not None:
            self.give_up()
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update(self._ring())
        super().leaveEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.give_up()
        self._march.stop()
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._march_if_wanted()

    # The hand

    def _hover(self, position: QPointF) -> None:
        before = self._ring()
        self._cursor = position
        self._point()
        if self.toolbox.tool.paints:
            self.update(before)
            self.update(self._ring())

    def _ring(self) -> QRect:
        """Where the circle is that shows the tip's size."""
        if self._cursor is None or self._extent is None:
            return QRect()
        half = self.toolbox.size / 2 * self.zoom() / self.devicePixelRatio() + 3
        corner = self._cursor - QPointF(half, half)
        return QRectF(corner.x(), corner.y(), 2 * half, 2 * half).toAlignedRect()

    def _point_hand(self) -> None:
        super()._point_hand()
        view_is_held = self._space_held or self.is_panning() or self._at_divider(self._cursor)
        if self.toolbox.tool is not Tool.MOVE and self._extent is not None and not view_is_held:
            self.setCursor(Qt.CursorShape.CrossCursor)

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        self._exposed = event.rect()
        super().paintEvent(event)

    def _draw_nothing(self, painter: QPainter) -> None:
        if self._extent is None:
            super()._draw_nothing(painter)
            return
        painter.fillRect(self.covered(), PAPER)
        self._draw_words(painter)

    def _draw_words(self, painter: QPainter) -> None:
        if self._over is not None:
            painter.setRenderHint(drawing.SMOOTH)
            painter.drawImage(self.covered(), self._over)
        self._draw_masks(painter)
        super()._draw_words(painter)
        if self._over is not None:
            drawing.draw_label(painter, self._over_words, self.sight())
        if self._told:
            drawing.draw_label(painter, self._told, self.sight(), right=True, low=True)
        if self._target and self.toolbox.tool.paints:
            drawing.draw_label(painter, self._target, self.sight(), low=True)
        painter.setRenderHint(ROUND)
        if isinstance(self._gesture, Outlining):
            self._draw_line(painter, self._gesture.line)
        elif self.toolbox.tool.paints and self.toolbox.shape is Shape.FREE:
            self._draw_ring(painter)

    def _draw_masks(self, painter: QPainter) -> None:
        ratio = self.devicePixelRatio()
        view, sight = self._view.placed(), self._on_screen(self.sight())
        with drawing.screen_pixels(painter, ratio):
            for layer in self._drawn():
                # while it changes with every move, no more of it is made than is seen again
                fresh = layer is self._painted
                seen = self._on_screen(QRectF(self._exposed)) if fresh else sight
                area = sight & seen & screen_box(layer.reach(), layer.mask, view, self.extent)
                if not area.isEmpty():
                    made = shown(layer, view, self.extent, area)
                    painter.drawImage(area.topLeft(), drawable(layer, made, self._phase))

    def _drawn(self) -> list[Layer]:
        """The layers in sight; the one that is painted on always is."""
        layers = self._layers if self.toolbox.shows_masks else []
        if self._painted is not None and self._painted not in layers:
            layers = [*layers, self._painted]
        return layers

    def _draw_ring(self, painter: QPainter) -> None:
        if self._cursor is None or self._extent is None or self._space_held:
            return
        half = self.toolbox.size / 2 * self.zoom() / self.devicePixelRatio()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, wide in ((QColor(0, 0, 0, 150), 3.0), (QColor(255, 255, 255, 235), 1.2)):
            dashed = Qt.PenStyle.DashLine if self.toolbox.erases else Qt.PenStyle.SolidLine
            painter.setPen(QPen(colour, wide, dashed))
            painter.drawEllipse(self._cursor, half, half)

    def _draw_line(self, painter: QPainter, line: Sequence[QPointF]) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, style in (("black", Qt.PenStyle.SolidLine), ("white", Qt.PenStyle.DashLine)):
            painter.setPen(QPen(QColor(colour), 1, style))
            painter.drawPolygon(QPolygonF(line))

    def _on_screen(self, box: QRectF) -> QRect:
        ratio = self.devicePixelRatio()
        scaled = QRectF(box.x() * ratio, box.y() * ratio, box.width() * ratio, box.height() * ratio)
        return scaled.toAlignedRect()

    def _in_widget(self, area: QRect) -> QRect:
        ratio = self.devicePixelRatio()
        return QRectF(
            area.x() / ratio, area.y() / ratio, area.width() / ratio, area.height() / ratio
        ).toAlignedRect()

    # Edges that march

    def _march_if_wanted(self) -> None:
        marches = any(each.marches for each in self._layers) and self.toolbox.shows_masks
        if not (marches and self.isVisible() and may_move()):
            self._march.stop()
        elif not self._march.isActive():
            self._march.start()

    @Slot()
    def _march_on(self) -> None:
        self._phase += 1
        for layer in self._layers:
            if layer.marches and layer.shown is not None:
                self.update(self._in_widget(layer.shown.edge))
