"""One figure of a training as a curve: small, readable, with its value under the mouse."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.ui.canvas.strokes import faded, mixed, painting
from studio.ui.panels.tones import outline, quiet, raised
from studio.ui.training.curves import Columns, Row, columns

_HEAD, _EDGE, _FOOT = 26, 10, 8
_TALL = 112
_APART = 2.0
"""Pixels between the columns of a curve."""


class Chart(QWidget):
    """Noisy figures are drawn by their logarithm while above 0, others as they are."""

    def __init__(
        self,
        title: str,
        about: str,
        written: Callable[[float], str],
        *,
        noisy: bool,
        parent: QWidget | None = None,
    ) -> None:
        """`written`: a value in words. A `noisy` one comes from few pictures, and is smoothed."""
        super().__init__(parent)
        self._title, self._written, self._noisy = title, written, noisy
        self._steps: Row = np.empty(0)
        self._values: Row = np.empty(0)
        self._cursor: int | None = None
        self._drawn: Columns | None = None
        self.setToolTip(about)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        self.setFont(font)
        self._name()

    def set_curve(self, steps: Row, values: Row) -> None:
        """Draw another curve, (n,) each."""
        self._steps, self._values, self._drawn = steps, values, None
        self._name()
        self.update()

    @property
    def told(self) -> str:
        """The value that it tells: under the cursor, or the last one."""
        shown = self._shown()
        if shown is None:
            return ""
        if self._cursor is None:
            return self._written(float(shown.line[-1]))
        place = min(self._cursor, len(shown.line) - 1)
        return self.tr("step {n}: {value}").format(
            n=round(shown.step[place]), value=self._written(float(shown.line[place]))
        )

    def sizeHint(self) -> QSize:
        return QSize(200, _TALL)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 84)

    # The cursor

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        shown, box = self._shown(), self._plot()
        if shown is not None:
            share = (event.position().x() - box.left()) / max(box.width(), 1)
            wanted = shown.step[0] + share * (shown.step[-1] - shown.step[0])
            self._point_at(int(np.abs(shown.step - wanted).argmin()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        shown = self._shown()
        if step is None or shown is None:
            super().keyPressEvent(event)
            return
        last = len(shown.line) - 1
        self._point_at(min(max((last if self._cursor is None else self._cursor) + step, 0), last))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_at(None)
        self.update()

    def _point_at(self, place: int | None) -> None:
        if place != self._cursor:
            self._cursor = place
            self._name()
            self.update()

    def _name(self) -> None:
        self.setAccessibleName(f"{self._title} {self.told}".strip())

    # Drawing

    def _plot(self) -> QRectF:
        return QRectF(_EDGE, _HEAD, self.width() - 2 * _EDGE, max(self.height() - _HEAD - _FOOT, 1))

    def _shown(self) -> Columns | None:
        if not len(self._values):
            return None
        most = max(2, int(self._plot().width() / _APART))
        if self._drawn is None or len(self._drawn.line) > most:
            self._drawn = columns(self._steps, self._values, most, smooth=self._noisy)
        return self._drawn

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        palette = self.palette()
        box = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        edge = palette.color(QPalette.ColorRole.Accent) if self.hasFocus() else outline(palette)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(raised(palette))
        painter.drawRoundedRect(box, 6, 6)
        head = QRectF(_EDGE, 6, self.width() - 2 * _EDGE, 18)
        told = self.told
        room = self.fontMetrics().horizontalAdvance(told) + 8
        painter.setPen(quiet(palette))
        title = self.fontMetrics().elidedText(
            self._title, Qt.TextElideMode.ElideRight, round(head.width() - room)
        )
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, told)
        shown = self._shown()
        if shown is not None:
            self._draw_curve(painter, shown)

    def _draw_curve(self, painter: QPainter, shown: Columns) -> None:
        palette, box = self.palette(), self._plot()
        rows = shown.low, shown.high, shown.line
        if self._noisy and shown.low.min() > 0:
            rows = np.log10(rows[0]), np.log10(rows[1]), np.log10(rows[2])
        low, high, line = rows
        bottom, top = _limits(line)
        span = max(float(shown.step[-1] - shown.step[0]), 1e-9)
        across = box.left() + (shown.step - shown.step[0]) / span * box.width()

        def down(row: Row) -> Row:
            share = ((row - bottom) / (top - bottom)).clip(0, 1)
            return np.asarray(box.bottom() - share * box.height())

        self._draw_lines(painter, box)
        accent = palette.color(QPalette.ColorRole.Accent)
        if self._noisy:
            ends = [*zip(across, down(high), strict=True)]
            ends += [*zip(across[::-1], down(low)[::-1], strict=True)]
            painter.setPen(QPen(faded(accent, 0.22), 1))
            painter.setBrush(faded(accent, 0.14))
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in ends]))
        places = [QPointF(x, y) for x, y in zip(across, down(line), strict=True)]
        path = QPainterPath(places[0])
        for place in places[1:]:
            path.lineTo(place)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 1.6))
        painter.drawPath(path)
        at = len(places) - 1 if self._cursor is None else min(self._cursor, len(places) - 1)
        if self._cursor is not None:
            painter.setPen(QPen(faded(palette.color(QPalette.ColorRole.WindowText), 0.35), 1))
            painter.drawLine(QPointF(places[at].x(), box.top()),
                             QPointF(places[at].x(), box.bottom()))  # fmt: skip
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(places[at], 2.5, 2.5)
        self._draw_limits(painter, box, float(shown.line.max()), float(shown.line.min()))

    def _draw_lines(self, painter: QPainter, box: QRectF) -> None:
        palette = self.palette()
        painter.setPen(QPen(mixed(raised(palette), outline(palette), 0.6), 1))
        for share in (0.0, 0.5, 1.0):
            y = round(box.top() + share * box.height()) + 0.5
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    def _draw_limits(self, painter: QPainter, box: QRectF, most: float, least: float) -> None:
        """The most and the least that the curve reached, in small print at the right."""
        if math.isclose(most, least, rel_tol=1e-3) or box.height() < 44:
            return
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * 0.85)
        painter.setFont(small)
        painter.setPen(faded(quiet(self.palette()), 0.8))
        first = self._values[0] if len(self._values) else 0.0
        falls = first > (most + least) / 2
        side = Qt.AlignmentFlag.AlignRight if falls else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, side | Qt.AlignmentFlag.AlignTop, self._written(most))
        other = Qt.AlignmentFlag.AlignLeft if falls else Qt.AlignmentFlag.AlignRight
        painter.drawText(box, other | Qt.AlignmentFlag.AlignBottom, self._written(least))


def _limits(line: Row) -> tuple[float, float]:
    """The lowest and highest value in the picture: the line's own, with a little air."""
    low, high = float(line.min()), float(line.max())
    air = max((high - low) * 0.14, abs(high) * 1e-3, 1e-6)
    return low - air, high + air
