"""Examples to click, shown while there is no prompt."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from studio.ui.canvas.strokes import faded, mixed, painting
from studio.ui.panels.flow import FlowLayout
from studio.ui.panels.labels import Note
from studio.ui.panels.tones import outline, raised
from studio.ui.tips import tell


class Chip(QAbstractButton):
    """A short text in a rounded frame."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        tell(self, self.tr("Paint “{text}”").format(text=text))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 24, metrics.height() + 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        palette = self.palette()
        accent = palette.color(QPalette.ColorRole.Accent)
        ground, edge = raised(palette), outline(palette)
        if self.underMouse() or self.hasFocus():
            edge = accent
        if self.isDown() or self.underMouse():
            ground = mixed(ground, accent, 0.3 if self.isDown() else 0.15)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(ground)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2)
        painter.setPen(faded(palette.color(QPalette.ColorRole.WindowText), 0.9))
        text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width() - 20
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)


class Examples(QWidget):
    """Prompts that are one click away."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[Chip] = []
        self._caption = Note(self)
        self._flow = FlowLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 4, 2, 4)
        column.setSpacing(8)
        column.addWidget(self._caption)
        column.addLayout(self._flow)

    def set_texts(self, texts: Sequence[str]) -> None:
        """Offer other examples."""
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self._chips = [Chip(text, self) for text in texts]
        self._caption.say(self.tr("Or start from one of these:") if texts else "")
        for chip in self._chips:
            self._flow.addWidget(chip)
            chip.clicked.connect(self._clicked)
            chip.show()

    def _clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, Chip):
            self.picked.emit(chip.text())
