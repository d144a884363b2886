"""About the studio: its version, what the models it brings can draw, its licence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from studio.ui.dialogs.parts import (
    GAP,
    MARGIN,
    Glyph,
    Heading,
    Plain,
    Reader,
    button_row,
    focus_default,
)
from studio.ui.panels.labels import Note
from studio.ui.tips import tell


class AboutDialog(QDialog):
    """Version, abilities and limits, licence; all texts are given."""

    def __init__(
        self, version: str, draws: Sequence[str], licence: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About VQGAN-CLIP Studio"))
        self.resize(600, 460)
        name = Note()
        name.say(self.tr("Version {version}").format(version=version))
        name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(Heading("VQGAN-CLIP Studio", 1.7))
        words.addWidget(name)
        words.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(18)
        top.addWidget(Glyph("app", 80))
        top.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP + 4)
        column.addLayout(top)
        column.addWidget(self._pages(draws, licence), 1)
        close = QPushButton(self.tr("Close"))
        tell(close, self.tr("Close this page"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        column.addLayout(button_row(close))
        focus_default(self)

    def _pages(self, draws: Sequence[str], licence: str) -> QTabWidget:
        pages = QTabWidget()
        pages.setDocumentMode(True)
        pages.setAccessibleName(self.tr("Pages about the studio"))
        pages.addTab(self._abilities(draws), self.tr("Starter models"))
        reader = Reader(licence, self.tr("Licence"))
        reader.setLineWrapMode(Reader.LineWrapMode.WidgetWidth)
        pages.addTab(reader, self.tr("Licence"))
        return pages

    def _abilities(self, draws: Sequence[str]) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(2, GAP, 2, 0)
        column.setSpacing(GAP)
        intro = self.tr(
            "The studio brings small models of its own, made from nothing but drawn shapes, so "
            "that it paints at once and without a network:"
        )
        for text in (intro, *draws):
            column.addWidget(Plain(text))
        column.addStretch(1)
        return page
