"""A server of model files on this machine, which can hold back, fail, and come to itself again."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server:
    """Serves bytes by name, and remembers where each request began."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.files: dict[str, bytes] = {}
        self.begun: list[tuple[str, int]] = []
        self.holds_at: dict[str, int] = {}
        """Bytes of a file after which nothing comes until `let_go`."""
        self.is_out_of_order = False
        self._goes = threading.Event()

    def url(self, name: str) -> str:
        return f"{self.address}/{name}"

    def let_go(self) -> None:
        """Hold nothing back any more."""
        self.holds_at.clear()
        self._goes.set()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        name = request.path.strip("/")
        data = self.files.get(name)
        if data is None or self.is_out_of_order:
            request.send_error(404)
            return
        said = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        start = int(said.group(1)) if said else 0
        self.begun.append((name, start))
        request.send_response(206 if said else 200)
        if said:
            request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        request.send_header("Content-Length", str(len(data) - start))
        request.send_header("ETag", f'"{name}"')
        request.end_headers()
        stop = max(start, self.holds_at.get(name, len(data)))
        request.wfile.write(data[start:stop])
        request.wfile.flush()
        if stop < len(data):
            self._goes.wait(30)
            request.wfile.write(data[stop:])


@contextmanager
def serving() -> Iterator[Server]:
    """A server at work."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                served.answer(self)
            except OSError:
                self.close_connection = True  # the other end has gone

        def log_message(self, *_: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    served = Server(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        served.let_go()
        http.shutdown()
        http.server_close()
        thread.join()
