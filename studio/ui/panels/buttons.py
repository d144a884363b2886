"""Buttons with an icon: flat ones, and such with words."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from studio.ui.icons import icon
from studio.ui.tips import give_key, tell


class IconButton(QToolButton):
    """A flat button; `words` name it, `tip` says what it does, and `key` does the same."""

    def __init__(
        self,
        name: str,
        words: str,
        tip: str,
        *,
        text: bool = False,
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = name
        self.setAutoRaise(True)
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if text:
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self.setText(words)
        else:
            self.setFixedSize(26, 26)
        self.name(words, tip)
        give_key(self, key)
        self.setIcon(icon(name))

    def name(self, words: str, tip: str) -> None:
        """Call the button something else."""
        tell(self, tip, words)
        if self.text():
            self.setText(words)

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        if name != self._icon_name:
            self._icon_name = name
            self.setIcon(icon(name))


class TextButton(QPushButton):
    """A small picture and words; Return elsewhere in a window does not press it."""

    def __init__(self, picture: str, text: str, tip: str) -> None:
        super().__init__(icon(picture), text)
        self.setIconSize(QSize(16, 16))
        self.setAutoDefault(False)
        tell(self, tip, text)
