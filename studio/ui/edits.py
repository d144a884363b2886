"""The steps of the undo list: everything that a person changes in the document."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from studio.core.schedule import Keyframe
    from studio.core.settings import Stroke
    from studio.ui.document import Document
    from studio.work.studio import Studio


class Edit(QUndoCommand):
    """Settings that change from some values to others."""

    def __init__(
        self,
        document: Document,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        text: str,
        merges: str,
    ) -> None:
        super().__init__(text)
        self._document, self._before, self._after = document, before, after
        self.merges = merges

    def id(self) -> int:
        """Steps with the same one may become one step."""
        return zlib.crc32(self.merges.encode()) & 0x7FFFFFFF if self.merges else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take the later step in, if it goes on with the same thing."""
        if not isinstance(other, Edit) or other.merges != self.merges:
            return False
        if other._before.keys() != self._before.keys():
            return False
        self._after = other._after
        self.setText(other.text())
        self.setObsolete(self._after == self._before)
        return True

    def redo(self) -> None:
        self._document.apply(self._after)

    def undo(self) -> None:
        self._document.apply(self._before)


class Replan(QUndoCommand):
    """Keyframes that are planned otherwise, in the take they were planned for."""

    def __init__(
        self,
        document: Document,
        before: tuple[Keyframe, ...],
        after: tuple[Keyframe, ...],
        text: str,
        merges: str,
    ) -> None:
        super().__init__(text)
        self._document, self._before, self._after = document, before, after
        self._take = None if document.contents is None else document.take
        self.merges = merges

    def id(self) -> int:
        """Steps with the same one may become one step."""
        return zlib.crc32(b"plan" + self.merges.encode()) & 0x7FFFFFFF if self.merges else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take the later step in, if it goes on with the same thing."""
        if not isinstance(other, Replan) or other.merges != self.merges:
            return False
        self._after = other._after
        self.setText(other.text())
        self.setObsolete(self._after == self._before)
        return True

    def redo(self) -> None:
        self._document.put_keyframes(self._take, self._after)

    def undo(self) -> None:
        self._document.put_keyframes(self._take, self._before)


class Strike(QUndoCommand):
    """A stroke of the brush before an iteration."""

    def __init__(
        self, studio: Studio, take: int, iteration: int | None, stroke: Stroke, data: bytes
    ) -> None:
        texts = {
            "colour": studio.tr("Paint colour"),
            "scramble": studio.tr("Scramble"),
            "imagine": studio.tr("Imagine here"),
        }
        super().__init__(texts[stroke.kind])
        self._studio, self._take, self._iteration = studio, take, iteration
        self._stroke, self._data = stroke, data

    def redo(self) -> None:
        self._studio.strike(self._take, self._iteration, self._stroke, self._data)

    def undo(self) -> None:
        self._studio.take_back(self._take, self._stroke)


class Recount(QUndoCommand):
    """Another number of iterations to paint."""

    def __init__(
        self, set_count: Callable[[int], None], before: int, after: int, text: str
    ) -> None:
        super().__init__(text)
        self._set_count, self._before, self._after = set_count, before, after

    def redo(self) -> None:
        self._set_count(self._after)

    def undo(self) -> None:
        self._set_count(self._before)


class RenameTake(QUndoCommand):
    """A take that is called something else."""

    def __init__(self, studio: Studio, take: int, before: str, after: str) -> None:
        super().__init__(studio.tr("Rename the take to {name}").format(name=after))
        self._studio, self._take, self._before, self._after = studio, take, before, after

    def redo(self) -> None:
        self._studio.rename_take(self._take, self._after)

    def undo(self) -> None:
        self._studio.rename_take(self._take, self._before)


class DeleteTake(QUndoCommand):
    """A take that goes out of sight."""

    def __init__(self, studio: Studio, take: int) -> None:
        super().__init__(studio.tr("Delete the take"))
        self._studio, self._take = studio, take

    def redo(self) -> None:
        self._studio.delete_take(self._take)

    def undo(self) -> None:
        self._studio.restore_take(self._take)
