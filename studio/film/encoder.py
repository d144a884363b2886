"""Frames in, a film out: made beside its place, and put there once all of it is on the disk.

It runs in any asyncio loop: that of the command line, or the one under qasync behind the window.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from typing import TypeVar

from PIL import Image

from studio import leftovers
from studio.errors import StudioError
from studio.film import commands, ffmpeg, webp
from studio.film.ahead import made_ahead
from studio.film.formats import Maker, delays
from studio.film.spec import Made, Spec
from studio.film.whole import NUMBERED, check_out, check_room, whole
from studio.pictures import png

Told = Callable[[int], None]
"""Hears how many frames are done."""
Frames = AsyncIterator[bytes]
Done = TypeVar("Done")
PNG_EFFORT = 4
"""zlib's level, 0..9."""
BLOCK = 2**20
"""Bytes that are read at once."""


async def make(
    frames: Iterable[bytes], spec: Spec, out: Path, *, progress: Told = lambda done: None
) -> Made:
    """Make a film of the frames, which are taken one by one in a thread of their own.

    Raises RequestError and StudioError, each with its sentence; then, and when it is cancelled,
    nothing of the film stays and what was at `out` is there still.
    """
    out = Path(os.path.abspath(out))
    check_out(out, spec.format)
    check_room(out, spec.room)
    if spec.soundtrack is not None:
        await ffmpeg.check_sound(spec.soundtrack)
    if spec.format.encoder:
        await ffmpeg.check_encoder(spec.format, sound=spec.soundtrack is not None)

    def nearly(done: int) -> None:
        """The last frame is told of once the film is at its place."""
        progress(min(done, spec.frames - 1))

    with whole(out, spec.format) as unfinished:
        counted = _Counted(spec)
        async with made_ahead(counted.through(frames)) as coming:
            await _MAKERS[spec.format.maker](coming, spec, unfinished, out, nearly)
        counted.check(out)
        size = _size(unfinished)
    progress(spec.frames)
    return Made(out, spec.frames, float(spec.seconds), spec.fps, spec.size, size)


class _Counted:
    """Sees to it that a film has the frames it promises."""

    def __init__(self, spec: Spec) -> None:
        self.spec, self.seen = spec, 0

    def through(self, frames: Iterable[bytes]) -> Iterable[bytes]:
        for frame in frames:
            self.seen += 1
            yield frame

    def check(self, out: Path) -> None:
        if self.seen != self.spec.frames:
            raise StudioError(f"{out} needs {self.spec.frames} frames and got {self.seen}.")


async def _video(frames: Frames, spec: Spec, unfinished: Path, out: Path, told: Told) -> None:
    await ffmpeg.run(commands.video(spec, unfinished), frames, out, told)


async def _gif(frames: Frames, spec: Spec, unfinished: Path, out: Path, told: Told) -> None:
    """Twice through: first for the colours of the whole film, then for the film in them."""
    with leftovers.beside(unfinished) as folder:
        folder.mkdir()
        lossless, palette = folder / "frames.mkv", folder / "palette.png"
        first = commands.gathering(spec, lossless, palette)
        await ffmpeg.run(first, frames, out, lambda done: told(done // 2))
        second = commands.gif(spec, palette, unfinished)
        async with made_ahead(_read(lossless)) as gathered:
            await ffmpeg.run(second, gathered, out, lambda done: told((spec.frames + done) // 2))
    _comment_gif(unfinished, spec.about.line())


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


async def _webp(frames: Frames, spec: Spec, unfinished: Path, out: Path, told: Told) -> None:
    waits = delays(spec.format, spec.fps, spec.frames)
    with unfinished.open("wb") as file:
        writer, number = webp.Writer(file, spec.size, repeats=spec.repeats), 0
        pictures = _in_threads(frames, lambda each, _: webp.encoded(each, spec.size, spec.quality))
        async with aclosing(pictures):
            async for picture in pictures:
                writer.add(picture, waits[number])
                number += 1
                told(number)
        writer.finish(spec.about)


async def _folder(frames: Frames, spec: Spec, unfinished: Path, out: Path, told: Told) -> None:
    await _write_pngs(frames, spec, lambda number: unfinished / NUMBERED.format(number), told)


async def _png(frames: Frames, spec: Spec, unfinished: Path, out: Path, told: Told) -> None:
    await _write_pngs(frames, spec, lambda number: unfinished, told)


async def _write_pngs(frames: Frames, spec: Spec, path: Callable[[int], Path], told: Told) -> None:
    written = _in_threads(frames, lambda frame, number: _write_png(frame, spec, path(number)))
    done = 0
    async with aclosing(written):
        async for _ in written:
            done += 1
            told(done)


_MAKERS: dict[Maker, Callable[[Frames, Spec, Path, Path, Told], Awaitable[None]]] = {
    "ffmpeg": _video,
    "gif": _gif,
    "webp": _webp,
    "pictures": _folder,
    "picture": _png,
}


async def _in_threads(
    frames: Frames, work: Callable[[bytes, int], Done]
) -> AsyncGenerator[Done, None]:
    """What becomes of each frame, in their order, worked on by as many threads as there are
    processors; only as many wait."""
    loop, most = asyncio.get_running_loop(), max(2, os.cpu_count() or 1)
    at_work: deque[asyncio.Future[Done]] = deque()
    with ThreadPoolExecutor(most, "pictures") as pool:
        try:
            number = 0
            async for frame in frames:
                at_work.append(loop.run_in_executor(pool, work, frame, number))
                number += 1
                if len(at_work) > most:
                    yield await at_work.popleft()
            while at_work:
                yield await at_work.popleft()
        finally:
            if at_work:
                for each in at_work:
                    each.cancel()
                await asyncio.wait(at_work)


def _write_png(frame: bytes, spec: Spec, path: Path) -> None:
    image = Image.frombytes("RGB", spec.size, frame)
    about = {"Software": spec.about.program, **spec.about.words()}
    path.write_bytes(png.encoded(image, about, effort=PNG_EFFORT))


def _comment_gif(path: Path, text: str) -> None:
    """Put a comment (GIF89a, section 24) before the byte that ends the file."""
    data = text.encode()
    blocks = [data[at : at + 255] for at in range(0, len(data), 255)]
    with path.open("rb+") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x21\xfe")
        for block in blocks:
            file.write(bytes([len(block)]) + block)
        file.write(b"\0\x3b")


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(each.stat().st_size for each in path.iterdir())
    return path.stat().st_size
