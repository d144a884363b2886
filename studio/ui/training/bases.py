"""The models that a training can begin with, as cards of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio.ui.canvas.strokes import mixed, painting
from studio.ui.panels.labels import Note
from studio.ui.panels.tones import outline, raised
from studio.ui.tips import tell
from studio.ui.training.words import TrainingWords
from studio.work.stock import Model
from studio.work.training_facts import SCRATCH


class Bases(QWidget):
    """A card for each VQGAN that is here, and one for nothing."""

    chosen = Signal(str)
    """Name of the model, or SCRATCH."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, BaseCard] = {}
        self._shown = "starter"
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._click)
        self.setAccessibleName(self.tr("Begin with"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.set_models(())

    def set_models(self, models: Sequence[Model]) -> None:
        """The VQGANs that are here."""
        told = {model.name: self._told(model) for model in models}
        told[SCRATCH] = (
            self.tr("From nothing"),
            self.tr(
                "An empty network. It needs thousands of pictures and hours, better days, on a "
                "graphics card; with less, begin with a model."
            ),
            "",
        )
        if told == {name: card.told for name, card in self.cards.items()}:
            return
        for card in self.cards.values():
            self._group.removeButton(card)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = {name: BaseCard(name, words) for name, words in told.items()}
        for card in self.cards.values():
            self._group.addButton(card)
            self._column.addWidget(card)
        self.show_value(self._shown)

    def show_value(self, name: str) -> None:
        """Show which one is chosen without telling of it."""
        self._shown = name
        if name in self.cards:
            self.cards[name].setChecked(True)

    def _told(self, model: Model) -> tuple[str, str, str]:
        draws = model.draws
        if model.is_shipped and not draws:
            draws = self.tr("Came with the studio: small and quick. A good beginning.")
        return model.title or model.name, draws, TrainingWords(self).facts(model)

    def _click(self, card: QAbstractButton) -> None:
        if isinstance(card, BaseCard) and card.name != self._shown:
            self._shown = card.name
            self.chosen.emit(card.name)


class BaseCard(QAbstractButton):
    """One of them: a title, what it draws, and facts."""

    def __init__(
        self, name: str, told: tuple[str, str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.name, self.told = name, told
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        title = QLabel(told[0])
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setWordWrap(True)
        font = title.font()
        font.setWeight(font.Weight.DemiBold)
        title.setFont(font)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 9)
        column.setSpacing(2)
        column.addWidget(title)
        for text in told[1:]:
            note = Note()
            note.say(text)
            column.addWidget(note)
        self.setAccessibleName(told[0])
        self.setAccessibleDescription(" ".join(told[1:]).strip())
        tell(self, self.tr("Begin the training with this one"))

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            palette = self.palette()
            ground, edge = raised(palette), outline(palette)
            accent = palette.color(QPalette.ColorRole.Accent)
            if self.isChecked():
                ground = mixed(ground, palette.color(QPalette.ColorRole.Highlight), 0.22)
                edge = mixed(edge, accent, 0.7)
            elif self.underMouse():
                edge = mixed(edge, palette.color(QPalette.ColorRole.WindowText), 0.25)
            width = 2.0 if self.hasFocus() else 1.0
            painter.setPen(QPen(accent if self.hasFocus() else edge, width))
            painter.setBrush(ground)
            inset = width / 2
            box = self.rect().toRectF().adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, 7, 7)
