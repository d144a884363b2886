"""The keyframes of the document: which there are, and a person's edits on their way to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject, Signal

from studio.core import planning
from studio.core.easing import Ease
from studio.core.schedule import (
    FIELDS,
    STORY_SPACING,
    Change,
    Keyframe,
    settings_at,
    track,
)
from studio.core.settings import Prompt
from studio.errors import RequestError
from studio.project.document import with_change
from studio.ui.edits import Replan

if TYPE_CHECKING:
    from studio.ui.document import Document

Edit = Callable[[Sequence[Change], int], Change]
"""From the changes so far and the length of the take to what holds from now on."""


class Keyframes(QObject):
    """Keyframes steer what is painted next; those that are passed stay as they were."""

    refused = Signal(str)
    """An edit cannot be, and why."""
    recording_changed = Signal(bool)

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._recording = False
        self._known: tuple[Sequence[Change], int, tuple[Keyframe, ...]] | None = None
        """All keyframes of some changes at a length, as they are asked for often."""

    # What there is

    @property
    def planned(self) -> tuple[Keyframe, ...]:
        """Those that count from the next iteration on, by iteration."""
        return self._document.plan.keyframes

    @property
    def all(self) -> tuple[Keyframe, ...]:
        """Those too that steered what is painted."""
        changes, length = self._document.schedule, self._document.length
        if self._known is None or self._known[0] is not changes or self._known[1] != length:
            self._known = (changes, length, steering(changes, length))
        return self._known[2]

    def at(self, iteration: int) -> Keyframe | None:
        """The keyframe at an iteration."""
        return next((each for each in self.all if each.iteration == iteration), None)

    @property
    def here(self) -> int | None:
        """The iteration that a keyframe would be added at now; None where all is painted."""
        document = self._document
        return document.shown_at if document.is_at_end else None

    def values_here(self) -> frozenset[str]:
        """The settings that a keyframe sets where the playhead is."""
        there = self.at(self._document.shown_at)
        return frozenset() if there is None else frozenset(there.values)

    def values_anywhere(self) -> frozenset[str]:
        """The settings that any keyframe sets."""
        return frozenset(name for each in self.all for name in each.values)

    @property
    def recording(self) -> bool:
        """Whether what is changed at the end becomes keyframes."""
        return self._recording

    def record(self, recording: bool) -> None:
        """Let what is changed at the end become keyframes, or no longer."""
        if recording != self._recording:
            self._recording = recording
            self.recording_changed.emit(recording)

    def take(self, name: str) -> bool:
        """Whether a change of this setting is a keyframe, where the playhead is."""
        document = self._document
        if name not in FIELDS or not document.is_at_end:
            return False
        if name == "prompts" and not document.has_begun and not document.can_paint:
            return False  # the first prompt is what it begins with, wherever the playhead is
        if document.ahead is not None:
            return True
        if document.contents is None:
            return name in self.values_here()
        return self._recording or bool(track(document.plan, name))

    # Edits

    def write(self, values: Mapping[str, Any], text: str, merges: str = "") -> None:
        """Set values where the playhead is."""
        ahead = self._document.ahead
        if ahead is None:
            self.edit(
                lambda changes, length: planning.with_values(changes, values, length, record=True),
                text,
                merges,
            )
        else:
            there = self.at(ahead) or Keyframe(iteration=ahead)
            self.put(msgspec.structs.replace(there, **values), text, merges)

    def put(self, keyframe: Keyframe, text: str, merges: str = "") -> None:
        """Have this keyframe, and whatever else one at its iteration sets."""
        self.edit(
            lambda changes, length: planning.with_keyframe(changes, keyframe, length), text, merges
        )

    def add(self, iteration: int) -> None:
        """A keyframe of the prompts and of all that keyframes set, as they are there."""
        names = {"prompts"} | self.values_anywhere()
        self.put(self._caught(iteration, names), self.tr("Add a keyframe"))

    def toggle(self, name: str, wanted: bool) -> None:
        """Have a value set by a keyframe where the playhead is, or no longer."""
        here = self._document.shown_at
        if wanted:
            self.put(self._caught(here, {name}), self.tr("Add a keyframe"))
        else:
            self.free(here, name)

    def free(self, iteration: int, name: str) -> None:
        """Set a value no longer at an iteration."""
        there = self.at(iteration)
        if there is None:
            return
        left = msgspec.structs.replace(there, **{name: None})
        if left.values:
            self.edit(
                lambda changes, length: planning.with_replaced(changes, left, length),
                self.tr("Take a value out of a keyframe"),
            )
        else:
            self.remove(iteration)

    def hold(self, iteration: int, name: str) -> None:
        """Set a value at an iteration, as it is there."""
        self.put(self._caught(iteration, {name}), self.tr("Add a value to a keyframe"))

    def remove(self, iteration: int) -> None:
        """Take a keyframe away."""
        self.edit(
            lambda changes, length: planning.without_keyframe(changes, iteration, length),
            self.tr("Remove a keyframe"),
        )

    def move(self, iteration: int, to: int) -> None:
        """Put a keyframe at another iteration ahead."""
        if to < self._document.length or iteration < self._document.length:
            self.refused.emit(
                self.tr("What is painted stays where it is; branch to paint it otherwise.")
            )
            return
        self.edit(
            lambda changes, length: planning.with_moved(changes, iteration, to, length),
            self.tr("Move a keyframe"),
        )

    def copy(self, iteration: int, to: int) -> None:
        """Have the same keyframe at another iteration ahead as well."""
        there = self.at(iteration)
        if there is not None and to >= self._document.length:
            copy = msgspec.structs.replace(there, iteration=to)
            self.put(copy, self.tr("Duplicate a keyframe"))

    def ease(self, iteration: int, ease: Ease, name: str = "") -> None:
        """How one value, or all, travel from a keyframe to the next."""
        there = self.at(iteration)
        if there is None:
            return
        if name:
            eases = {**there.eases, name: ease}
            changed = msgspec.structs.replace(there, eases=eases)
        else:
            changed = msgspec.structs.replace(there, ease=ease, eases={})
        self.put(changed, self.tr("Ease of a keyframe"))

    def rest(self, iteration: int, seconds: float) -> None:
        """How long a film rests at a keyframe."""
        there = self.at(iteration)
        if there is not None:
            changed = msgspec.structs.replace(there, hold=seconds)
            self.put(changed, self.tr("Hold of a keyframe"), f"hold:{iteration}")

    def tell(self, steps: Sequence[tuple[Prompt, ...]]) -> None:
        """Have the steps of a story follow one another, the first where the playhead is."""
        document, first = self._document, self._document.shown_at
        text = self.tr("Make a story of keyframes")

        def followed(changes: Sequence[Change], length: int) -> Change:
            for number, prompts in enumerate(steps[1:], 1):
                step = Keyframe(iteration=first + number * STORY_SPACING, prompts=prompts)
                changes = with_change(changes, planning.with_keyframe(changes, step, length))
            return planning.plan(changes, length)

        document.undo.beginMacro(text)
        document.edit({"prompts": steps[0]}, text)
        self.edit(followed, text)
        document.undo.endMacro()

    def edit(self, edit: Edit, text: str, merges: str = "") -> None:
        """Plan something else, as one step of the undo list."""
        document = self._document
        try:
            after = edit(document.schedule, document.length).keyframes
        except RequestError as error:
            self.refused.emit(str(error))
            document.settings_shown.emit()
            return
        if after != self.planned:
            key = document.merge_key(merges)
            document.undo.push(Replan(document, self.planned, after, text, key))

    def _caught(self, iteration: int, names: set[str] | frozenset[str]) -> Keyframe:
        """A keyframe with the values as they are at an iteration, travelling as before."""
        there = self.at(iteration) or Keyframe(iteration=iteration)
        now = settings_at(self._document.schedule, iteration)
        return msgspec.structs.replace(there, **{name: getattr(now, name) for name in names})


def steering(changes: Sequence[Change], length: int) -> tuple[Keyframe, ...]:
    """The keyframes that steered each iteration painted, and those that are planned."""
    found: dict[int, Keyframe] = {}
    ends = [*(each.iteration for each in changes[1:]), length]
    for change, end in zip(changes, ends, strict=False):
        for each in change.keyframes:
            if change.iteration <= each.iteration < min(end, length):
                found[each.iteration] = each
    planned = planning.plan(changes, length).keyframes if changes else ()
    found |= {each.iteration: each for each in planned if each.iteration >= length}
    for each in planned:
        found.setdefault(each.iteration, each)
    return tuple(found[iteration] for iteration in sorted(found))
