"""Fetching a file over HTTP: resumed where it broke off, mirror by mirror, whole or not at all.

Range requests and their conditions are those of RFC 9110, sections 13 and 14.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.errors import StudioError
from studio.models.catalogue import Source
from studio.models.mirror import (
    Answer,
    BrokenError,
    UnusableError,
    answer,
    host_of,
    network_told,
    session,
)
from studio.models.part import Origin, Part, alone, sha256_of, to_its_end
from studio.models.speed import Meter, Told

if TYPE_CHECKING:
    import aiohttp

BUFFER = 2**20
"""Bytes that wait for the disk at most."""
OFTEN = 0.5
"""Seconds that bytes wait for the disk at most: what a kill costs."""
SPARE = 2**26
"""Bytes that a download leaves free on the disk."""
AGAIN = (408, 425, 429, 500, 502, 503, 504)
"""Answers after which the same server may well give the file in a moment."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a server is waited for, and how often it is asked."""

    stall: float = 30.0
    """Seconds without a byte after which a connection counts as broken."""
    attempts: int = 4
    """Requests in a row that bring nothing new, after which the next mirror is asked."""
    pause: float = 0.5
    """Seconds before the same server is asked again; twice as long each time in a row."""


PATIENCE = Patience()


class _MisfitError(BrokenError):
    """What was here and what came do not fit together; both are thrown away."""


async def fetch(
    source: Source,
    target: Path,
    *,
    told: Told = lambda _: None,
    patience: Patience = PATIENCE,
) -> str:
    """Fetch a file to `target`, going on from what an earlier fetch left; returns its sha256.

    A `target` that is there already is not fetched again unless its sha256 is another than that of
    `source`. When it is cancelled or fails, what has come so far stays for the next time. Must run
    in an asyncio loop; what reads, writes and hashes does it in threads of the pool.

    Raises StudioError when no mirror gives the file, with what each did; when the disk has no room;
    when another process fetches it; and RequestError when the file cannot be written.
    """
    meter = Meter(told, source.bytes)
    meter.host = host_of(source.urls[0])
    with alone(target):
        if target.exists():
            meter.report("checking", 0)
            found = await to_its_end(lambda: sha256_of(target))
            if source.sha256 in (None, found):
                return found
        part = await to_its_end(
            lambda: Part(target, told=lambda size: meter.report("checking", size))
        )
        try:
            return await _Fetch(source, target, part, meter, patience).run()
        finally:
            await to_its_end(part.close)


class _Fetch:
    """One fetch at work."""

    def __init__(
        self, source: Source, target: Path, part: Part, meter: Meter, patience: Patience
    ) -> None:
        self._source, self._target, self._part = source, target, part
        self._meter, self._patience = meter, patience

    async def run(self) -> str:
        if self._is_whole():
            return await self._finish()
        self._check_room(self._source.bytes)
        refusals = []
        async with session(self._patience.stall) as client:
            for url in self._source.urls:
                self._meter.host = host_of(url)
                try:
                    return await self._from(url, client)
                except UnusableError as refusal:
                    refusals.append(f"{host_of(url)} {refusal}")
        raise StudioError(
            f"{self._target.name} could not be fetched: {'; '.join(dict.fromkeys(refusals))}. "
            f"{self._kept()}"
        )

    async def _from(self, url: str, client: aiohttp.ClientSession) -> str:
        """The file from one mirror, asked as often as that brings something new."""
        # from nothing: a part that turns out to be worthless is nothing to get beyond
        in_vain, furthest = 0, 0
        while True:
            try:
                with network_told():
                    await self._ask(url, client)
                return await self._finish()
            except BrokenError as fault:
                fresh = isinstance(fault, _MisfitError)
                in_vain = 0 if fresh or self._part.size > furthest else in_vain + 1
                furthest = 0 if fresh else max(furthest, self._part.size)
                if in_vain >= self._patience.attempts:
                    raise UnusableError(str(fault)) from fault
            self._meter.report("waiting", self._part.size)
            await asyncio.sleep(self._patience.pause * 2**in_vain)

    async def _ask(self, url: str, client: aiohttp.ClientSession) -> None:
        """One request, and what comes of it into the part."""
        headers = self._conditions(url)
        async with answer(client, url, headers) as response:
            answered = Answer.of(response)
            if response.status == 416 and headers:
                await self._beyond(answered)
                return
            self._refuse_other(response, answered)
            self._check_room(answered.total)
            await self._take_up(url, answered, resumed=response.status == 206)
            await self._receive(response, self._meter.total)

    def _conditions(self, url: str) -> dict[str, str]:
        """The headers that ask for the rest of the part, if that is safe; else none."""
        part = self._part
        if not part.size:
            return {}
        mine = part.origin is not None and part.origin.url == url
        validator = part.origin.validator if mine and part.origin else None
        if self._source.sha256 is None and validator is None:
            return {}  # nothing would tell that the rest belongs to another file
        asked = {"Range": f"bytes={part.size}-"}
        return asked | ({"If-Range": validator} if validator else {})

    async def _beyond(self, answered: Answer) -> None:
        """The server has nothing after the part: because it is whole, or of another file."""
        whole = answered.total == self._part.size
        if not whole and self._part.sha256 != self._source.sha256:
            await to_its_end(self._part.drop)
            raise BrokenError("has no such part of the file")

    def _refuse_other(self, response: aiohttp.ClientResponse, answered: Answer) -> None:
        if response.status in AGAIN:
            raise BrokenError(f"answered {response.status}")
        if response.status not in (200, 206):
            raise UnusableError(f"answered {response.status}")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise UnusableError("answered with a compressed file")
        expected = self._source.bytes
        page = "a web page" if response.content_type == "text/html" else "another file"
        if answered.total is not None and expected is not None and answered.total != expected:
            raise UnusableError(f"answered with {page} ({answered.total} bytes, not {expected})")
        if answered.total is None and self._source.sha256 is None and not answered.chunked:
            raise UnusableError("does not say how long the file is")

    async def _take_up(self, url: str, answered: Answer, *, resumed: bool) -> None:
        """Make the part ready for what comes: the rest of it, or the file from its beginning."""
        part = self._part
        self._meter.total = self._source.bytes or answered.total
        origin = Origin(url, answered.validator, self._meter.total)
        if not resumed:
            await to_its_end(lambda: part.begin(origin))
            return
        if answered.start != part.size or self._has_changed(part.origin, origin):
            await to_its_end(part.drop)
            raise BrokenError("has changed the file")
        await to_its_end(lambda: part.go_on(origin))

    def _has_changed(self, before: Origin | None, now: Origin) -> bool:
        """Whether a server now means another file by an address than it did before."""
        if before is None or before.url != now.url or before.validator == now.validator:
            return False
        told_both_times = None not in (before.validator, now.validator)
        return told_both_times or self._source.sha256 is None

    async def _receive(self, response: aiohttp.ClientResponse, total: int | None) -> None:
        """Write what comes, until all has come. Raises BrokenError when it ends early."""
        part, waiting, written = self._part, bytearray(), time.monotonic()
        self._meter.report("fetching", part.size)
        try:
            while (data := await _next(response)) != b"":
                waiting += data or b""
                if total is not None and part.size + len(waiting) > total:
                    waiting.clear()
                    await to_its_end(part.drop)
                    raise UnusableError("sent more than the file")
                if len(waiting) >= BUFFER or time.monotonic() - written >= OFTEN:
                    await self._write(waiting)
                    written = time.monotonic()
        finally:
            await self._write(waiting)
        if total is not None and part.size < total:
            raise BrokenError("ended the file early")

    async def _write(self, waiting: bytearray) -> None:
        data = bytes(waiting)
        waiting.clear()
        if data:
            await to_its_end(lambda: self._part.append(data))
            self._meter.report("fetching", self._part.size)

    def _is_whole(self) -> bool:
        return self._part.size > 0 and self._part.sha256 == self._source.sha256

    async def _finish(self) -> str:
        """Give the file its name if it is the right one; else BrokenError or UnusableError."""
        part, expected = self._part, self._source.sha256
        page = await to_its_end(part.is_page)
        if (expected is None and not page) or part.sha256 == expected:
            await to_its_end(part.finish)
            return part.sha256
        faithful = part.came_from is not None
        await to_its_end(part.drop)
        if not faithful:  # it was put together from pieces of several days or servers
            raise _MisfitError("gave a rest that does not fit what was here")
        if page:
            raise UnusableError("answered with a web page instead of the file")
        raise UnusableError("gave another file (its sha256 is wrong)")

    def _check_room(self, total: int | None) -> None:
        if total is None:
            return
        free = shutil.disk_usage(self._target.parent).free
        needed = total - self._part.size + SPARE
        if free < needed:
            raise StudioError(
                f"{self._target.name} needs {needed / 1e6:,.0f} MB more in {self._target.parent}, "
                f"where {free / 1e6:,.0f} MB are free; make room."
            )

    def _kept(self) -> str:
        size, total = self._part.size, self._meter.total
        if not size:
            return "Try again later, or import a file that you have."
        whole = f" of {total / 1e6:.1f}" if total else ""
        return f"{size / 1e6:.1f}{whole} MB are kept; it goes on from there next time."


async def _next(response: aiohttp.ClientResponse) -> bytes | None:
    """The bytes that come next: none at all at the end, None when they are long in coming."""
    import aiohttp

    try:
        async with asyncio.timeout(OFTEN):
            return await response.content.readany()
    except aiohttp.ServerTimeoutError:
        raise  # which is a TimeoutError too: the server's, not ours
    except TimeoutError:
        return None
