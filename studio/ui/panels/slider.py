"""A thin slider that fills from where nothing happens, and snaps to round values by mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from studio.ui.canvas.strokes import mixed, painting
from studio.ui.panels.tones import knob, outline, quiet, warning

_RADIUS = 6.5
_SNAP = 5.0
"""Pixels within which the mouse snaps."""


class Slider(QSlider):
    """Chooses one of `steps + 1` places; `value_of` says what each stands for.

    Values that lie between places, or beyond the ends, show at the nearest one.
    """

    chosen = Signal(float)
    """A person moved the slider to this value."""

    def __init__(
        self,
        steps: int,
        value_of: Callable[[int], float],
        place_of: Callable[[float], float],
        *,
        origin: float | None = None,
        marks: Sequence[float] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._value_of = value_of
        self._place_of = place_of
        self._origin = origin
        self._marks = tuple(marks)
        self.setRange(0, steps)
        self.setPageStep(max(1, steps // 10))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.valueChanged.connect(self._moved)

    def show_value(self, value: float) -> None:
        """Show a value without telling of it."""
        place = round(min(max(self._place_of(value), 0), self.maximum()))
        self.blockSignals(True)
        self.setValue(place)
        self.blockSignals(False)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(90, 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 22)

    def x_of(self, value: float) -> float:
        """Where a value lies along the slider, in pixels."""
        place = min(max(self._place_of(value), 0), self.maximum())
        return _RADIUS + 1 + place / self.maximum() * (self.width() - 2 * _RADIUS - 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self._follow(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling a panel must not change what happens to lie under the mouse."""
        event.ignore()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter)

    def _follow(self, x: float) -> None:
        for mark in self._marks:
            if abs(x - self.x_of(mark)) <= _SNAP:
                self.setValue(round(self._place_of(mark)))
                return
        length = self.width() - 2 * _RADIUS - 2
        share = (x - _RADIUS - 1) / max(length, 1)
        self.setValue(round(min(max(share, 0), 1) * self.maximum()))

    def _moved(self, place: int) -> None:
        self.chosen.emit(self._value_of(place))

    def _draw(self, painter: QPainter) -> None:
        palette = self.palette()
        middle = self.height() / 2
        here = self.x_of(self._value_of(self.value()))
        nothing = self.x_of(self._value_of(0) if self._origin is None else self._origin)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(outline(palette))
        painter.drawRoundedRect(QRectF(1, middle - 1.5, self.width() - 2, 3), 1.5, 1.5)
        for mark in self._marks:
            painter.drawRoundedRect(QRectF(self.x_of(mark) - 1, middle - 5, 2, 10), 1, 1)
        fill = palette.color(QPalette.ColorRole.Highlight)
        if here < nothing:
            fill = warning(palette)
        if not self.isEnabled():
            fill = outline(palette)
        painter.setBrush(fill)
        left, right = sorted((here, nothing))
        painter.drawRoundedRect(QRectF(left, middle - 1.5, right - left, 3), 1.5, 1.5)
        self._draw_knob(painter, QPointF(here, middle))

    def _draw_knob(self, painter: QPainter, place: QPointF) -> None:
        palette = self.palette()
        text = palette.color(QPalette.ColorRole.WindowText)
        window = palette.color(QPalette.ColorRole.Window)
        edge = mixed(window, text, 0.45)
        if self.hasFocus():
            edge = palette.color(QPalette.ColorRole.Accent)
        inside = knob(palette, lit=self.underMouse())
        if not self.isEnabled():
            inside = edge = mixed(quiet(palette), window, 0.45)
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
        painter.setBrush(inside)
        painter.drawEllipse(place, _RADIUS - 1, _RADIUS - 1)
