"""A fact: a small title and what is known, which may be one long word of the machine's."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.ui.canvas.strokes import painting
from studio.ui.dialogs.parts import Plain
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.labels import Note

_WRAPS = Qt.TextFlag.TextWrapAnywhere


class Fact(QWidget):
    """Gone while nothing is known."""

    def __init__(self, title: str, *, copies: bool, parent: QWidget | None = None) -> None:
        """`copies`: whether there is a button that copies it."""
        super().__init__(parent)
        self._text = ""
        name = Note(wraps=False)
        name.say(title)
        self._words: _Wrapped | _Words = _Wrapped() if copies else _Words()
        self._copy = IconButton(
            "copy",
            self.tr("Copy {what}").format(what=title),
            self.tr("Put it on the clipboard"),
        )
        self._copy.setIconSize(QSize(13, 13))
        self._copy.setFixedSize(22, 22)
        self._copy.clicked.connect(self._put_on_clipboard)
        self._copy.setVisible(copies)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(name)
        head.addWidget(self._copy)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(1)
        column.addLayout(head)
        column.addWidget(self._words)

    @property
    def text(self) -> str:
        """What it tells."""
        return self._text

    def say(self, text: str) -> None:
        """Tell it."""
        self._text = text
        self._words.say(text)
        self.setVisible(bool(text))

    @Slot()
    def _put_on_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self._text)


class _Words(Plain):
    """Text that breaks between words."""

    def __init__(self) -> None:
        super().__init__("")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def say(self, text: str) -> None:
        """Show a text."""
        self.setText(text)


class _Wrapped(QWidget):
    """Text that breaks anywhere, as no label does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, text: str) -> None:
        """Show a text."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(width, 1), 1 << 20)
        return self.fontMetrics().boundingRect(room, _WRAPS, self._text).height()

    def sizeHint(self) -> QSize:
        return QSize(160, self.heightForWidth(160))

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(self.rect(), _WRAPS, self._text)
