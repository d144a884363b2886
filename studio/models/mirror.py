"""Asking a server for a file: what it answers, and what it means when it does not."""

from __future__ import annotations

import asyncio
import errno
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from studio import __version__
from studio.errors import StudioError
from studio.log import log
from studio.models.catalogue import is_safe

if TYPE_CHECKING:
    import aiohttp
    from yarl import URL

HOPS = 10
"""Redirects that are followed."""
LONGEST_VALIDATOR = 500
LONGEST_HOST = 100
"""Letters of a host that are shown."""
NO_NETWORK = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


class BrokenError(Exception):
    """It did not work this time."""


class OfflineError(BrokenError):
    """The server was not even found: there may be no network at all."""


class UnusableError(Exception):
    """This mirror will never give the file."""


@dataclass(frozen=True)
class Answer:
    """What the headers of an answer say about the file."""

    start: int | None
    """Where the bytes of a part begin."""
    total: int | None
    """Size of the whole file."""
    validator: str | None
    """What the server calls this file, if it can be relied on byte by byte."""
    chunked: bool
    """Whether the end of what is sent can be told from a broken connection."""
    packed: bool
    """Whether what is sent is not the file itself but something to be unpacked."""

    @classmethod
    def of(cls, response: aiohttp.ClientResponse) -> Answer:
        said = re.fullmatch(
            r"bytes (?:(\d{1,18})-\d{1,18}|\*)/(?:(\d{1,18})|\*)",
            response.headers.get("Content-Range", ""),
        )
        start, total = said.groups() if said else (None, None)
        if response.status == 200:
            total = response.headers.get("Content-Length")
        tag = response.headers.get("ETag", "")
        way = response.headers.get("Transfer-Encoding", "").lower()
        content = response.headers.get("Content-Encoding", "identity")
        return cls(
            None if start is None else int(start),
            None if total is None else int(total),
            _kept(tag if tag.startswith('"') else response.headers.get("Last-Modified", "")),
            way == "chunked",
            content != "identity" or way not in ("", "chunked"),
        )


def _kept(validator: str) -> str | None:
    """What can be written down and sent again letter by letter."""
    plain = validator.isascii() and validator.isprintable() and len(validator) <= LONGEST_VALIDATOR
    return validator if validator and plain else None


@asynccontextmanager
async def session(stall: float) -> AsyncIterator[aiohttp.ClientSession]:
    import aiohttp  # takes a third of a second, and the window starts without it

    async with aiohttp.ClientSession(
        trust_env=True,  # proxies are set in the environment
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(sock_connect=stall, sock_read=stall),
        headers={
            "User-Agent": f"vqgan-clip-studio/{__version__}",
            "Accept-Encoding": "identity",
        },
    ) as client:
        yield client


@asynccontextmanager
async def answer(
    client: aiohttp.ClientSession, url: str, headers: dict[str, str], within: float
) -> AsyncIterator[aiohttp.ClientResponse]:
    """The answer to a request, after redirects that lead from safe place to safe place.

    Each must have begun `within` so many seconds, however much is sent before it begins.
    """
    for _ in range(HOPS):
        async with asyncio.timeout(within):
            asked = await client.get(_address(url), headers=headers, allow_redirects=False)
        async with asked as response:
            goal = response.headers.get("Location")
            if response.status not in (301, 302, 303, 307, 308) or goal is None:
                yield response
                return
        url = _led(url, goal)
    raise UnusableError("leads in circles")


def _address(url: str) -> URL:
    from yarl import URL

    return URL(url, encoded=url.isascii())  # quoted anew, a signed address is no longer signed


def _led(url: str, goal: str) -> str:
    """Where a redirect leads. Raises UnusableError when that is nowhere, or nowhere safe."""
    try:
        goal = urljoin(url, goal)
        host = host_of(goal)
        _check(goal)
    except ValueError as error:
        raise UnusableError("leads to what is no address") from error
    if not is_safe(goal) or (url.startswith("https:") and not goal.startswith("https:")):
        raise UnusableError(f"leads to an address without https ({host})")
    return goal


def _check(url: str) -> None:
    """Raise ValueError for what no client can connect to."""
    if urlsplit(url).port == 0 or not (_address(url).raw_host or "").isascii():
        raise ValueError("a place where nobody can be")


@contextmanager
def network_told() -> Iterator[None]:
    """A block whose errors are told as what this mirror did, but for those of the disk.

    Whatever a server answers, the next one is asked.
    """
    try:
        yield
    except (StudioError, BrokenError, UnusableError):
        raise
    except Exception as error:
        raise _told(error) from error


def _told(error: Exception) -> BrokenError | UnusableError:
    import aiohttp

    match error:
        case aiohttp.ClientConnectorCertificateError():
            return UnusableError("has no certificate that can be trusted")
        case aiohttp.ClientSSLError():
            return UnusableError("does not speak https")
        case aiohttp.InvalidURL():
            return UnusableError("is no address")
        case aiohttp.ClientConnectorDNSError():
            return OfflineError("cannot be found (is there a network?)")
        case aiohttp.ClientConnectorError():
            if error.os_error.errno in NO_NETWORK:
                return OfflineError("cannot be reached (is there a network?)")
            return BrokenError("cannot be reached")
        case TimeoutError():
            return BrokenError("sent nothing for too long")
        case aiohttp.ClientError() | OSError():
            return BrokenError("broke the connection")
    log.debug("a server that cannot be understood", exc_info=error)
    return UnusableError("gave an answer that cannot be understood")


def host_of(url: str) -> str:
    """The host of an address as it can be shown. Raises ValueError for what is no address."""
    host = urlsplit(url).hostname or url
    return "".join(letter if letter.isprintable() else "?" for letter in host[:LONGEST_HOST])
