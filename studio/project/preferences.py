"""What a person prefers: one small JSON file that survives damage and newer versions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec
import platformdirs

from studio.atomic import write_whole
from studio.log import log
from studio.project import faults
from studio.project.decoding import UnreadableError, read
from studio.project.lists import keep_copy

Theme = Literal["dark", "light"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Notify = Literal["each", "queue", "never"]

DEVICES: tuple[Device, ...] = get_args(Device)

MOST_ITERATIONS = 100_000
MOST_RECENT = 50


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """Choices that go with the person, not with a painting."""

    theme: Theme = "dark"
    device: Device = "auto"
    iterations: Annotated[int, msgspec.Meta(ge=1, le=MOST_ITERATIONS)] = 200
    """How many a press of Paint paints."""
    notify: Notify = "queue"
    """When to tell that painting is done: after each painting, after the queue, or never."""
    picture_settings_in_png: bool = True
    """Whether exported pictures say how they were painted."""
    recent_limit: Annotated[int, msgspec.Meta(ge=0, le=MOST_RECENT)] = 10
    suggest_models: bool = True
    """Whether the first page suggests the models to begin with."""
    keys: dict[str, str] = msgspec.field(default_factory=dict)
    """Changed shortcuts by the id of their command; "" is no key."""


def preferences_path() -> Path:
    """Where the preferences are kept."""
    folder = platformdirs.user_config_path("vqgan-clip-studio", appauthor=False)
    return folder / "preferences.json"


def load(path: Path | None = None) -> Preferences:
    """The preferences kept at `path`; what is missing or wrong there is as it is by default.

    Never fails. A file in which something is wrong is copied to `<name>.bak` first.
    """
    path = path or preferences_path()
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Preferences()
    except OSError as error:
        log.warning("%s", faults.of_system(error, path))
        return Preferences()
    kept, whole = _read(data)
    if not whole:
        keep_copy(path, data)
    return kept


def save(preferences: Preferences, path: Path | None = None) -> None:
    """Keep the preferences at `path`, and what a newer version of the studio kept there.

    Raises StudioError when they cannot be written.
    """
    path = path or preferences_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise faults.of_system(error, path) from error
    everything = {**_strange(path), **msgspec.to_builtins(preferences)}
    write_whole(path, msgspec.json.format(msgspec.json.encode(everything), indent=2) + b"\n")


def _read(data: bytes) -> tuple[Preferences, bool]:
    """The preferences in a file, and whether all of it was right."""
    found = _object(data)
    if found is None:
        return Preferences(), False
    good: dict[str, Any] = {}
    whole = True
    for field in msgspec.structs.fields(Preferences):
        if field.name in found:
            try:
                good[field.name] = msgspec.convert(found[field.name], field.type)
            except msgspec.ValidationError:
                whole = False
    if "keys" in found and "keys" not in good:
        good["keys"] = _good_keys(found["keys"])
    return Preferences(**good), whole


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        return read(data.removeprefix(b"\xef\xbb\xbf"), dict[str, Any])
    except UnreadableError:
        return None


def _good_keys(found: object) -> dict[str, str]:
    if not isinstance(found, Mapping):
        return {}
    return {name: keys for name, keys in found.items() if isinstance(keys, str)}


def _strange(path: Path) -> dict[str, Any]:
    """What the file at `path` holds that this version has no word for."""
    try:
        found = _object(path.read_bytes()) or {}
    except OSError:
        return {}
    known = {field.name for field in msgspec.structs.fields(Preferences)}
    return {name: value for name, value in found.items() if name not in known}
