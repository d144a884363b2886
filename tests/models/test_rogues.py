"""Whatever a server answers, the next one is asked, and nothing but the file is taken for it."""

from __future__ import annotations

import asyncio
import hashlib
import random
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.errors import StudioError
from studio.models import fetch as fetching
from studio.models.catalogue import Source
from studio.models.fetch import Patience, fetch
from studio.models.part import Origin, Part, part_of
from tests.models.mirrors import Mirror, serving
from tests.models.rogues import ROGUES, Rogue, roguish

CONTENT = random.Random(7).randbytes(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
QUICK = Patience(stall=5, attempts=2, pause=0.001)
NAMES = sorted(ROGUES)
LIARS = {"another length", "a part that nobody asked for"}
"""Those that nobody finds out who knows nothing of the file."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is larger than a few of these, and no proxy stands between."""
    monkeypatch.setattr(fetching, "LARGEST", 2_000_000)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def good() -> Iterator[Mirror]:
    with serving(Mirror(CONTENT)) as mirror:
        yield mirror


def get(target: Path, *urls: str, known: bool = True) -> str:
    size, sha256 = (len(CONTENT), SHA256) if known else (None, None)
    source = Source(urls=urls, bytes=size, sha256=sha256)
    return asyncio.run(asyncio.wait_for(fetch(source, target, patience=QUICK), 60))


@pytest.mark.parametrize("known", [True, False], ids=["known", "trusted"])
@pytest.mark.parametrize("name", NAMES)
def test_the_next_mirror_is_asked(name: str, known: bool, good: Mirror, tmp_path: Path) -> None:
    target = tmp_path / "file.ckpt"
    with roguish(Rogue(CONTENT, [name])) as rogue:
        found = get(target, rogue.url, good.url, known=known)
        assert rogue.asked
    if known or name not in LIARS:
        assert good.asked
        assert found == SHA256
        assert target.read_bytes() == CONTENT
    assert not part_of(target).exists()


@pytest.mark.parametrize("name", NAMES)
def test_the_only_mirror_costs_one_sentence(name: str, tmp_path: Path) -> None:
    target = tmp_path / "file.ckpt"
    with roguish(Rogue(CONTENT, [name])) as rogue, pytest.raises(StudioError) as raised:
        get(target, rogue.url)
    assert not target.exists()
    assert str(raised.value).isprintable()
    assert str(raised.value).count("127.0.0.1 ") == 1


@pytest.mark.parametrize("known", [True, False], ids=["known", "trusted"])
@pytest.mark.parametrize("name", [name for name in NAMES if " half" in name or "a part of" in name])
def test_a_rest_that_is_none_is_not_taken_for_the_whole(
    name: str, known: bool, good: Mirror, tmp_path: Path
) -> None:
    target = tmp_path / "file.ckpt"
    with roguish(Rogue(CONTENT, [name])) as rogue:
        part = Part(target)
        part.begin(Origin(rogue.url, '"a"', len(CONTENT)))
        part.append(CONTENT[:200_000])
        part.close()
        assert get(target, rogue.url, good.url, known=known) == SHA256
        assert rogue.asked[0].start == 200_000


def no_network(*_: object, **__: object) -> object:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def test_without_a_network_it_is_said_once_and_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    source = Source(
        urls=tuple(f"https://{name}.example/x" for name in "abc"), bytes=9, sha256=SHA256
    )
    began = time.monotonic()
    with pytest.raises(StudioError) as raised:
        asyncio.run(fetch(source, tmp_path / "file.ckpt"))
    assert time.monotonic() - began < 5  # half a minute before
    assert (
        "a.example and b.example and c.example cannot be found (is there a network?). Try"
        in str(raised.value)
    )


def test_a_server_that_trickles_is_left_for_the_next(good: Mirror, tmp_path: Path) -> None:
    def trickle(asked: object) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n"
        for _ in range(100):
            time.sleep(0.05)
            yield b"x"

    ROGUES["trickles"] = trickle
    try:
        with roguish(Rogue(CONTENT, ["trickles"])) as rogue:
            source = Source(urls=(rogue.url, good.url), bytes=len(CONTENT), sha256=SHA256)
            hasty = Patience(stall=0.5, attempts=1, pause=0)
            asyncio.run(fetch(source, tmp_path / "file.ckpt", patience=hasty))
    finally:
        del ROGUES["trickles"]
    assert good.asked


Wrongs = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4)


@pytest.mark.slow
@settings(
    max_examples=150,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(wrongs=st.lists(Wrongs, min_size=1, max_size=3), known=st.booleans())
def test_whatever_rogues_do_it_ends_and_can_be_gone_on_with(
    wrongs: list[list[str]],
    known: bool,
    tmp_path_factory: pytest.TempPathFactory,
    good: Mirror,
) -> None:
    target = tmp_path_factory.mktemp("any") / "file.ckpt"
    lied = not known and any(name in LIARS for each in wrongs for name in each)
    with ExitStack() as running:
        rogues = [running.enter_context(roguish(Rogue(CONTENT, each))) for each in wrongs]
        urls = [rogue.url for rogue in rogues]
        try:
            get(target, *urls, known=known)
        except StudioError:
            assert not target.exists()
            get(target, *urls, good.url, known=known)
    assert lied or target.read_bytes() == CONTENT
    assert not part_of(target).exists()
