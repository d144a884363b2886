"""Projects from strangers: whatever lies in them or beside them is read at most, never obeyed."""

from __future__ import annotations

import os
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from made_up import Painter

from studio.errors import RequestError, StudioError
from studio.project import effort, lock
from studio.project.file import Project
from studio.project.lock import WriterLock, lock_path

MAGIC = bytes.fromhex("d9d505f920a163d7")
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


def opened_anyhow(painter: Painter, path: Path) -> list[Callable[[], object]]:
    """Every way in which the program gets at a project that is there."""
    changes = [painter.change(0)]

    def copied_over() -> None:
        path.with_name("other.vqproj").unlink(missing_ok=True)
        with painter.create(path.with_name("other.vqproj")) as other:
            other.copy_to(path, replace=True)

    return [
        lambda: Project.open(path, read_only=True).close(),
        lambda: Project.open(path).close(),
        lambda: Project.create(path, models=(), changes=changes, replace=True).close(),
        copied_over,
    ]


def journal(project: Path, *, whole: bool) -> bytes:
    """A journal with a page of the project, or with nothing that can be played."""
    page = project.read_bytes()[:4096]
    checksum = (7 + sum(page[at] for at in range(4096 - 200, 0, -200))) & 0xFFFFFFFF
    header = MAGIC + struct.pack(">IIIII", 1, 7, project.stat().st_size // 4096, 512, 4096)
    record = struct.pack(">I", 1) + page + struct.pack(">I", checksum)
    return header.ljust(512, b"\0") + record if whole else b"x" * 600


def names(victim: Path) -> bytes:
    """The end of a journal that names another."""
    name = os.fsencode(victim)
    end = struct.pack(">II", len(name), sum(name) & 0xFFFFFFFF) + MAGIC
    return struct.pack(">I", 0x40000000 // 4096 + 1) + name + end


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("way", range(4))
def test_a_journal_deletes_no_other_file(
    painter: Painter, path: Path, tmp_path: Path, way: int, whole: bool
) -> None:
    painter.create(path, 2).close()
    victim = tmp_path / "precious.txt"
    victim.write_text("precious")
    beside = Path(f"{path}-journal")
    beside.write_bytes(journal(path, whole=whole) + names(victim))
    act = opened_anyhow(painter, path)[way]
    if way < 2:
        with pytest.raises(RequestError, match=r"-journal.*delete it or take it elsewhere"):
            act()
        beside.unlink()
        Project.open(path).close()
    else:
        act()
        assert not beside.exists()
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("way", range(4))
def test_nor_does_one_of_the_lock(painter: Painter, path: Path, tmp_path: Path, way: int) -> None:
    painter.create(path, 2).close()
    victim = tmp_path / "precious.txt"
    victim.write_text("precious")
    lock_path(path).write_bytes(path.read_bytes())
    Path(f"{path}-lock-journal").write_bytes(journal(path, whole=True) + names(victim))
    opened_anyhow(painter, path)[way]()
    assert victim.read_text() == "precious"


@pytest.mark.skipif(sys.platform == "win32", reason="links take rights there")
@pytest.mark.parametrize("ending", ["-journal", "-lock", "-wal", "-shm"])
@pytest.mark.parametrize("way", range(4))
def test_links_beside_a_project_are_not_followed(
    painter: Painter, path: Path, tmp_path: Path, way: int, ending: str
) -> None:
    painter.create(path, 2).close()
    victim = tmp_path / "precious.txt"
    victim.write_text("precious")
    missing = tmp_path / "missing"
    for target in (victim, missing):
        Path(f"{path}{ending}").unlink(missing_ok=True)
        Path(f"{path}{ending}").symlink_to(target)
        with suppress(StudioError):  # refusing is as good as passing it over
            opened_anyhow(painter, path)[way]()
    assert victim.read_text() == "precious"
    assert not missing.exists()


@pytest.mark.parametrize("ending", ["-wal", "-shm"])
def test_no_log_is_played_into_a_project(painter: Painter, path: Path, ending: str) -> None:
    painter.create(path, 2).close()
    Path(f"{path}{ending}").write_bytes(b"x" * 5000)
    for way in opened_anyhow(painter, path)[:2]:
        with pytest.raises(RequestError, match=f"{ending}, which"):
            way()
    Project.create(path, models=(), changes=[painter.change(0)], replace=True).close()
    assert os.listdir(path.parent) == [path.name]


def test_a_project_written_with_a_log_is_none_of_ours(painter: Painter, path: Path) -> None:
    painter.create(path, 2).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    for way in opened_anyhow(painter, path)[:2]:
        with pytest.raises(RequestError, match="not a VQGAN-CLIP Studio project"):
            way()
    assert os.listdir(path.parent) == [path.name]


def test_a_journal_does_not_make_the_project_huge(painter: Painter, path: Path) -> None:
    painter.create(path, 2).close()
    size = path.stat().st_size
    written = bytearray(journal(path, whole=True))
    written[16:20] = (2**31).to_bytes(4, "big")
    Path(f"{path}-journal").write_bytes(written)
    for way in opened_anyhow(painter, path)[:2]:
        with pytest.raises(RequestError, match="-journal"):
            way()
    assert path.stat().st_size == size


STRANGE = {
    "an endless view": [
        "DROP TABLE document",
        f"CREATE VIEW document (version, json) AS {ENDLESS} SELECT i, x'00' FROM n",
    ],
    "a view of huge rows": [
        "DROP TABLE document",
        f"CREATE VIEW document (version, json) AS {ENDLESS} SELECT i, zeroblob(900000000) FROM n",
    ],
    "another view": ["CREATE VIEW other AS SELECT 1"],
    "a trigger": [
        f"CREATE TRIGGER busy BEFORE INSERT ON iteration BEGIN {ENDLESS} SELECT i FROM n; END"
    ],
    "another table": ["CREATE TABLE other (a)"],
    "a virtual table": ["CREATE VIRTUAL TABLE other USING rtree(a, b, c)"],
    "an index": ["CREATE INDEX other ON take (hex(branch))"],
    "statistics": ["ANALYZE"],
    "a column that is worked out": [
        "ALTER TABLE take ADD COLUMN other AS (hex(zeroblob(1000000)))",
    ],
    "a check": [
        "DROP TABLE asset",
        "CREATE TABLE asset (sha256 TEXT PRIMARY KEY, data BLOB NOT NULL CHECK (hex(data) > 1))",
    ],
    "a table too few": ["DROP TABLE state"],
    "a table of another shape": ["ALTER TABLE picture RENAME COLUMN proxy TO other"],
}


@pytest.mark.parametrize("what", STRANGE)
def test_only_our_tables_are_asked(painter: Painter, path: Path, what: str) -> None:
    painter.create(path, 6).close()
    execute(path, *STRANGE[what])
    for way in opened_anyhow(painter, path)[:2]:
        with pytest.raises(RequestError, match="holds other tables than a project does"):
            way()


def test_a_newer_minor_version_may_hold_further_tables_but_nothing_that_acts(
    painter: Painter, path: Path
) -> None:
    painter.create(path, 2).close()
    execute(path, "CREATE TABLE more (a TEXT PRIMARY KEY)", f"PRAGMA user_version = {1 << 16 | 99}")
    with Project.open(path, read_only=True) as project:
        assert project.length(1) == 2
    execute(path, "CREATE VIEW other AS SELECT 1")
    with pytest.raises(RequestError, match="other tables"):
        Project.open(path, read_only=True)


def test_tables_without_end_are_given_up(
    painter: Painter, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effort, "_SECONDS", 0.1)
    painter.create(path, 1).close()
    execute(
        path,
        "PRAGMA writable_schema = ON",
        f"INSERT INTO sqlite_master {ENDLESS} SELECT 'view', 'v' || i, 'v' || i, 0, "
        "'CREATE VIEW v' || i || ' AS SELECT 1' FROM n LIMIT 50000",
    )
    with pytest.raises(StudioError, match="takes too long"):
        Project.open(path, read_only=True)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
def test_a_lock_on_a_file_that_is_gone_locks_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, really = WriterLock(path), lock._lock
    held = []

    def late(handle: int) -> None:
        monkeypatch.setattr(lock, "_lock", really)
        first.close()  # which deletes the file that was opened just now
        held.append(WriterLock(path))
        really(handle)

    monkeypatch.setattr(lock, "_lock", late)
    with pytest.raises(StudioError, match="another window"):
        WriterLock(path)
    first.close()
    with pytest.raises(StudioError, match="another window"):
        WriterLock(path)
    held[0].close()
    WriterLock(path).close()
    assert os.listdir(path.parent) == []


def test_a_lock_dies_with_its_process(path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from studio.project.lock import WriterLock; "
        "lock = WriterLock(Path(sys.argv[1])); os._exit(9)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(lock.__file__).parents[2])}
    subprocess.run([sys.executable, "-c", code, str(path)], check=False, env=environment)
    assert lock_path(path).exists()
    WriterLock(path).close()
    assert not lock_path(path).exists()


def test_migrating_replaces_nothing_of_the_person(painter: Painter, path: Path) -> None:
    painter.create(path, 2).close()
    execute(path, f"PRAGMA user_version = {1 << 16}")
    older = path.read_bytes()
    kept = path.with_name(f"{path.stem} (format 1.0).vqproj")
    kept.write_bytes(b"precious")
    Project.open(path).close()
    assert kept.read_bytes() == b"precious"
    assert path.with_name(f"{path.stem} (format 1.0 2).vqproj").read_bytes() == older


def test_migrating_once_more_after_a_kill_keeps_one_copy(painter: Painter, path: Path) -> None:
    painter.create(path, 2).close()
    execute(path, f"PRAGMA user_version = {1 << 16}")
    kept = path.with_name(f"{path.stem} (format 1.0).vqproj")
    kept.write_bytes(path.read_bytes())
    Project.open(path).close()
    assert sorted(os.listdir(path.parent)) == sorted([path.name, kept.name])


def execute(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    for statement in statements:
        connection.execute(statement)
    connection.close()
