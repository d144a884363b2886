"""The lines under a prompt: tokens, how alike the picture is, hints, and offers."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core.prompt import parse
from studio.core.settings import Prompt
from studio.errors import RequestError
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.labels import Note
from studio.ui.panels.sparkline import Sparkline

MOST_TOKENS = 77
"""What CLIP reads at once; the rest of a text is cut."""


class PromptNotes(QWidget):
    """What is known about one prompt. It is only as tall as what it says."""

    split_wanted = Signal(object)
    """The prompts that a text in the field's syntax stands for."""

    story_wanted = Signal(object)
    """The prompts of each step of a text with `^`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[Prompt, ...] = ()
        self._steps: tuple[tuple[Prompt, ...], ...] = ()
        self._similarity = math.nan
        self._tokens = Note(self, wraps=False)
        self._tokens.setToolTip(
            self.tr(
                "Tokens of the text, of the {most} that CLIP reads; the rest is cut off"
            ).format(most=MOST_TOKENS)
        )
        self._line = Sparkline(self)
        self._value = Note(self, wraps=False)
        for widget in (self._line, self._value):
            widget.setToolTip(
                self.tr(
                    "How alike the picture and this prompt are to CLIP: 1 is the same, "
                    "0 is nothing in common."
                )
            )
        self._line.setAccessibleName(self.tr("History of the similarity"))
        self._line.hide()
        self._hint = Note(self)
        self.split_button = IconButton(
            "branch",
            self.tr("Split into prompts"),
            self.tr("Make prompts of the parts between bars, and weights of the numbers"),
            text=True,
            parent=self,
        )
        self.split_button.hide()
        self.split_button.clicked.connect(self._split_clicked)
        self.story_button = IconButton(
            "keyframe",
            self.tr("Make keyframes"),
            self.tr("Make a keyframe of each step between the ^, so that one follows the other"),
            text=True,
            parent=self,
        )
        self.story_button.hide()
        self.story_button.clicked.connect(self._story_clicked)
        self._arrange()

    @property
    def similarity(self) -> float:
        """The newest; nan when it is not known."""
        return self._similarity

    @property
    def history(self) -> tuple[float, ...]:
        """Similarities so far, the newest last; nan where they are not known."""
        return self._line.points

    def append_similarity(self, similarity: float | None) -> None:
        """How alike prompt and picture are now."""
        self._line.append(math.nan if similarity is None else similarity)
        self._show_similarity()

    def set_history(self, similarities: Iterable[float]) -> None:
        """How alike they were in all iterations."""
        self._line.set_points(similarities)
        self._show_similarity()

    def set_reading(self, tokens: int, unknown: tuple[str, ...]) -> None:
        """How CLIP reads the text."""
        words = self.tr("{tokens} / {most}").format(tokens=tokens, most=MOST_TOKENS)
        self._tokens.say(words, warns=tokens > MOST_TOKENS)
        learnt = self.tr("The model never learnt: {words}").format(words=", ".join(unknown))
        self._hint.say(learnt if unknown else "")

    def clear_reading(self) -> None:
        """Nothing is known of the text."""
        self._tokens.say("")
        self._hint.say("")

    def look_at(self, text: str) -> None:
        """Offer to take apart a text that is written in the field's syntax."""
        self._parts, self._steps = (), ()
        try:
            steps = parse(text)
        except RequestError:
            steps = ()
        if len(steps) > 1:
            self._steps = tuple(steps)
        elif steps and _says_more(steps[0]):
            self._parts = steps[0]
        self._offer()

    @property
    def buttons(self) -> tuple[IconButton, ...]:
        """What offers to do something with the text."""
        return self.split_button, self.story_button

    def _offer(self) -> None:
        self.split_button.setVisible(bool(self._parts))
        if len(self._parts) == 1:
            self.split_button.setText(self.tr("Take the numbers as weight"))
        else:
            self.split_button.setText(self.tr("Split into {n} prompts").format(n=len(self._parts)))
        self.story_button.setVisible(bool(self._steps))
        self.story_button.setText(
            self.tr("Make {n} keyframes of the story").format(n=len(self._steps))
        )

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._tokens)
        line.addWidget(self._line, 1)
        line.addStretch()
        line.addWidget(self._value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self._hint)
        column.addWidget(self.split_button)
        column.addWidget(self.story_button)

    def _show_similarity(self) -> None:
        points = self._line.points
        self._similarity = points[-1] if points else math.nan
        known = math.isfinite(self._similarity)
        self._value.say(f"{self._similarity:.2f}" if known else "")
        self._line.setVisible(sum(map(math.isfinite, points)) > 1)

    def _split_clicked(self) -> None:
        self.split_wanted.emit(self._parts)

    def _story_clicked(self) -> None:
        self.story_wanted.emit(self._steps)


def _says_more(prompts: tuple[Prompt, ...]) -> bool:
    """Whether prompts are more than one plain text."""
    if len(prompts) != 1:
        return True
    return prompts[0] != Prompt(text=prompts[0].text) if prompts[0].text else True
