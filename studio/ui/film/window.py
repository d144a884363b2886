"""The film window: preview to the left, the order to the right, exports below."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from studio.ui.film.export_cards import file_size
from studio.ui.film.exports import ExportsPanel
from studio.ui.film.form import FilmForm
from studio.ui.film.preview import Preview
from studio.ui.icons import icon
from studio.ui.panels.labels import Note
from studio.ui.status import duration
from studio.ui.tips import tell
from studio.work.facts import FilmFacts

_FORM = 396


class FilmWindow(QDialog):
    """Lays out the parts; the desk connects them. Painting goes on beside it."""

    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Film"))
        self.setModal(False)
        self.setWindowFlag(Qt.WindowType.WindowMinMaxButtonsHint)
        self.preview, self.form, self.exports = Preview(), FilmForm(), ExportsPanel()
        self.sum = Note(self)
        self.sum.setAccessibleName(self.tr("What the film is going to be"))
        self.export = QPushButton(icon("export"), self.tr("Export…"), self)
        self.export.setDefault(False)
        self.export.setAutoDefault(False)
        self.export.setProperty("primary", True)
        self.export.setIcon(icon("export", self.palette().ColorRole.HighlightedText))
        self.export.setMinimumHeight(34)
        self.export.setAccessibleName(self.tr("Export the film"))
        self.export.setShortcut("Ctrl+Return")
        self.export.clicked.connect(self.export_wanted)
        self._lay_out()
        self.show_facts(None)
        screen = self.screen().availableSize()
        self.resize(QSize(1180, 800).boundedTo(screen - QSize(60, 60)))

    def show_facts(self, facts: FilmFacts | None) -> None:
        """Length, frames and size of the film, or why it cannot be made."""
        wrong = "" if facts is None else facts.problem
        can = facts is not None and not wrong
        self.export.setEnabled(can)
        tell(self.export, wrong or self.tr("Choose a file; the film is written while you go on"))
        if facts is None:
            self.sum.say(self.tr("Counting the frames…"))
        elif wrong:
            self.sum.say(wrong, warns=True)
        else:
            self.sum.say(self._told(facts))

    def show_nothing(self, words: str) -> None:
        """There is no film to be made; why."""
        self.preview.set_film(0, 30.0, (), (1, 1))
        self.preview.set_words(words)
        self.export.setEnabled(False)
        tell(self.export, words)
        self.sum.say("")

    def _told(self, facts: FilmFacts) -> str:
        width, height = facts.size
        return self.tr("{time} · {frames} frames · {width} x {height} · about {size}").format(
            time=_length(facts.seconds),
            frames=self.locale().toString(facts.frames),
            width=width,
            height=height,
            size=file_size(facts.bytes, self),
        )

    def _lay_out(self) -> None:
        scroll = QScrollArea(self)
        scroll.setWidget(self.form)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 8, 12, 12)
        foot.setSpacing(8)
        foot.addWidget(self.sum)
        foot.addWidget(self.export)
        right = QWidget(self)
        right.setFixedWidth(_FORM)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addLayout(foot)
        left = QSplitter(Qt.Orientation.Vertical, self)
        left.addWidget(self.preview)
        left.addWidget(self.exports)
        left.setStretchFactor(0, 1)
        left.setStretchFactor(1, 0)
        left.setSizes([560, 200])
        left.setChildrenCollapsible(False)
        self.exports.hide()  # until there is one
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(left, 1)
        whole.addWidget(right)


def _length(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else duration(seconds)
