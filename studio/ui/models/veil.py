"""What lies over the window of models while files hang over it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.ui.canvas.cards import Card, draw_card
from studio.ui.canvas.strokes import faded, painting
from studio.ui.icons import icon


class Veil(QWidget):
    """Lies over the window while files hang over it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), faded(self.palette().window().color(), 0.7))
            card = Card(
                icon("import"),
                self.tr("Drop models here"),
                self.tr("Checkpoints, CLIPs or whole folders: each is recognised by what it holds"),
            )
            zone = self.rect().toRectF().adjusted(28, 28, -28, -28)
            draw_card(painter, zone, card, self.palette(), True)
