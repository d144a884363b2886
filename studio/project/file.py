"""A project: one .vqproj file that holds everything about a painting and how it came to be."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from studio.core import planning
from studio.core.film import Order
from studio.core.schedule import Change, Keyframe
from studio.core.settings import Stroke
from studio.errors import RequestError
from studio.project import assets as asset_rows
from studio.project import iterations, outline, states, versions
from studio.project.database import Database
from studio.project.document import (
    LONGEST_NAME,
    Branch,
    Document,
    Iteration,
    ModelRef,
    Take,
    TakeDocument,
    with_change,
)
from studio.project.frames import Codes
from studio.project.outline import FIRST_TAKE as FIRST_TAKE
from studio.project.outline import MOST_TAKES, Outline


class Project:
    """An open project. Everything written is on the disk when the call returns.

    It may be shared by threads, and other processes may read the file meanwhile; only one writes.
    A disk that fails and a file that is damaged raise StudioError. A take or an iteration that
    is not there raises ValueError: ask `takes` and `length` first.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def create(
        cls,
        path: str | PathLike[str],
        *,
        models: Sequence[ModelRef],
        changes: Sequence[Change],
        assets: Mapping[str, bytes] | None = None,
        replace: bool = False,
    ) -> Self:
        """Make a project with one take that is painted with `changes`, and open it.

        `assets` are by their sha256. The file appears whole or not at all. Raises RequestError
        when `path` exists, unless it is to be replaced.
        """
        created = versions.now()
        take = TakeDocument("Take 1", tuple(sorted(changes, key=lambda each: each.iteration)))
        document = Document(created, created, tuple(models), {FIRST_TAKE: take})
        with Database.create(Path(path), replace=replace) as tables:
            versions.save(tables, document)
            outline.insert(tables, FIRST_TAKE, Branch(None, None, created))
            for sha256, data in (assets or {}).items():
                if asset_rows.insert(tables, data) != sha256:
                    raise ValueError(f"the asset {sha256} has another sha256")
        return cls.open(path)

    @classmethod
    def open(cls, path: str | PathLike[str], *, read_only: bool = False) -> Self:
        """Open the project at `path`.

        Raises RequestError when it is not a project this program can open, and StudioError when
        it is damaged or being written elsewhere. For reading only, a damaged file opens as long
        as something in it can be read.
        """
        project = cls(Database.open(Path(path), read_only=read_only))
        try:
            project._outline()
        except BaseException:
            project.close()
            raise
        return project

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Where the file is, with symbolic links followed."""
        return self._database.path

    @property
    def fell_back(self) -> bool:
        """Whether the newest settings are damaged, so that earlier ones are in their place."""
        return self._outline().fell_back

    @property
    def models(self) -> tuple[ModelRef, ...]:
        """The weights that the project is painted with."""
        return self._document().models

    @property
    def created(self) -> str:
        """ISO 8601, UTC."""
        return self._document().created

    @property
    def modified(self) -> str:
        """When a person or an iteration last changed the project: ISO 8601, UTC."""
        saved = self._document().saved
        recorded = iterations.last_recorded(self._database)
        return saved if recorded is None else max(saved, versions.written(recorded))

    def copy_to(self, path: str | PathLike[str], *, replace: bool = False) -> None:
        """Write a copy of the project; it appears at `path` whole or not at all."""
        self._database.copy_to(Path(path), replace=replace)

    def add_models(self, models: Sequence[ModelRef]) -> None:
        """Name further weights that the project is painted with."""
        with self._database.transaction() as tables:
            document = self._document()
            new = tuple(model for model in models if model not in document.models)
            if new:
                models = document.models + new
                self._save(tables, msgspec.structs.replace(document, models=models))

    # Takes

    def takes(self) -> list[Take]:
        """All takes by number, deleted ones too."""
        outlined = self._outline()
        return [outlined.take(number) for number in outlined.branches]

    def shown_takes(self) -> list[Take]:
        """Those that are not deleted, by number; all of them if none is left otherwise."""
        takes = self.takes()
        return [take for take in takes if not take.deleted] or takes

    def take(self, take: int) -> Take:
        """One take."""
        return self._outline().take(take)

    def add_take(self, parent: int, branched_at: int, name: str = "") -> Take:
        """A new take whose first `branched_at` iterations are those of `parent`.

        Raises RequestError when there are as many as can be.
        """
        with self._database.transaction() as tables:
            if not 0 <= branched_at <= self.length(parent):
                raise ValueError(f"take {parent} has no iteration {branched_at} to branch at")
            branches = self._outline().branches
            if len(branches) >= MOST_TAKES:
                raise RequestError(f"A project has at most {MOST_TAKES} takes; go on in a new one.")
            take = max(branches) + 1
            outline.insert(tables, take, Branch(parent, branched_at, versions.now()))
            self._database.forget()
            self._edit(tables, take, name=name or f"Take {take}")
        return self.take(take)

    def rename_take(self, take: int, name: str) -> None:
        """Call a take something else. Raises RequestError for a name that goes on and on."""
        if len(name) > LONGEST_NAME:
            raise RequestError(f"The name of a take has at most {LONGEST_NAME} letters.")
        with self._database.transaction() as tables:
            self._edit(tables, take, name=name)

    def delete_take(self, take: int) -> None:
        """Mark a take as deleted; nothing in it is lost."""
        with self._database.transaction() as tables:
            self._edit(tables, take, deleted=True)

    def restore_take(self, take: int) -> None:
        """Undo `delete_take`."""
        with self._database.transaction() as tables:
            self._edit(tables, take, deleted=False)

    # Settings

    def changes(self, take: int) -> tuple[Change, ...]:
        """The changes of settings by iteration, with those inherited from before the branch."""
        return self._outline().changes(take)

    def add_change(self, take: int, change: Change) -> None:
        """Put settings and keyframes in force from an iteration on, in place of later changes.

        Raises ValueError for an iteration that is painted already: it would no longer be true
        that the painting was painted with these settings.
        """
        with self._database.transaction() as tables:
            self._change(tables, take, change)

    def keyframes(self, take: int) -> tuple[Keyframe, ...]:
        """The keyframes that count from the next iteration of a take on, by iteration."""
        return planning.plan(self.changes(take), self.length(take)).keyframes

    def set_keyframe(self, take: int, keyframe: Keyframe) -> None:
        """Put a keyframe in the plan of a take; see `planning.with_keyframe`."""
        self._replan(take, lambda *now: planning.with_keyframe(now[0], keyframe, now[1]))

    def remove_keyframe(self, take: int, iteration: int) -> None:
        """Take a keyframe out of the plan. Raises RequestError when there is none."""
        self._replan(take, lambda *now: planning.without_keyframe(now[0], iteration, now[1]))

    def change_values(self, take: int, fields: Mapping[str, Any], *, record: bool = False) -> None:
        """Give settings other values from the next iteration on; see `planning.with_values`."""
        self._replan(take, lambda *now: planning.with_values(now[0], fields, now[1], record))

    def add_stroke(self, take: int, stroke: Stroke) -> None:
        """Paint by hand before the next iteration. Raises RequestError for too many strokes."""
        self._replan(take, lambda *now: planning.with_stroke(now[0], stroke, now[1]))

    def remove_stroke(self, take: int, stroke: Stroke) -> None:
        """Take back a stroke for which no iteration was painted yet."""
        self._replan(take, lambda *now: planning.without_stroke(now[0], stroke, now[1]))

    # The film

    @property
    def film(self) -> Order | None:
        """How a film of the project was last ordered; None before anybody did."""
        return self._document().film

    def set_film(self, order: Order) -> None:
        """Keep how a film is ordered."""
        with self._database.transaction() as tables:
            self._save(tables, msgspec.structs.replace(self._document(), film=order))

    # Iterations

    def record(self, take: int, iteration: Iteration, codes: Codes, proxy: bytes) -> None:
        """Keep an iteration: what was measured, its codes (height, width) and a small JPEG.

        Raises ValueError unless it is the next one of the take.
        """
        self.record_all(take, [(iteration, codes, proxy)])

    def record_all(self, take: int, rows: Iterable[iterations.Row]) -> None:
        """Keep many iterations at once, all or none."""
        iterations.record(self._database, take, self._outline().branch(take), rows)

    def length(self, take: int) -> int:
        """How many iterations a take has, inherited ones counted."""
        return iterations.length(self._database, take, self._outline().branch(take))

    def iterations(self, take: int, first: int = 0, last: int | None = None) -> list[Iteration]:
        """Iterations `first` to `last` (inclusive; None: to the end).

        One whose measurements are damaged has no losses and NaN for its numbers.
        """
        stop = self.length(take)
        if last is not None:
            stop = min(stop, last + 1)
        return iterations.measured(self._database, self._outline().line(take, stop), first)

    def codes(self, take: int, number: int) -> Codes:
        """The codebook indices of an iteration, uint16 (height, width) in latent cells."""
        return iterations.codes(self._database, self._owner(take, number), number)

    def proxy(self, take: int, number: int) -> bytes:
        """The small JPEG of an iteration."""
        return iterations.proxy(self._database, self._owner(take, number), number)

    # States

    def save_state(self, take: int, iteration_count: int, data: bytes) -> None:
        """Keep what painting on needs after that many iterations, in place of an earlier state.

        Raises ValueError unless the take itself, not its parent, has got so far.
        """
        first = self._outline().branch(take).branched_at or 0
        if not first <= iteration_count <= self.length(take):
            raise ValueError(f"take {take} has no state of its own after {iteration_count}")
        states.save(self._database, take, iteration_count, data)

    def nearest_state(self, take: int, at_most: int) -> tuple[int, bytes] | None:
        """The latest state after no more than `at_most` iterations, and after how many.

        A damaged one is passed over. None: painting starts again at its beginning.
        """
        return states.nearest(self._database, self._outline().line(take, at_most + 1), at_most)

    # Assets

    def add_asset(self, data: bytes) -> str:
        """Keep a picture or mask that prompts name; returns its sha256, in hexadecimal."""
        with self._database.transaction() as tables:
            return asset_rows.insert(tables, data)

    def asset(self, sha256: str) -> bytes:
        """A picture or mask by its sha256; raises StudioError when it is not there."""
        return asset_rows.get(self._database, sha256)

    def let_go(self) -> None:
        """Delete pictures and masks that nothing names any more, unless settings are damaged."""
        unnamed = [] if self.fell_back else asset_rows.unnamed(self._database)
        if unnamed:
            with self._database.transaction() as tables:
                asset_rows.delete(tables, unnamed)

    def _outline(self) -> Outline:
        return self._database.kept(outline.read_whole)

    def _document(self) -> Document:
        return self._outline().document

    def _owner(self, take: int, number: int) -> int:
        """The take that painted an iteration of a line."""
        if not 0 <= number < self.length(take):
            raise ValueError(f"take {take} has no iteration {number}")
        return self._outline().line(take, number + 1)[-1].take

    def _save(self, tables: sqlite3.Connection, document: Document) -> None:
        versions.save(tables, document)
        self._database.forget()

    def _replan(self, take: int, edit: Callable[[tuple[Change, ...], int], Change]) -> None:
        with self._database.transaction() as tables:
            before, length = self.changes(take), self.length(take)
            change = edit(before, length)
            if change != planning.plan(before, length):
                self._change(tables, take, change)

    def _change(self, tables: sqlite3.Connection, take: int, change: Change) -> None:
        if change.iteration < self.length(take):
            raise ValueError(f"iteration {change.iteration} of take {take} is painted already")
        changes = self._outline().edited(take).changes
        self._edit(tables, take, changes=with_change(changes, change))

    def _edit(self, tables: sqlite3.Connection, take: int, **fields: object) -> None:
        outlined = self._outline()
        outlined.branch(take)
        edited = msgspec.structs.replace(outlined.edited(take), **fields)
        self._save(tables, outlined.document.with_take(take, edited))
