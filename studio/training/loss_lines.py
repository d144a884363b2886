"""The losses of every step on the disk, a line of JSON each."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any, Self

import msgspec

from studio.atomic import write_whole
from studio.models.part import writing


class LossLines:
    """Writes a line for every step. Those of steps that are taken again are cut off first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def put(self, step: int, figures: dict[str, float]) -> None:
        """Write the line of a step."""
        if self._file is None:
            self._cut(step)
            self._file = self._path.open("ab")
        line = msgspec.json.encode({"step": step} | figures)
        with writing(self._path):
            self._file.write(line + b"\n")
            self._file.flush()

    def _cut(self, step: int) -> None:
        """Keep the lines of the steps before."""
        lines = self._path.read_bytes().splitlines(keepends=True) if self._path.exists() else []
        write_whole(self._path, b"".join(lines[:step]))


def read(path: Path) -> list[dict[str, Any]]:
    """The lines that are whole, in order."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    return [msgspec.json.decode(line, type=dict[str, Any]) for line in lines]
