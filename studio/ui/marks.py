"""What the timeline shows of the document: diamonds, the ways between them, flags."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec
from PySide6.QtCore import QObject

from studio.core.easing import Ease
from studio.core.knobs import KNOBS
from studio.core.schedule import FIELDS, Change, Keyframe, track
from studio.core.settings import Motion, Prompt
from studio.ui import timeline
from studio.ui.document import Document

BRUSHED = ("prompts", "keep")
"""What has words of its own on the timeline."""


class Marks(QObject):
    """Reads the document; a QObject only so that its words are translated."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document

    def diamonds(self) -> list[timeline.Keyframe]:
        """The keyframes, and the painted iterations from which on other prompts pull."""
        document = self._document
        found = {each.iteration: self._diamond(each) for each in document.keys.all}
        for iteration, prompts in self._rewritten():
            found.setdefault(iteration, timeline.Keyframe(iteration, words(prompts)))
        return list(found.values())

    def ways(self) -> list[timeline.Way]:
        """From one keyframe to the next that sets the same to something else.

        Of what is painted, those that values did travel while it was painted.
        """
        document = self._document
        painted = [each for each in document.schedule if each.iteration < document.length]
        changes = [*painted, document.plan]
        ends = [*(each.iteration for each in changes[1:]), None]
        found = {
            way
            for change, end in zip(changes, ends, strict=True)
            for way in _travelled(change, end)
        }
        return sorted(found, key=lambda way: (way.start, way.end, way.ease))

    def flags(self) -> list[timeline.Marker]:
        """Where a brush was at work, and where other settings than prompts were changed."""
        found = []
        for before, after in self._pairs():
            brushed, told = self._brushed(before, after), _told(before, after)
            if brushed:
                found.append(timeline.Marker(after.iteration, brushed, is_brush=True))
            elif told and _says_the_same(before, after):
                found.append(timeline.Marker(after.iteration, told))
        return found

    def _brushed(self, before: Change, after: Change) -> str:
        """What was painted with the brushes, in words; "" for nothing."""
        said = []
        if _says_the_same(before, after):
            now = zip(before.settings.prompts, after.settings.prompts, strict=True)
            named = [f"“{new.label}”" for old, new in now if old.mask != new.mask]
            if named:
                said.append(self.tr("Region of {names}").format(names=", ".join(named)))
        if before.settings.keep != after.settings.keep:
            said.append(self.tr("What is kept"))
        kinds = {
            "colour": self.tr("Colour by hand"),
            "scramble": self.tr("Made new by hand"),
            "imagine": self.tr("Imagined anew by hand"),
        }
        strokes = {stroke.kind for stroke in after.strokes}
        return ", ".join(said + [words for kind, words in kinds.items() if kind in strokes])

    def lines(self, keyframe: Keyframe) -> list[str]:
        """What a keyframe sets, a line for each value."""
        names = self.names()
        return [
            f"{names[name]}: {self.said(name, value)}" for name, value in keyframe.values.items()
        ]

    def names(self) -> dict[str, str]:
        """What the values of a keyframe are called."""
        return {
            "prompts": self.tr("Prompts"),
            **{each.field: self.tr(each.label) for each in KNOBS if each.travel},
            "seed": self.tr("Seed"),
            "motion": self.tr("Motion"),
        }

    def eases(self) -> dict[Ease, str]:
        """What the ways to travel are called."""
        return {
            "step": self.tr("Step"),
            "linear": self.tr("Linear"),
            "in": self.tr("In: begins slowly"),
            "out": self.tr("Out: ends slowly"),
            "in-out": self.tr("In and out"),
        }

    def said(self, name: str, value: Any) -> str:
        """A value in words."""
        if name == "prompts":
            return words(value)
        if isinstance(value, Motion):
            return self._flight(value)
        return f"{value:.6g}" if isinstance(value, float) else str(value)

    def _flight(self, motion: Motion) -> str:
        if motion.is_still:
            return self.tr("still")
        parts = (
            (self.tr("zoom {n} %"), (motion.zoom - 1) * 100),
            (self.tr("turn {n}°"), motion.angle),
            (self.tr("right {n} %"), motion.x * 100),
            (self.tr("down {n} %"), motion.y * 100),
        )
        return ", ".join(text.format(n=f"{value:.3g}") for text, value in parts if value)

    def _diamond(self, keyframe: Keyframe) -> timeline.Keyframe:
        name = words(keyframe.prompts) if keyframe.prompts else ""
        lines = [
            line
            for line, value in zip(self.lines(keyframe), keyframe.values, strict=True)
            if value != "prompts"
        ]
        eases = self.eases()
        kinds = {keyframe.ease_of(value) for value in keyframe.values if value != "seed"}
        if kinds:
            said = ", ".join(eases[kind] for kind in eases if kind in kinds)
            lines.append(self.tr("To the next: {ease}").format(ease=said))
        return timeline.Keyframe(keyframe.iteration, name, tuple(lines))

    def _rewritten(self) -> Iterator[tuple[int, tuple[Prompt, ...]]]:
        """Where the prompts changed without a keyframe, the first iteration included."""
        document = self._document
        if document.contents is None or not document.changes:
            return
        yield 0, document.changes[0].settings.prompts
        for before, after in self._pairs():
            if not _says_the_same(before, after):
                yield after.iteration, after.settings.prompts

    def _pairs(self) -> list[tuple[Change, Change]]:
        """Each change with the one before it, where something differs; those ahead are planned."""
        document = self._document
        return [
            (before, after)
            for before, after in pairwise(document.changes)
            if (before.settings != after.settings or after.strokes)
            and after.iteration <= document.length
        ]


def _travelled(change: Change, end: int | None) -> Iterator[timeline.Way]:
    """The ways that a change has while it is in force, up to `end` (not included)."""
    if not change.keyframes or change.keyframes[-1].iteration <= change.iteration:
        return
    for name in FIELDS:
        for one, other in pairwise(track(change, name) if name != "seed" else ()):
            begins_in_time = end is None or one.iteration < end
            if one.value != other.value and other.iteration > change.iteration and begins_in_time:
                yield timeline.Way(one.iteration, other.iteration, one.ease)


def words(prompts: tuple[Prompt, ...]) -> str:
    """The prompts in one line."""
    return " | ".join(each.label for each in prompts if each.on)


def _says_the_same(before: Change, after: Change) -> bool:
    """Whether the prompts are the same but for where they count."""
    return _everywhere(before) == _everywhere(after)


def _everywhere(change: Change) -> tuple[Prompt, ...]:
    return tuple(msgspec.structs.replace(each, mask=None) for each in change.settings.prompts)


def _told(before: Change, after: Change) -> str:
    one, other = (msgspec.structs.asdict(each.settings) for each in (before, after))
    return ", ".join(
        f"{name.replace('_', ' ')} {_plain(value)}"
        for name, value in other.items()
        if one[name] != value and name not in BRUSHED
    )


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
