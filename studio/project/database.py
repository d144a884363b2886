"""The SQLite file under a project: opened with care, written in transactions, closed tidily."""

from __future__ import annotations

import filecmp
import itertools
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Self, TypeVar

from studio.atomic import whole_file
from studio.errors import RequestError
from studio.project import beside, faults, schema
from studio.project.effort import Effort
from studio.project.lock import WriterLock, lock_path

Kept = TypeVar("Kept")

_PATIENCE = 10.0
"""Seconds to wait while another process reads or writes; each takes milliseconds."""
_CHECKED_FOR = 2.0
"""Seconds in which the small tables are checked as far as they get; each blob has its own check."""
_LONGEST = 2**24
"""Bytes of a value that a query finds, unless it asks for longer ones."""
_LARGEST_COPY = 2**30
"""Bytes of a half written project that is looked at on a mended copy."""


class Database:
    """A project's tables. Many may read them, one at a time writes; safe to share by threads.

    Every failure of the disk or of SQLite comes out as a StudioError that names the file.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: WriterLock | None) -> None:
        self.path = path
        self._connection = connection
        self._effort = Effort(connection)
        self._lock = lock
        self._turn = threading.RLock()
        self._kept: tuple[object, Any] | None = None

    @classmethod
    def open(cls, path: Path, *, read_only: bool) -> Self:
        """Open a project that exists; refuse anything else without touching it."""
        path = Path(os.path.realpath(path))
        _check_file(path, read_only)
        if read_only:
            return cls(path, _connect_reader(path), None)
        with ExitStack() as undo:
            lock = WriterLock(path)
            undo.callback(lock.close)
            connection = _connect_writer(path)
            undo.pop_all()
        return cls(path, connection, lock)

    @classmethod
    @contextmanager
    def create(cls, path: Path, *, replace: bool) -> Iterator[sqlite3.Connection]:
        """A connection to empty tables, which are at `path` once the block has ended well."""
        path = Path(os.path.realpath(path))
        faults.check_length(path)
        if not path.parent.is_dir():
            raise faults.no_folder(path)
        with _translated(path), closing(WriterLock(path)), whole_file(path) as unfinished:
            if path.exists() and not replace:
                raise faults.exists(path)
            with closing(_connect(unfinished, "rw")) as connection:
                # Nothing to go back to, and whole_file sees that it reaches the disk.
                connection.execute("PRAGMA journal_mode = OFF")
                connection.execute("PRAGMA synchronous = OFF")
                schema.create_tables(connection)
                yield connection
            _settle(path)

    def rows(self, sql: str, *values: object, longest: int = _LONGEST) -> list[tuple[Any, ...]]:
        """All rows that a query finds, whose values have no more than so many bytes."""
        with self._turn, _translated(self.path), self._effort.limited(longest):
            return self._connection.execute(sql, values).fetchall()

    def value(self, sql: str, *values: object, longest: int = _LONGEST) -> object:
        """The only column of the first row that a query finds; None when it finds none."""
        found = self.rows(sql, *values, longest=longest)
        return found[0][0] if found else None

    def kept(self, read: Callable[[Self], Kept]) -> Kept:
        """What `read` makes of the tables; made again once others wrote, or after `forget`.

        There is one such thing: a database is always asked with the same `read`.
        """
        with self._turn:
            version = self.value("PRAGMA data_version")
            if self._kept is None or self._kept[0] != version:
                with self._snapshot():
                    self._kept = (version, read(self))
            found: Kept = self._kept[1]
            return found

    def forget(self) -> None:
        """Read anew what `kept` gives: this program has changed it."""
        self._kept = None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A block whose statements are on the disk when it ends well, and undone otherwise."""
        with self._turn, _translated(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self.forget()
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """A block that reads the tables as they are at one moment."""
        if self._connection.in_transaction:
            yield
            return
        with _translated(self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def copy_to(self, path: Path, *, replace: bool) -> None:
        """Write all tables to a new file of this format, whole or not at all."""
        path = Path(os.path.realpath(path))
        faults.check_length(path)
        with _translated(path), closing(WriterLock(path)), whole_file(path) as unfinished:
            if path.exists() and not replace:
                raise faults.exists(path)
            with self._turn, closing(_connect(unfinished, "rw")) as copy:
                self._connection.backup(copy)
                schema.migrate(copy)
            _settle(path)

    def close(self) -> None:
        """Let go of the file; closing twice does no harm."""
        with self._turn:
            if self._lock is not None:
                _tidy(self._connection)
                self._connection.close()
                self._lock.close()
                self._lock = None
            self._connection.close()


def _check_file(path: Path, read_only: bool) -> None:
    with _translated(path):
        if not path.exists():
            raise faults.missing(path)
        if not path.is_file():
            raise faults.not_a_project(path)
        # Closing a file that this process reads by itself would drop SQLite's locks on it. So a
        # project at work, known by its lock file, is asked later, through SQLite.
        if not lock_path(path).exists():
            schema.check(path, *schema.header(path), read_only=read_only)


def _connect_reader(path: Path) -> sqlite3.Connection:
    with _translated(path):
        try:
            return _connect_checked(path, path)
        except sqlite3.OperationalError as error:
            if faults.code(error) != sqlite3.SQLITE_READONLY_ROLLBACK:
                raise
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            return _connect_mended(path, Path(folder) / path.name)


def _connect_checked(file: Path, path: Path) -> sqlite3.Connection:
    """A connection for reading to `file`, which holds what is told of as `path`."""
    with _undone_on_failure(_connect(file, "ro")) as connection:
        version = _checked(connection, path, read_only=True)
        return connection if schema.can_be_read(version) else _in_memory(connection)


def _connect_mended(path: Path, copy: Path) -> sqlite3.Connection:
    """A project that was left half written, as it was before; whoever only looks mends a copy."""
    journal = beside.beside(path, beside.JOURNAL)
    before = _stamp(journal)
    if path.stat().st_size + before[0] > _LARGEST_COPY:
        raise faults.half_written(path)
    shutil.copyfile(journal, beside.beside(copy, beside.JOURNAL))
    shutil.copyfile(path, copy)
    if _stamp(journal) != before:
        raise faults.busy(path)  # who writes it mends it just now
    with closing(_connect(copy, "rw")) as connection:
        schema.identity(connection)
    return _connect_checked(copy, path)


def _stamp(file: Path) -> tuple[int, int, int]:
    """The size of a file, and what changes when it is written or replaced; zeros without one."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return 0, 0, 0
    return found.st_size, found.st_mtime_ns, found.st_ino


def _checked(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> int:
    """The version of a file whose tables are those of a project; raises RequestError otherwise."""
    with Effort(connection).limited(_LONGEST):
        application, version = schema.identity(connection)
        schema.check(path, application, version, read_only=read_only)
        schema.check_tables(connection, path, version)
    return version


@contextmanager
def _undone_on_failure(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A block that leaves the connection open only when it ends well."""
    try:
        yield connection
    except BaseException:
        connection.close()
        raise


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """The only way to a file: none is opened beside which something lies that would do harm."""
    beside.check(path)
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        timeout=_PATIENCE,
        isolation_level=None,
        check_same_thread=False,
    )
    # The file may come from a stranger or be damaged; SQLite is told not to trust it.
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _settle(path: Path) -> None:
    """Make sure that nothing waits at `path` which SQLite would play into a new file there."""
    if path.exists():
        # what is there need not be a project, or whole, or harmless
        with suppress(sqlite3.Error, RequestError), closing(_connect(path, "rw")) as connection:
            schema.identity(connection)
            _tidy(connection)
    beside.clear(path)


def _connect_writer(path: Path) -> sqlite3.Connection:
    with _translated(path), ExitStack() as undo:
        connection = undo.enter_context(_undone_on_failure(_connect(path, "rw")))
        version = _checked(connection, path, read_only=False)
        if version < schema.VERSION:
            connection.close()
            _migrate(path, version)
            connection = undo.enter_context(_undone_on_failure(_connect(path, "rw")))
        _prepare(connection, path)
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # About a millisecond slower for an iteration than WAL, but all of it is always in one file.
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA synchronous = FULL")
    _check_small_tables(connection, path)
    # A file or folder that may not be written says so now rather than at the first iteration.
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")


def _check_small_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StudioError when one is damaged, as far as that is found in a short time."""
    over = threading.Event()

    def end() -> None:
        over.set()
        connection.interrupt()

    timer = threading.Timer(_CHECKED_FOR, end)
    timer.start()
    try:
        for table in schema.SMALL_TABLES:
            found = connection.execute(f"PRAGMA quick_check({table})").fetchone()
            if found != ("ok",) and not over.is_set():
                raise faults.damaged(path)
    except sqlite3.OperationalError:
        if not over.is_set():
            raise
    finally:
        timer.cancel()
        timer.join()


def _migrate(path: Path, version: int) -> None:
    """Put a migrated copy in the place of an older file, which is kept under another name."""
    kept = _name_to_keep(path, f"format {schema.name(version)}")
    with whole_file(path) as copy, whole_file(kept) as original:
        shutil.copyfile(path, original)
        shutil.copyfile(path, copy)
        with closing(_connect(copy, "rw")) as connection:
            connection.execute("BEGIN")
            schema.migrate(connection)
            connection.execute("COMMIT")


def _name_to_keep(path: Path, what: str) -> Path:
    """A name beside `path` that nothing has, or under which the same is kept already."""
    for number in itertools.count(1):
        again = "" if number == 1 else f" {number}"
        kept = path.with_name(f"{path.stem} ({what}{again}){path.suffix}")
        if not os.path.lexists(kept) or (kept.is_file() and filecmp.cmp(path, kept, shallow=False)):
            return kept
    raise AssertionError("there is always another name")


def _in_memory(older: sqlite3.Connection) -> sqlite3.Connection:
    """A migrated copy of an older project for reading, which leaves the file as it is."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    older.backup(connection)
    older.close()
    schema.migrate(connection)
    return connection


def _tidy(connection: sqlite3.Connection) -> None:
    """Take the empty journal away; if that fails it does no harm."""
    with suppress(sqlite3.Error):
        connection.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise  # a mistake of ours
    except sqlite3.Error as error:
        raise faults.of_sqlite(error, path) from error
    except UnicodeDecodeError as error:  # sqlite3 quotes damaged names in its messages
        raise faults.damaged(path) from error
    except OSError as error:
        raise faults.of_system(error, path) from error
