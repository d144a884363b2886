"""Where a folder of pictures is dropped, or chosen by a press."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from studio.ui.canvas.cards import Card, draw_card
from studio.ui.canvas.strokes import ROUND, painting
from studio.ui.icons import icon
from studio.ui.tips import tell


class DropZone(QAbstractButton):
    """A large button; lit while a folder hangs over the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_lit = False
        self._words = self.tr("Drop a folder of pictures here"), self.tr("or click to choose one")
        tell(
            self,
            self.tr("PNG, JPEG, WebP, TIFF, BMP and GIF, in it and in folders inside"),
            self.tr("Choose a folder of pictures"),
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_lit(self, lit: bool) -> None:
        """Whether a folder hangs over the window."""
        self._is_lit = lit
        self.update()

    def show_looking(self, done: int, count: int) -> None:
        """Tell how far the look at a folder is; 0 of 0 for none."""
        self.setEnabled(not count)
        if count:
            said = self.tr("{n} of {count} files").format(n=done, count=count)
            self._words = self.tr("Looking at your pictures…"), said
        else:
            self._words = (
                self.tr("Drop a folder of pictures here"),
                self.tr("or click to choose one"),
            )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 260)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 150)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            lit = self._is_lit or (self.underMouse() and self.isEnabled())
            card = Card(icon("picture"), *self._words)
            zone = self.rect().toRectF()
            draw_card(painter, zone, card, self.palette(), lit)
            if self.hasFocus() and not lit:
                painter.setRenderHint(ROUND)
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 1))
                painter.drawRoundedRect(zone.adjusted(1, 1, -1, -1), 10, 10)
