"""The takes in the order in which their tracks are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studio.ui.timeline.facts import Take


@dataclass(frozen=True)
class Track:
    """A take and its place in the tree."""

    take: Take
    depth: int


def tracks(takes: Sequence[Take]) -> list[Track]:
    """Every branch right under what it branched from; those whose parent is gone are roots."""
    numbers = {each.number for each in takes}
    children: dict[int | None, list[Take]] = {}
    for take in takes:
        parent = take.parent if take.parent in numbers and take.parent != take.number else None
        children.setdefault(parent, []).append(take)
    found: list[Track] = []
    waiting = _siblings(children.get(None, []), 0)
    while waiting:
        track = waiting.pop()
        found.append(track)
        waiting += _siblings(children.get(track.take.number, []), track.depth + 1)
    return found


def _siblings(takes: Sequence[Take], depth: int) -> list[Track]:
    """Last one first, for a stack."""
    return [Track(take, depth) for take in reversed(takes)]


def lineage(takes: Sequence[Take], number: int | None) -> dict[int, int]:
    """The takes that a take is made of, and up to which iteration it has those of each."""
    by_number = {each.number: each for each in takes}
    found: dict[int, int] = {}
    take = by_number.get(number) if number is not None else None
    end = take.length if take else 0
    while take is not None and take.number not in found:
        found[take.number] = end
        end = min(end, take.branched_at)
        take = by_number.get(take.parent) if take.parent is not None else None
    return found
