"""A server of one file that can go wrong in all the ways servers do."""

from __future__ import annotations

import os
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<!DOCTYPE html><html><body>Please log in to see this file.</body></html>"
SIGNED = "/elsewhere?signature=a%2Fb%2Bc%7Ed%3D&p=%2Fx"
FAULTS = (
    "drop",
    "cut",
    "stall",
    "wrong bytes",
    "page",
    "long",
    "short",
    "gzip",
    "ignore range",
    "other range",
    "no such range",
    "new tag",
    "new tag ignored",
    "redirect",
    "redirect to http",
    "redirect in circles",
    "404",
    "500",
    "429",
)


@dataclass
class Mirror:
    """What a server has, what it will do wrong next, and what it was asked."""

    content: bytes = b""
    tag: str | None = '"first"'
    dated: bool = False
    """Gives Last-Modified and no ETag."""
    most: int | None = None
    """Bytes after which every connection breaks."""
    faults: list[str] = field(default_factory=list)
    """One for each request, in turn; then all goes well."""
    asked: list[dict[str, str]] = field(default_factory=list)
    """Headers of each request, with `path` among them."""
    tls: ssl.SSLContext | None = None
    port: int = 0
    sent: threading.Event = field(default_factory=threading.Event)
    """Set when all that comes before a stall was sent."""
    over: threading.Event = field(default_factory=threading.Event)
    """Ends those who stall."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/file"

    @property
    def ranges(self) -> list[str | None]:
        """The Range of each request."""
        return [headers.get("Range") for headers in self.asked]


@contextmanager
def serving(mirror: Mirror) -> Iterator[Mirror]:
    """A server at 127.0.0.1, on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            mirror.asked.append({**self.headers, "path": self.path})
            fault = mirror.faults.pop(0) if mirror.faults else ""
            with suppress(ConnectionError):
                _answer(self, mirror, fault)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    mirror.port = server.server_port
    if mirror.tls is not None:
        server.socket = mirror.tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield mirror
    finally:
        mirror.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def end_process(*_: object) -> None:
    """What a file does that brings its reader down."""
    os._exit(3)


def closed_port() -> int:
    """A port at which nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answer(request: BaseHTTPRequestHandler, mirror: Mirror, fault: str) -> None:
    content = mirror.content
    if fault == "drop":
        request.close_connection = True
    elif fault.isdigit():
        _send(request, int(fault), {}, b"Sorry.")
    elif fault == "page":
        _send(request, 200, {"Content-Type": "text/html"}, PAGE)
    elif fault == "redirect":
        _send(request, 302, {"Location": SIGNED}, b"")
    elif fault == "redirect to http":
        _send(request, 302, {"Location": "http://a.example/file"}, b"")
    elif fault == "redirect in circles":
        mirror.faults.insert(0, fault)
        if sum("path" in headers for headers in mirror.asked) % 12 == 0:
            mirror.faults.pop(0)
        _send(request, 302, {"Location": "/file"}, b"")
    elif fault == "gzip":
        _send(request, 200, {"Content-Encoding": "gzip"}, content)
    elif fault == "short":
        _send(request, 200, {}, content[:-1])
    else:
        _file(request, mirror, fault)


def _file(request: BaseHTTPRequestHandler, mirror: Mirror, fault: str) -> None:
    if fault.startswith("new tag"):
        mirror.tag = f'"tag {len(mirror.asked)}"'
    content = mirror.content
    if fault == "wrong bytes":
        content = bytes(byte ^ 0xFF for byte in content)
    if fault == "long":
        content += b"more"
    headers = {"ETag": mirror.tag} if mirror.tag else {}
    if mirror.dated:
        headers = {"Last-Modified": "Tue, 24 Nov 2026 08:00:00 GMT"}
    start = _start(request, headers, ignore_if=fault == "new tag ignored")
    if fault == "ignore range":
        start = None
    if start is not None and (fault == "no such range" or start >= len(content)):
        _send(request, 416, {"Content-Range": f"bytes */{len(content)}"}, b"")
        return
    if fault == "other range" and start:
        start -= 1
    begin = start or 0
    if start is not None:
        headers["Content-Range"] = f"bytes {begin}-{len(content) - 1}/{len(content)}"
    rest = content[begin:]
    most = len(rest) // 2 if fault in ("cut", "stall") else mirror.most
    _send(request, 200 if start is None else 206, headers, rest, most=most)
    if fault == "stall":
        mirror.sent.set()
        mirror.over.wait(20)


def _start(
    request: BaseHTTPRequestHandler, validators: dict[str, str], *, ignore_if: bool
) -> int | None:
    """Where the part that is asked for begins; None when the whole file is to be sent."""
    asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
    condition = request.headers.get("If-Range")
    if asked is None or (condition not in (None, *validators.values()) and not ignore_if):
        return None
    return int(asked[1])


def _send(
    request: BaseHTTPRequestHandler,
    status: int,
    headers: dict[str, str],
    body: bytes,
    *,
    most: int | None = None,
) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    if most is not None and most < len(body):
        body = body[:most]
        request.close_connection = True
    request.wfile.write(body)
    request.wfile.flush()
