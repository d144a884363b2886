"""The bar above the prompts: paint, pause, one step, stop, and what painting would do now."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui.icons import icon
from studio.ui.panels.labels import Note
from studio.ui.panels.numbers import NumberBox
from studio.ui.tips import tell
from studio.work.facts import AT_WORK, ENDING


class PaintBar(QWidget):
    """Big buttons for what is done most."""

    paint_wanted = Signal()
    step_wanted = Signal()
    stop_wanted = Signal()
    discard_wanted = Signal()
    count_edited = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paint = QPushButton()
        self.paint.setProperty("primary", True)
        self.paint.setMinimumHeight(34)
        self.paint.setIconSize(QSize(18, 18))
        self.paint.clicked.connect(self.paint_wanted)
        self.count = NumberBox(1, 100_000, 1, whole=True)
        self.count.setMinimumHeight(34)
        self.count.setFixedWidth(84)
        self.count.setAccessibleName(self.tr("Iterations to paint"))
        self.count.setToolTip(
            self.tr("How many iterations a press of Paint paints; early ones change most")
        )
        self.count.lineEdit().setTextMargins(5, 0, 0, 0)
        self.count.setKeyboardTracking(True)
        self.count.chosen.connect(self._count_chosen)
        self.step = self._tool(
            "step", self.tr("Paint one iteration"), self.tr("Paint a single iteration, then rest")
        )
        self.step.clicked.connect(self.step_wanted)
        self.stop = self._tool(
            "stop", self.tr("Stop"), self.tr("Stop painting, and forget what was left")
        )
        self.stop.clicked.connect(self.stop_wanted)
        self._state: tuple[str, bool, bool] | None = None
        self._note, self._cost = Note(), Note()
        self._discard = QPushButton(self.tr("Discard edits"))
        tell(self._discard, self.tr("Go back to what this iteration was painted with"))
        self._discard.clicked.connect(self.discard_wanted)
        self._discard.hide()
        self._lay_out()
        self.show_state("idle", branches=False, can_go_on=False)

    @property
    def buttons(self) -> dict[str, QAbstractButton]:
        """By the ids of the commands that do the same."""
        return {"paint": self.paint, "step": self.step, "stop": self.stop}

    def over(self, widget: QWidget) -> QWidget:
        """The bar with a panel under it, as one widget."""
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self)
        column.addWidget(widget, 1)
        return whole

    def show_state(self, activity: str, *, branches: bool, can_go_on: bool) -> None:
        """What a press of the big button means now."""
        state = (activity, branches, can_go_on)
        if state == self._state:  # saying it again would lay the whole window out again
            return
        self._state = state
        painting = activity in AT_WORK
        if activity in ENDING:
            text = self.tr("Pausing…") if activity == "pausing" else self.tr("Stopping…")
            tip, picture = self.tr("The iteration at work is painted to its end"), "pause"
        elif painting:
            text, tip, picture = self.tr("Pause"), self.tr("Rest after this iteration"), "pause"
        elif branches:
            text = self.tr("Branch and paint")
            tip = self.tr("Paint a new take from the iteration shown, with your edits")
            picture = "branch"
        elif can_go_on:
            text, tip, picture = self.tr("Go on"), self.tr("Paint what was left"), "play"
        else:
            text, tip = self.tr("Paint"), self.tr("Paint so many iterations")
            picture = "paint"
        self.paint.setText(text)
        tell(self.paint, tip, text)
        self.paint.setIcon(icon(picture, QPalette.ColorRole.HighlightedText))
        self.step.setEnabled(not painting)
        self.stop.setEnabled((painting and activity != "stopping") or can_go_on)
        self._discard.setVisible(branches and not painting)
        self._note.say(
            self.tr("Your edits wait for a branch from the iteration shown.")
            if branches and not painting
            else ""
        )

    def say_cost(self, words: str, *, warns: bool) -> None:
        """What a press of the big button takes."""
        if (words, warns) != (self._cost.text(), self._cost.warns):
            self._cost.say(words, warns=warns)

    def set_count(self, count: int) -> None:
        """How many iterations are to be painted."""
        self.count.show_value(count)

    def _count_chosen(self, count: float) -> None:
        self.count_edited.emit(round(count))

    def _tool(self, picture: str, name: str, about: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(picture))
        button.setIconSize(QSize(18, 18))
        button.setFixedSize(34, 34)
        tell(button, about, name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.paint, 1)
        row.addWidget(self.count)
        row.addWidget(self.step)
        row.addWidget(self.stop)
        hint = QHBoxLayout()
        hint.addWidget(self._note, 1)
        hint.addWidget(self._discard)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 6)
        column.setSpacing(4)
        column.addLayout(row)
        column.addLayout(hint)
        column.addWidget(self._cost)
