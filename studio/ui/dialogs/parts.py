"""What several dialogs are made of: headings, pictograms, details to unfold and copy."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui.canvas.strokes import painting
from studio.ui.icons import icon
from studio.ui.panels.numbers import NumberBox
from studio.ui.tips import tell

MARGIN = 22
GAP = 12


class Glyph(QWidget):
    """An icon that stands by itself, in the colour of the text."""

    def __init__(self, name: str, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon(name)
        self._side = side
        self.setFixedSize(side, side)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            self._icon.paint(painter, self.rect())


class Heading(QLabel):
    """A line in larger letters."""

    def __init__(self, text: str, size: float = 1.25, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * size)
        self.setFont(font)


class Plain(QLabel):
    """Text that wraps and can be selected by mouse and keyboard."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)


class Reader(QPlainTextEdit):
    """Text of the machine, to read and to copy."""

    def __init__(self, text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF() * 0.95)
        self.setFont(font)


class CopyButton(QPushButton):
    """Puts a text on the clipboard, and says that it did."""

    def __init__(self, label: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(icon("copy"), label, parent)
        self._text = text
        self.setAccessibleName(label)
        self.setAutoDefault(False)
        self.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.setIcon(icon("check"))
        self.setText(self.tr("Copied"))


class Details(QWidget):
    """Text that is folded away until somebody wants it."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._switch = QToolButton(self)
        self._switch.setText(self.tr("Details"))
        self._switch.setAccessibleName(self.tr("Details"))
        tell(self._switch, self.tr("Show what helps to find the cause"))
        self._switch.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._switch.setCheckable(True)
        self._switch.setIcon(icon("unfold"))
        self._switch.setIconSize(QSize(14, 14))
        self._reader = Reader(text, self.tr("Details"), self)
        self._reader.setMinimumHeight(180)
        self._reader.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._switch)
        column.addWidget(self._reader, 1)
        self._switch.toggled.connect(self._unfold)

    def _unfold(self, unfolded: bool) -> None:
        self._switch.setIcon(icon("fold" if unfolded else "unfold"))
        self._reader.setVisible(unfolded)
        window = self.window()
        layout = window.layout()
        if isinstance(window, QDialog) and layout is not None:
            layout.activate()
            width = max(window.width(), 640) if unfolded else window.width()
            window.resize(width, window.sizeHint().height())


def number(least: int, most: int, value: int) -> NumberBox:
    """A field for a whole number."""
    field = NumberBox(least, most, 1, whole=True)
    field.setKeyboardTracking(True)
    field.show_value(value)
    field.setMinimumWidth(96)
    # the style sheet's padding does not reach the text of a spin box
    field.lineEdit().setTextMargins(5, 0, 0, 0)
    return field


def focus_default(dialog: QDialog) -> None:
    """Let Return and Space press the default button from the start."""
    for button in dialog.findChildren(QPushButton):
        if button.isDefault():
            button.setFocus()


def button_row(*buttons: QPushButton, left: int = 0) -> QHBoxLayout:
    """Buttons to the right, the first `left` of them to the left."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for place, button in enumerate(buttons):
        if place == left:
            row.addStretch(1)
        row.addWidget(button)
    return row
