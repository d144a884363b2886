"""The worker: owns the project and the painter, and lives in a thread of its own.

Every request is a call in its event loop, and so is every iteration: each one posts the next. So
requests are served between iterations, in the order in which they were made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from studio.cli.outputs import write_picture
from studio.cli.told import texts
from studio.core.film import Order
from studio.core.schedule import Change, Keyframe, settings_at
from studio.core.settings import Settings, Stroke
from studio.disk import ForbiddenError
from studio.errors import RequestError, StudioError
from studio.log import log
from studio.project.file import Project
from studio.work.easel import Easel, differences, is_untitled, new_untitled
from studio.work.facts import (
    Activity,
    Changes,
    Contents,
    Draft,
    Fault,
    Finished,
    Frame,
    Measured,
    News,
)
from studio.work.faults import told
from studio.work.line import Line
from studio.work.reader import Reader
from studio.work.slot import NewsSlot
from studio.work.weights import Shelf, devices, references


class Worker(QObject):
    """Paints the open project, and the queue while that one rests."""

    opened = Signal(object)
    """`Contents`, whenever another project or take is shown or the tree of takes has changed."""
    closed = Signal()
    changed = Signal(object)
    """`Changes` of settings of the take at work."""
    activity_changed = Signal(str)
    news_waiting = Signal(object)
    """The `NewsSlot` in which there is something."""
    finished = Signal(object)
    failed = Signal(object)
    exact_frame = Signal(object)
    ready = Signal(list)
    """Models are loaded; the devices of this computer by name and in words."""
    measured = Signal(object)
    """`Measured`."""
    said = Signal(str)
    """A sentence for the status bar: something that was asked for is done."""
    _next = Signal()

    def __init__(self, reader: Reader, shelf: Shelf, line: Line) -> None:
        super().__init__()
        self._slot = NewsSlot()
        self._reader, self._shelf, self._line = reader, shelf, line
        self._easel: Easel | None = None
        self._activity: Activity = "idle"
        self._pauses_next = False
        # queued, so that requests come between two iterations
        self._next.connect(self._paint_next, Qt.ConnectionType.QueuedConnection)
        line.setParent(self)
        line.failed.connect(self.failed)
        line.wants_turn.connect(self._next)

    @Slot(object)
    def serve(self, request: Callable[[], None]) -> None:
        """Do what was asked for; what goes wrong is told in one place."""
        try:
            self._settle()
            request()
        except Exception as error:
            self._fail(error, painting=False)

    # Projects

    def open(self, path: Path) -> None:
        """Open a project in place of the one that is open."""
        self._line.let_go_of(path)
        try:
            project = Project.open(path)
        except ForbiddenError:  # it can be shown, played and exported all the same
            self.open_copy(path)
            text = self.tr("{name} may not be written where it is, so this is a copy; save it")
            self.said.emit(text.format(name=path.name))
            return
        self._show(Easel(project, self._shelf))

    def open_copy(self, path: Path) -> None:
        """Open an untitled copy of a project, such as an example, which stays as it is."""
        copy = new_untitled()
        with Project.open(path, read_only=True) as example:
            example.copy_to(copy)
        self._show(Easel(Project.open(copy), self._shelf))

    def create(self, draft: Draft, count: int) -> None:
        """Make an untitled project and paint so many iterations."""
        project = Project.create(
            new_untitled(),
            models=references(draft.settings),
            changes=[Change(0, draft.settings, draft.keyframes)],
            assets=draft.pictures,
        )
        self._show(Easel(project, self._shelf))
        self.paint(1, count)

    def close(self, discard: bool = False) -> None:
        """Close the project; an untitled one without iterations, or unwanted, goes for good."""
        if self._easel is None:
            return
        self._rest("idle")
        project, self._easel = self._easel.project, None
        empty = not any(project.length(take.id) for take in project.takes())
        self._reader.use(None)
        with suppress(StudioError):  # a disk that is full keeps nobody from closing
            project.let_go()
        project.close()
        if is_untitled(project.path) and (discard or empty):
            project.path.unlink(missing_ok=True)
        self.closed.emit()
        self._next.emit()

    def save_as(self, path: Path, replace: bool) -> None:
        """Keep the project under another name and go on with that one."""
        easel = self._open_easel()
        before = easel.project
        easel.rest()
        before.copy_to(path, replace=replace)
        project = Project.open(path)
        self._reader.use(project)
        before.close()
        if is_untitled(before.path):
            before.path.unlink(missing_ok=True)
        easel.move_to(project)
        self._tell_opened(easel.contents(easel.take, other_project=False))
        self.said.emit(self.tr("Saved as {name}").format(name=path.name))

    def save_copy(self, path: Path, replace: bool) -> None:
        """Write a copy and go on with the project as it is."""
        self._open_easel().project.copy_to(path, replace=replace)
        self.said.emit(self.tr("A copy is in {name}").format(name=path.name))

    def export_picture(self, take: int, iteration: int, path: Path, about: bool) -> None:
        """Write the picture of an iteration, with its prompt and settings in a PNG if wanted."""
        easel = self._open_easel()
        settings = settings_at(easel.project.changes(take), iteration)
        picture = easel.exact(take, iteration)
        write_picture(path, picture, texts(settings, easel.project.asset) if about else None)
        self.said.emit(self.tr("The picture is in {name}").format(name=path.name))

    # Takes

    def show_take(self, take: int) -> None:
        """Look at another take; while painting, that goes on in the take at work."""
        easel = self._open_easel()
        easel.take = take
        self._tell_opened(easel.contents(take, other_project=False))

    def branch(self, take: int, iteration: int, draft: Draft | None, count: int) -> None:
        """Make a take that goes on from an iteration, with other settings if given, and paint it.

        What is painted just now comes to a stop.
        """
        easel = self._open_easel()
        self.stop()
        made = easel.project.add_take(take, iteration)
        if draft is not None:
            for data in draft.pictures.values():
                easel.project.add_asset(data)
            before = settings_at(easel.project.changes(made.id), iteration)
            easel.change(made.id, differences(before, draft.settings))
        new = made.id
        self.show_take(new)
        words = self.tr("{take} goes on from iteration {iteration}.")
        if not iteration:
            words = self.tr("{take} begins anew.")
        self.said.emit(words.format(take=made.name, iteration=iteration - 1))
        if count:
            self.paint(new, count)

    def rename_take(self, take: int, name: str) -> None:
        """Call a take something else."""
        self._open_easel().project.rename_take(take, name)
        self._show_again()

    def delete_take(self, take: int) -> None:
        """Take a take out of sight; it can be restored."""
        easel = self._open_easel()
        if sum(not each.deleted for each in easel.project.takes()) == 1:
            raise RequestError("The only take of a project stays; close the project instead.")
        if easel.at_work == take:
            self._rest("idle")
            easel.put_away()
        parent = easel.project.take(take).parent
        easel.project.delete_take(take)
        if easel.take == take:
            left = {each.id for each in easel.project.takes() if not each.deleted}
            easel.take = parent if parent in left else max(left)
        self._show_again()

    def restore_take(self, take: int) -> None:
        """Undo `delete_take`."""
        easel = self._open_easel()
        easel.project.restore_take(take)
        easel.take = take
        self._show_again()

    # Settings

    def change(
        self, take: int, fields: Mapping[str, object], pictures: Mapping[str, bytes]
    ) -> None:
        """Other values for these settings, from the next iteration of a take on."""
        self._put_in_force(take, pictures, lambda easel: easel.change(take, fields))

    def plan(self, take: int, keyframes: Sequence[Keyframe], pictures: Mapping[str, bytes]) -> None:
        """Let these keyframes steer a take from its next iteration on."""
        self._put_in_force(take, pictures, lambda easel: easel.plan(take, keyframes))

    def strike(self, take: int, iteration: int | None, stroke: Stroke, data: bytes) -> None:
        """Paint by hand before the next iteration of a take, or that which a new take begins with.

        `data` is the picture that the stroke names.
        """
        easel = self._open_easel()
        if iteration is not None and iteration < easel.project.length(take):
            self.branch(take, iteration, None, 0)
            take = easel.take
        pictures = {stroke.picture: data}
        self._put_in_force(take, pictures, lambda easel: easel.strike(take, stroke))

    def take_back(self, take: int, stroke: Stroke) -> None:
        """Paint on without a stroke; once it is painted, as a new take from before it."""
        project = self._open_easel().project
        made = [each for each in project.changes(take) if stroke in each.strokes]
        if made and made[-1].iteration < project.length(take):
            self.branch(take, made[-1].iteration, None, self._open_easel().left)
        else:
            self._put_in_force(take, {}, lambda easel: easel.take_back(take, stroke))

    def set_film(self, order: Order) -> None:
        """Keep how the film of the project is ordered."""
        self._open_easel().project.set_film(order)

    def exact(self, take: int, iteration: int) -> None:
        """Decode the picture of an iteration, if the models for it are at hand."""
        easel = self._easel
        if easel is None or not (0 <= iteration < easel.project.length(take)):
            return
        if self._shelf.holds(settings_at(easel.project.changes(take), iteration)):
            self.exact_frame.emit(Frame(take, iteration, easel.exact(take, iteration), exact=True))

    # Painting

    def warm_up(self, settings: Settings) -> None:
        """Load the models now, so that the first iteration comes at once."""
        self._shelf.models(settings)
        self.ready.emit(devices())
        self.measure(settings)

    def measure(self, settings: Settings) -> None:
        """Load the models and tell what painting with them takes; what goes wrong shows later."""
        demand = None
        try:
            demand = self._shelf.demand(settings)
        except (StudioError, RuntimeError) as error:
            log.warning("What painting takes cannot be measured: %s", error)
        self.measured.emit(Measured((settings.model, settings.perceptors), demand))

    def use_device(self, device: str) -> None:
        """Compute elsewhere from the next start on."""
        if device != self._shelf.device:
            self._rest("paused" if self._activity == "painting" else self._activity)
            self._shelf.device = device
            if self._easel is not None:
                self._easel.put_away()

    def paint(self, take: int, count: int) -> None:
        """Paint so many more iterations of a take."""
        easel = self._open_easel()
        try:
            self._enter("loading")
            easel.prepare(take)
        except BaseException:
            self._enter("idle")
            raise
        easel.left, easel.painted = count, 0
        self._enter("painting")
        self._next.emit()

    def paint_more(self, count: int) -> None:
        """Paint so many iterations on top of those that are left."""
        easel = self._open_easel()
        easel.left += count

    def step(self, take: int) -> None:
        """Paint one iteration; what was left when painting was paused is still left."""
        easel = self._open_easel()
        goes_on = self._activity == "paused" and easel.at_work == take and easel.left > 1
        left = easel.left if goes_on else 1
        self.paint(take, left)
        self._pauses_next = left > 1

    def pause(self) -> None:
        """Stop after the iteration at work; `go_on` paints what is left."""
        if self._activity == "painting":
            self._rest("paused")

    def go_on(self, count: int) -> None:
        """Paint so many of what was left when painting was paused, or more."""
        easel = self._open_easel()
        if self._activity == "paused" and easel.at_work is not None:
            painted = easel.painted
            self.paint(easel.at_work, count)
            easel.painted = painted

    def stop(self) -> None:
        """Stop, and forget what was left to paint."""
        if self._easel is not None:
            self._easel.left = 0
        if self._activity in ("painting", "paused"):
            self._rest("idle")
        self._next.emit()

    @Slot()
    def _paint_next(self) -> None:
        if self._activity == "painting":
            self._paint_document()
        else:
            self._line.paint_next()

    def _paint_document(self) -> None:
        easel = self._open_easel()
        try:
            easel.paint_one(self._tell)
            if self._pauses_next or easel.left == 0:
                easel.settle()
        except Exception as error:
            self._fail(error, painting=True)
            return
        if self._pauses_next:
            self._pauses_next = False
            self._rest("paused")
        elif easel.left == 0:
            self._rest("idle")
            assert easel.at_work is not None
            self.finished.emit(Finished(easel.at_work, easel.painted, easel.pace))
        self._next.emit()

    # Within

    def _tell(self, news: News) -> None:
        """On the thread that has kept it."""
        if self._slot.put(news):
            self.news_waiting.emit(self._slot)

    def _settle(self) -> None:
        """Let a request find all iterations that are painted on the disk."""
        if self._easel is not None:
            try:
                self._easel.settle()
            except Exception as error:
                self._fail(error, painting=True)

    def _open_easel(self) -> Easel:
        if self._easel is None:
            raise RequestError("No project is open; start a painting or open one.")
        return self._easel

    def _put_in_force(
        self, take: int, pictures: Mapping[str, bytes], edit: Callable[[Easel], None]
    ) -> None:
        """Keep what settings name, then the settings; tell what is in force, even if that fails."""
        easel = self._open_easel()
        try:
            for data in pictures.values():
                easel.project.add_asset(data)
            edit(easel)
        finally:
            self.changed.emit(Changes(take, easel.project.changes(take)))

    def _show(self, easel: Easel) -> None:
        contents = easel.contents(other_project=True)
        easel.take = contents.take
        self.close()
        self._easel = easel
        self._reader.use(easel.project)
        self._tell_opened(contents)

    def _show_again(self) -> None:
        easel = self._open_easel()
        self._tell_opened(easel.contents(easel.take, other_project=False))

    def _tell_opened(self, contents: Contents) -> None:
        """With a slot of its own, or news of it could come before it, with those of the last."""
        self._slot = NewsSlot()
        self.opened.emit(contents)

    def _enter(self, activity: Activity) -> None:
        if activity != self._activity:
            self._activity = activity
            self.activity_changed.emit(activity)

    def _rest(self, activity: Activity) -> None:
        if self._activity == "painting" and self._easel is not None:
            self._easel.rest()
        self._enter(activity)

    def _fail(self, error: BaseException, *, painting: bool) -> None:
        fault: Fault = told(error, painting=painting)
        if painting:
            if self._easel is not None:
                self._easel.put_away()
            self._enter("paused")
        if "CUDA error" in fault.details:
            self._shelf.clear()
        self.failed.emit(fault)
