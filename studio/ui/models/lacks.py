"""What is told of a model that a project was painted with and that is not here."""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.ui.models.words import Words
from studio.ui.notices import Answer, Notice
from studio.work.stock import AT_WORK, Lack, Model

LACKS = "lacks"


class LackNotice(QObject):
    """Words and answers for a `Lack`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words = Words(self)

    def of(self, lack: Lack, model: Model | None) -> Notice:
        """The notice, by what is up with the model if it can be had."""
        return Notice(LACKS, "warning", self._sentence(lack, model), self._answers(model))

    def _answers(self, model: Model | None) -> tuple[Answer, ...]:
        answers = []
        if model is not None and model.is_listed and model.state not in AT_WORK:
            again = model.state in ("paused", "failed")
            get = self.tr("Go on getting it") if again else self.tr("Get it")
            size = self._words.size(model.bytes)
            answers.append(Answer("get", get, self.tr("Download it, {size}").format(size=size)))
        if model is None or model.state not in AT_WORK:
            tip = self.tr("Take in a file that you have already")
            answers.append(Answer("import", self.tr("Import…"), tip))
        tip = self.tr("Paint with another model: a branch for a CLIP, a new painting for a VQGAN")
        answers.append(Answer("other", self.tr("Choose another…"), tip))
        return tuple(answers)

    def _sentence(self, lack: Lack, model: Model | None) -> str:
        is_vqgan = lack.kind == "vqgan"
        if model is not None and model.state in AT_WORK:
            text = (
                self.tr("The VQGAN {name} of this painting is on its way.")
                if is_vqgan
                else self.tr("The CLIP {name} of this painting is on its way.")
            )
        elif lack.is_other:
            text = self.tr("This was painted with another {name} than the one here.")
        elif is_vqgan:
            text = self.tr("This was painted with the VQGAN {name}, which is not on this computer.")
        else:
            text = self.tr("This was painted with the CLIP {name}, which is not on this computer.")
        told = [text.format(name=lack.name)]
        if model is not None and model.state == "failed":
            told.append(model.problem)
        elif is_vqgan or not lack.is_other:
            told.append(self.tr("You can look at everything, but not paint on yet."))
        return " ".join(told)
