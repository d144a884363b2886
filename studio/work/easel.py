"""A project that is painted on, iteration by iteration."""

from __future__ import annotations

import statistics
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from studio import places
from studio.cli.plan import check_models
from studio.core import planning
from studio.core.pictured import modes_of
from studio.core.schedule import Keyframe, settings_at
from studio.core.settings import Settings, Stroke
from studio.errors import StudioError
from studio.log import log
from studio.project.document import Iteration
from studio.project.file import Project
from studio.work.facts import Contents, News, Picture
from studio.work.weights import Shelf, named, references

if TYPE_CHECKING:
    from studio.engine.painter import Step
    from studio.painting import Painting

RECENT = 20
"""Iterations whose median tells the pace."""


class Easel:
    """A project at work: which take is painted on, and how many iterations are left to paint.

    Everything is on the disk when a call returns. The painter is made when it is first needed.
    """

    def __init__(self, project: Project, shelf: Shelf) -> None:
        self.project, self.shelf = project, shelf
        self.take = 0
        """The take that the window shows."""
        self.at_work: int | None = None
        """The take that is or was painted on."""
        self.left, self.painted = 0, 0
        self._painting: Painting | None = None
        self._seconds: deque[float] = deque(maxlen=RECENT)
        self._last = 0.0

    def prepare(self, take: int) -> None:
        """Be ready to paint the next iteration of a take; this may load models and replay."""
        from studio.painting import Painting

        changes = self.project.changes(take)
        settings = settings_at(changes, self.project.length(take))
        if self._painting is None or self._painting.take != take:
            check_models(self.project, named(settings))
            self.project.add_models(references(settings))
            painter = self.shelf.models(settings).painter(self.project, changes)
            self._painting = Painting(painter, self.project, take)
        self.at_work, self._last = take, time.monotonic()

    def move_to(self, project: Project) -> None:
        """Go on in a copy of the project."""
        self.project = project
        if self._painting is not None:
            self._painting.project = project

    def paint_one(self, tell: Callable[[News], None]) -> None:
        """Paint the next iteration, while the one before is being kept.

        `tell` is called on another thread once the iteration is on the disk. If anything fails,
        nothing is lost but what was not told of.
        """
        assert self._painting is not None
        painting, left = self._painting, max(0, self.left - 1)
        if set(painting.settings.perceptors) - set(painting.painter.perceptors):
            painting.painter = self.shelf.models(painting.settings).painter(
                self.project, painting.changes
            )
        with self._counted(painting):
            painting.paint_one(on_kept=lambda step: tell(self._news(painting, step, left)))

    def settle(self) -> None:
        """Wait until all that is painted is on the disk and told of; raises what went wrong."""
        if self._painting is not None:
            with self._counted(self._painting):
                self._painting.settle()

    @property
    def pace(self) -> float:
        """Seconds that an iteration takes at present."""
        return statistics.median(self._seconds)

    @contextmanager
    def _counted(self, painting: Painting) -> Iterator[None]:
        """Count iterations that are painted meanwhile, or turn out not to be kept."""
        before = painting.state.iteration
        try:
            yield
        finally:
            done = painting.state.iteration - before
            self.left, self.painted = max(0, self.left - done), self.painted + done

    def _news(self, painting: Painting, step: Step, left: int) -> News:
        now = time.monotonic()
        self._seconds.append(now - self._last)
        self._last = now
        iteration = Iteration(step.iteration, step.losses, step.total, step.seconds)
        return News(
            take=painting.take,
            iterations=(iteration,),
            picture=step.picture,
            seconds=self.pace,
            left=left,
            why=step.why,
        )

    def rest(self) -> None:
        """Keep the state, so that painting goes on from here without replaying."""
        self.settle()
        if self._painting is not None and self._painting.state.iteration > 0:
            branched_at = self.project.take(self._painting.take).branched_at or 0
            if self._painting.state.iteration > branched_at:
                self._painting.save_state()

    def put_away(self) -> None:
        """Forget the painter, as after a fault or a look at another take."""
        try:
            self.settle()
        except StudioError as error:
            log.warning("%s", error)  # another fault came first and is told of
        self._painting = None
        self._seconds.clear()

    def change(self, take: int, fields: Mapping[str, object]) -> None:
        """Give the settings of a take other values from its next iteration on.

        Those that keyframes set get a keyframe; what lies ahead stays as it is planned.
        """
        project = self.project
        before = settings_at(project.changes(take), project.length(take))
        wanted = fields.get("perceptors", before.perceptors)
        if set(wanted) - set(before.perceptors):  # type: ignore[call-overload]
            after = msgspec.structs.replace(before, perceptors=wanted, perceptor_weights=())
            project.add_models(references(after))
        project.change_values(take, fields)
        self._look_again(take)

    def plan(self, take: int, keyframes: Sequence[Keyframe]) -> None:
        """Let these keyframes, and no others, steer a take from its next iteration on."""
        project = self.project
        now = planning.plan(project.changes(take), project.length(take))
        project.add_change(take, msgspec.structs.replace(now, keyframes=tuple(keyframes)))
        self._look_again(take)

    def strike(self, take: int, stroke: Stroke) -> None:
        """Paint by hand before the next iteration of a take."""
        self.project.add_stroke(take, stroke)
        self._look_again(take)

    def take_back(self, take: int, stroke: Stroke) -> None:
        """Paint without a stroke that still waits for the next iteration."""
        self.project.remove_stroke(take, stroke)
        self._look_again(take)

    def _look_again(self, take: int) -> None:
        if self._painting is not None and self._painting.take == take:
            self._painting.look_again()

    def exact(self, take: int, iteration: int) -> Picture:
        """The picture of an iteration, decoded from its codes."""
        changes = self.project.changes(take)
        models = self.shelf.models(settings_at(changes, iteration))
        painter = models.painter(self.project, changes)
        return painter.picture(self.project.codes(take, iteration))

    def contents(self, take: int | None = None, *, other_project: bool) -> Contents:
        """The project as the window shows it; without a take, the one made last."""
        project = self.project
        takes = project.shown_takes()
        shown = takes[-1].id if take is None else take
        changes, length = project.changes(shown), project.length(shown)
        return Contents(
            path=project.path,
            untitled=is_untitled(project.path),
            takes=tuple(takes),
            lengths={each.id: project.length(each.id) for each in takes},
            take=shown,
            changes=changes,
            iterations=tuple(project.iterations(shown)),
            pictures={name: project.asset(name) for name in modes_of(changes)},
            models=tuple(project.models),
            fell_back=project.fell_back,
            other_project=other_project,
            film=project.film,
            picture=project.proxy(shown, length - 1) if length else None,
        )


def differences(before: Settings, after: Settings) -> dict[str, object]:
    """The fields in which settings differ, with their new values."""
    fields = msgspec.structs.asdict(after)
    del fields["crossing"]  # keyframes make it
    return {name: value for name, value in fields.items() if getattr(before, name) != value}


def untitled_folder() -> Path:
    """Where work is kept that has no name yet."""
    return places.user_data() / "untitled"


def new_untitled() -> Path:
    """A name there that nothing has yet."""
    folder = untitled_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{datetime.now().strftime('%Y-%m-%d %H.%M.%S.%f')}.vqproj"


def is_untitled(path: Path) -> bool:
    """Whether a project has no name of the person's yet."""
    return path.parent == untitled_folder().resolve()
