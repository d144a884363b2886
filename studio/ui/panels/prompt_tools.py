"""The buttons below the prompts: what can be added, and styles."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from studio.core.styles import StyleGroup
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.key_mark import KeyMark
from studio.ui.panels.style_menu import StyleMenu


class PromptTools(QWidget):
    """Adds texts, noise, pictures and styles."""

    text_wanted = Signal()
    noise_wanted = Signal()
    picture_wanted = Signal()
    style_picked = Signal(object)
    """A `Style`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._styles = StyleMenu(self)
        self._styles.picked.connect(self.style_picked)
        self._style = IconButton(
            "palette",
            self.tr("Style"),
            self.tr("Append a style, a light or a mood to the prompt you are in"),
            text=True,
        )
        self._style.setMenu(self._styles)
        self._style.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        picture = IconButton(
            "picture",
            self.tr("Picture…"),
            self.tr("Add a picture that the painting should, or should not, look like"),
            text=True,
        )
        picture.clicked.connect(self.picture_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(2)
        for button in (self._make_add(), picture, self._style):
            row.addWidget(button)
        row.addStretch()
        self.mark = KeyMark(self.tr("the prompts"), self)
        row.addWidget(self.mark)

    def set_styles(self, groups: Sequence[StyleGroup]) -> None:
        """What the style menu offers."""
        self._styles.set_groups(groups)

    def set_styles_useful(self, useful: bool) -> None:
        """Whether there is a text that a style can be appended to."""
        self._style.setEnabled(useful)

    def _make_add(self) -> IconButton:
        add = IconButton(
            "add",
            self.tr("Prompt"),
            self.tr("Add another text that the picture should, or should not, look like"),
            text=True,
        )
        menu = QMenu(self)
        menu.addAction(self.tr("Text")).triggered.connect(self.text_wanted)
        menu.addAction(self.tr("Noise")).triggered.connect(self.noise_wanted)
        add.setMenu(menu)
        add.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        add.clicked.connect(self.text_wanted)
        return add
