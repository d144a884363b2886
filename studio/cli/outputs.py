"""Where a painting goes: names checked before anything is painted, the picture written whole."""

from __future__ import annotations

import io
import itertools
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from studio import places
from studio.atomic import write_whole
from studio.core.schedule import Change
from studio.core.settings import Settings
from studio.errors import RequestError
from studio.pictures import png
from studio.project.document import ModelRef
from studio.project.file import Project

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KINDS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
SUFFIX = ".vqproj"
LONGEST_SLUG = 40


def picture_path(given: Path | None, settings: Settings) -> Path:
    """Where the picture goes. Raises RequestError when it could not be written there."""
    out = given or Path(f"{_slug(settings)}-{settings.seed}.png")
    if out.is_dir():
        raise RequestError(f"--out {out} is a folder; name a picture in it, such as picture.png.")
    if out.suffix.lower() not in KINDS:
        raise RequestError(f"--out {out} must end in one of {', '.join(KINDS)}.")
    if out.exists() and not out.is_file():
        raise RequestError(f"--out {out} is not an ordinary file; choose another name.")
    _check_folder(out)
    return out


def check_new_project(given: Path, *, force: bool) -> None:
    """Raise RequestError when a project is there already or none can be made."""
    if given.suffix.lower() != SUFFIX:
        raise RequestError(f"--project {given} must end in {SUFFIX}.")
    if given.exists() and not force:
        raise RequestError(
            f"The project {given} exists already; add --resume to paint it on, or --force to "
            "replace it."
        )
    if given.exists() and not given.is_file():
        raise RequestError(f"--project {given} is not an ordinary file; choose another name.")
    _check_folder(given)


def make_projects_folder() -> None:
    """Make the folder for projects without a name. Raises RequestError when it is no use."""
    folder = places.projects()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RequestError(
            f"The projects folder {folder} cannot be made ({error.strerror}); name a file with "
            "--project."
        ) from error
    _check_folder(folder / f"any{SUFFIX}")


def make_folder(out: Path) -> None:
    """Make the folder that --out names. Raises RequestError where there can be none."""
    if out.exists() and not out.is_dir():
        raise RequestError(f"--out {out} is a file; name a folder.")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RequestError(f"The folder {out} cannot be made ({error.strerror}).") from error


def new_project(
    models: Sequence[ModelRef], changes: Sequence[Change], assets: Mapping[str, bytes]
) -> Project:
    """Make a project in the projects folder, under a name that nothing has yet."""
    for path in _free_paths(changes[0].settings):
        try:
            return Project.create(path, models=models, changes=changes, assets=assets)
        except RequestError:
            if not path.exists():  # otherwise somebody else took the name just now
                raise
    raise AssertionError("there is always another name")


def _free_paths(settings: Settings) -> Iterator[Path]:
    """Names in the projects folder that nothing has yet, one after the other."""
    for number in itertools.count(1):
        path = places.projects() / f"{_slug(settings)}-{settings.seed}-{number}{SUFFIX}"
        if not path.exists():
            yield path


def write_picture(
    path: Path, picture: NDArray[np.uint8], about: Mapping[str, str] | None = None
) -> None:
    """Write a picture (H, W, 3) whole; a PNG also tells what there is to tell about it."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise RequestError(f"{path.name} must end in one of {', '.join(KINDS)}.")
    if kind == "PNG":
        data = png.encoded(picture, about)
    else:
        file = io.BytesIO()
        Image.fromarray(picture).save(file, kind, quality=95)
        data = file.getvalue()
    write_whole(path, data)


def _check_folder(path: Path) -> None:
    """Raise RequestError unless a new file can be made in the folder of `path`."""
    folder = path.parent
    if not folder.is_dir():
        raise RequestError(
            f"There is no folder {folder} for {path.name}; create it or choose another."
        )
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise RequestError(
            f"{path} cannot be written ({error.strerror}); choose another folder."
        ) from error


def _slug(settings: Settings) -> str:
    """A short file name from the first text."""
    return slug(next((prompt.text for prompt in settings.prompts if prompt.text), "painting"))


def slug(text: str) -> str:
    """A short file name from a text: letters and digits of any script, and hyphens."""
    return re.sub(r"[\W_]+", "-", text.lower())[:LONGEST_SLUG].strip("-") or "painting"
