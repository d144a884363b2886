"""A widget through which a person looks at a picture: zoom, pan and fit, by any device."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.ui.canvas.view import Size, View, centred, fitted, next_step

NOTCH = 120
"""What one click of a mouse wheel turns, in Qt's eighths of a degree."""
NUDGE = 64
"""How far an arrow key pans."""


class Viewport(QWidget):
    """Knows where a picture of some size lies; what lies there is another's business.

    The view is kept in pixels of the screen, so that 100 % is sharp on every screen.
    """

    zoom_changed = Signal(float)
    """1.0 is 100 %."""
    fitting_changed = Signal(bool)
    """Whether the picture keeps fitting the widget."""
    space_tapped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = View()
        self._fitting = True
        self._extent: Size | None = None
        self._room: Size = (0, 0)
        self._turned = 0
        self._pan_from: QPointF | None = None
        self._space_held = False
        self._space_used = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    # Zoom

    def zoom(self) -> float:
        return self._view.scale

    def set_zoom(self, zoom: float) -> None:
        """Zoom about the middle of the widget and stop fitting."""
        self._zoom_at(zoom, QPointF(self.width() / 2, self.height() / 2))

    def zoom_in(self) -> None:
        self.set_zoom(next_step(self.zoom(), 1))

    def zoom_out(self) -> None:
        self.set_zoom(next_step(self.zoom(), -1))

    def actual_size(self) -> None:
        """Show at 100 %."""
        self.set_zoom(1.0)

    def fit(self) -> None:
        """Fit the picture into the widget, also after resizes, until the person zooms."""
        view = fitted(self._room, self._extent) if self._extent else self._view
        self._look(view, fitting=True)

    # For those who draw

    def is_panning(self) -> bool:
        """Whether a press just now moves the view."""
        return self._pan_from is not None

    def in_picture(self, position: QPointF) -> tuple[float, float]:
        """The point of the picture that is drawn at a point of the widget."""
        ratio = self.devicePixelRatio()
        return self._view.placed().in_picture(position.x() * ratio, position.y() * ratio)

    def covered(self) -> QRectF:
        """Where the picture is drawn, parts beyond the widget included."""
        assert self._extent is not None
        ratio, view = self.devicePixelRatio(), self._view.placed()
        across, down = (side * view.scale / ratio for side in self._extent)
        return QRectF(view.x / ratio, view.y / ratio, across, down)

    def sight(self) -> QRectF:
        """The part of the widget that the picture covers."""
        return self.covered().intersected(QRectF(self.rect()))

    def _set_extent(self, extent: Size | None) -> None:
        before, self._extent = self._extent, extent
        if extent is None or extent == before:
            return
        if self._fitting or before is None:
            self._look(self._home(), self._fitting)
        else:
            self._look(self._view.resized(self._room, before, extent), fitting=False)

    def _looked(self) -> None:
        """The view has changed."""
        self.update()

    # Looking

    def _home(self) -> View:
        assert self._extent is not None
        if self._fitting:
            return fitted(self._room, self._extent)
        return centred(self._view.scale, self._room, self._extent)

    def _look(self, view: View, fitting: bool) -> None:
        before, was_fitting = self._view, self._fitting
        if self._extent:
            view = view.kept_in(self._room, self._extent)
        self._view, self._fitting = view, fitting
        if view != before:
            self._looked()
        if view.scale != before.scale:
            self.zoom_changed.emit(view.scale)
        if fitting != was_fitting:
            self.fitting_changed.emit(fitting)

    def _zoom_at(self, scale: float, position: QPointF) -> None:
        ratio = self.devicePixelRatio()
        if self._extent:
            view = self._view.zoomed(scale, position.x() * ratio, position.y() * ratio)
            self._look(view, fitting=False)

    def _pan(self, way: QPointF) -> None:
        ratio = self.devicePixelRatio()
        if self._extent and not way.isNull():
            self._look(self._view.moved(way.x() * ratio, way.y() * ratio), fitting=False)

    def _measure(self) -> None:
        ratio, before = self.devicePixelRatio(), self._room
        self._room = (round(self.width() * ratio), round(self.height() * ratio))
        if not self._extent:
            return
        if self._fitting:
            self.fit()
        else:
            right, down = (self._room[0] - before[0]) / 2, (self._room[1] - before[1]) / 2
            self._look(self._view.moved(right, down), fitting=False)

    # Devices

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._measure()
        if isinstance(event, QNativeGestureEvent):
            return self._pinched(event)
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            return self._claimed(event) or super().event(event)
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        zooming = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        # Only what scrolls smoothly tells its way in pixels: a trackpad.
        if not event.pixelDelta().isNull() and not zooming:
            self._pan(QPointF(event.pixelDelta()))
        else:
            self._turn(event.angleDelta(), event.position())
        event.accept()

    def _turn(self, angle: QPoint, position: QPointF) -> None:
        """Wheels of fine steps report a notch in many pieces."""
        if self._turned * angle.y() < 0:
            self._turned = 0
        self._turned += angle.y()
        notches = int(self._turned / NOTCH)
        self._turned -= notches * NOTCH
        scale = self.zoom()
        for _ in range(abs(notches)):
            scale = next_step(scale, 1 if notches > 0 else -1)
        if notches:
            self._zoom_at(scale, position)

    def _pinched(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._zoom_at(self.zoom() * (1 + event.value()), event.position())
        event.accept()
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space_held):
            self._pan_from = event.position()
            self._space_used = self._space_held
            self._point_hand()
        event.setAccepted(left or self.is_panning())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            way, self._pan_from = event.position() - self._pan_from, event.position()
            self._pan(way)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton):
            self._pan_from = None
            self._point_hand()

    def _point_hand(self) -> None:
        if self.is_panning():
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space_held:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    # Keys

    def _claimed(self, event: QKeyEvent) -> bool:
        """Keys that are the canvas's even where the window has a shortcut on them."""
        mine = event.key() == Qt.Key.Key_Space and not _chorded(event)
        if mine:
            event.accept()
        return mine

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not _chorded(event):
            self._hold_space(event)
        elif _chorded(event) or not self._steer(event.key()):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Space or not self._space_held:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            tapped = not self._space_used
            self._let_go()
            if tapped:
                self.space_tapped.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._let_go()
        super().focusOutEvent(event)

    def _hold_space(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self._space_held, self._space_used = True, self.is_panning()
            self._point_hand()

    def _let_go(self) -> None:
        self._space_held = False
        self._point_hand()

    def _steer(self, key: int) -> bool:
        """Whether the key meant the view."""
        acts = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_1: self.actual_size,
        }
        if self._extent is None:
            return False
        if key in acts:
            acts[Qt.Key(key)]()
            return True
        return self._nudge(key)

    def _nudge(self, key: int) -> bool:
        """Arrows pan what is larger than the widget, and are left to others where all is seen."""
        ways = {
            Qt.Key.Key_Left: QPointF(NUDGE, 0),
            Qt.Key.Key_Right: QPointF(-NUDGE, 0),
            Qt.Key.Key_Up: QPointF(0, NUDGE),
            Qt.Key.Key_Down: QPointF(0, -NUDGE),
        }
        assert self._extent is not None
        across, down = (side * self._view.scale for side in self._extent)
        if key not in ways or (across <= self._room[0] and down <= self._room[1]):
            return False
        self._pan(ways[Qt.Key(key)])
        return True


def _chorded(event: QKeyEvent) -> bool:
    """Whether a key is pressed with others that give it another meaning."""
    modifiers = Qt.KeyboardModifier
    others = modifiers.ControlModifier | modifiers.AltModifier | modifiers.MetaModifier
    return bool(event.modifiers() & others)
