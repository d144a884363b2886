"""The SQLite file under a project: opened with care, written in transactions, closed tidily."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from studio.atomic import whole_file
from studio.project import faults, schema
from studio.project.lock import WriterLock, lock_path

_PATIENCE = 10.0
"""Seconds to wait while another process reads or writes; each takes milliseconds."""


class Database:
    """A project's tables. Many may read them, one at a time writes; safe to share by threads.

    Every failure of the disk or of SQLite comes out as a StudioError that names the file.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: WriterLock | None) -> None:
        self.path = path
        self._connection = connection
        self._lock = lock
        self._turn = threading.RLock()

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

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows that a query finds."""
        with self._turn, _translated(self.path):
            return self._connection.execute(sql, values).fetchall()

    def value(self, sql: str, *values: object) -> object:
        """The only column of the first row that a query finds; None when it finds none."""
        found = self.rows(sql, *values)
        return found[0][0] if found else None

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
                    self._connection.execute("ROLLBACK")

    def copy_to(self, path: Path, *, replace: bool) -> None:
        """Write all tables to a new file of this format, whole or not at all."""
        path = Path(os.path.realpath(path))
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
            return _connect_checked(path)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
                raise
        with closing(WriterLock(path)):
            _roll_back(path)
        return _connect_checked(path)


def _connect_checked(path: Path) -> sqlite3.Connection:
    connection = _connect(path, "ro")
    with ExitStack() as undo:
        undo.callback(connection.close)
        application, version = schema.identity(connection)
        schema.check(path, application, version, read_only=True)
        if not schema.can_be_read(version):
            connection = _in_memory(connection)
        undo.pop_all()
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
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


def _roll_back(path: Path) -> None:
    """Undo what a crash left half written, which a reader may not do."""
    with closing(_connect(path, "rw")) as connection:
        schema.identity(connection)
        _tidy(connection)


def _settle(path: Path) -> None:
    """Make sure that no journal waits at `path`: SQLite would play it into a new file there."""
    journal = path.with_name(path.name + "-journal")
    if journal.exists() and path.exists():
        with suppress(sqlite3.Error):  # what is there need not be a project, or whole
            _roll_back(path)
    journal.unlink(missing_ok=True)


def _connect_writer(path: Path) -> sqlite3.Connection:
    with _translated(path), ExitStack() as undo:
        connection = _connect(path, "rw")
        undo.callback(connection.close)
        application, version = schema.identity(connection)
        schema.check(path, application, version, read_only=False)
        if version < schema.VERSION:
            connection.close()
            _migrate(path, version)
            connection = _connect(path, "rw")
            undo.callback(connection.close)
        _prepare(connection, path)
        undo.pop_all()
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # About a millisecond slower for an iteration than WAL, but all of it is always in one file.
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA synchronous = FULL")
    for table in schema.SMALL_TABLES:
        if connection.execute(f"PRAGMA quick_check({table})").fetchone() != ("ok",):
            raise faults.damaged(path)
    # A file or folder that may not be written says so now rather than at the first iteration.
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")


def _migrate(path: Path, version: int) -> None:
    """Put a migrated copy in the place of an older file, which is kept under another name."""
    kept = path.with_name(f"{path.stem} (format {schema.name(version)}){path.suffix}")
    with whole_file(path) as copy, whole_file(kept) as original:
        shutil.copyfile(path, original)
        shutil.copyfile(path, copy)
        with closing(_connect(copy, "rw")) as connection:
            connection.execute("BEGIN")
            schema.migrate(connection)
            connection.execute("COMMIT")


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
