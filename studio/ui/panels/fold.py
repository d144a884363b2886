"""A group of fields that can be folded away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from studio.ui.icons import icon
from studio.ui.tips import tell


class Fold(QWidget):
    """A title to click, and what lies under it."""

    opened = Signal(bool)

    def __init__(
        self, title: str, inside: QWidget, parent: QWidget | None = None, *, opened: bool = True
    ) -> None:
        super().__init__(parent)
        self._inside = inside
        self._title = QToolButton(self)
        self._title.setText(title)
        self._title.setCheckable(True)
        self._title.setChecked(opened)
        self._title.setAutoRaise(True)
        self._title.setIconSize(QSize(12, 12))
        self._title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._title.setAccessibleName(title)
        tell(self._title, self.tr("Show or hide these fields"))
        # The theme draws a checked button as pressed in, which a title is not.
        self._title.setStyleSheet(
            "QToolButton { border-color: transparent; background: transparent; }"
            "QToolButton:focus { border-color: palette(accent); }"
        )
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._title.toggled.connect(self._toggled)
        self._title.toggled.connect(self.opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(inside)
        self._toggled(opened)

    def rename(self, title: str) -> None:
        """Give it another title."""
        self._title.setText(title)
        self._title.setAccessibleName(title)

    def _toggled(self, opened: bool) -> None:
        self._title.setIcon(icon("fold" if opened else "unfold"))
        self._inside.setVisible(opened)
