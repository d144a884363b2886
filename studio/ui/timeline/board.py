"""The lanes under the mouse: scrubbing, panning, zooming, keyframes, points in and out, menus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from studio.ui.timeline.facts import Keyframe, Marker
from studio.ui.timeline.gestures import Drag, MoveEnd, MoveKeyframe, Pan, Scrub
from studio.ui.timeline.painted import PaintedBoard
from studio.ui.timeline.rows import TRACK
from studio.ui.timeline.scene import Scene

NEAR = 7.0
"""Pixels from which a diamond, a flag or an end is hit."""
NOTCH = 120
"""What one notch of a wheel counts."""
ZOOM_STEP = 1.25


class Board(PaintedBoard):
    """Says what the person does; moves nothing but the view by itself."""

    scrubbed = Signal(int)
    range_dragged = Signal(object, object)
    keyframe_moved = Signal(int, int)
    keyframe_copied = Signal(int, int)
    keyframe_opened = Signal(int, QPoint)
    keyframe_added = Signal(int)
    keyframe_menu_wanted = Signal(int, QPoint)
    iteration_menu_wanted = Signal(int, QPoint)
    take_pressed = Signal(int)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._drag: Drag | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Timeline"))

    # What is under the mouse
    def scrub(self, x: float) -> None:
        if self.scene.reach():
            self.scrubbed.emit(self._iteration_at(x))

    def _iteration_at(self, x: float) -> int:
        return max(0, min(self.axis().iteration(x), self.scene.reach() - 1))

    def keyframe_at(self, at: QPointF) -> Keyframe | None:
        found = self._marked_at(at, self.scene.keyframes)
        return found if isinstance(found, Keyframe) else None

    def marker_at(self, at: QPointF) -> Marker | None:
        found = self._marked_at(at - QPointF(3, 0), self.scene.markers)
        return found if isinstance(found, Marker) else None

    def _marked_at(
        self, at: QPointF, marks: Sequence[Keyframe | Marker]
    ) -> Keyframe | Marker | None:
        if at.y() not in self.rows().markers:
            return None
        by_distance = {abs(self.axis().x(each.iteration) - at.x()): each for each in marks}
        nearest = min(by_distance, default=NEAR + 1)
        return by_distance[nearest] if nearest <= NEAR else None

    def _end_at(self, at: QPointF) -> MoveEnd | None:
        if at.y() not in self.rows().ruler:
            return None
        first, last = self.ends()
        left, right = self.scene.playable()
        if last is not None and abs(self.axis().edge(right + 1) - at.x()) <= NEAR:
            return MoveEnd(self, is_first=False)
        if first is not None and abs(self.axis().edge(left) - at.x()) <= NEAR:
            return MoveEnd(self, is_first=True)
        return None

    def _take_at(self, y: float) -> int | None:
        tracks = self.rows().tracks
        row = int((y - tracks.top + self.scene.track_scroll) // TRACK)
        if y in tracks and row < len(self.scene.tracks):
            return self.scene.tracks[row].take.number
        return None

    # The mouse
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            return
        at = event.position()
        if event.button() is Qt.MouseButton.MiddleButton:
            self._drag = Pan(self, at)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() is Qt.MouseButton.LeftButton:
            self._press(at)

    def _press(self, at: QPointF) -> None:
        take = self._take_at(at.y())
        keyframe, marker = self.keyframe_at(at), self.marker_at(at)
        if take is not None and take != self.scene.take:
            self.take_pressed.emit(take)
        elif keyframe is not None:
            self._drag = MoveKeyframe(self, keyframe, at)
        elif marker is not None and marker.iteration < self.length():
            self.scrubbed.emit(marker.iteration)
        else:
            self._drag = self._end_at(at) or Scrub(self)
            if isinstance(self._drag, Scrub):
                self._drag.move(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a keyframe, or add one where none is and nothing is painted."""
        at = event.position()
        if event.button() is not Qt.MouseButton.LeftButton or at.y() not in self.rows().markers:
            self.mousePressEvent(event)
            return
        keyframe, iteration = self.keyframe_at(at), self._iteration_at(at.x())
        if keyframe is not None:
            self.keyframe_opened.emit(keyframe.iteration, self._below(keyframe.iteration))
        elif self.length() <= iteration < self.scene.reach():
            self.keyframe_added.emit(iteration)

    def _below(self, iteration: int) -> QPoint:
        """On the screen, where a card about a keyframe is put."""
        return self.mapToGlobal(
            QPoint(round(self.axis().x(iteration)), self.rows().markers.bottom + 4)
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._drag is not None:
            self._drag.move(at)
        else:
            self._shape_cursor(at)
        self.show_pointer(self._iteration_at(at.x()) if self.scene.reach() else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None and not event.buttons():
            drag, self._drag = self._drag, None
            drag.drop(event.modifiers())
            self._shape_cursor(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.show_pointer(None)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._cancel_drag()
        self.show_pointer(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._drag is not None:
            self._cancel_drag()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def _cancel_drag(self) -> None:
        if self._drag is not None:
            drag, self._drag = self._drag, None
            drag.cancel()
            self.unsetCursor()

    def _shape_cursor(self, at: QPointF) -> None:
        if self._end_at(at) is not None:
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        elif self.keyframe_at(at) or self.marker_at(at):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    # The wheel
    def wheelEvent(self, event: QWheelEvent) -> None:
        at, turned = event.position(), event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or at.y() in self.rows().ruler:
            notches = (turned.y() or turned.x()) / NOTCH
            self.show_axis(self.axis().zoomed(ZOOM_STEP**notches, at.x()))
        else:
            axis = self.axis()
            pixels = event.pixelDelta().x() or turned.x() or turned.y()
            self.show_axis(axis.scrolled(axis.start - pixels / axis.scale))
        self.show_pointer(self._iteration_at(at.x()) if self.scene.reach() else None)
        event.accept()

    # Tooltips and menus
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def tip_at(self, at: QPointF) -> str:
        """What a mark says when the mouse rests on it."""
        keyframe, marker = self.keyframe_at(at), self.marker_at(at)
        if keyframe is not None:
            number = self.locale().toString(keyframe.iteration)
            named = self.tr("Keyframe {name} at iteration {n}")
            plain = self.tr("Keyframe at iteration {n}")
            said = (named if keyframe.name else plain).format(name=keyframe.name, n=number)
            return "\n".join((said, *keyframe.about))
        if marker is not None:
            number = self.locale().toString(marker.iteration)
            return self.tr("Iteration {n}: {text}").format(n=number, text=marker.text)
        return ""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.scene.reach():
            return
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            iteration = self.scene.position
            x = round(self.axis().x(iteration))
            where = self.mapToGlobal(QPoint(x, self.rows().film.top))
            is_keyframe = self.scene.keyframe_at(iteration) is not None
        else:
            at = QPointF(event.pos())
            keyframe = self.keyframe_at(at)
            where, is_keyframe = event.globalPos(), keyframe is not None
            iteration = keyframe.iteration if keyframe else self._iteration_at(at.x())
        wanted = self.keyframe_menu_wanted if is_keyframe else self.iteration_menu_wanted
        wanted.emit(iteration, where)
