"""The steps of the undo list that change a film."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from studio.core.film import Order


class FilmEdit(QUndoCommand):
    """A film that is ordered otherwise."""

    def __init__(
        self, apply: Callable[[Order], None], before: Order, after: Order, text: str, merges: str
    ) -> None:
        """Steps with the same `merges` one after the other become one, as one drag is many."""
        super().__init__(text)
        self._apply, self._before, self._after, self.merges = apply, before, after, merges

    def id(self) -> int:
        """Steps with the same one may become one step."""
        return zlib.crc32(f"film {self.merges}".encode()) & 0x7FFFFFFF if self.merges else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take the later step in, if it goes on with the same thing."""
        if not isinstance(other, FilmEdit) or other.merges != self.merges:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True

    def redo(self) -> None:
        self._apply(self._after)

    def undo(self) -> None:
        self._apply(self._before)
