"""The house: which modules import each other in a circle, imports for type checking counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import grimp
import pytest

WINDOW = frozenset(
    f"studio.ui.{name}"
    for name in (
        *("brushes", "brushes.desk", "brushes.regions", "brushes.why", "conduct", "files"),
        *("film", "film.desk", "film.writing", "help", "key_desk", "menus", "models.desk"),
        *("models.use", "queue_desk", "room", "training.desk", "training.ending", "welcome_desk"),
        "window",
    )
)
"""The parts that know the window, which composes them."""
STANDING = (
    WINDOW,
    frozenset({"studio.ui.document", "studio.ui.edits", "studio.ui.keyframes"}),
    frozenset({"studio.ui.brushes.canvas", "studio.ui.brushes.gestures"}),
    frozenset({"studio.ui.brushes.commands", "studio.ui.brushes.rail"}),
    frozenset({"studio.ui.timeline.board", "studio.ui.timeline.gestures"}),
    frozenset({"studio.ui.timeline.commands", "studio.ui.timeline.timeline"}),
    frozenset({"studio.cli.models", "studio.cli.models_fetch"}),
)
"""Circles that are still to be opened; a module may leave them, and none may come."""

Imports = Mapping[str, frozenset[str]]


@pytest.fixture(scope="module")
def imports() -> Imports:
    graph = grimp.build_graph("studio", cache_dir=None)
    return {
        each: frozenset(graph.find_modules_directly_imported_by(each)) for each in graph.modules
    }


def reached(imports: Imports, start: str) -> frozenset[str]:
    """All that a module imports, itself or through others."""
    found: set[str] = set()
    coming = [start]
    while coming:
        for each in imports[coming.pop()] - found:
            found.add(each)
            coming.append(each)
    return frozenset(found)


def circles(imports: Imports) -> Iterator[frozenset[str]]:
    reach = {each: reached(imports, each) for each in imports}
    left = {each for each, found in reach.items() if each in found}
    while left:
        one = next(iter(left))
        circle = frozenset(each for each in reach[one] if one in reach[each])
        left -= circle
        yield circle


def test_a_circle_is_found() -> None:
    imports = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}, "e": {"f"}, "f": {"e"}}
    found = set(circles({name: frozenset(each) for name, each in imports.items()}))
    assert found == {frozenset({"b", "c"}), frozenset({"e", "f"})}


def test_no_new_circle_of_imports(imports: Imports) -> None:
    new = [sorted(each) for each in circles(imports) if not any(each <= old for old in STANDING)]
    assert new == []


def test_what_is_listed_as_a_circle_is_one(imports: Imports) -> None:
    inside = frozenset[str]().union(*circles(imports))
    assert [sorted(each - inside) for each in STANDING if not each <= inside] == []
