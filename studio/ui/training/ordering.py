"""The page on which a training is ordered: pictures to the left, the form to the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.ui.icons import icon
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.labels import Note
from studio.ui.tips import tell
from studio.ui.training.form import TrainingForm
from studio.ui.training.gallery import Gallery
from studio.ui.training.words import TrainingWords
from studio.work.training_facts import Estimate, Look

_FORM = 420


class OrderPage(QWidget):
    """Lays out the parts, and says what the training would take."""

    start_wanted = Signal()
    measuring_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gallery, self.form = Gallery(), TrainingForm()
        self._look_problem = self._refusal = ""
        self._estimate: Estimate | None = None
        self._words = TrainingWords(self)
        self._facts = {
            name: (Note(wraps=False), QLabel()) for name in ("steps", "pace", "memory", "disk")
        }
        self.said = Note()
        self._measuring = QProgressBar()
        self._measuring.setRange(0, 0)
        self._measuring.setTextVisible(False)
        self._measuring.setFixedHeight(4)
        self._measuring.setAccessibleName(self.tr("The training is being measured"))
        kept = self._measuring.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._measuring.setSizePolicy(kept)
        self.again = IconButton(
            "loop",
            self.tr("Measure again"),
            self.tr("Look whether there is room by now"),
            text=True,
        )
        self.again.clicked.connect(self.measuring_wanted)
        self.start = QPushButton(
            icon("training", QPalette.ColorRole.HighlightedText), self.tr("Start training")
        )
        self.start.setProperty("primary", True)
        self.start.setAutoDefault(False)
        self.start.setMinimumHeight(34)
        self.start.setIconSize(QSize(18, 18))
        self.start.setAccessibleName(self.tr("Start the training"))
        self.start.setShortcut("Ctrl+Return")
        self.start.clicked.connect(self.start_wanted)
        self.form.edited.connect(self._forget_refusal)
        self.form.advanced.opened.connect(self._scroll_to_advanced)
        self._lay_out()
        self.show_estimate(None)

    @property
    def problem(self) -> str:
        """Why it cannot be started, in a sentence; nothing when it can."""
        measured = "" if self._estimate is None else self._estimate.problem
        return self._look_problem or self.form.name_problem or self._refusal or measured

    def set_look(self, look: Look) -> None:
        """Show another folder."""
        self.gallery.set_look(look)
        self._look_problem = look.problem
        self._refusal = ""
        self._show()

    def show_estimate(self, estimate: Estimate | None) -> None:
        """What the training would take; None while it is measured."""
        self._estimate = estimate
        self._show()

    def show_refusal(self, sentence: str) -> None:
        """Why a start came to nothing."""
        self._refusal = sentence
        self._show()

    def check(self) -> None:
        """Look again whether it can be started."""
        self._show()

    def _scroll_to_advanced(self) -> None:
        """Once what was folded away has its place."""
        QTimer.singleShot(0, self.form.advanced, self._show_advanced)

    def _show_advanced(self) -> None:
        self._scroll.ensureWidgetVisible(self.form.name)
        bar = self._scroll.verticalScrollBar()
        bar.setValue(min(bar.maximum(), self.form.advanced.y()))

    def _forget_refusal(self) -> None:
        self._refusal = ""
        self._show()

    def _show(self) -> None:
        problem, estimate = self.problem, self._estimate
        measuring = estimate is None and not problem
        self.start.setEnabled(not problem and not measuring)
        self._measuring.setVisible(measuring)
        self.again.setVisible(estimate is not None and problem == estimate.problem != "")
        tell(
            self.start,
            problem
            or (
                self.tr("A few steps are measured first")
                if measuring
                else self.tr("Painting goes on meanwhile")
            ),
        )
        if problem:
            # the gallery and the name say it where it is wrong
            here = problem not in (self._look_problem, self.form.name_problem)
            self.said.say(problem if here else "", warns=True)
        elif estimate is None:
            self.said.say(self.tr("Taking a few steps to see how long they are…"))
        else:
            self.said.say(estimate.note)
        for name, value in self._told(estimate).items():
            title, label = self._facts[name]
            label.setText(value)
            label.setAccessibleName(f"{title.text()}: {value}")

    def _told(self, estimate: Estimate | None) -> dict[str, str]:
        unknown = "-" if self.problem else "…"
        if estimate is None or not estimate.steps:
            return dict.fromkeys(self._facts, unknown)
        size = self._words.size
        return {
            "steps": self.locale().toString(estimate.steps),
            "pace": self.tr("{n} s").format(n=f"{estimate.step_seconds:.2g}"),
            "memory": size(estimate.memory) if estimate.memory else self.tr("not known"),
            "disk": size(estimate.disk),
        }

    def _lay_out(self) -> None:
        self._scroll = scroll = QScrollArea(self)
        scroll.setWidget(self.form)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        right = QWidget(self)
        right.setFixedWidth(_FORM)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(scroll, 1)
        column.addLayout(self._estimated())
        column.addWidget(self.said)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._measuring)
        column.addWidget(self.start)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addWidget(self.gallery, 1)
        row.addWidget(right)

    def _estimated(self) -> QGridLayout:
        titles = {
            "steps": (self.tr("Steps"), self.tr("About so many fit into the time")),
            "pace": (self.tr("A step"), self.tr("How long one takes on this computer")),
            "memory": (self.tr("Memory"), self.tr("At most, while it trains")),
            "disk": (self.tr("On the disk"), self.tr("While it trains; the model stays")),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(1)
        for place, (name, (title, value)) in enumerate(self._facts.items()):
            title.say(titles[name][0])
            for label in (title, value):
                label.setToolTip(titles[name][1])
            grid.addWidget(title, 0, place)
            grid.addWidget(value, 1, place)
            grid.setColumnStretch(place, 1)
        return grid
