"""The page that is shown when a training is over: what came of it, in words and figures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio.ui.dialogs.parts import Glyph, Heading, Plain
from studio.ui.icons import icon
from studio.ui.panels.buttons import TextButton
from studio.ui.panels.labels import Note
from studio.ui.training.growing import Growing
from studio.work.training_facts import Figures, Reconstructions, TrainingVerdict


class VerdictPage(QWidget):
    """Shows a `TrainingVerdict`."""

    paint_wanted = Signal(str)
    """Name of the model; so with `models_wanted`."""
    models_wanted = Signal(str)
    new_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict: TrainingVerdict | None = None
        self._glyphs = {True: Glyph("check", 30), False: Glyph("warning", 30)}
        self.title, self.sentence, self._about = Heading("", 1.5), Plain(""), Note()
        self.growing = Growing(over=True)
        self._table = Table()
        self.paint = TextButton(
            "paint", self.tr("Paint with it"), self.tr("Use it in the painting, or in a new one")
        )
        self.paint.setIcon(icon("paint", QPalette.ColorRole.HighlightedText))
        self.models = TextButton(
            "models", self.tr("Show in models"), self.tr("See its card among the other models")
        )
        self.sheet = TextButton(
            "picture",
            self.tr("Open the sheet"),
            self.tr("The held-out pictures, before and after, as a picture file"),
        )
        self.new = TextButton(
            "training",
            self.tr("Train another…"),
            self.tr("Order another training on these pictures"),
        )
        self.paint.clicked.connect(self._paint)
        self.models.clicked.connect(self._show_in_models)
        self.sheet.clicked.connect(self._open_sheet)
        self.new.clicked.connect(self.new_wanted)
        self._lay_out()

    def show_verdict(self, verdict: TrainingVerdict, history: Sequence[Reconstructions]) -> None:
        """Show what came of a training, with the last of its pictures."""
        self._verdict = verdict
        for improved, glyph in self._glyphs.items():
            glyph.setVisible(improved == verdict.improved)
        name = verdict.model
        self.title.setText(
            self.tr("{name} has learned your pictures").format(name=name)
            if verdict.improved
            else self.tr("{name} did not get better").format(name=name)
        )
        self.sentence.setText(verdict.sentence)
        self._about.say(self._told(verdict))
        self._table.show_figures(verdict.before, verdict.after)
        self.growing.setVisible(bool(history))
        self.growing.show_all(history)

    def set_can_paint(self, can: bool) -> None:
        """Whether the model is on the shelf by now."""
        comes = can and not self.paint.isEnabled()
        for button in (self.paint, self.models):
            button.setEnabled(can)
        if comes and self.isVisible():
            self.paint.setFocus(Qt.FocusReason.OtherFocusReason)

    def _told(self, verdict: TrainingVerdict) -> str:
        number = self.locale().toString
        told = self.tr(
            "{steps} steps on {learned} pictures, judged by {held_out} that it never learned from."
        ).format(
            steps=number(verdict.steps),
            learned=number(verdict.learned),
            held_out=number(verdict.held_out),
        )
        if not verdict.improved:
            told += " " + self.tr(
                "You can paint with it all the same; more time, more pictures of one kind or "
                "another base may help."
            )
        return told

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(5)
        for widget in (self.title, self.sentence, self._about):
            texts.addWidget(widget)
        head = QHBoxLayout()
        head.setSpacing(14)
        for glyph in self._glyphs.values():
            head.addWidget(glyph, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(texts, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.new)
        buttons.addWidget(self.sheet)
        buttons.addStretch(1)
        buttons.addWidget(self.models)
        buttons.addWidget(self.paint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(self._table)
        column.addWidget(self.growing, 8)
        column.addStretch(1)
        column.addLayout(buttons)

    def _paint(self) -> None:
        if self._verdict is not None:
            self.paint_wanted.emit(self._verdict.model)

    def _show_in_models(self) -> None:
        if self._verdict is not None:
            self.models_wanted.emit(self._verdict.model)

    def _open_sheet(self) -> None:
        if self._verdict is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._verdict.sheet)))


class Table(QFrame):
    """Each figure before and after, and whether that is better."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._cells: dict[str, tuple[QLabel, QLabel, QLabel]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(4)
        heads = ("", self.tr("Before"), self.tr("After"), "", "")
        for column, words in enumerate(heads):
            head = Note(wraps=False)
            head.say(words)
            head.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(head, 0, column)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, (name, (title, about)) in enumerate(self._titles().items(), 1):
            label, said = QLabel(title), Note()
            said.say(about)
            cells = QLabel(), QLabel(), QLabel()
            grid.addWidget(label, row, 0)
            for column, cell in enumerate(cells, 1):
                cell.setAlignment(right if column < 3 else Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(cell, row, column)
            grid.addWidget(said, row, 4)
            self._cells[name] = cells
        grid.setColumnMinimumWidth(3, 110)
        grid.setColumnStretch(4, 1)

    def show_figures(self, before: Figures, after: Figures) -> None:
        """Show them side by side."""
        for name, (old, new, change) in self._cells.items():
            values = getattr(before, name), getattr(after, name)
            texts = [self._written(name, value) for value in values]
            old.setText(texts[0])
            new.setText(texts[1])
            change.setText(self._compared(name, texts, values))

    def _compared(self, name: str, texts: Sequence[str], values: tuple[float, float]) -> str:
        if texts[0] == texts[1]:
            return self.tr("the same")
        rose = values[1] > values[0]
        if name == "perplexity":
            return self.tr("more") if rose else self.tr("fewer")
        return self.tr("better") if rose == (name in ("psnr", "ssim")) else self.tr("worse")

    def _written(self, name: str, value: float) -> str:
        match name:
            case "psnr":
                return self.tr("{n} dB").format(n=f"{value:.2f}")
            case "perplexity":
                return f"{value:.0f}"
            case "l1":
                return f"{value:.4f}"
            case _:
                return f"{value:.3f}"

    def _titles(self) -> dict[str, tuple[str, str]]:
        return {
            "psnr": (self.tr("PSNR"), self.tr("Nearness of pixels; higher is better")),
            "l1": (self.tr("L1"), self.tr("Mean distance of pixels; lower is better")),
            "ssim": (self.tr("SSIM"), self.tr("Likeness of structures, up to 1")),
            "frechet": (
                self.tr("Fréchet distance"),
                self.tr("How unlike they are to CLIP, all together; lower is better"),
            ),
            "perplexity": (self.tr("Perplexity"), self.tr("Codes that are in use")),
        }
