"""The pictures that settings name: which they are, and what is left without some of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import msgspec

from studio.core.schedule import Change, all_prompts
from studio.core.settings import Prompt, Settings


class Lacking(NamedTuple):
    """What settings name that is not there."""

    start: bool
    """The picture that the painting starts from."""
    prompts: int
    masks: int


def named_pictures(settings: Settings) -> frozenset[str]:
    """The sha256 of every picture and mask that settings name."""
    return frozenset(modes_of((Change(0, settings),)))


def modes_of(changes: Sequence[Change]) -> dict[str, str]:
    """How each picture that changes name is read: as colours, as a mask, or with its opacity."""
    modes: dict[str, str] = {}
    crossings = [each.settings.crossing for each in changes]
    for prompts in (*all_prompts(changes), *(each.prompts for each in crossings if each)):
        modes |= {prompt.picture: "RGB" for prompt in prompts if prompt.picture}
        modes |= {prompt.mask: "L" for prompt in prompts if prompt.mask}
    for change in changes:
        if change.settings.start_picture:
            modes[change.settings.start_picture] = "RGB"
        if change.settings.keep:
            modes[change.settings.keep] = "L"
        for stroke in change.strokes:
            modes[stroke.picture] = "RGBA" if stroke.kind == "colour" else "L"
    return modes


def lacking(settings: Settings, there: Collection[str]) -> Lacking | None:
    """What is not among the pictures that are there, None when all of it is."""
    pictures = [each.picture for each in settings.prompts if each.picture]
    masks = [each for each in (settings.keep, *(each.mask for each in settings.prompts)) if each]
    found = Lacking(
        settings.start_picture is not None and settings.start_picture not in there,
        sum(name not in there for name in pictures),
        sum(name not in there for name in masks),
    )
    return found if any(found) else None


def with_pictures(
    settings: Settings, names: Mapping[str, str], otherwise: tuple[Prompt, ...]
) -> Settings:
    """Settings to begin with whose pictures go by other names, without those that have none.

    `otherwise` are the prompts when none is left.
    """
    prompts = tuple(
        msgspec.structs.replace(
            each, picture=names.get(each.picture or ""), mask=names.get(each.mask or "")
        )
        for each in settings.prompts
        if each.picture is None or each.picture in names
    )
    start = names.get(settings.start_picture or "")
    return msgspec.structs.replace(
        settings,
        prompts=prompts or otherwise,
        start="codes" if settings.start == "picture" and start is None else settings.start,
        start_picture=start,
        keep=names.get(settings.keep or ""),
        crossing=None,
    )
