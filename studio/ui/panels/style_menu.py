"""The menu of styles that a prompt can be given."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from studio.core.styles import StyleGroup


class StyleMenu(QMenu):
    """One submenu for each group."""

    picked = Signal(object)
    """A `Style`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.triggered.connect(self._triggered)

    def set_groups(self, groups: Sequence[StyleGroup]) -> None:
        """Offer other styles."""
        self.clear()
        for group in groups:
            menu = self.addMenu(group.name)
            for style in group.styles:
                action = menu.addAction(style.name)
                action.setData(style)
                action.setToolTip(style.words)
            menu.setToolTipsVisible(True)

    def _triggered(self, action: QAction) -> None:
        self.picked.emit(action.data())
