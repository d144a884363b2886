"""What is written to the left of the lanes: the take, its length, the loss under the playhead."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.ui.canvas.strokes import painting
from studio.ui.timeline.look import Look
from studio.ui.timeline.rows import Rows, Span
from studio.ui.timeline.scene import Scene

LEFT, RIGHT = 12, 10


class Headers(QWidget):
    """Beside each lane but the tracks, what it is."""

    def __init__(self, scene: Scene, shared: Rows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = scene
        self._rows = shared

    def sizeHint(self) -> QSize:
        return QSize(120, self._rows.tracks.top)

    def show_rows(self, shared: Rows) -> None:
        self._rows = shared
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            look = Look.of(self)
            painter.fillRect(self.rect(), look.faint(0.02))
            for span in (self._rows.ruler, self._rows.markers, self._rows.film, self._rows.curve):
                line = QRectF(0, span.bottom - 1, self.width(), 1)
                painter.fillRect(line, look.faint(0.09))
            self._draw_words(painter, look)

    def _draw_words(self, painter: QPainter, look: Look) -> None:
        rows, quiet = self._rows, 0.55
        self._write(painter, look, rows.ruler, look.small, quiet, self.tr("Iteration"))
        self._write(painter, look, rows.markers, look.small, quiet, self.tr("Keyframes"))
        self._write(painter, look, rows.film, look.small, quiet, self.tr("Film"))
        self._write(painter, look, rows.curve, look.small, quiet, self.tr("Loss"))
        loss = self._loss()
        if loss is not None:
            figures = QFont(look.font)
            said = self.locale().toString(loss, "f", 4)
            self._write(painter, look, rows.curve, figures, 0.9, said, to_right=True)

    def _loss(self) -> float | None:
        scene = self._scene
        if scene.position >= len(scene.losses):
            return None
        loss = scene.losses[scene.position]
        return None if math.isnan(loss) else loss

    def _write(
        self,
        painter: QPainter,
        look: Look,
        span: Span,
        font: QFont,
        strength: float,
        text: str,
        to_right: bool = False,
    ) -> None:
        painter.setFont(font)
        painter.setPen(look.faint(strength))
        room = QRectF(LEFT, span.top, self.width() - LEFT - RIGHT, span.height)
        side = Qt.AlignmentFlag.AlignRight if to_right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, text)
