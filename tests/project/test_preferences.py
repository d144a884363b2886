"""Preferences: kept, mended field by field, and gentle with what newer versions wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.errors import StudioError
from studio.project import preferences
from studio.project.preferences import Preferences

CHANGED = Preferences(
    theme="light",
    device="cpu",
    iterations=50,
    notify="never",
    picture_settings_in_png=False,
    recent_limit=3,
    keys={"play": "Ctrl+P", "branch": ""},
)
NAMES = [field.name for field in msgspec.structs.fields(Preferences)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "preferences.json"


def write(file: Path, content: object) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())


def copy(file: Path) -> Path:
    return file.with_name("preferences.json.bak")


def test_a_first_start_has_the_defaults_and_writes_nothing(file: Path) -> None:
    assert preferences.load(file) == Preferences()
    assert not file.parent.exists()


def test_what_is_saved_comes_back(file: Path) -> None:
    preferences.save(CHANGED, file)
    assert preferences.load(file) == CHANGED
    assert not copy(file).exists()
    assert "\n  " in file.read_text()


def test_the_usual_place_is_the_configuration_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    if tmp_path not in preferences.preferences_path().parents:
        pytest.skip("this system has its own place for configurations")
    preferences.save(CHANGED)
    assert preferences.preferences_path() == tmp_path / "vqgan-clip-studio" / "preferences.json"
    assert preferences.load() == CHANGED


@pytest.mark.parametrize("name", [each for each in NAMES if each != "keys"])
@pytest.mark.parametrize("wrong", [None, [], {}, -1, 1e9, "purple"])
def test_only_a_wrong_field_is_reset(file: Path, name: str, wrong: Any) -> None:
    content = {**msgspec.to_builtins(CHANGED), name: wrong}
    write(file, content)
    default = {name: getattr(Preferences(), name)}
    assert preferences.load(file) == msgspec.structs.replace(CHANGED, **default)
    assert json.loads(copy(file).read_bytes()) == content


def test_of_the_keys_only_the_wrong_ones_are_reset(file: Path) -> None:
    write(file, {"keys": {"play": "P", "stop": 3}, "theme": "light"})
    assert preferences.load(file) == Preferences(theme="light", keys={"play": "P"})
    assert copy(file).exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\x00\xff\xfe", b"[]", b"null", b'{"theme": "li', b"[" * 100_000],
    ids=["empty", "open", "binary", "list", "null", "torn", "deep"],
)
def test_a_broken_file_gives_defaults_and_is_copied(file: Path, content: bytes) -> None:
    write(file, content)
    assert preferences.load(file) == Preferences()
    assert copy(file).read_bytes() == content


def test_an_editor_may_put_a_mark_before_it(file: Path) -> None:
    write(file, b'\xef\xbb\xbf{"theme": "light"}')
    assert preferences.load(file) == Preferences(theme="light")


def test_what_a_newer_version_wrote_stays(file: Path) -> None:
    write(file, {"theme": "light", "brush": {"size": 3}})
    found = preferences.load(file)
    assert found == Preferences(theme="light")
    assert not copy(file).exists()
    preferences.save(msgspec.structs.replace(found, iterations=9), file)
    assert json.loads(file.read_bytes())["brush"] == {"size": 3}
    assert preferences.load(file).iterations == 9


def test_a_place_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    below = tmp_path / "file" / "preferences.json"
    assert preferences.load(below) == Preferences()
    assert preferences.load(tmp_path) == Preferences()
    with pytest.raises(StudioError, match="preferences"):
        preferences.save(CHANGED, below)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([*NAMES, "other"]), json_values))
def test_whatever_the_file_says_the_preferences_hold(tmp_path: Path, content: Any) -> None:
    file = tmp_path / "preferences.json"
    write(file, content)
    found = preferences.load(file)
    assert msgspec.convert(msgspec.to_builtins(found), Preferences) == found
    preferences.save(found, file)
    assert preferences.load(file) == found
