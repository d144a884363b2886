"""The card of a keyframe: what it sets, how each value travels on, how long a film rests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.easing import Ease
from studio.core.schedule import FIELDS, Keyframe
from studio.ui.dialogs.parts import Heading
from studio.ui.document import Document
from studio.ui.marks import Marks
from studio.ui.panels.labels import Note
from studio.ui.panels.numbers import NumberBox
from studio.ui.tips import tell

MARGIN = 16
WIDE = 400
MIXED = ""
"""Of all values together, when they travel in different ways."""


class KeyframeCard(QDialog):
    """Every edit is in force at once, as a step of the undo list."""

    def __init__(self, document: Document, marks: Marks, iteration: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._document, self._marks, self._iteration = document, marks, iteration
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyframe"))
        self._title = Heading("", 1.1, self)
        self._at = NumberBox(0, 10_000_000, 1, whole=True, parent=self)
        self._at.setAccessibleName(self.tr("Iteration of the keyframe"))
        self._at.setToolTip(self.tr("Where the keyframe lies; it can go to any free place ahead"))
        self._at.chosen.connect(self._move)
        self._sets: dict[str, QCheckBox] = {}
        self._said: dict[str, Note] = {}
        self._eases: dict[str, QComboBox] = {}
        self._hold = NumberBox(0, 3600, 0.5, parent=self)
        self._hold.setSuffix(self.tr(" s"))
        self._hold.setAccessibleName(self.tr("Hold in a film"))
        self._hold.setToolTip(self.tr("Seconds that a film through the keyframes rests here"))
        self._hold.chosen.connect(self._rest)
        self._lay_out()
        document.settings_shown.connect(self._show)
        self._show()

    def open_at(self, place: QPoint) -> None:
        """Show the card at a place of the screen, as far as it fits there."""
        self.setMinimumWidth(WIDE)
        self.adjustSize()
        room = self.screen().availableGeometry()
        left = min(max(place.x() - 24, room.left()), room.right() - self.width())
        above = place.y() - self.height() - 34
        fits = place.y() + self.height() <= room.bottom()
        self.move(left, place.y() if fits else max(above, room.top()))
        self.show()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._quiet(self.tr("at iteration")))
        self._at.setFixedWidth(96)
        top.addWidget(self._at)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self._add_all(grid)
        for name in FIELDS:
            self._add_value(grid, name)
        foot = QHBoxLayout()
        foot.addWidget(self._quiet(self.tr("A film rests here for")))
        foot.addWidget(self._hold)
        foot.addStretch(1)
        remove = QPushButton(self.tr("Remove"))
        tell(remove, self.tr("Take the keyframe away"))
        remove.setAutoDefault(False)
        remove.clicked.connect(self._remove)
        foot.addWidget(remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN - 2, MARGIN, MARGIN)
        column.setSpacing(12)
        column.addLayout(top)
        column.addLayout(grid)
        note = Note(self)
        note.say(self.tr("Put the playhead here and change the values in their panels."))
        column.addWidget(note)
        column.addLayout(foot)

    def _add_all(self, grid: QGridLayout) -> None:
        grid.addWidget(self._quiet(self.tr("Sets")), 0, 0)
        grid.addWidget(
            self._quiet(self.tr("All travel to the next")), 0, 1, Qt.AlignmentFlag.AlignRight
        )
        self._all = self._ease_box(self.tr("Ease of all values"), ("", *self._marks.eases()))
        self._all.activated.connect(self._ease_all)
        grid.addWidget(self._all, 0, 2)

    def _add_value(self, grid: QGridLayout, name: str) -> None:
        words, row = self._marks.names()[name], grid.rowCount()
        box = QCheckBox(words)
        tell(box, self.tr("Whether the keyframe sets this; if not, it goes on as planned"))
        box.clicked.connect(partial(self._set, name))
        self._sets[name], self._said[name] = box, Note(self, wraps=False)
        grid.addWidget(box, row, 0)
        grid.addWidget(self._said[name], row, 1)
        if name == "seed":
            grid.addWidget(self._quiet(self.tr("Always steps")), row, 2)
            return
        ease = self._ease_box(self.tr("Ease of {value}").format(value=words), self._marks.eases())
        ease.activated.connect(partial(self._ease_one, name))
        self._eases[name] = ease
        grid.addWidget(ease, row, 2)

    def _ease_box(self, name: str, eases: Sequence[str] | dict[Ease, str]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(self.tr("How the value travels from here to the next keyframe"))
        said = self._marks.eases()
        for ease in eases:
            box.addItem(said.get(ease, "—"), ease)  # type: ignore[call-overload]
        return box

    def _quiet(self, text: str) -> QLabel:
        note = Note(self, wraps=False)
        note.say(text)
        return note

    # What is shown

    @Slot()
    def _show(self) -> None:
        keyframe = self._document.keys.at(self._iteration)
        if keyframe is None:
            self.close()
            return
        number = self.locale().toString(self._iteration)
        self._title.setText(self.tr("Keyframe"))
        self.setAccessibleName(self.tr("Keyframe at iteration {n}").format(n=number))
        self._at.show_value(self._iteration)
        self._hold.show_value(keyframe.hold)
        kinds = {keyframe.ease_of(name) for name in keyframe.values if name != "seed"}
        self._all.setCurrentIndex(self._all.findData(kinds.pop() if len(kinds) == 1 else MIXED))
        for name in FIELDS:
            self._show_value(keyframe, name)

    def _show_value(self, keyframe: Keyframe, name: str) -> None:
        sets = name in keyframe.values
        said = self._marks.said(name, keyframe.values[name]) if sets else ""
        note = self._said[name]
        room = self.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, 150)
        note.say(room)
        note.setToolTip(said)
        self._sets[name].setChecked(sets)
        if name in self._eases:
            box = self._eases[name]
            box.setEnabled(sets)
            box.setCurrentIndex(box.findData(keyframe.ease_of(name)))

    # What a person does

    def _set(self, name: str) -> None:
        keys, wanted = self._document.keys, self._sets[name].isChecked()
        (keys.hold if wanted else keys.free)(self._iteration, name)
        self._show()

    def _ease_all(self, place: int) -> None:
        ease = self._all.itemData(place)
        if ease != MIXED:
            self._document.keys.ease(self._iteration, ease)
        self._show()

    def _ease_one(self, name: str, place: int) -> None:
        self._document.keys.ease(self._iteration, self._eases[name].itemData(place), name)

    def _rest(self, seconds: float) -> None:
        self._document.keys.rest(self._iteration, seconds)

    def _move(self, iteration: float) -> None:
        keys, to, start = self._document.keys, round(iteration), self._iteration
        if to != start and keys.at(to) is None and to >= self._document.length:
            self._iteration = to
            keys.move(start, to)
        self._show()

    def _remove(self) -> None:
        self._document.keys.remove(self._iteration)
        self.close()
