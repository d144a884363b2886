"""Asking a server for a file: what it answers, and what it means when it does not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from studio import __version__
from studio.models.catalogue import is_safe

if TYPE_CHECKING:
    import aiohttp

HOPS = 10
"""Redirects that are followed."""


class BrokenError(Exception):
    """It did not work this time."""


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
        strong = tag if tag.startswith('"') else None
        return cls(
            None if start is None else int(start),
            None if total is None else int(total),
            strong or response.headers.get("Last-Modified"),
            "chunked" in response.headers.get("Transfer-Encoding", ""),
        )


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
    client: aiohttp.ClientSession, url: str, headers: dict[str, str]
) -> AsyncIterator[aiohttp.ClientResponse]:
    """The answer to a request, after redirects that lead from safe place to safe place."""
    from yarl import URL

    for _ in range(HOPS):
        async with client.get(
            URL(url, encoded=url.isascii()),  # quoted anew, a signed address is no longer signed
            headers=headers,
            allow_redirects=False,
        ) as response:
            goal = response.headers.get("Location")
            if response.status not in (301, 302, 303, 307, 308) or goal is None:
                yield response
                return
        goal = urljoin(url, goal)
        if not is_safe(goal) or (url.startswith("https:") and not goal.startswith("https:")):
            raise UnusableError(f"leads to an address without https ({host_of(goal)})")
        url = goal
    raise UnusableError("leads in circles")


@contextmanager
def network_told() -> Iterator[None]:
    """A block whose errors of the network are told as what this mirror did."""
    import aiohttp

    try:
        yield
    except aiohttp.ClientConnectorCertificateError as error:
        raise UnusableError("has no certificate that can be trusted") from error
    except aiohttp.ClientSSLError as error:
        raise UnusableError("does not speak https") from error
    except aiohttp.InvalidURL as error:
        raise UnusableError("is no address") from error
    except aiohttp.ClientConnectorDNSError as error:
        raise BrokenError("is not found (is there a network?)") from error
    except aiohttp.ClientConnectorError as error:
        raise BrokenError("cannot be reached") from error
    except TimeoutError as error:
        raise BrokenError("sent nothing for too long") from error
    except aiohttp.ClientError as error:
        raise BrokenError("broke the connection") from error


def host_of(url: str) -> str:
    return urlsplit(url).hostname or url
