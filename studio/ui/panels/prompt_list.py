"""The rows of prompts below one another, and where a dragged one would fall."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.ui.canvas.strokes import painting
from studio.ui.panels.prompt_row import PromptRow

_GAP = 8


class PromptList(QWidget):
    """Orders rows; it does not make or delete them."""

    def __init__(self, tail: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PromptRow] = []
        self._drop_at: int | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 8, 8, 8)
        self._column.setSpacing(_GAP)
        self._column.addWidget(tail)
        self._column.addStretch()

    @property
    def rows(self) -> tuple[PromptRow, ...]:
        """From top to bottom."""
        return tuple(self._rows)

    def set_rows(self, rows: Sequence[PromptRow]) -> None:
        """Show these rows in this order; those that stay in place are not touched."""
        for row in self._rows:
            if row not in rows:
                self._column.removeWidget(row)
        for place, row in enumerate(rows):
            item = self._column.itemAt(place)
            if item is None or item.widget() is not row:
                self._column.removeWidget(row)
                self._column.insertWidget(place, row)
                row.show()
        self._rows = list(rows)
        self._order_tabs()

    def place_at(self, row: PromptRow, screen: QPoint) -> int:
        """Where among the others the row would fall if it were dropped there."""
        y = self.mapFromGlobal(screen).y()
        others = (each for each in self._rows if each is not row)
        return sum(each.geometry().center().y() < y for each in others)

    def show_drop(self, row: PromptRow | None, screen: QPoint) -> None:
        """Draw where the row would fall; no row takes the line away."""
        self._drop_at = None
        if row is not None:
            others = [each for each in self._rows if each is not row]
            place = self.place_at(row, screen)
            if place < len(others):
                self._drop_at = others[place].geometry().top() - _GAP // 2
            elif others:
                self._drop_at = others[-1].geometry().bottom() + _GAP // 2 + 1
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drop_at is None:
            return
        with painting(self) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().accent())
            painter.drawRoundedRect(QRectF(8, self._drop_at - 1, self.width() - 16, 2), 1, 1)

    def _order_tabs(self) -> None:
        fields = [field for row in self._rows for field in row.fields]
        for one, other in itertools.pairwise(fields):
            QWidget.setTabOrder(one, other)
