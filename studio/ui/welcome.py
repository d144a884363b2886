"""The first page: start a painting, open a recent one or an example, take up unsaved work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.ui.canvas.dropping import offer
from studio.ui.canvas.strokes import painting
from studio.ui.cards import Card, Shelf
from studio.ui.dialogs.parts import Glyph, Heading
from studio.ui.icons import icon
from studio.ui.images import image_from
from studio.ui.models.suggestion import Suggestion
from studio.ui.panels.labels import Note
from studio.ui.panels.tones import outline, raised
from studio.ui.tips import tell

__all__ = ["Card", "WelcomePage"]

_WIDEST = 1136
_MARGIN = 40


class WelcomePage(QScrollArea):
    """What is shown while no project is open."""

    new_wanted = Signal()
    open_wanted = Signal()
    card_opened = Signal(Path)
    """A recent project, an example, or unsaved work."""
    card_forgotten = Signal(Path)
    recovered_discarded = Signal(Path)
    dragged_over = Signal()
    """Something hangs over the page that could be dropped on the canvas."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Welcome"))
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._recovered = Recoveries()
        self.suggestion = Suggestion(on_first_page=True)
        self._recent = Section(self.tr("Recent"), can_go=True)
        self._examples = Section(self.tr("Examples"), can_go=False)
        self._recovered.opened.connect(self._open)
        self._recovered.discarded.connect(self._discard)
        self._recent.shelf.card_chosen.connect(self._open)
        self._recent.shelf.card_forgotten.connect(self._forget)
        self._examples.shelf.card_chosen.connect(self._open)
        for section in (self._recent, self._examples):
            section.shelf.card_reached.connect(self._show_card)
        self._lay_out()

    def set_recent(self, cards: Sequence[Card]) -> None:
        """The projects that were open lately, newest first."""
        self._recent.set_cards(cards)

    def set_examples(self, cards: Sequence[Card]) -> None:
        """The projects that came with the studio."""
        self._examples.set_cards(cards)

    def set_recovered(self, cards: Sequence[Card]) -> None:
        """Work without a name that a crash left behind."""
        self._recovered.set_cards(cards)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Give way to the canvas, which shows what can be done with it."""
        if offer(event.mimeData()) is not None:
            event.accept()
            self.dragged_over.emit()

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(_MARGIN, 44, _MARGIN, 44)
        column.setSpacing(34)
        column.addLayout(self._head())
        for part in (self._recovered, self.suggestion, self._recent, self._examples):
            column.addWidget(part)
        column.addStretch(1)
        page = QWidget()
        middle = QWidget(page)
        middle.setMaximumWidth(_WIDEST + 2 * _MARGIN)
        middle.setLayout(column)
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(middle, 1000)
        row.addStretch(1)
        self.setWidget(page)

    def _head(self) -> QHBoxLayout:
        said = Note()
        said.say(self.tr("Write what you want to see, and watch it become a picture."))
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(Heading("VQGAN-CLIP Studio", 2.2))
        words.addWidget(said)
        new = QPushButton(icon("new", QPalette.ColorRole.HighlightedText), self.tr("New painting"))
        new.setProperty("primary", True)
        new.setAccessibleName(self.tr("New painting"))
        tell(new, self.tr("Start with an empty canvas and your own prompt"))
        new.clicked.connect(self.new_wanted)
        other = QPushButton(icon("open"), self.tr("Open…"))
        other.setAccessibleName(self.tr("Open a project"))
        tell(other, self.tr("Go on with a painting that is on the disk"))
        other.clicked.connect(self.open_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        for button in (new, other):
            button.setIconSize(QSize(20, 20))
            button.setMinimumHeight(40)
            buttons.addWidget(button)
        buttons.addStretch(1)
        words.addSpacing(14)
        words.addLayout(buttons)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(Glyph("app", 76), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _open(self, card: Card) -> None:
        self.card_opened.emit(card.path)

    def _show_card(self, card: QWidget) -> None:
        self.ensureWidgetVisible(card)

    def _forget(self, card: Card) -> None:
        self.card_forgotten.emit(card.path)

    def _discard(self, card: Card) -> None:
        self.recovered_discarded.emit(card.path)


class Section(QWidget):
    """A heading and a shelf; gone while there are no cards."""

    def __init__(self, title: str, *, can_go: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shelf = Shelf(can_go)
        self.shelf.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(Heading(title))
        column.addWidget(self.shelf)
        self.hide()

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show these."""
        self.shelf.set_cards(cards)
        self.setVisible(bool(cards))


class Recoveries(QWidget):
    """Unsaved work, a bar for each; gone while there is none."""

    opened = Signal(object)
    discarded = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._bars: list[Recovery] = []
        self.hide()

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show these."""
        if [bar.card for bar in self._bars] == list(cards):
            return
        for bar in self._bars:
            bar.hide()
            bar.deleteLater()
        self._bars = [self._bar(card) for card in cards]
        self.setVisible(bool(cards))

    def _bar(self, card: Card) -> Recovery:
        bar = Recovery(card)
        bar.opened.connect(self.opened)
        bar.discarded.connect(self.discarded)
        self._column.addWidget(bar)
        return bar


class Recovery(QWidget):
    """One piece of unsaved work: open it or throw it away."""

    opened = Signal(object)
    discarded = Signal(object)

    def __init__(self, card: Card, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = card
        self._picture = image_from(card.thumbnail or b"") or QImage()
        texts = QVBoxLayout()
        texts.setSpacing(3)
        title = QLabel(self.tr("Unsaved painting from {when}").format(when=card.subtitle))
        title.setWordWrap(True)
        said = Note()
        said.say(card.title)
        texts.addStretch(1)
        texts.addWidget(title)
        texts.addWidget(said)
        texts.addStretch(1)
        opens = QPushButton(self.tr("Open"))
        opens.setAccessibleName(self.tr("Open {title}").format(title=card.title))
        tell(opens, self.tr("Go on with this painting, then save it under a name"))
        opens.clicked.connect(self._open)
        discards = QPushButton(self.tr("Discard"))
        discards.setFlat(True)
        discards.setAccessibleName(self.tr("Discard {title}").format(title=card.title))
        tell(discards, self.tr("Throw this painting away"))
        discards.clicked.connect(self._discard)
        row = QHBoxLayout(self)
        row.setContentsMargins(80, 10, 16, 10)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        row.addWidget(discards)
        row.addWidget(opens)
        self.setMinimumHeight(68)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHints(
                QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
            )
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        box = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(outline(self.palette()), 1))
        painter.setBrush(raised(self.palette()))
        painter.drawRoundedRect(box, 8, 8)
        side = 48
        place = self.rect().toRectF()
        place.setRect(16, (self.height() - side) / 2, side, side)
        if self._picture.isNull():
            icon("history").paint(painter, place.toRect().adjusted(8, 8, -8, -8))
            return
        shape = QPainterPath()
        shape.addRoundedRect(place, 5, 5)
        painter.setClipPath(shape)
        painter.drawImage(place, self._picture)

    def _open(self) -> None:
        self.opened.emit(self.card)

    def _discard(self) -> None:
        self.discarded.emit(self.card)
