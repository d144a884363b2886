"""Many paintings at once: several prompts, each with several seeds, for the queue."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from studio.core import prompt
from studio.core.settings import LARGEST_SEED, Settings
from studio.errors import RequestError
from studio.ui.dialogs.parts import GAP, MARGIN, Heading, button_row, number
from studio.ui.panels.labels import Note
from studio.ui.status import roughly
from studio.ui.tips import tell

MOST_SEEDS = 1000
MOST_ITERATIONS = 100_000


class VariationsDialog(QDialog):
    """Asks for prompts, seeds and iterations; says how many paintings that makes."""

    wanted = Signal(list, list, int, bool)
    """The prompts as written, one for each line; the seeds; the iterations of each painting; and
    whether keyframes and motion of the painting shown come along."""

    def __init__(
        self,
        settings: Settings,
        parent: QWidget | None = None,
        *,
        iterations: int = 200,
        seconds_per_iteration: float | None = None,
        has_plan: bool = False,
    ) -> None:
        """`has_plan`: the painting shown has keyframes or motion."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Add to the queue"))
        self.setMinimumSize(560, 420)
        self.resize(640, 500)
        self._first_seed = settings.seed
        self._seconds = seconds_per_iteration
        self._prompts = self._prompt_field(settings)
        self._counted = QRadioButton(self.tr("How many"))
        self._listed = QRadioButton(self.tr("These"))
        self._count = number(1, MOST_SEEDS, 4)
        self._list = QLineEdit()
        self._iterations = number(1, MOST_ITERATIONS, iterations)
        self._plan = QCheckBox(self.tr("With this painting's keyframes and motion"))
        tell(
            self._plan,
            self.tr("Without them each painting is what its line says, and stands still"),
        )
        self._plan.setVisible(has_plan)
        self._name_fields()
        self._summary = Note()
        self._add = QPushButton(self.tr("Add to queue"))
        self._lay_out()
        self._connect()
        self._tell()

    def _prompt_field(self, settings: Settings) -> QPlainTextEdit:
        field = QPlainTextEdit(_written(settings))
        field.setTabChangesFocus(True)
        field.setPlaceholderText(self.tr("One prompt per line"))
        field.setAccessibleName(self.tr("Prompts, one per line"))
        field.setToolTip(self.tr("Each line is painted by itself, with every seed"))
        return field

    def _name_fields(self) -> None:
        self._counted.setChecked(True)
        self._counted.setAccessibleName(self.tr("Seeds by how many"))
        tell(self._counted, self.tr("Paint each prompt from several starts"))
        self._listed.setAccessibleName(self.tr("Seeds by a list"))
        tell(self._listed, self.tr("Paint each prompt from starts that you know"))
        self._count.setAccessibleName(self.tr("Number of seeds"))
        self._count.setToolTip(
            self.tr("As many different starts for each prompt, from seed {seed} on").format(
                seed=self._first_seed
            )
        )
        self._list.setAccessibleName(self.tr("List of seeds"))
        self._list.setPlaceholderText(self.tr("for example 1, 7, 20-25"))
        self._list.setToolTip(self.tr("Seeds with commas between them; 20-25 are six"))
        self._list.setEnabled(False)
        self._iterations.setAccessibleName(self.tr("Iterations of each painting"))
        self._iterations.setToolTip(self.tr("How far each of the pictures is painted"))

    def _lay_out(self) -> None:
        choice = QWidget()
        seeds = QGridLayout(choice)
        seeds.setContentsMargins(0, 0, 0, 0)
        seeds.setHorizontalSpacing(GAP)
        seeds.setVerticalSpacing(8)
        seeds.setColumnStretch(1, 1)
        seeds.addWidget(self._counted, 0, 0)
        seeds.addWidget(self._count, 0, 1, Qt.AlignmentFlag.AlignLeft)
        seeds.addWidget(self._listed, 1, 0)
        seeds.addWidget(self._list, 1, 1)
        many = QHBoxLayout()
        many.addWidget(self._iterations)
        many.addStretch(1)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(GAP)
        form.addRow(self.tr("Seeds"), choice)
        form.addRow(self.tr("Iterations each"), many)
        form.addRow("", self._plan)
        form.setRowVisible(self._plan, not self._plan.isHidden())
        cancel = QPushButton(self.tr("Cancel"))
        tell(cancel, self.tr("Close without adding anything"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        tell(self._add, self.tr("Put these paintings at the end of the queue"))
        self._add.setDefault(True)
        buttons = button_row(cancel, self._add)
        buttons.insertWidget(0, self._summary, 20)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP + 2)
        column.addWidget(Heading(self.tr("Prompts, one a line")))
        column.addWidget(self._prompts, 1)
        said = Note()
        said.say(
            self.tr(
                "Every line is a painting of its own, with the size, models and settings shown now."
            )
        )
        column.addWidget(said)
        column.addLayout(form)
        column.addSpacing(4)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self._prompts.textChanged.connect(self._tell)
        self._count.valueChanged.connect(self._tell)
        self._iterations.valueChanged.connect(self._tell)
        self._list.textChanged.connect(self._tell)
        self._listed.toggled.connect(self._choose)
        self._add.clicked.connect(self._want)

    def _choose(self) -> None:
        self._list.setEnabled(self._listed.isChecked())
        self._count.setEnabled(self._counted.isChecked())
        if self._listed.isChecked():
            self._list.setFocus()
        self._tell()

    def _tell(self) -> None:
        try:
            text, fits = self._sum(len(self._lines()), len(self._seeds())), True
        except RequestError as error:
            text, fits = str(error), False
        self._summary.say(text, warns=not fits)
        self._add.setEnabled(fits)

    def _sum(self, prompts: int, seeds: int) -> str:
        paintings, each = prompts * seeds, self._iterations.whole
        made = self.tr("{prompts} prompts, {seeds} seeds: ").format(prompts=prompts, seeds=seeds)
        text = ("" if prompts == 1 else made) + (
            self.tr("1 painting of {each} iterations")
            if paintings == 1
            else self.tr("{paintings} paintings of {each} iterations")
        ).format(paintings=paintings, each=each)
        if self._seconds is None:
            return text + "."
        long = roughly(paintings * each * self._seconds, self)
        return self.tr("{text}, about {long}.").format(text=text, long=long)

    def _lines(self) -> list[str]:
        lines = [line.strip() for line in self._prompts.toPlainText().splitlines() if line.strip()]
        if not lines:
            raise RequestError(self.tr("Write at least one prompt."))
        for line in lines:
            prompt.parse(line)
        return lines

    def _seeds(self) -> list[int]:
        if self._counted.isChecked():
            return [
                (self._first_seed + step) % (LARGEST_SEED + 1) for step in range(self._count.whole)
            ]
        seeds = seeds_in(self._list.text())
        if seeds is None:
            raise RequestError(
                self.tr("Write seeds as 1, 7, 20-25; at most {most} of them.").format(
                    most=MOST_SEEDS
                )
            )
        return seeds

    def _want(self) -> None:
        self.wanted.emit(
            self._lines(), self._seeds(), self._iterations.whole, self._plan.isChecked()
        )
        self.accept()


def seeds_in(text: str) -> list[int] | None:
    """The seeds of a list like "1, 7, 20-25", each once; None where it is not such a list."""
    seeds: dict[int, None] = {}
    for part in re.split(r"[,;\s]+", re.sub(r"\s*-\s*", "-", text.strip())):
        found = re.fullmatch(r"([0-9]{1,19})(?:-([0-9]{1,19}))?", part)
        if found is None:
            return None
        first = int(found[1])
        last = int(found[2] or first)
        if not first <= last <= LARGEST_SEED or last - first >= MOST_SEEDS:
            return None
        seeds.update(dict.fromkeys(range(first, last + 1)))
    return list(seeds) if len(seeds) <= MOST_SEEDS else None


def _written(settings: Settings) -> str:
    """The prompts that pull and can be written, as one line."""
    pulling = [each for each in settings.prompts if each.on and each.mask is None]
    return prompt.write([pulling]) if pulling else ""
