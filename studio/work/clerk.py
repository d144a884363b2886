"""Small errands to the disk that must wait neither for an iteration nor in the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from studio import places
from studio.core import tokens
from studio.core.settings import Settings
from studio.errors import RequestError, StudioError
from studio.log import log
from studio.models import store
from studio.painting import jpeg
from studio.project import preferences
from studio.project.file import Project
from studio.project.history import History
from studio.project.lock import WriterLock
from studio.project.preferences import Preferences
from studio.project.recent import RecentProjects
from studio.work import pictures, stocktaking
from studio.work.easel import untitled_folder
from studio.work.facts import Contents, Listed, Picture, Reading, Welcome
from studio.work.faults import told
from studio.work.reader import decoded
from studio.work.weights import unknown_words

THUMBNAIL = 320
"""Pixels along the longer side of the picture of a project on a list."""


@dataclass(frozen=True)
class Shelved:
    """The models on this machine: name and one line on each."""

    vqgans: tuple[tuple[str, str], ...]
    perceptors: tuple[tuple[str, str], ...]
    factors: Mapping[str, int]
    """Pixels along one side of the square that one code of a VQGAN stands for."""
    imagining: frozenset[str]
    """The VQGANs that can imagine what a painting starts from."""
    shipped: frozenset[tuple[str, str]]
    """Name and kind of those that the studio brings along."""


class Clerk(QObject):
    """Serves requests one after the other."""

    failed = Signal(object)
    picture_read = Signal(object)
    reading = Signal(int, object)
    welcome = Signal(object)
    history = Signal(list)
    models = Signal(object)
    stock = Signal(object)
    lacks = Signal(object)

    @Slot(object)
    def serve(self, request: Callable[[], None]) -> None:
        """Do what was asked for; what goes wrong is told in one place."""
        try:
            request()
        except Exception as error:
            self.failed.emit(told(error))

    def read_picture(self, path: Path, use: str) -> None:
        """Make a picture file ready for a project."""
        self.picture_read.emit(pictures.read(path, use))

    def read_pixels(self, data: bytes, use: str) -> None:
        """Make an encoded picture ready for a project."""
        self.picture_read.emit(pictures.of_pixels(data, use))

    def read_text(self, row: int, text: str, perceptors: Sequence[str]) -> None:
        """Count the tokens of a text, and find the words that a perceptor never learnt."""
        self.reading.emit(row, Reading(tokens.count(text), unknown_words(text, perceptors)))

    def list_models(self) -> None:
        """All models that can be painted with."""
        there = store.installed()
        vqgans = [model for model in there if model.kind == "vqgan"]
        self.models.emit(
            Shelved(
                tuple((model.name, store.draws(model) or "") for model in vqgans),
                tuple((m.name, store.draws(m) or "") for m in there if m.kind == "clip"),
                {model.name: store.factor(model) for model in vqgans},
                frozenset(m.name for m in vqgans if store.imagination(m).exists()),
                frozenset((model.name, model.kind) for model in there if model.is_shipped),
            )
        )

    def count_stock(self) -> None:
        """All models that are here or can be had."""
        self.stock.emit(stocktaking.counted())

    def find_lacks(self, contents: Contents) -> None:
        """The models of a project that are not here."""
        self.lacks.emit(stocktaking.lacks(contents))

    def list_projects(self) -> None:
        """All that the welcome page offers."""
        recent = tuple(
            Listed(each.path, each.path.stem, each.when, each.thumbnail, each.missing)
            for each in RecentProjects().list()
        )
        self.welcome.emit(Welcome(recent, tuple(_examples()), tuple(_unsaved())))

    def forget_recent(self, path: Path) -> None:
        """Take a project off the list of recent ones."""
        RecentProjects().forget(path)
        self.list_projects()

    def discard_unsaved(self, path: Path) -> None:
        """Delete work that was left without a name."""
        if path.parent == untitled_folder():
            path.unlink(missing_ok=True)
        self.list_projects()

    def remember(
        self, settings: Settings, path: Path | None, picture: Picture | bytes | None
    ) -> None:
        """Keep settings in the history, and a project with a name among the recent ones."""
        if isinstance(picture, bytes):
            picture = decoded(picture)
        small = b"" if picture is None else jpeg(picture, THUMBNAIL)
        self.history.emit(list(History().add(settings, small)))
        if path is not None:
            limit = preferences.load().recent_limit
            RecentProjects().add(path, small or None, limit=limit)
            self.list_projects()

    def list_history(self) -> None:
        """All earlier prompts."""
        self.history.emit(list(History().list()))

    def keep_preferences(self, wanted: Preferences) -> None:
        """Write the preferences to the disk."""
        preferences.save(wanted)


def _examples() -> list[Listed]:
    paths = sorted(places.examples().glob("Example *.vqproj"))
    return [listed for path in paths if (listed := _offered(path)) is not None]


def _unsaved() -> list[Listed]:
    """Untitled projects that no window has open."""
    paths = sorted(untitled_folder().glob("*.vqproj"), reverse=True)
    return [
        listed
        for path in paths
        if not _is_open(path) and (listed := _offered(path, unseen=True)) is not None
    ]


def _is_open(path: Path) -> bool:
    try:
        WriterLock(path).close()
    except StudioError:
        return True
    return False


def _offered(path: Path, *, unseen: bool = False) -> Listed | None:
    """A project for the first page; what is odd about one must not cost the others.

    With `unseen`, one that cannot be read as it is now is offered without its picture.
    """
    try:
        return _looked_at(path)
    except RequestError as error:
        log.warning("%s is not offered: %s", path, error)
    except Exception as error:
        log.warning("%s cannot be looked at: %s", path, error)
        if unseen:
            return Listed(path, path.stem, path.stat().st_mtime, None)
    return None


def _looked_at(path: Path) -> Listed:
    with Project.open(path, read_only=True) as project:
        take = project.shown_takes()[-1].id
        length = project.length(take)
        picture = _last_picture(project, take, length)
        name = project.changes(take)[-1].settings.prompts[0].label
    title = path.stem.removeprefix("Example ") if path.parent == places.examples() else name
    return Listed(path, title, path.stat().st_mtime, picture)


def _last_picture(project: Project, take: int, length: int) -> bytes | None:
    try:
        return project.proxy(take, length - 1) if length else None
    except StudioError as error:
        log.warning("%s is offered without a picture: %s", project.path, error)
        return None
