"""The words of styles that a prompt can be given, in groups."""

from __future__ import annotations

import msgspec


class Style(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the menu."""

    name: str
    words: str
    """What is appended to a prompt, after a comma."""


class StyleGroup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Styles of one sort, such as media or light."""

    name: str
    styles: tuple[Style, ...]


def read_styles(data: bytes) -> tuple[StyleGroup, ...]:
    """The groups of a JSON file. Raises msgspec.ValidationError when it has another form."""
    return msgspec.json.decode(data, type=tuple[StyleGroup, ...])


def styled(text: str, style: Style) -> str:
    """The text with the words of the style at its end, unless it already has them."""
    text = text.strip().rstrip(",")
    if style.words.casefold() in text.casefold():
        return text
    return f"{text}, {style.words}"
