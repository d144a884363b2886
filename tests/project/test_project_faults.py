"""Wrong and damaged files, failing disks and killed writers: a sentence, and nothing lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from made_up import Painter

from studio.errors import RequestError, StudioError
from studio.project import database, schema
from studio.project.file import Project

WRITER = """
import sys, signal, resource, time
import numpy as np
sys.path.insert(0, sys.argv[1])
from made_up import Painter
from studio.errors import StudioError
from studio.project.file import Project
pause, largest_file = float(sys.argv[3]), int(sys.argv[4])
if largest_file:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
painter = Painter()
with Project.open(sys.argv[2]) as project:
    print("open", flush=True)
    try:
        for _ in range(2000):
            painter.paint(project, 1, 1)
            print(project.length(1), flush=True)
            time.sleep(pause)
    except StudioError as error:
        print(error, flush=True)
"""


def refusal(path: Path, *, read_only: bool = False) -> StudioError:
    """How opening fails; checks that it says so well and leaves the folder as it was."""
    before = {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(StudioError) as raised:
        Project.open(path, read_only=read_only)
    assert before == {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    message = str(raised.value)
    assert str(path) in message
    assert ";" in message
    assert message.endswith(".")
    assert "\n" not in message
    return raised.value


@pytest.mark.parametrize("read_only", [True, False])
def test_files_that_are_no_projects(path: Path, read_only: bool) -> None:
    assert isinstance(refusal(path, read_only=read_only), RequestError)
    assert isinstance(refusal(path.parent, read_only=read_only), RequestError)
    for content in (b"", b"x", b"not a project " * 1000, b"SQLite format 3\0" + b"\0" * 4080):
        path.write_bytes(content)
        assert isinstance(refusal(path, read_only=read_only), RequestError)


@pytest.mark.parametrize("journal_mode", ["WAL", "DELETE"])
def test_the_database_of_another_program(path: Path, journal_mode: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {journal_mode}")
    connection.execute("CREATE TABLE take (a)")
    connection.commit()
    connection.close()
    for read_only in (True, False):
        assert isinstance(refusal(path, read_only=read_only), RequestError)


def test_files_of_a_newer_program(painter: Painter, path: Path) -> None:
    painter.create(path, 2).close()
    _set_version(path, schema.VERSION + (1 << 16))
    for read_only in (True, False):
        assert "newer" in str(refusal(path, read_only=read_only))
    _set_version(path, schema.VERSION + 1)
    assert isinstance(refusal(path), RequestError)
    with Project.open(path, read_only=True) as project:
        assert project.length(1) == 2


def test_a_truncated_file(painter: Painter, path: Path) -> None:
    painter.create(path, 20).close()
    whole = path.read_bytes()
    for share in (0.95, 0.5, 0.1):
        path.write_bytes(whole[: int(len(whole) * share)])
        error = refusal(path)
        assert not isinstance(error, RequestError)
        assert "damaged" in str(error)


def test_damaged_pages(painter: Painter, path: Path) -> None:
    painter.create(path, 20).close()
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 3] = os.urandom(4096 * 2)
    path.write_bytes(content)
    assert "damaged" in str(refusal(path))


def test_any_flipped_bit_is_noticed_or_harmless(painter: Painter, path: Path) -> None:
    with painter.create(path, 8) as project:
        project.add_take(1, 4)
        project.save_state(1, 8, b"state")
    whole = path.read_bytes()
    chance = random.Random(1)
    for _ in range(120):
        content = bytearray(whole)
        for _ in range(chance.choice((1, 1, 30))):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        for read_only in (True, False):
            _read_all(painter, path, read_only=read_only)


def _read_all(painter: Painter, path: Path, *, read_only: bool) -> None:
    """Everything is right, or a StudioError."""
    try:
        project = Project.open(path, read_only=read_only)
    except StudioError:
        return
    with project:
        for number in range(8):
            try:
                assert (project.codes(1, number) == painter.codes(number)).all()
                assert project.proxy(2, number % 4) == painter.proxy(number % 4)
            except (StudioError, ValueError):  # ValueError: the last ones may be lost
                pass
        try:
            for each in project.iterations(1):
                assert each == painter.iteration(each.number) or each.losses == ()
            assert project.nearest_state(1, 8) in (None, (8, b"state"))
            assert project.changes(1) == (painter.change(0),)
        except StudioError:
            pass


def test_a_damaged_document_falls_back(painter: Painter, path: Path) -> None:
    with painter.create(path, 3) as project:
        project.add_change(1, painter.change(5, "fog"))
        project.add_change(1, painter.change(6, "rain"))
        take = project.add_take(1, 2).id
    _damage_documents(path, 2)
    with Project.open(path) as project:
        assert project.fell_back
        assert [each.iteration for each in project.changes(1)] == [0, 5]
        assert project.length(1) == 3
        assert project.take(take).branched_at == 2
        assert project.take(take).name == "Take 2"
        painter.paint(project, take, 1)
        project.add_change(1, painter.change(7, "snow"))
        assert not project.fell_back
    _damage_documents(path, 10)
    assert "damaged" in str(refusal(path))


def test_a_damaged_state_is_passed_over(painter: Painter, path: Path) -> None:
    with painter.create(path, 3) as project:
        project.save_state(1, 1, b"state 1")
        project.save_state(1, 3, b"state 3")
    _execute(path, "UPDATE state SET data = x'00' WHERE count = 3")
    with Project.open(path) as project:
        assert project.nearest_state(1, 3) == (1, b"state 1")


def test_a_damaged_iteration_spares_the_others(painter: Painter, path: Path) -> None:
    painter.create(path, 4).close()
    _execute(path, "UPDATE picture SET codes = substr(codes, 2), proxy = 7 WHERE iteration = 2")
    _execute(path, "UPDATE iteration SET measured = x'00' WHERE number = 2")
    with Project.open(path) as project:
        with pytest.raises(StudioError, match=r"iteration 1 of .* is damaged"):
            project.codes(1, 1)
        with pytest.raises(StudioError, match=r"iteration 1 of .* is damaged"):
            project.proxy(1, 1)
        assert [each.losses == () for each in project.iterations(1)] == [False, False, True, False]
        painter.paint(project, 1, 1)


def test_one_writer_and_many_readers(painter: Painter, path: Path, tmp_path: Path) -> None:
    with painter.create(path, 2) as project:
        with pytest.raises(StudioError, match="another window"):
            Project.open(path)
        with pytest.raises(StudioError, match="another window"):
            Project.create(path, models=(), changes=[painter.change(0)], replace=True)
        (tmp_path / "link.vqproj").symlink_to(path)
        with pytest.raises(StudioError, match="another window"):
            Project.open(tmp_path / "link.vqproj")
        with Project.open(path, read_only=True) as reader:
            assert reader.length(1) == 2
            painter.paint(project, 1, 1)
            assert reader.length(1) == 3
            with pytest.raises(StudioError, match="may not be written"):
                painter.paint(reader, 1, 1)
    Project.open(path).close()


def test_another_process_that_writes(painter: Painter, path: Path) -> None:
    painter.create(path).close()
    with _writer(path, pause=0.02) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        with pytest.raises(StudioError, match="another window"):
            Project.open(path)
        with Project.open(path, read_only=True) as reader:
            assert reader.length(1) >= 0
        process.kill()
        process.wait()
    Project.open(path).close()
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.timeout(120)
def test_a_killed_writer_loses_nothing(painter: Painter, path: Path) -> None:
    painter.create(path).close()
    chance = random.Random(7)
    known = 0
    for round_number in range(6):
        with _writer(path) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
            time.sleep(chance.uniform(0.0, 0.25))
            process.send_signal(signal.SIGKILL)
            known = max([known, *map(int, process.stdout.read().split("\n")[:-1])])
        with Project.open(path, read_only=round_number % 2 == 0) as project:
            _check_iterations(project, painter, at_least=known)
    assert known > 0


def test_a_kill_in_the_middle_of_a_write(painter: Painter, path: Path) -> None:
    painter.create(path, 4).close()
    before = path.read_bytes()
    _leave_hot_journal(path)
    assert path.read_bytes() != before
    crashed = path.with_name("crashed.vqproj")
    for read_only in (True, False):
        shutil.copy(path, crashed)
        shutil.copy(f"{path}-journal", f"{crashed}-journal")
        with Project.open(crashed, read_only=read_only) as project:
            _check_iterations(project, painter, at_least=4)
        assert Path(f"{crashed}-journal").exists() == read_only
    assert not list(path.parent.glob("*-lock"))


def test_what_is_too_large_to_be_mended_on_a_copy_is_left_to_the_writer(
    painter: Painter, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painter.create(path, 4).close()
    _leave_hot_journal(path)
    monkeypatch.setattr(database, "_LARGEST_COPY", 1000)
    assert "half written" in str(refusal(path, read_only=True))
    with Project.open(path) as project:
        _check_iterations(project, painter, at_least=4)


def test_looking_at_what_a_crash_left_writes_nothing_there(painter: Painter, path: Path) -> None:
    painter.create(path, 4).close()
    _leave_hot_journal(path)
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    with Project.open(path, read_only=True) as project:
        _check_iterations(project, painter, at_least=4)
        assert {file: file.read_bytes() for file in path.parent.iterdir()} == before
    assert {file: file.read_bytes() for file in path.parent.iterdir()} == before
    with Project.open(path) as project:
        _check_iterations(project, painter, at_least=4)


@pytest.mark.parametrize("gone", [True, False])
def test_a_stale_journal_does_not_get_into_a_new_project(
    painter: Painter, path: Path, gone: bool
) -> None:
    painter.create(path, 4).close()
    _leave_hot_journal(path)
    if gone:
        path.unlink()
    changes = [painter.change(0)]
    with Project.create(path, models=(), changes=changes, replace=not gone) as project:
        assert project.length(1) == 0
        painter.paint(project, 1, 2)
        _check_iterations(project, painter, at_least=2)
    assert os.listdir(path.parent) == [path.name]


def test_a_full_disk(painter: Painter, path: Path) -> None:
    painter.create(path).close()
    with _writer(path, largest_file=200_000) as process:
        said, _ = process.communicate(timeout=60)
    *numbers, message = said.splitlines()
    assert str(path) in message
    assert "disk" in message
    with Project.open(path) as project:
        _check_iterations(project, painter, at_least=int(numbers[-1]))
        painter.paint(project, 1, 1)


def test_no_room_in_the_database(project: Project, painter: Painter) -> None:
    painter.paint(project, 1, 1)
    connection = project._database._connection
    [pages] = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(StudioError, match="room"):
        painter.paint(project, 1, 20)
    connection.execute("PRAGMA max_page_count = 1000000")
    painter.paint(project, 1, 2)
    _check_iterations(project, painter, at_least=3)


def test_creating_in_places_that_cannot_be(painter: Painter, path: Path) -> None:
    with pytest.raises(RequestError, match="no folder"):
        painter.create(path.parent / "nowhere" / "a.vqproj")
    with pytest.raises(RequestError, match="ordinary"):
        painter.create(path.parent)
    assert os.listdir(path.parent) == []


def test_names_and_paths_that_are_too_long(painter: Painter, path: Path) -> None:
    for length in (248, 251, 255):  # with what lies beside it, a name has no more than 255 bytes
        with pytest.raises(RequestError, match="too long; choose a shorter one"):
            painter.create(path.with_name("a" * (length - 7) + ".vqproj"))
    deep = path.parent.joinpath(*["d" * 100] * 5)
    deep.mkdir(parents=True)
    with pytest.raises(RequestError, match="too long; choose a folder that lies less deep"):
        painter.create(deep / "a.vqproj")
    assert os.listdir(deep) == []


def test_a_folder_that_may_not_be_written(painter: Painter) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "a.vqproj"
        painter.create(path, 2).close()
        with _ordinary_person(folder):
            error = refusal(path)
            assert "may not be written" in str(error)
            with pytest.raises(StudioError, match="may not be written"):
                painter.create(folder / "b.vqproj")
            with Project.open(path, read_only=True) as project:
                _check_iterations(project, painter, at_least=2)


def test_creating_fails_whole(
    painter: Painter, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE document (a)")
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(schema, "create_tables", fail)
    with pytest.raises(StudioError):
        painter.create(path)
    assert os.listdir(path.parent) == []


@contextmanager
def _writer(
    path: Path, *, pause: float = 0, largest_file: int = 0
) -> Iterator[subprocess.Popen[str]]:
    here = str(Path(__file__).parent)
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, here, str(path), str(pause), str(largest_file)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def _ordinary_person(folder: Path) -> Iterator[None]:
    """The folder may be read only, and not by virtue of being root either."""
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


def _check_iterations(project: Project, painter: Painter, *, at_least: int) -> None:
    length = project.length(1)
    assert length >= at_least
    assert project.iterations(1) == [painter.iteration(number) for number in range(length)]
    for number in range(length):
        assert (project.codes(1, number) == painter.codes(number)).all()
        assert project.proxy(1, number) == painter.proxy(number)


def _leave_hot_journal(path: Path) -> None:
    """Be killed when half of a large change has reached the file."""
    code = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 2")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE picture SET proxy = randomblob(2500)")
connection.execute("UPDATE iteration SET number = number + 1000")
connection.execute("UPDATE picture SET proxy = randomblob(12000)")
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert Path(f"{path}-journal").stat().st_size > 0


def _execute(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def _set_version(path: Path, version: int) -> None:
    _execute(path, f"PRAGMA user_version = {version}")


def _damage_documents(path: Path, count: int) -> None:
    newest = "SELECT version FROM document ORDER BY version DESC LIMIT"
    _execute(
        path,
        "UPDATE document SET json = replace(json, x'22', x'20')"
        f" WHERE version IN ({newest} {count})",
    )
