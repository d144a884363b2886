"""What a weight file is, from a look at its bytes that builds nothing from them."""

from __future__ import annotations

import codecs
import io
import json
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal, NamedTuple

from studio.errors import RequestError

Form = Literal["safetensors", "archive", "torchscript", "pickle"]

LONGEST_HEADER = 8 * 2**20
"""Bytes of a pickle, a safetensors header or a zip's list; the largest published have 4 MB."""
MOST_MEMBERS = 20_000
LONGEST_SHOWN = 200
"""Letters out of a file that a message shows."""
AT_ONCE = 2**20
"""Bytes read at a time for a checksum."""
AGAIN = "get the file again from where it was published"
_LOCAL_HEADER = struct.Struct("<4s22xHH")


class Member(NamedTuple):
    """Bytes in an archive."""

    first: int
    """Where in the file they begin."""
    size: int
    checksum: int


@dataclass(frozen=True)
class Archive:
    """A zip archive as torch writes it, looked over: each member lies in the file as it is."""

    path: Path
    members: dict[str, Member]
    """By their names below the folder in which torch puts everything; without program text."""

    def read(self, name: str) -> bytes:
        """The bytes of a small member."""
        member = self.members[name]
        with self.path.open("rb") as file:
            file.seek(member.first)
            return file.read(member.size)


def form_of(path: Path) -> Form:
    """How the weights of a file are written.

    Raises RequestError for what cannot be weights: nothing there, a folder, a web page and so on.
    """
    start = _start(path)
    if start.startswith(b"PK\x03\x04"):
        return "torchscript" if "constants.pkl" in look_over(path).members else "archive"
    if start[8:9] == b"{":  # before it is a length, which may begin as a pickle does
        return "safetensors"
    if start[:1] == b"\x80":
        return "pickle"
    if start.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<":
        raise RequestError(f"{path} is a web page and not weights; {AGAIN}.")
    if start.startswith(b"version https://git-lfs"):
        raise RequestError(
            f"{path} only points to weights that git-lfs has not fetched; run `git lfs pull`."
        )
    raise RequestError(
        f"{path} is neither a torch checkpoint nor safetensors; name a .ckpt, .pt or .safetensors."
    )


def named_inside(path: Path) -> bytes:
    """The bytes among which a weight file names its tensors."""
    form = form_of(path)
    if form in ("archive", "torchscript"):
        return look_over(path).read("data.pkl")
    with path.open("rb") as file:
        return file.read(LONGEST_HEADER)


def look_over(path: Path) -> Archive:
    """The members of a torch archive.

    Raises RequestError when it is truncated, when its members do not lie in the file one by one, or
    when one is compressed: torch does that only to program text, which is not read here, and a few
    bytes could grow to more than there is memory.
    """
    try:
        with _Sparing(path) as file, zipfile.ZipFile(file) as opened:
            members = opened.infolist()
        return Archive(path, _below_root(_members(path, members)))
    except zipfile.BadZipFile as error:
        whole = zipfile.is_zipfile(path)
        raise (unreadable(path, error) if whole else cut_short(path)) from error
    except (OSError, ValueError, struct.error, NotImplementedError) as error:
        raise unreadable(path, error) from error


class _Sparing(io.FileIO):
    """A file of which nobody reads much at once, as zipfile would of a list that never ends."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > LONGEST_HEADER:
            raise ValueError("its list of parts is far too long")
        return super().read(size)


def check_sums(archive: Archive) -> None:
    """Raise RequestError when a member has not the checksum that the archive says."""
    with archive.path.open("rb") as file:
        for name, member in archive.members.items():
            file.seek(member.first)
            left, found = member.size, 0
            while left and (part := file.read(min(left, AT_ONCE))):
                left, found = left - len(part), zlib.crc32(part, found)
            if found != member.checksum:
                raise unreadable(archive.path, f"its part {name} is damaged")


def safetensors_header(path: Path) -> dict[str, object]:
    """The header of a safetensors file. Raises RequestError when it is damaged."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > LONGEST_HEADER:
                raise ValueError(f"its header claims {length} bytes")
            if length > path.stat().st_size - 8:
                raise cut_short(path)
            header = json.loads(file.read(length))
    except (OSError, ValueError, struct.error, RecursionError) as error:
        raise unreadable(path, error) from error
    if not isinstance(header, dict):
        raise unreadable(path, "its header is no table")
    if _end(header) > path.stat().st_size - 8 - length:
        raise cut_short(path)
    return header


def _end(header: dict[str, object]) -> int:
    """Where the numbers end that a safetensors header tells of; what it tells wrong is no place."""
    told = [each.get("data_offsets") for each in header.values() if isinstance(each, dict)]
    pairs = [each for each in told if isinstance(each, list) and len(each) == 2]
    return max((pair[1] for pair in pairs if isinstance(pair[1], int)), default=0)


def unreadable(path: Path, why: object) -> RequestError:
    """What to say of a file that is damaged."""
    reason = (str(why) or type(why).__name__).splitlines()[0]
    return RequestError(f"The weights {path} cannot be read ({shown(reason)}); {AGAIN}.")


def cut_short(path: Path) -> RequestError:
    """What to say of a file of which only the beginning is here."""
    return RequestError(f"{path} is only the beginning of a weight file; {AGAIN}.")


def shown(text: str) -> str:
    """A text out of a file, short and without what would move a terminal's cursor."""
    kept = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
    return "".join(letter if letter.isprintable() else "?" for letter in kept)


def _start(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would wait for ever
            raise RequestError(f"{path} is not a file; name the file with the weights.")
        with path.open("rb") as file:
            start = file.read(1024)
    except OSError as error:
        raise RequestError(
            f"{path} cannot be opened ({error.strerror}); check the path."
        ) from error
    if not start:
        raise RequestError(f"{path} is empty; {AGAIN}.")
    return start


def _members(path: Path, listed: list[zipfile.ZipInfo]) -> dict[str, Member]:
    if len(listed) > MOST_MEMBERS:
        raise ValueError(f"it has {len(listed)} parts")
    found: dict[str, Member] = {}
    end = path.stat().st_size
    with path.open("rb") as file:
        for entry in listed:
            if PurePosixPath(entry.filename).parts[1:2] == ("code",):
                continue
            if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1:
                raise ValueError(f"{entry.filename} is compressed, which torch never does")
            if entry.filename in found:
                raise ValueError(f"{entry.filename} is there twice")
            found[entry.filename] = _member(file, entry, end)
    if sum(member.size for member in found.values()) > end:
        raise ValueError("its parts lie over one another")
    return found


def _member(file: BinaryIO, entry: zipfile.ZipInfo, end: int) -> Member:
    file.seek(entry.header_offset)
    magic, name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    first = entry.header_offset + _LOCAL_HEADER.size + name + extra
    if magic != b"PK\x03\x04" or first + entry.file_size > end:
        raise ValueError(f"{entry.filename} lies outside of the file")
    return Member(first, entry.file_size, entry.CRC)


def _below_root(found: dict[str, Member]) -> dict[str, Member]:
    pickles = [name for name in found if PurePosixPath(name).parts[1:] == ("data.pkl",)]
    if len(pickles) != 1:
        raise ValueError("it holds no data.pkl where torch puts it")
    size = found[pickles[0]].size
    if size > LONGEST_HEADER:
        raise ValueError(f"its data.pkl has {size} bytes")
    root = pickles[0].removesuffix("data.pkl")
    return {name.removeprefix(root): at for name, at in found.items() if name.startswith(root)}
