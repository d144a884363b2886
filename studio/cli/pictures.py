"""Pictures that a person names, as a project keeps them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from studio.errors import RequestError, shown
from studio.pictures.keeping import keepable


def embedded(path: Path) -> tuple[str, bytes]:
    """A picture as a project keeps it, and its sha256. Raises RequestError unless it is one."""
    if not path.exists():
        raise RequestError(f"There is no picture {shown(path)}; check the name and the folder.")
    kept = keepable(path)
    return hashlib.sha256(kept).hexdigest(), kept
