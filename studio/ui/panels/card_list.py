"""A list view of cards, and what is said in place of an empty one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QLabel,
    QListView,
    QVBoxLayout,
    QWidget,
)

from studio.ui.canvas.strokes import painting
from studio.ui.icons import icon
from studio.ui.panels.cards import CardDelegate
from studio.ui.panels.labels import Note

_ICON = 40
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class CardList(QListView):
    """One card below the other; Enter or a double click picks one, and cards can be dragged."""

    picked = Signal(QModelIndex)
    moved = Signal(int, int)
    """A person dragged the card of this row to that row, counted without it."""

    def __init__(self, parent: QWidget, *, drags: bool = False) -> None:
        super().__init__(parent)
        self._drags = drags
        self._slots: dict[str, Callable[[], None]] = {}
        self._pressed_at: QPoint | None = None
        self._drop_at: int | None = None
        self.setItemDelegate(CardDelegate(parent, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        # The theme frames views, but these cards lie on the panel itself.
        self.setStyleSheet("QListView { border: none; background: transparent; }")
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.NoDragDrop)
        self.verticalScrollBar().setSingleStep(24)

    @property
    def selected_row(self) -> int:
        """The card that is lit; -1 for none."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt goes to the first card without lighting it, and keys would act in the dark."""
        super().focusInEvent(event)
        if event.reason() in _BY_KEY and self.currentIndex().isValid():
            self.setCurrentIndex(self.currentIndex())

    def set_keys(self, slots: Mapping[str, Callable[[], None]]) -> None:
        """What keys do while the list has the focus, whatever they do elsewhere in the window."""
        self._slots = {QKeySequence(keys).toString(): slot for keys, slot in slots.items()}

    def event(self, event: QEvent) -> bool:
        asks = event.type() == QEvent.Type.ShortcutOverride
        if asks and isinstance(event, QKeyEvent) and _keys(event) in self._slots:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _keys(event) in self._slots:
            self._slots[_keys(event)]()
            return
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.selected_row >= 0:
            self.picked.emit(self.model().index(self.selected_row, 0))
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        left = event.button() == Qt.MouseButton.LeftButton
        if self._drags and left and self.indexAt(event.position().toPoint()).isValid():
            self._pressed_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if self._pressed_at is None:
            super().mouseMoveEvent(event)
            return
        far = (place - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if far or self._drop_at is not None:
            self._drop_at = self._gap_at(place)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        gap, pressed_at, self._drop_at, self._pressed_at = (
            self._drop_at,
            self._pressed_at,
            None,
            None,
        )
        if gap is None or pressed_at is None:
            return
        self.viewport().update()
        row = self.indexAt(pressed_at).row()
        target = gap - 1 if gap > row else gap
        if row >= 0 and target != row:
            self.moved.emit(row, target)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.picked.emit(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._drop_at is not None:
            with painting(self.viewport()) as painter:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.palette().accent())
                y = self._y_of_gap(self._drop_at)
                painter.drawRoundedRect(QRectF(0, y - 1, self.viewport().width(), 2), 1, 1)

    def _gap_at(self, place: QPoint) -> int:
        """Before which row a card would fall."""
        model = self.model()
        centres = (
            self.visualRect(model.index(row, 0)).center().y() for row in range(model.rowCount())
        )
        return sum(centre < place.y() for centre in centres)

    def _y_of_gap(self, gap: int) -> int:
        model = self.model()
        if gap < model.rowCount():
            return max(1, self.visualRect(model.index(gap, 0)).top() - 3)
        return self.visualRect(model.index(gap - 1, 0)).bottom() - 2


def _keys(event: QKeyEvent) -> str:
    return QKeySequence(event.keyCombination()).toString()


class Hint(QWidget):
    """An icon and a sentence in the middle of nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._icon = QLabel(self)
        self._words = Note(self)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._words)
        column.addStretch(3)

    def say(self, icon_name: str, words: str) -> None:
        """Show an icon and a sentence."""
        self._name = icon_name
        picture = icon(icon_name).pixmap(QSize(_ICON, _ICON), icon(icon_name).Mode.Disabled)
        self._icon.setPixmap(picture)
        self._words.say(words)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._name:
            self.say(self._name, self._words.text())
