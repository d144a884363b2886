"""ffmpeg as another program: fed, listened to, and ended when it hangs or nobody wants it more.

The binary comes with imageio-ffmpeg; the environment variable IMAGEIO_FFMPEG_EXE names another.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from studio import disk
from studio.errors import RequestError, StudioError
from studio.film.commands import sound_check
from studio.film.formats import Format

PATIENCE = 120.0
"""Seconds in which ffmpeg must take a frame, or finish one, before it counts as hung."""
_LAST_LINES = 20
_FULL = ("no space left", "disk quota exceeded", "file too large")


async def check_encoder(format: Format, *, sound: bool) -> None:
    """Raise StudioError when this ffmpeg cannot make such a film."""
    process = await _start(["-hide_banner", "-encoders"])
    listing, _ = await _within_patience(process, process.communicate())
    known = {words[1] for line in listing.decode().splitlines() if len(words := line.split()) > 1}
    for encoder in (format.encoder, format.sound if sound else ""):
        if encoder and encoder not in known:
            raise StudioError(
                f"This ffmpeg has no encoder {encoder}, so it cannot make {format.name}; install "
                "imageio-ffmpeg again, or choose another kind of film."
            )


async def check_sound(soundtrack: Path) -> None:
    """Raise RequestError unless ffmpeg can read sound from the file."""
    if not soundtrack.is_file():
        raise RequestError(f"There is no sound file {soundtrack}; check the name and the folder.")
    process = await _start(sound_check(soundtrack.resolve()))
    _, said = await _within_patience(process, process.communicate())
    if process.returncode != 0:
        why = _lines(said.decode(errors="replace"))[0]
        raise RequestError(
            f"{soundtrack} holds no sound that can be read ({why}); choose another file."
        )


async def run(
    words: Sequence[str],
    frames: AsyncIterator[bytes],
    out: Path,
    done: Callable[[int], None],
) -> None:
    """Run ffmpeg to its end; `done` hears now and then how many frames are encoded.

    What it works on comes through its standard input, so that it ends even if this process is
    killed. Raises StudioError, naming `out`, when it fails, dies or hangs. However this ends, so
    has it.
    """
    process = await _start(words)
    said: deque[str] = deque(maxlen=_LAST_LINES)
    counter = _Counter(done)
    listeners = [
        asyncio.ensure_future(_listen(process.stderr, said.append)),
        asyncio.ensure_future(_listen(process.stdout, counter.hear)),
    ]
    try:
        await _feed(process, frames)
        await _end(process, counter)
        await asyncio.wait(listeners)
    except TimeoutError as error:
        raise StudioError(
            f"ffmpeg has done nothing for {PATIENCE:.0f} seconds while it made {out}, and was "
            "ended; try again, or choose another kind of film."
        ) from error
    finally:
        await _kill(process)
        for listener in listeners:
            listener.cancel()
        await asyncio.wait(listeners)
    if process.returncode != 0:
        raise _failure(process.returncode, "\n".join(said), out)


class _Counter:
    """Frames that ffmpeg says it has encoded."""

    def __init__(self, done: Callable[[int], None]) -> None:
        self.frames, self._done = 0, done

    def hear(self, line: str) -> None:
        name, _, value = line.partition("=")
        if name == "frame" and value.strip().isdigit() and int(value) > self.frames:
            self.frames = int(value)
            self._done(self.frames)


async def _start(words: Sequence[str]) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    hidden = 0x08000000 if os.name == "nt" else 0  # no console window of its own
    try:
        return await asyncio.create_subprocess_exec(
            _executable(), *words, stdin=pipe, stdout=pipe, stderr=pipe, creationflags=hidden
        )
    except OSError as error:
        raise StudioError(
            f"ffmpeg cannot be started ({error.strerror}); install imageio-ffmpeg again."
        ) from error


def _executable() -> str:
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise StudioError("There is no ffmpeg here; install imageio-ffmpeg again.") from error


async def _within_patience(
    process: asyncio.subprocess.Process, answer: Coroutine[Any, Any, tuple[bytes, bytes]]
) -> tuple[bytes, bytes]:
    try:
        async with asyncio.timeout(PATIENCE):
            return await answer
    except TimeoutError as error:
        raise StudioError("ffmpeg does not answer; install imageio-ffmpeg again.") from error
    finally:
        await _kill(process)


async def _feed(process: asyncio.subprocess.Process, frames: AsyncIterator[bytes]) -> None:
    """Give it every frame; one that reads no more has something to say, which is heard later."""
    assert process.stdin is not None
    try:
        async for frame in frames:
            process.stdin.write(frame)
            # not wait_for: before Python 3.12 it may swallow that the film is cancelled
            async with asyncio.timeout(PATIENCE):
                await process.stdin.drain()
        process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            # shielded: a wait that is cancelled itself would be set by ffmpeg's end all the same
            await asyncio.shield(process.stdin.wait_closed())
    except (BrokenPipeError, ConnectionResetError):
        pass


async def _end(process: asyncio.subprocess.Process, counter: _Counter) -> None:
    """Wait until it ends; raises TimeoutError when it finishes no frame for too long."""
    while True:
        before = counter.frames
        try:
            async with asyncio.timeout(PATIENCE):
                await process.wait()
            return
        except TimeoutError:
            if counter.frames == before:
                raise


async def _listen(stream: asyncio.StreamReader | None, hear: Callable[[str], object]) -> None:
    assert stream is not None
    rest = ""
    while data := await stream.read(65536):
        *lines, rest = (rest + data.decode(errors="replace")).split("\n")
        rest = rest[-1000:]
        for line in lines:
            hear(line)
    if rest:
        hear(rest)


async def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _failure(status: int | None, said: str, out: Path) -> StudioError:
    if any(words in said.lower() for words in _FULL):
        return disk.full(out)
    why = _lines(said)[-1] or f"exit status {status}"
    return StudioError(f"ffmpeg could not make {out}: {why}")


def _lines(said: str) -> list[str]:
    """What it said, line by line; one empty line if it said nothing."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return [line.rstrip(".") for line in lines] or [""]
