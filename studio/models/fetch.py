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
    OfflineError,
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
LARGEST = 2**34
"""Bytes that no model has, after which a server of an unknown file is no longer listened to."""
PIECE = 2**14
"""Bytes that a request brings at least, or it counts as in vain."""
SLOWEST = 100
"""Bytes a second, below which a connection counts as broken."""
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
        self._was_answered = False

    async def run(self) -> str:
        if self._is_whole():
            return await self._finish()
        self._check_room()
        refusals: dict[str, dict[str, None]] = {}
        async with session(self._patience.stall) as client:
            for url in self._source.urls:
                self._meter.host = host_of(url)
                try:
                    return await self._from(url, client)
                except UnusableError as refusal:
                    refusals.setdefault(str(refusal), {})[host_of(url)] = None
        told = "; ".join(f"{' and '.join(hosts)} {why}" for why, hosts in refusals.items())
        raise StudioError(f"{self._target.name} could not be fetched: {told}. {self._kept()}")

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
                in_vain = 0 if fresh or self._part.size >= furthest + PIECE else in_vain + 1
                furthest = 0 if fresh else max(furthest, self._part.size)
                offline = isinstance(fault, OfflineError) and not self._was_answered
                if offline or in_vain >= self._patience.attempts:
                    raise UnusableError(str(fault)) from fault
            self._meter.report("waiting", self._part.size)
            await asyncio.sleep(self._patience.pause * 2**in_vain)

    async def _ask(self, url: str, client: aiohttp.ClientSession) -> None:
        """One request, and what comes of it into the part."""
        headers = self._conditions(url)
        async with answer(client, url, headers, 2 * self._patience.stall) as response:
            self._was_answered = True
            answered = Answer.of(response)
            if response.status == 416 and headers:
                await self._beyond(url, answered)
                return
            self._refuse_other(response, answered)
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

    def _total(self, url: str) -> int | None:
        """Bytes of the whole file, as the source says or this server did when it began."""
        origin = self._part.origin
        before = origin.total if origin is not None and origin.url == url else None
        return self._source.bytes or before

    async def _beyond(self, url: str, answered: Answer) -> None:
        """The server has nothing after the part: because it is whole, or of another file."""
        whole = answered.total == self._part.size == self._total(url)
        if not whole and self._part.sha256 != self._source.sha256:
            await to_its_end(self._part.drop)
            raise BrokenError("has no such part of the file")

    def _refuse_other(self, response: aiohttp.ClientResponse, answered: Answer) -> None:
        if response.status in AGAIN:
            raise BrokenError(f"answered {response.status}")
        if response.status not in (200, 206):
            raise UnusableError(f"answered {response.status}")
        if answered.packed:
            raise UnusableError("answered with a compressed file")
        expected = self._source.bytes
        page = "a web page" if response.content_type == "text/html" else "another file"
        if answered.total is not None and expected is not None and answered.total != expected:
            raise UnusableError(f"answered with {page} ({answered.total} bytes, not {expected})")
        if answered.total is None and self._source.sha256 is None and not answered.chunked:
            raise UnusableError("does not say how long the file is")
        size = answered.total
        if size and (size > LARGEST or size - self._part.size + SPARE > self._free()):
            raise UnusableError(f"offers {size / 1e6:,.0f} MB, and there is no room for that")

    async def _take_up(self, url: str, answered: Answer, *, resumed: bool) -> None:
        """Make the part ready for what comes: the rest of it, or the file from its beginning."""
        part, before = self._part, self._total(url)
        origin = Origin(url, answered.validator, answered.total or (before if resumed else None))
        self._meter.total = self._source.bytes or origin.total
        if resumed and (answered.start != part.size or self._has_changed(part.origin, origin)):
            await to_its_end(part.drop)
            raise BrokenError("has changed the file")
        goes_on = resumed and part.size
        await to_its_end(lambda: part.go_on(origin) if goes_on else part.begin(origin))

    def _has_changed(self, before: Origin | None, now: Origin) -> bool:
        """Whether a server now means another file by an address than it did before."""
        if before is None or before.url != now.url:
            return False
        if None not in (before.total, now.total) and before.total != now.total:
            return True
        if before.validator == now.validator:
            return False
        told_both_times = None not in (before.validator, now.validator)
        return told_both_times or self._source.sha256 is None

    async def _receive(self, response: aiohttp.ClientResponse, total: int | None) -> None:
        """Write what comes, until all has come. Raises BrokenError when it ends early."""
        part, waiting, written = self._part, bytearray(), time.monotonic()
        haste = _Haste(self._patience.stall)
        most = LARGEST if total is None else total
        self._meter.report("fetching", part.size)
        try:
            while (data := await _next(response)) != b"":
                waiting += data or b""
                haste.came(len(data or b""))
                if part.size + len(waiting) > most or (total is None and self._free() < SPARE):
                    waiting.clear()
                    await to_its_end(part.drop)
                    raise UnusableError("sent more than the file" if total else "sends no end")
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
        if not part.size:
            raise UnusableError("answered with an empty file")
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

    def _check_room(self) -> None:
        """Raise StudioError when there is none for a file whose size is known."""
        if self._source.bytes is None:
            return
        free, needed = self._free(), self._source.bytes - self._part.size + SPARE
        if free < needed:
            raise StudioError(
                f"{self._target.name} needs {needed / 1e6:,.0f} MB more in {self._target.parent}, "
                f"where {free / 1e6:,.0f} MB are free; make room."
            )

    def _free(self) -> int:
        return shutil.disk_usage(self._target.parent).free

    def _kept(self) -> str:
        size, total = self._part.size, self._meter.total
        if not size:
            return "Try again later, or import a file that you have."
        whole = f" of {total / 1e6:.1f}" if total else ""
        return f"{size / 1e6:.1f}{whole} MB are kept; it goes on from there next time."


class _Haste:
    """Whether a connection brings more than next to nothing."""

    def __init__(self, stall: float) -> None:
        self._stall, self._since, self._bytes = stall, time.monotonic(), 0

    def came(self, size: int) -> None:
        """So many bytes came. Raises BrokenError when it was too few for too long."""
        self._bytes += size
        now = time.monotonic()
        if now - self._since < self._stall:
            return
        if self._bytes < SLOWEST * self._stall:
            raise BrokenError("sent next to nothing for too long")
        self._since, self._bytes = now, 0


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
