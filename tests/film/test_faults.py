"""What becomes of a film when ffmpeg, the disk or the person lets it down: a sentence, and nothing
left behind."""

from __future__ import annotations

import asyncio
import shutil
import sys
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.errors import RequestError, StudioError
from studio.film import encoder, ffmpeg
from studio.film.formats import Kind, format_of_kind
from studio.film.spec import About, Made, Spec

pytestmark = pytest.mark.slow

FRAME = bytes(32 * 16 * 3)
FAKE = """#!{python}
import os, sys, time
words = sys.argv[1:]
if "-encoders" in words:
    print(" V....D libx264\\n V....D gif" + {encoders!r})
    sys.exit()
{body}
"""


def spec(kind: Kind = "mp4", frames: int = 40, soundtrack: Path | None = None) -> Spec:
    return Spec(
        format=format_of_kind(kind),
        size=(32, 16),
        frames=frames,
        fps=25,
        quality="draft",
        about=About("a prompt", 1, "starter", "a program"),
        soundtrack=soundtrack,
    )


def make(out: Path, wanted: Spec, frames: Iterator[bytes] | None = None) -> Made:
    return asyncio.run(encoder.make(frames or iter([FRAME] * wanted.frames), wanted, out))


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a script in the place of ffmpeg."""

    def put(body: str, encoders: str = "") -> None:
        script = tmp_path / "tools" / "ffmpeg"
        script.parent.mkdir(exist_ok=True)
        script.write_text(FAKE.format(python=sys.executable, body=body, encoders=encoders))
        script.chmod(0o755)
        monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(script))

    return put


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where films go, with one that is there already."""
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "film.mp4").write_bytes(b"the former film")
    return folder


def untouched(folder: Path) -> bool:
    names = [each.name for each in folder.iterdir()]
    return names == ["film.mp4"] and (folder / "film.mp4").read_bytes() == b"the former film"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("sys.stdin.buffer.read(4000); sys.exit('Conversion failed')", "Conversion failed"),
        ("sys.stderr.write('x' * 10**6 + '\\nlast words\\n'); os._exit(3)", "last words"),
        ("os.kill(os.getpid(), 9)", "exit status -9"),
        ("sys.stdin.buffer.read(); sys.exit('write: No space left on device')", "no room left"),
    ],
)  # fmt: skip
def test_an_ffmpeg_that_fails_is_quoted_and_leaves_nothing(
    body: str, said: str, fake: Callable[..., None], folder: Path
) -> None:
    fake(body)
    with pytest.raises(StudioError, match=said) as caught:
        make(folder / "film.mp4", spec(frames=4000))
    assert len(str(caught.value)) < 600
    assert untouched(folder)


@pytest.mark.parametrize(
    "body",
    [
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(100)",
        "sys.stdin.buffer.read(); print('frame=3', flush=True); time.sleep(100)",
    ],
)
def test_an_ffmpeg_that_hangs_is_ended(
    body: str, fake: Callable[..., None], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(body)
    monkeypatch.setattr(ffmpeg, "PATIENCE", 0.8)
    with pytest.raises(StudioError, match="done nothing"):
        make(folder / "film.mp4", spec(frames=4000))
    assert untouched(folder)


def test_frames_that_take_long_are_no_hang(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "PATIENCE", 1.0)
    wait = threading.Event()

    def slow() -> Iterator[bytes]:
        yield FRAME
        wait.wait(2.5)
        yield FRAME

    assert make(folder / "film.mp4", spec(frames=2), slow()).frames == 2


def test_a_missing_encoder_is_named(fake: Callable[..., None], folder: Path) -> None:
    fake("sys.exit(1)")
    with pytest.raises(StudioError, match="no encoder libvpx-vp9"):
        make(folder / "film.webm", spec("webm"))
    assert untouched(folder)


def test_a_missing_ffmpeg_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(folder / "nothing"))
    with pytest.raises(StudioError, match="install imageio-ffmpeg"):
        make(folder / "film.mp4", spec())
    assert untouched(folder)


def test_a_disk_too_small_is_seen_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 1000))
    wanted = Spec(**{**vars(spec()), "room": 2_000_000})
    with pytest.raises(StudioError, match="needs about 2 MB"):
        make(folder / "film.mp4", wanted)
    assert untouched(folder)


@pytest.mark.parametrize("kind", ["mp4", "gif", "webp", "folder"])
def test_a_frame_that_cannot_be_made_ends_the_film(kind: Kind, folder: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield from [FRAME] * 20
        raise StudioError("The preview of iteration 20 is damaged.")

    with pytest.raises(StudioError, match="iteration 20"):
        make(folder / "other", spec(kind), broken())
    assert untouched(folder)


def test_too_few_frames_make_no_film(folder: Path) -> None:
    with pytest.raises(StudioError, match="needs 40 frames and got 3"):
        make(folder / "film.mp4", spec(), iter([FRAME] * 3))
    assert untouched(folder)


@pytest.mark.parametrize("kind", ["mp4", "gif", "webp", "folder"])
def test_a_cancelled_film_is_gone_and_its_frames_are_made_no_more(kind: Kind, folder: Path) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless() -> Iterator[bytes]:
        try:
            while True:
                begun.set()
                yield FRAME
        finally:
            ended.set()

    async def cancelled() -> None:
        wanted = spec(kind, frames=10**4)
        making = asyncio.ensure_future(encoder.make(endless(), wanted, folder / "other"))
        await asyncio.to_thread(begun.wait, 20)
        making.cancel()
        with pytest.raises(asyncio.CancelledError):
            await making

    asyncio.run(cancelled())
    assert ended.is_set()
    assert untouched(folder)


def test_sound_that_is_none_is_refused(folder: Path, tmp_path: Path) -> None:
    noise = tmp_path / "noise.mp3"
    noise.write_text("no sound at all")
    with pytest.raises(RequestError, match="no sound that can be read"):
        make(folder / "film.mp4", spec(soundtrack=noise))
    with pytest.raises(RequestError, match="no sound file"):
        make(folder / "film.mp4", spec(soundtrack=tmp_path / "gone.mp3"))
    assert untouched(folder)


def test_a_folder_of_others_is_left_alone(folder: Path) -> None:
    with pytest.raises(RequestError, match="holds other things"):
        make(folder, spec("folder"))
    with pytest.raises(RequestError, match="is a file"):
        make(folder / "film.mp4", spec("folder"))
    with pytest.raises(RequestError, match="no folder"):
        make(folder / "none" / "film.mp4", spec())
    assert untouched(folder)


@pytest.mark.parametrize("kind", ["mp4", "gif", "webp", "folder", "png"])
def test_a_film_is_done_once_it_is_at_its_place(kind: Kind, folder: Path) -> None:
    frames = 1 if kind == "png" else 40
    out, told = folder / "other", []

    def hear(done: int) -> None:
        told.append((done, out.exists()))

    making = encoder.make(iter([FRAME] * frames), spec(kind, frames), out, progress=hear)
    asyncio.run(making)
    assert told[-1] == (frames, True)
    assert all(is_there for done, is_there in told if done == frames)


def test_a_small_film_on_a_full_disk_says_how_much_it_needs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 0))
    wanted = Spec(**{**vars(spec()), "room": 35_200})
    with pytest.raises(StudioError, match="needs about 36 KB and the disk has 0 KB left"):
        make(folder / "film.mp4", wanted)
    assert untouched(folder)
