"""Draws every lane on one axis, with the playhead over them."""

from __future__ import annotations

import enum
from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.ui.canvas.strokes import painting
from studio.ui.timeline.axis import Axis
from studio.ui.timeline.curve_lane import draw_curve
from studio.ui.timeline.film_lane import draw_film, missing
from studio.ui.timeline.look import Look
from studio.ui.timeline.marker_lane import draw_markers
from studio.ui.timeline.over import (
    draw_chosen,
    draw_ghost,
    draw_outside,
    draw_playhead,
    draw_pointer,
)
from studio.ui.timeline.rows import Rows, Span, least_height, rows
from studio.ui.timeline.ruler_lane import draw_ruler
from studio.ui.timeline.scene import Scene
from studio.ui.timeline.track_lane import draw_tracks

Drawing = Callable[[QPainter, QRectF, Scene, Look], None]
REACH = 44
"""Pixels beside the playhead and the pointer that they may have drawn on."""


class Lane(enum.Enum):
    RULER = enum.auto()
    MARKERS = enum.auto()
    FILM = enum.auto()
    CURVE = enum.auto()
    TRACKS = enum.auto()


DRAWINGS: dict[Lane, Drawing] = {
    Lane.RULER: draw_ruler,
    Lane.MARKERS: draw_markers,
    Lane.FILM: draw_film,
    Lane.CURVE: draw_curve,
    Lane.TRACKS: draw_tracks,
}


class PaintedBoard(QWidget):
    """Draws a scene. Every lane is kept as a picture until it changes; only the playhead moves."""

    axis_changed = Signal()
    rows_changed = Signal()

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = scene
        self._stills: dict[Lane, QPixmap] = {}
        self._look = Look.of(self)
        self._rows = rows(self.height(), 1)
        self._pointer: int | None = None
        self._ghost: int | None = None
        self.setMinimumSize(240, least_height())
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        return QSize(900, 230)

    # What is where
    def axis(self) -> Axis:
        return self.scene.axis

    def rows(self) -> Rows:
        return self._rows

    def length(self) -> int:
        return len(self.scene.losses)

    def ends(self) -> tuple[int | None, int | None]:
        return self.scene.first, self.scene.last

    def missing(self) -> list[int]:
        """Iterations whose previews are in sight and not there, most wanted first."""
        return missing(self.scene, self._rows.film.height)

    def preview_height(self) -> int:
        """In pixels of the screen."""
        return round(self._rows.film.height * self.devicePixelRatioF())

    # What changes
    def show_axis(self, axis: Axis) -> None:
        if axis != self.scene.axis:
            self.scene.axis = axis
            self.redraw()
            self.axis_changed.emit()

    def refit(self, is_growing: bool = False) -> None:
        """The number of iterations or of tracks has changed.

        What grows gets some free room at the end at once, so that its axis stays for a while.
        """
        self._share_out()
        extent = self.scene.extent()
        if is_growing:
            ahead = extent + max(extent // 16, 8)
            extent = ahead if extent > self.axis().extent else self.axis().extent
        self.show_axis(self.axis().fitted(self.width(), extent))

    def fit(self) -> None:
        """Everything in sight, and no free room."""
        self.show_axis(self.axis().fitted(self.width(), self.scene.extent()).whole())

    def follow(self, iteration: int, lead: float) -> None:
        """Keep an iteration in sight."""
        self.show_axis(self.axis().showing(iteration, lead))

    def zoom(self, factor: float) -> None:
        """About the playhead, or about the middle while that is out of sight."""
        x = self.axis().x(self.scene.position)
        in_sight = 0 <= x <= self.width()
        self.show_axis(self.axis().zoomed(factor, x if in_sight else self.width() / 2))

    def redraw(self, *lanes: Lane) -> None:
        """Draw some lanes again, or all."""
        for lane in lanes or Lane:
            self._stills.pop(lane, None)
        self.update()

    def move_playhead(self, position: int) -> None:
        before = self.scene.position
        self.scene.position = position
        self._update_at(before)
        self._update_at(position)

    def show_pointer(self, iteration: int | None) -> None:
        """The thin line under the mouse."""
        if iteration != self._pointer:
            before, self._pointer = self._pointer, iteration
            self._update_at(before)
            self._update_at(iteration)

    def show_ghost(self, iteration: int | None) -> None:
        """Where a keyframe that is dragged would come to be."""
        before, self._ghost = self._ghost, iteration
        self._update_at(before)
        self._update_at(iteration)

    def _update_at(self, iteration: int | None) -> None:
        if iteration is not None:
            x = round(self.scene.axis.x(iteration))
            self.update(QRect(x - REACH, 0, 2 * REACH, self.height()))

    def _share_out(self) -> None:
        shared = rows(self.height(), len(self.scene.tracks))
        if shared != self._rows:
            self._rows = shared
            self.redraw()
            self.rows_changed.emit()

    # Events
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.redraw()
        self.refit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)
        if event.type() in kinds:
            self._look = Look.of(self)
            self.redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.fillRect(event.rect(), self._look.faint(0.0))
            for lane, span in self._spans().items():
                painter.drawPixmap(0, span.top, self._still(lane, span))
            self._draw_over(painter)

    def _spans(self) -> dict[Lane, Span]:
        shared = self._rows
        spans = (shared.ruler, shared.markers, shared.film, shared.curve, shared.tracks)
        return dict(zip(Lane, spans, strict=True))

    def _still(self, lane: Lane, span: Span) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = QSize(self.width(), span.height) * ratio
        still = self._stills.get(lane)
        if still is None or still.size() != size:
            still = QPixmap(size)
            still.setDevicePixelRatio(ratio)
            painter = QPainter(still)
            try:
                area = QRectF(0, 0, self.width(), span.height)
                DRAWINGS[lane](painter, area, self.scene, self._look)
            finally:
                painter.end()
            self._stills[lane] = still
        return still

    def _draw_over(self, painter: QPainter) -> None:
        draw_outside(painter, self._rows, self.scene, self._look)
        if self._pointer is not None:
            draw_pointer(painter, self._rows, self.scene, self._look, self._pointer)
        if self.scene.reach():
            draw_playhead(painter, self._rows, self.scene, self._look, self.hasFocus())
            draw_chosen(painter, self._rows, self.scene, self._look)
        if self._ghost is not None:
            draw_ghost(painter, self._rows, self.scene, self._look, self._ghost)
