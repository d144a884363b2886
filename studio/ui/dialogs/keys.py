"""The cheat sheet: every key and what it does, on one page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio.ui.canvas.strokes import painting
from studio.ui.dialogs.parts import GAP, MARGIN, Heading, button_row, focus_default
from studio.ui.panels.tones import outline, quiet, raised
from studio.ui.tips import tell

Group = tuple[str, Sequence[tuple[str, str]]]
"""A title, and (text, keys) for each command; several keys are written "Ctrl+Y; Ctrl+Shift+Z"."""

_COLUMNS = 3
_EDGE = 4.0
_CAP_PADDING = 7
_CAP_GAP = 4


class Caps(QWidget):
    """Keys as they look on a keyboard; alternatives with a stroke between them."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ways = [caps(way) for way in keys.split("; ") if way]
        self.setAccessibleName(keys)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.92)
        self.setFont(font)

    def sizeHint(self) -> QSize:
        width = sum(self._width(cap) + _CAP_GAP for way in self._ways for cap in way)
        width += (len(self._ways) - 1) * self._slash()
        return QSize(max(width, 0), self.fontMetrics().height() + 10)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        left = float(self.width() - self.sizeHint().width() + _CAP_GAP)
        for place, way in enumerate(self._ways):
            if place:
                painter.setPen(quiet(self.palette()))
                box = QRectF(left - _CAP_GAP, 0, self._slash() + _CAP_GAP, self.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "/")
                left += self._slash()
            for cap in way:
                self._draw_cap(painter, QRectF(left, 2.5, self._width(cap), self.height() - 6), cap)
                left += self._width(cap) + _CAP_GAP

    def _draw_cap(self, painter: QPainter, box: QRectF, cap: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(outline(self.palette()))
        painter.drawRoundedRect(box.translated(0, 1.5), _EDGE, _EDGE)
        painter.setPen(outline(self.palette()))
        painter.setBrush(raised(self.palette()))
        painter.drawRoundedRect(box, _EDGE, _EDGE)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap)

    def _width(self, cap: str) -> int:
        wide = self.fontMetrics().horizontalAdvance(cap) + 2 * _CAP_PADDING
        return max(wide, self.fontMetrics().height() + 8)

    def _slash(self) -> int:
        return self.fontMetrics().horizontalAdvance("/") + 6


class KeySheet(QDialog):
    """All keys in columns; Escape closes it."""

    def __init__(self, groups: Sequence[Group], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.resize(1080, 680)
        sheet = QWidget()
        columns = QHBoxLayout(sheet)
        columns.setContentsMargins(0, 0, GAP, 0)
        columns.setSpacing(40)
        for column in dealt(groups, _COLUMNS):
            columns.addLayout(self._column(column), 1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setAccessibleName(self.tr("All keys"))
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(sheet)
        close = QPushButton(self.tr("Close"))
        tell(close, self.tr("Close the sheet"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(MARGIN + 6, MARGIN, MARGIN, MARGIN)
        whole.setSpacing(GAP + 4)
        whole.addWidget(Heading(self.tr("Keys"), 1.5))
        whole.addWidget(self._area, 1)
        whole.addLayout(button_row(close))
        focus_default(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self._area.verticalScrollBar()
        steps = {
            Qt.Key.Key_Down: bar.singleStep() * 3,
            Qt.Key.Key_Up: -bar.singleStep() * 3,
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + step)

    def _column(self, groups: Sequence[Group]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(24)
        for title, commands in groups:
            column.addLayout(self._group(title, commands))
        column.addStretch(1)
        return column

    def _group(self, title: str, commands: Sequence[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        heading = QLabel(title)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        heading.setContentsMargins(0, 0, 0, 4)
        grid.addWidget(heading, 0, 0, 1, 2)
        for row, (text, keys) in enumerate(commands, 1):
            said = QLabel(text)
            said.setWordWrap(True)
            grid.addWidget(said, row, 0)
            grid.addWidget(Caps(keys), row, 1, Qt.AlignmentFlag.AlignRight)
        return grid


def caps(keys: str) -> list[str]:
    """The single keys of one way to press: "Ctrl++" is Ctrl and +, "G, P" one after the other."""
    return [cap for part in re.split(r"(?<=.), ", keys) for cap in re.split(r"(?<=[^+])\+", part)]


def dealt(groups: Sequence[Group], count: int) -> list[list[Group]]:
    """The groups in at most `count` columns, in order, the longest as short as can be."""
    heights = [len(commands) + 2 for _, commands in groups]
    for limit in range(max(heights, default=0), sum(heights) + 1):
        columns = _filled(groups, heights, limit)
        if len(columns) <= count:
            return columns
    return []


def _filled(groups: Sequence[Group], heights: Sequence[int], limit: int) -> list[list[Group]]:
    columns: list[list[Group]] = []
    room = 0
    for group, height in zip(groups, heights, strict=True):
        if height > room:
            columns.append([])
            room = limit
        columns[-1].append(group)
        room -= height
    return columns
