"""Fields below one another: labels in a column, a way back to the default, a sentence if wrong."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from studio.ui.panels.buttons import IconButton
from studio.ui.panels.key_mark import KeyMark
from studio.ui.panels.labels import Note
from studio.ui.tips import sentence_of, tell

_LABELS = 82
_RESET = QSize(20, 28)
_MARK = 15
_ROW = 30


class FormRow(QWidget):
    """One field of a form; it lays its parts into the form's grid."""

    reset_wanted = Signal()

    def __init__(self, label: str, field: QWidget, tip: str, form: Form) -> None:
        super().__init__(form)
        self.hide()
        self.field = field
        self.mark: KeyMark | None = None
        """Beside fields that keyframes can set."""
        self._tips = {part: sentence_of(part) or tip for part in _keyboard_parts(field)}
        self._tips |= {field: tip}
        self._form = form
        self._reason: str | None = None
        self.label = QLabel(label, form)
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.label.setFixedWidth(_LABELS)
        self.label.setWordWrap(True)
        self.error = Note(form)
        self.error.say("", warns=True)
        self.reset = IconButton(
            "undo",
            form.tr("Reset {field}").format(field=label),
            form.tr("Back to the default"),
            parent=form,
        )
        self.reset.setFixedSize(_RESET)
        self.reset.clicked.connect(self.reset_wanted)
        self._keep_room(True)
        self.reset.hide()
        self.set_fixed("")

    def set_differs(self, differs: bool, default: str = "") -> None:
        """Whether there is a way back to the default, and what that is."""
        self.reset.setVisible(differs)
        if default:
            tell(self.reset, self.tr("Back to the default, {value}").format(value=default))

    def set_shown(self, shown: bool) -> None:
        """Whether the field has a place in the form now."""
        self.label.setVisible(shown)
        self.field.setVisible(shown)
        self._form.show_row(self, shown)
        self._keep_room(shown)

    def add_mark(self, name: str) -> KeyMark:
        """A diamond beside the field; `name` is what the value is called in a sentence."""
        self.mark = KeyMark(name, self._form)
        self._form.place_mark(self, self.mark)
        return self.mark

    def _keep_room(self, kept: bool) -> None:
        """Whether the place of the reset button stays free while there is nothing to reset."""
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(kept)
        self.reset.setSizePolicy(policy)

    def set_fixed(self, reason: str) -> None:
        """Lock the field and say why; no reason unlocks it."""
        if reason == self._reason:
            return
        self._reason = reason
        self.field.setEnabled(not reason)
        self.label.setEnabled(not reason)
        self.reset.setEnabled(not reason)
        self.label.setToolTip(reason or self._tips[self.field])
        for part, tip in self._tips.items():
            tell(part, reason or tip)


def _keyboard_parts(field: QWidget) -> list[QWidget]:
    parts = field.findChildren(QWidget)
    return [part for part in parts if part.focusPolicy() != Qt.FocusPolicy.NoFocus]


class Form(QWidget):
    """A grid of labels, fields and the buttons that reset them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._places: dict[FormRow, int] = {}
        self._grid.setContentsMargins(0, 2, 0, 10)
        self._grid.setHorizontalSpacing(3)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(2, _MARK)

    def add(self, label: str, field: QWidget, tip: str) -> FormRow:
        """A field at the end of the form."""
        row = FormRow(label, field, tip, self)
        row.label.setBuddy(field)
        place = self._grid.rowCount()
        top = Qt.AlignmentFlag.AlignTop
        row.label.setMinimumHeight(28)
        self._grid.addWidget(row.label, place, 0, top)
        self._grid.addWidget(field, place, 1)
        self._grid.addWidget(row.reset, place, 3, top)
        self._grid.addWidget(row.error, place + 1, 1)
        self._grid.setRowMinimumHeight(place, _ROW)
        self._places[row] = place
        return row

    def place_mark(self, row: FormRow, mark: KeyMark) -> None:
        """Between a field and the button that resets it."""
        self._grid.addWidget(mark, self._places[row], 2, Qt.AlignmentFlag.AlignTop)

    def add_aside(self, button: QWidget) -> None:
        """A button below the field that was added last, usable even when that is fixed."""
        self._grid.addWidget(button, self._grid.rowCount(), 1, Qt.AlignmentFlag.AlignLeft)

    def show_row(self, row: FormRow, shown: bool) -> None:
        """Keep a place free for a row, or none."""
        self._grid.setRowMinimumHeight(self._places[row], _ROW if shown else 0)
