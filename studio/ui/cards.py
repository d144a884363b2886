"""Cards: a picture with a title, to choose a project by; and the shelf that they stand on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from studio.ui.canvas.strokes import painting
from studio.ui.icons import icon
from studio.ui.images import image_from
from studio.ui.panels.tones import outline, quiet, raised
from studio.ui.tips import tell

_WIDTH = 176
_PICTURE = 150
_TEXT = 52
_GAP = 16
_ROUND = 8.0


@dataclass(frozen=True)
class Card:
    """What a card tells."""

    path: Path
    title: str
    subtitle: str
    thumbnail: bytes | None
    """A small JPEG or PNG."""
    missing: bool = False
    """Whether the file is no longer there."""


class CardButton(QAbstractButton):
    """One card, pressed like a button."""

    forgotten = Signal(object)
    """The `Card`, which should leave the list."""
    chosen = Signal(object)
    """The `Card`."""

    def __init__(self, card: Card, can_go: bool, parent: QWidget | None = None) -> None:
        """`can_go`: whether the card can be taken off its list."""
        super().__init__(parent)
        self.card = card
        self._can_go = can_go
        self._picture = image_from(card.thumbnail or b"") or QImage()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(_WIDTH, _PICTURE + _TEXT)
        self._name()
        self.clicked.connect(self._choose)

    def _name(self) -> None:
        words = [self.card.title, self.card.subtitle]
        hint = [str(self.card.path)]
        if self.card.missing:
            words.append(self.tr("not found"))
            hint.append(self.tr("There is no such file now."))
        if self._can_go:
            hint.append(self.tr("Delete takes it off the list; the file stays."))
        tell(self, "\n".join(hint), ", ".join(word for word in words if word))

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _PICTURE + _TEXT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._can_go:
            self.forgotten.emit(self.card)
        else:
            event.ignore()  # arrows are the shelf's
            if event.key() == Qt.Key.Key_Space:
                super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with the card."""
        menu = QMenu(self)
        menu.addAction(icon("open"), self.tr("Open"), self._choose)
        if self._can_go:
            menu.addAction(icon("close"), self.tr("Remove from the list"), self._forget)
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHints(
                QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
            )
            self._draw(painter)

    def _choose(self) -> None:
        self.chosen.emit(self.card)

    def _forget(self) -> None:
        self.forgotten.emit(self.card)

    def _draw(self, painter: QPainter) -> None:
        palette = self.palette()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(box, _ROUND, _ROUND)
        lifted = self.underMouse() or self.isDown()
        painter.fillPath(shape, outline(palette) if lifted else raised(palette))
        painter.save()
        painter.setClipPath(shape)
        self._draw_picture(painter, QRectF(box.left(), box.top(), box.width(), _PICTURE))
        painter.restore()
        self._draw_texts(painter)
        focused = self.hasFocus()
        edge = palette.color(QPalette.ColorRole.Accent) if focused else outline(palette)
        painter.setPen(QPen(edge, 2 if focused else 1))
        painter.drawPath(shape)

    def _draw_picture(self, painter: QPainter, room: QRectF) -> None:
        painter.fillRect(room, self.palette().color(QPalette.ColorRole.Base))
        painter.setOpacity(0.3 if self.card.missing else 1.0)
        if not self._picture.isNull():
            painter.drawImage(room, self._picture, _middle(self._picture, room))
        if self._picture.isNull() or self.card.missing:
            painter.setOpacity(0.75)
            name = "warning" if self.card.missing else "picture"
            centre = room.center().toPoint()
            icon(name).paint(painter, QRect(centre.x() - 16, centre.y() - 16, 32, 32))
        painter.setOpacity(1.0)

    def _draw_texts(self, painter: QPainter) -> None:
        width = _WIDTH - 24
        text = self.palette().color(QPalette.ColorRole.WindowText)
        subtitle = self.tr("Not found") if self.card.missing else self.card.subtitle
        for place, (words, colour) in enumerate(
            (
                (self.card.title, quiet(self.palette()) if self.card.missing else text),
                (subtitle, quiet(self.palette())),
            )
        ):
            painter.setPen(colour)
            fits = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, width)
            box = QRectF(12, _PICTURE + 8 + place * 18, width, 18)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, fits)


class Shelf(QWidget):
    """Cards side by side in as many rows as it takes; arrows go from one to the next."""

    card_chosen = Signal(object)
    card_forgotten = Signal(object)
    card_reached = Signal(QWidget)
    """The keyboard has come to this card."""

    def __init__(self, can_go: bool, parent: QWidget | None = None) -> None:
        """`can_go`: whether cards can be taken off."""
        super().__init__(parent)
        self._can_go = can_go
        self._cards: list[CardButton] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show these; what is shown already stays as it is."""
        if [each.card for each in self._cards] == list(cards):
            return
        place = next((n for n, each in enumerate(self._cards) if each.hasFocus()), None)
        for button in self._cards:
            button.hide()
            button.deleteLater()
        self._cards = [self._card(card) for card in cards]
        self._arrange()
        self.updateGeometry()
        if place is not None and self._cards:
            self._cards[min(place, len(self._cards) - 1)].setFocus()

    def buttons(self) -> Sequence[CardButton]:
        """The cards as they stand."""
        return self._cards

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self._cards) // _columns(width))
        return max(0, rows * (_PICTURE + _TEXT + _GAP) - _GAP)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _PICTURE + _TEXT)

    def minimumSizeHint(self) -> QSize:
        return QSize(_WIDTH, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = _columns(self.width())
        steps: dict[int, Callable[[int], int]] = {
            Qt.Key.Key_Left: lambda place: place - 1,
            Qt.Key.Key_Right: lambda place: place + 1,
            Qt.Key.Key_Up: lambda place: place - columns,
            Qt.Key.Key_Down: lambda place: place + columns,
            Qt.Key.Key_Home: lambda place: 0,
            Qt.Key.Key_End: lambda place: len(self._cards) - 1,
        }
        step = steps.get(event.key())
        place = next((n for n, each in enumerate(self._cards) if each.hasFocus()), None)
        if step is None or place is None:
            super().keyPressEvent(event)
        elif 0 <= step(place) < len(self._cards):
            self._cards[step(place)].setFocus(Qt.FocusReason.TabFocusReason)
            self.card_reached.emit(self._cards[step(place)])

    def _card(self, card: Card) -> CardButton:
        button = CardButton(card, self._can_go, self)
        button.chosen.connect(self.card_chosen)
        button.forgotten.connect(self.card_forgotten)
        button.show()
        return button

    def _arrange(self) -> None:
        columns = _columns(self.width())
        for place, button in enumerate(self._cards):
            row, column = divmod(place, columns)
            button.move(column * (_WIDTH + _GAP), row * (_PICTURE + _TEXT + _GAP))


def _columns(width: int) -> int:
    return max(1, (width + _GAP) // (_WIDTH + _GAP))


def _middle(picture: QImage, room: QRectF) -> QRectF:
    """The largest part from the middle of a picture that has the shape of the room."""
    scale = min(picture.width() / room.width(), picture.height() / room.height())
    part = QRectF(0, 0, room.width() * scale, room.height() * scale)
    part.moveCenter(QPointF(picture.width() / 2, picture.height() / 2))
    return part
