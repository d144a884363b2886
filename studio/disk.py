"""What the disk refuses, each as one sentence that names the file and the remedy."""

from __future__ import annotations

import errno
from pathlib import Path

from studio.errors import RequestError, StudioError


class ForbiddenError(StudioError):
    """A file or its folder may not be written; perhaps it can be read."""


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def of_system(error: OSError, path: Path) -> StudioError:
    """What an operating system error means for the file at `path`."""
    if error.errno == errno.ENOENT:
        return no_folder(path)
    if error.errno in (errno.EISDIR, errno.ENOTDIR):
        return RequestError(f"{path} cannot be a file; choose another name or folder.")
    if error.errno == errno.ENAMETOOLONG:
        return too_long(path)
    if error.errno in _FORBIDDEN:
        return forbidden(path)
    if error.errno in _FULL:
        return full(path)
    reason = error.strerror or type(error).__name__
    return StudioError(f"{path} could not be read or written ({reason}); check the disk.")


def no_folder(path: Path) -> RequestError:
    return RequestError(
        f"There is no folder {path.parent} for {path.name}; create it or choose another."
    )


def too_long(path: Path) -> RequestError:
    return RequestError(f"The name {path} is too long; choose a shorter one, or another folder.")


def forbidden(path: Path) -> StudioError:
    return ForbiddenError(
        f"{path} may not be written; change its permissions or choose another folder."
    )


def full(path: Path) -> StudioError:
    return StudioError(f"There is no room left on the disk for {path}; free some space first.")
