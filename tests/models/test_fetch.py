"""A download ends whole and verified, or with a clear sentence and a part to go on from."""

from __future__ import annotations

import asyncio
import hashlib
import random
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from studio.errors import RequestError, StudioError
from studio.models.catalogue import Source
from studio.models.fetch import Patience, fetch
from studio.models.part import Part, part_of
from studio.models.speed import Progress
from tests.models.mirrors import FAULTS, SIGNED, Mirror, closed_port, serving

CONTENT = random.Random(1).randbytes(1_500_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
QUICK = Patience(stall=10, attempts=3, pause=0.001)
NEVER_STALLS = [fault for fault in FAULTS if fault != "stall"]

Serve = Callable[..., Mirror]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers."""
    with ExitStack() as running:
        yield lambda **given: running.enter_context(
            serving(Mirror(**({"content": CONTENT} | given)))
        )


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "models" / "file.ckpt"


def source(
    *mirrors: Mirror | str, sha256: str | None = SHA256, size: int | None = len(CONTENT)
) -> Source:
    urls = [mirror if isinstance(mirror, str) else mirror.url for mirror in mirrors]
    return Source(urls=tuple(urls), bytes=size, sha256=sha256)


def get(wanted: Source, target: Path, **given: object) -> str:
    return asyncio.run(fetch(wanted, target, **({"patience": QUICK} | given)))  # type: ignore[arg-type]


def leave_part(target: Path, data: bytes) -> None:
    """What a fetch left whose program was killed before it could note anything."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part_of(target).write_bytes(data)


def break_off(wanted: Source, target: Path) -> int:
    """Fetch until all mirrors fail; returns the bytes that stay."""
    with pytest.raises(StudioError, match="goes on from there"):
        get(wanted, target, patience=Patience(stall=10, attempts=1, pause=0))
    return part_of(target).stat().st_size


def check_whole(target: Path, content: bytes = CONTENT) -> None:
    assert target.read_bytes() == content
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_file_comes_whole_and_tells_of_its_way(serve: Serve, target: Path) -> None:
    told: list[Progress] = []
    assert get(source(serve()), target, told=told.append) == SHA256
    check_whole(target)
    assert (told[0].phase, told[0].done, told[0].total) == ("fetching", 0, len(CONTENT))
    assert (told[-1].done, told[-1].host) == (len(CONTENT), "127.0.0.1")
    assert told[-1].rate is not None
    assert told[-1].left == 0
    assert [each.done for each in told] == sorted(each.done for each in told)


def test_a_file_that_is_here_is_not_fetched_again_unless_it_is_another(
    serve: Serve, target: Path
) -> None:
    mirror = serve()
    for content, requests in ((CONTENT, 0), (b"another", 1)):
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
        assert get(source(mirror), target) == SHA256
        assert len(mirror.asked) == requests
        check_whole(target)


@pytest.mark.parametrize("validator", [{}, {"dated": True}, {"tag": None}], ids=str)
def test_it_goes_on_where_it_broke_off(
    validator: dict[str, object], serve: Serve, target: Path
) -> None:
    mirror = serve(faults=["cut", "404"], **validator)
    kept = break_off(source(mirror), target)
    assert 0 < kept <= len(CONTENT) // 2  # aiohttp loses what it holds when a connection breaks
    get(source(mirror), target)
    check_whole(target)
    condition = {"{}": '"first"', "{'dated': True}": "Tue, 24 Nov 2026 08:00:00 GMT"}
    assert mirror.asked[-1]["Range"] == f"bytes={kept}-"
    assert mirror.asked[-1].get("If-Range") == condition.get(str(validator))


def test_a_server_that_breaks_off_again_and_again_gives_the_file_in_pieces(
    serve: Serve, target: Path
) -> None:
    mirror = serve(content=CONTENT * 3, most=1_000_000)
    get(source(mirror, sha256=hashlib.sha256(CONTENT * 3).hexdigest(), size=4_500_000), target)
    check_whole(target, CONTENT * 3)
    begun = [int(each.removeprefix("bytes=")[:-1]) for each in mirror.ranges if each]
    assert len(begun) >= 4
    assert begun == sorted(set(begun))


def test_a_server_that_sends_nothing_more_is_left_for_the_next(serve: Serve, target: Path) -> None:
    slow, good = serve(faults=["stall", "404"]), serve()
    get(source(slow, good), target, patience=Patience(stall=0.3, attempts=1, pause=0))
    check_whole(target)
    assert good.ranges[0] not in (None, "bytes=0-")  # what the slow one gave was not in vain


@pytest.mark.parametrize("fault", ["ignore range", "other range", "no such range", "new tag"])
def test_a_rest_that_cannot_be_had_is_fetched_from_the_beginning(
    fault: str, serve: Serve, target: Path
) -> None:
    mirror = serve(faults=["cut", "404", fault])
    break_off(source(mirror), target)
    get(source(mirror), target)
    check_whole(target)


@pytest.mark.parametrize("fault", ["new tag", "new tag ignored"])
@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_a_file_that_changed_on_the_server_is_not_mixed_with_the_old_one(
    fault: str, known: bool, serve: Serve, target: Path
) -> None:
    mirror = serve(content=bytes(len(CONTENT)), faults=["cut", "404", fault])
    wanted = source(mirror, sha256=SHA256 if known else None)
    break_off(wanted, target)
    mirror.content = CONTENT
    assert get(wanted, target) == SHA256
    check_whole(target)


def test_a_part_that_is_whole_already_needs_no_server(target: Path) -> None:
    leave_part(target, CONTENT)
    get(source(f"http://127.0.0.1:{closed_port()}/file"), target)
    check_whole(target)


def test_a_part_that_only_the_server_knows_to_be_whole_gets_its_name(
    serve: Serve, target: Path
) -> None:
    mirror = serve(faults=["cut", "404"])
    wanted = source(mirror, sha256=None, size=None)
    break_off(wanted, target)
    part_of(target).write_bytes(CONTENT)
    assert get(wanted, target) == SHA256
    check_whole(target)
    assert mirror.ranges[-1] == f"bytes={len(CONTENT)}-"


@pytest.mark.parametrize("data", [b"x" * 5000, b"x" * len(CONTENT), b"x" * 1_600_000], ids=len)
def test_a_damaged_part_is_dropped_once_and_the_file_fetched_anew(
    data: bytes, serve: Serve, target: Path
) -> None:
    leave_part(target, data)
    get(source(serve()), target)
    check_whole(target)


def test_mirrors_share_a_part_only_where_a_sha256_will_judge_it(serve: Serve, target: Path) -> None:
    for sha256 in (SHA256, None):
        one, other = serve(faults=["cut", "404"]), serve()
        assert get(source(one, other, sha256=sha256), target) == SHA256
        check_whole(target)
        assert [asked is not None for asked in other.ranges] == [sha256 is not None]
        target.unlink()


def test_a_wrong_part_of_one_mirror_does_not_spoil_the_next(serve: Serve, target: Path) -> None:
    bad = serve(content=bytes(len(CONTENT)), faults=["cut", "404"])
    good = serve()
    get(source(bad, good), target)
    check_whole(target)
    assert [asked is None for asked in good.ranges] == [False, True]


REFUSED = {
    "404": "answered 404",
    "page": "answered with a web page",
    "long": r"answered with another file \(1500004 bytes, not 1500000\)",
    "short": "answered with another file",
    "gzip": "compressed",
    "wrong bytes": "sha256 is wrong",
    "redirect to http": r"leads to an address without https \(a\.example\)",
    "redirect in circles": "circles",
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_mirror_that_gives_another_file_is_left_for_the_next(
    fault: str, serve: Serve, target: Path
) -> None:
    bad, good = serve(faults=[fault]), serve()
    get(source(bad, good), target)
    check_whole(target)
    bad.faults.append(fault)
    target.unlink()
    with pytest.raises(StudioError, match=REFUSED[fault]) as told:
        get(source(bad), target)
    assert "Try again later" in str(told.value)
    assert not any(target.parent.iterdir())


@pytest.mark.parametrize("fault", ["500", "429", "drop", "redirect"])
def test_what_passes_is_waited_for(fault: str, serve: Serve, target: Path) -> None:
    mirror = serve(faults=[fault, fault])
    get(source(mirror), target)
    check_whole(target)
    assert len(mirror.asked) == 3


def test_a_signed_address_is_followed_to_the_letter(serve: Serve, target: Path) -> None:
    mirror = serve(faults=["redirect"])
    get(source(mirror), target)
    assert mirror.asked[-1]["path"] == SIGNED


def test_each_mirror_is_told_of_when_all_fail(serve: Serve, target: Path) -> None:
    broken = serve(faults=["500"] * 9)
    nobody = f"http://localhost:{closed_port()}/file"
    with pytest.raises(StudioError) as told:
        get(source(broken, nobody), target)
    assert "file.ckpt could not be fetched" in str(told.value)
    assert "127.0.0.1 answered 500; localhost cannot be reached" in str(told.value)
    assert len(broken.asked) == QUICK.attempts
    assert told.value.exit_status == 1


def test_a_page_is_never_taken_for_a_file_of_unknown_sha256(serve: Serve, target: Path) -> None:
    bad, good = serve(faults=["page"]), serve()
    assert get(source(bad, good, sha256=None, size=None), target) == SHA256
    check_whole(target)


def test_a_file_too_large_for_the_disk_is_not_begun(serve: Serve, target: Path) -> None:
    mirror = serve()
    with pytest.raises(StudioError, match=r"needs .* MB more in .*; make room"):
        get(source(mirror, size=10**18), target)
    assert mirror.asked == []


def test_a_folder_that_cannot_be_made_is_told(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    with pytest.raises(RequestError, match="cannot be written"):
        get(source(serve()), tmp_path / "models" / "file.ckpt")


def test_two_do_not_fetch_the_same_file_at_once(serve: Serve, target: Path) -> None:
    mirror = serve(faults=["stall"])

    async def both() -> None:
        first = asyncio.ensure_future(fetch(source(mirror), target, patience=QUICK))
        await asyncio.to_thread(mirror.sent.wait, 20)
        with pytest.raises(StudioError, match="worked at by another window or command"):
            await fetch(source(mirror), target, patience=QUICK)
        mirror.over.set()
        assert await first == SHA256

    asyncio.run(both())
    check_whole(target)


def test_a_cancelled_download_goes_on_the_next_time(serve: Serve, target: Path) -> None:
    mirror = serve(faults=["stall"])

    async def begin() -> None:
        came = asyncio.Event()

        def told(progress: Progress) -> None:
            if progress.done:
                came.set()

        task = asyncio.ensure_future(fetch(source(mirror), target, told=told, patience=QUICK))
        await came.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(begin())
    kept = part_of(target).stat().st_size
    get(source(mirror), target)
    check_whole(target)
    assert mirror.ranges == [None, f"bytes={kept}-"]


def test_several_files_come_side_by_side(serve: Serve, tmp_path: Path) -> None:
    slow, quick = serve(faults=["stall"]), serve()

    async def both() -> None:
        first = asyncio.ensure_future(fetch(source(slow), tmp_path / "a" / "1", patience=QUICK))
        await fetch(source(quick), tmp_path / "b" / "2", patience=QUICK)
        assert not first.done()
        slow.over.set()
        await first

    asyncio.run(both())
    check_whole(tmp_path / "a" / "1")
    check_whole(tmp_path / "b" / "2")


def test_a_proxy_of_the_environment_is_asked(
    serve: Serve, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve()
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setenv("no_proxy", "")
    get(source("http://localhost:1/file"), target)
    check_whole(target)
    assert proxy.asked[0]["path"] == "http://localhost:1/file"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
def test_a_server_whose_certificate_nobody_signed_is_refused(
    serve: Serve, target: Path, tmp_path: Path
) -> None:
    words = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    words += " -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out own.pem"
    subprocess.run(words.split(), cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem", tmp_path / "key.pem")
    secret = serve(tls=context)
    with pytest.raises(StudioError, match="no certificate that can be trusted"):
        get(source(secret.url.replace("http:", "https:")), target)
    assert secret.asked == []


PARTS = {
    "none": b"",
    "begun": CONTENT[:100_000],
    "of another file": b"x" * 100_000,
    "too long": CONTENT + b"x",
}
"""What an earlier download may have left."""


@pytest.mark.slow
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    faults=st.lists(st.lists(st.sampled_from(NEVER_STALLS), max_size=5), min_size=1, max_size=3),
    most=st.sampled_from([None, 700_000]),
    before=st.sampled_from(sorted(PARTS)),
    known=st.booleans(),
)
@example(faults=[["page"]], most=700_000, before="too long", known=True)
def test_whatever_servers_do_it_ends_whole_or_can_be_gone_on_with(
    faults: list[list[str]],
    most: int | None,
    before: str,
    known: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    target = tmp_path_factory.mktemp("any") / "file.ckpt"
    if PARTS[before]:
        leave_part(target, PARTS[before])
    with ExitStack() as running:
        mirrors = [
            running.enter_context(serving(Mirror(content=CONTENT, most=most, faults=list(each))))
            for each in faults
        ]
        given_size = len(CONTENT) if known else None
        wanted = source(*mirrors, sha256=SHA256 if known else None, size=given_size)
        lied = not known and any(
            fault in ("wrong bytes", "long", "short") for each in faults for fault in each
        )
        try:
            get(wanted, target)
        except StudioError:
            assert not target.exists()
            for mirror in mirrors:
                mirror.faults.clear()
            get(wanted, target)
        if not lied:  # without a sha256 nobody can tell
            check_whole(target)


def test_what_an_unfinished_file_is_made_of_is_hashed_as_it_comes(target: Path) -> None:
    target.parent.mkdir()
    part = Part(target)
    part.append(CONTENT)
    assert (part.size, part.sha256) == (len(CONTENT), SHA256)
    part.close()
    again = Part(target)
    assert (again.size, again.sha256) == (len(CONTENT), SHA256)
    again.drop()
    again.close()
    assert not any(target.parent.iterdir())
