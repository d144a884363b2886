"""The masks of a painting, as they are worked on."""

from __future__ import annotations

from collections import OrderedDict

from studio.core.settings import Prompt
from studio.ui.brushes import masks
from studio.ui.brushes.dabs import Coverage
from studio.ui.document import Document

MOST = 24
"""Masks that are kept at hand, decoded."""


class Held:
    """Reads and writes the masks of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._read: OrderedDict[tuple[str, masks.Size], Coverage] = OrderedDict()

    @property
    def size(self) -> masks.Size:
        """Width and height of the masks."""
        return masks.size_for(self._document.settings.size)

    def has(self, name: str | None) -> bool:
        """Whether a mask is there to be shown."""
        return name is not None and name in self._document.pictures

    def mask(self, name: str) -> Coverage:
        """A mask of the document, not to be changed."""
        key = (name, self.size)
        if key not in self._read:
            self._keep(key, masks.read(self._document.pictures[name], self.size))
        self._read.move_to_end(key)
        return self._read[key]

    def bytes_of(self, name: str) -> bytes:
        """A mask as the picture that is kept."""
        return self._document.pictures[name]

    def add(self, mask: Coverage) -> str:
        """Have a mask at hand for settings that name it; returns its name."""
        mask = masks.rounded(mask)
        name, data = masks.written(mask)
        self._document.add_picture(name, data)
        self._keep((name, self.size), mask)
        return name

    def clear(self) -> None:
        """Forget what was read."""
        self._read.clear()

    def _keep(self, key: tuple[str, masks.Size], mask: Coverage) -> None:
        self._read[key] = mask
        while len(self._read) > MOST:
            self._read.popitem(last=False)


def named(prompt: Prompt) -> str:
    """What a prompt is called in a message."""
    label = prompt.label
    return f"“{label[:27].rstrip()}…”" if len(label) > 28 else f"“{label}”"
