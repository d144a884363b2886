"""The form in which a training is ordered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from studio.ui.panels.fold import Fold
from studio.ui.panels.labels import Note
from studio.ui.panels.numbers import NumberBox
from studio.ui.panels.switch import Switch
from studio.ui.training.bases import Bases
from studio.ui.training.fields import TimeField, WeightsField
from studio.ui.training.words import TrainingWords
from studio.work.stock import Model
from studio.work.training_facts import Part, TrainingOrder, Weights

SIZES = (64, 128, 192, 256)


class TrainingForm(QWidget):
    """Shows a `TrainingOrder` and tells of it when a person changes it."""

    edited = Signal(object)
    """`TrainingOrder`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order = TrainingOrder(Path(), "")
        self._taken: Collection[str] = ()
        self.bases, self.name = Bases(), QLineEdit()
        words = TrainingWords(self)
        about = self.tr("Pixels along the side of the squares that it learns from")
        self.side = Switch(
            self.tr("Size"),
            [(str(n), self.tr("{n} px").format(n=n), about) for n in SIZES],
        )
        self.time = TimeField(self.tr("Train for"))
        self.part = Switch(self.tr("What is trained"), words.parts())
        self._part_note, self.name_note = Note(), Note()
        self.batch = NumberBox(1, 64, 1, whole=True)
        self.weights = WeightsField()
        self._dress()
        self._lay_out()
        self.bases.chosen.connect(self._choose_base)
        self.side.chosen.connect(self._choose_size)
        self.time.chosen.connect(self._choose_time)
        self.part.chosen.connect(self._choose_part)
        self.batch.chosen.connect(self._choose_batch)
        self.weights.chosen.connect(self._choose_weights)
        self.name.textEdited.connect(self._choose_name)
        self.set_order(self._order)

    @property
    def order(self) -> TrainingOrder:
        """What is ordered."""
        return self._order

    def set_models(self, models: Sequence[Model]) -> None:
        """The VQGANs that are here; a new one cannot have the name of one of them."""
        self._taken = {model.name for model in models}
        self.bases.set_models(models)
        self._check_name()

    def set_order(self, order: TrainingOrder) -> None:
        """Show an order without telling of it."""
        self._order = order
        self.bases.show_value(order.base)
        if order.size in SIZES:
            self.side.show_value(str(order.size))
        self.time.show_value(order.minutes)
        self.part.show_value(order.part)
        self._part_note.say(TrainingWords(self).part(order.part))
        self.batch.show_value(order.batch)
        self.weights.show_value(order.weights)
        if self.name.text() != order.name:
            self.name.setText(order.name)
        self._check_name()

    def commit(self) -> None:
        """Take over numbers that are still being typed."""
        self.time.commit()
        self.batch.commit()
        self.weights.commit()

    @property
    def name_problem(self) -> str:
        """What is the matter with the name, or nothing."""
        name = self._order.name
        if not name:
            return self.tr("Give the model a name, by which you will find it again.")
        if name in self._taken:
            return self.tr("There is a model {name} already; choose another name.").format(
                name=name
            )
        return ""

    def _dress(self) -> None:
        self.name.setAccessibleName(self.tr("Name of the model"))
        self.name.setToolTip(self.tr("The name under which you will paint with it"))
        self.name.setPlaceholderText(self.tr("Such as woods"))
        self.name.setMaxLength(60)
        self.batch.setAccessibleName(self.tr("Squares at once"))
        self.batch.setToolTip(self.tr("Fewer need less memory; more learn more steadily"))
        self.batch.setFixedWidth(72)

    def _lay_out(self) -> None:
        advanced = QWidget()
        inside = QVBoxLayout(advanced)
        inside.setContentsMargins(4, 4, 0, 4)
        inside.setSpacing(6)
        inside.addWidget(QLabel(self.tr("What is trained")))
        inside.addWidget(self.part)
        inside.addWidget(self._part_note)
        inside.addSpacing(8)
        inside.addWidget(QLabel(self.tr("Squares at once")))
        inside.addWidget(self.batch)
        inside.addSpacing(8)
        inside.addWidget(self._bold(self.tr("How much each loss counts")))
        inside.addWidget(self.weights)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 0, 12, 8)
        column.setSpacing(6)
        for title, field, about in (
            (
                self.tr("Begin with"),
                self.bases,
                self.tr("It keeps the codes and the form of this model, and learns your pictures."),
            ),
            (
                self.tr("Size"),
                self.side,
                self.tr(
                    "Larger squares show more of a picture at once; twice the side takes four "
                    "times as long. It paints at any size afterwards."
                ),
            ),
            (
                self.tr("Train for"),
                self.time,
                self.tr("You can pause at any time, or stop and keep what it has learned."),
            ),
            (self.tr("Name of the model"), self.name, ""),
        ):
            said = Note()
            said.say(about)
            column.addWidget(self._bold(title))
            column.addWidget(field)
            column.addWidget(said)
            column.addSpacing(10)
        column.addWidget(self.name_note)
        self.advanced = Fold(self.tr("Advanced"), advanced, opened=False)
        column.addWidget(self.advanced)
        column.addStretch(1)

    def _bold(self, text: str) -> QLabel:
        label = QLabel(text)
        font = label.font()
        font.setWeight(font.Weight.DemiBold)
        label.setFont(font)
        return label

    def _check_name(self) -> None:
        self.name_note.say(self.name_problem, warns=True)

    # From the person

    def _choose_base(self, name: str) -> None:
        self._tell(replace(self._order, base=name))

    def _choose_size(self, size: str) -> None:
        self._tell(replace(self._order, size=int(size)))

    def _choose_time(self, minutes: float) -> None:
        self._tell(replace(self._order, minutes=minutes))

    def _choose_part(self, part: Part) -> None:
        self._tell(replace(self._order, part=part))

    def _choose_batch(self, batch: float) -> None:
        self._tell(replace(self._order, batch=round(batch)))

    def _choose_weights(self, weights: Weights) -> None:
        self._tell(replace(self._order, weights=weights))

    def _choose_name(self, name: str) -> None:
        self._tell(replace(self._order, name=name.strip()))

    def _tell(self, order: TrainingOrder) -> None:
        self._order = order
        self._part_note.say(TrainingWords(self).part(order.part))
        self._check_name()
        self.edited.emit(order)
