"""Servers that answer what no server should: bytes on a socket, by the name of what is wrong."""

from __future__ import annotations

import gzip
import itertools
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = b"10000\r\n" + bytes(0x10000) + b"\r\n"
ENOUGH = 400
"""Chunks after which even an endless answer ends, lest a test does not."""


@dataclass
class Asked:
    """A request, and the file it is for."""

    content: bytes
    headers: dict[str, str]
    number: int
    """How many came before it."""

    @property
    def start(self) -> int | None:
        said = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        return int(said[1]) if said else None


Answer = Callable[[Asked], Iterable[bytes]]


def head(status: int = 200, **headers: object) -> bytes:
    lines = [f"HTTP/1.1 {status} So it is"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def whole(asked: Asked, **headers: object) -> list[bytes]:
    return [head(Content_Length=len(asked.content), **headers), asked.content]


def chunks(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n0\r\n\r\n"


def led(goal: str) -> Answer:
    return lambda asked: [head(302, Location=goal, Content_Length=0)]


def cut_then(status: int, said: str, **headers: object) -> Answer:
    """Half of the file with a tag, and for the rest something else."""

    def answer(asked: Asked) -> list[bytes]:
        half = len(asked.content) // 2
        if asked.start is None:
            known = head(Content_Length=len(asked.content), ETag='"a"')
            return [known, asked.content[:half]]
        place = said.format(start=asked.start, size=len(asked.content), less=len(asked.content) - 9)
        body = asked.content[asked.start : -9] if status == 206 else b""
        sent = {"Content_Range": place, "Content_Length": len(body), "ETag": '"a"'}
        return [head(status, **(sent | headers)), body]

    return answer


def endless(first: bytes, again: bytes) -> Answer:
    return lambda asked: itertools.chain([first], itertools.repeat(again, ENOUGH))


LOCATIONS = {
    "brackets": "https://[bad]/",
    "an open bracket": "https://[::1/",
    "a large port": "http://127.0.0.1:99999/",
    "a port of letters": "https://a.example:x/",
    "port 0": "http://127.0.0.1:0/",
    "letters of no alphabet": "https://\xff\xfe/",
    "a long name": f"https://{'a' * 300}.example/",
    "dots": "https://..../",
    "another scheme": "file:///etc/passwd",
    "no scheme": "javascript:alert(1)",
    "a cursor": "http://\x1b[2J.example/",
    "a host of signs": "https://%00/",
    "blanks": "https://a b/",
}
ROGUES: dict[str, Answer] = {
    **{f"leads to {name}": led(goal) for name, goal in LOCATIONS.items()},
    "nothing": lambda asked: [],
    "no http": lambda asked: [b"SSH-2.0-OpenSSH_9.6\r\n"],
    "noise": lambda asked: [bytes(range(256)) * 20],
    "an odd status": lambda asked: [b"HTTP/1.1 999 What\r\n\r\n"],
    "a status of letters": lambda asked: [b"HTTP/1.1 abc OK\r\n\r\n"],
    "no content": lambda asked: [head(204)],
    "not modified": lambda asked: [head(304)],
    "an empty file": lambda asked: [head(Content_Length=0)],
    "another length": lambda asked: [head(Content_Length=3), asked.content],
    "a length of letters": lambda asked: [head(Content_Length="many"), asked.content],
    "a length below 0": lambda asked: [head(Content_Length=-5), asked.content],
    "a length beyond all": lambda asked: [head(Content_Length=10**17), asked.content],
    "two lengths": lambda asked: [
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        asked.content,
    ],
    "a length and chunks": lambda asked: [
        head(Content_Length=3, Transfer_Encoding="chunked"),
        chunks(asked.content),
    ],
    "gzip and chunked": lambda asked: [
        head(Transfer_Encoding="gzip, chunked"),
        chunks(gzip.compress(asked.content, 1)),
    ],
    "gzip": lambda asked: [
        head(Content_Encoding="gzip", Transfer_Encoding="chunked"),
        chunks(gzip.compress(asked.content, 1)),
    ],
    "an unheard of encoding": lambda asked: [
        head(Content_Encoding="\xff", Transfer_Encoding="chunked"),
        chunks(asked.content),
    ],
    "chunks of no size": lambda asked: [head(Transfer_Encoding="chunked"), b"xyz\r\n"],
    "chunks below 0": lambda asked: [head(Transfer_Encoding="chunked"), b"-5\r\nabc\r\n"],
    "chunks without end": endless(head(Transfer_Encoding="chunked"), CHUNK),
    "bytes without end": endless(head(), CHUNK),
    "headers without end": endless(b"HTTP/1.1 200 OK\r\n", b"X-Header: again\r\n" * 500),
    "a header without end": endless(b"HTTP/1.1 200 OK\r\nX-Header: ", b"again " * 500),
    "a tag that is no text": lambda asked: [
        head(Content_Length=len(asked.content), ETag='"\xff"'),
        asked.content[:9999],
    ],
    "a date that is no text": lambda asked: [
        head(Content_Length=len(asked.content), Last_Modified="\xff\xfe"),
        asked.content[:9999],
    ],
    "a tag of many letters": lambda asked: [
        head(Content_Length=len(asked.content), ETag=f'"{"a" * 7000}"'),
        asked.content[:9999],
    ],
    "a part that nobody asked for": lambda asked: [
        head(206, Content_Range="bytes 0-8/9", Content_Length=9),
        bytes(9),
    ],
    "no such part": lambda asked: [head(416, Content_Range="bytes */0", Content_Length=0)],
    "nothing after half": cut_then(416, "bytes */{start}"),
    "nothing after half of anything": cut_then(416, "bytes */*"),
    "a part of a shorter file": cut_then(206, "bytes {start}-{size}/{less}"),
    "a part of an unknown file": cut_then(206, "bytes {start}-{size}/*"),
    "a part of another place": cut_then(206, "bytes 7-{size}/{size}"),
    "a part of no place": cut_then(206, "bytes x-y/z"),
    "cookies": lambda asked: [
        head(404, Set_Cookie="\xff=\x00; domain=.; expires=never", Content_Length=0)
    ],
}
"""Each has something that is no way to the file."""


@dataclass
class Rogue:
    """A server at 127.0.0.1 that does something wrong again and again."""

    content: bytes
    wrong: list[str]
    """What it does to each request in turn, the last to all that follow."""
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/file"

    def answer(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as words:
            headers = {}
            for word in iter(words.readline, b"\r\n"):
                if not word:
                    return
                name, _, value = word.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            asked = Asked(self.content, headers, len(self.asked))
            self.asked.append(asked)
            wrong = self.wrong[min(asked.number, len(self.wrong) - 1)]
            for data in ROGUES[wrong](asked):
                line.sendall(data)
            line.shutdown(socket.SHUT_WR)


@contextmanager
def roguish(rogue: Rogue) -> Iterator[Rogue]:
    """A server at work."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        rogue.port = door.getsockname()[1]
        thread = threading.Thread(target=_serve, args=(door, rogue), daemon=True)
        thread.start()
        try:
            yield rogue
        finally:
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def _serve(door: socket.socket, rogue: Rogue) -> None:
    with suppress(OSError):
        while True:
            line, _ = door.accept()
            line.settimeout(10)
            with suppress(OSError):
                rogue.answer(line)
