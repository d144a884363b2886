"""What the window shows of a project, and the edits on their way to it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from studio.core import planning
from studio.core.schedule import Change, Keyframe, all_prompts, settings_at
from studio.core.settings import LARGEST_SEED, Motion, Prompt, Settings, Stroke
from studio.project.document import Iteration, with_change
from studio.ui.edits import DeleteTake, Edit, RenameTake, Strike
from studio.ui.keyframes import Keyframes
from studio.work.facts import AT_WORK, Changes, Contents, Draft, Finished, News
from studio.work.studio import Studio

UNWRITTEN = (Prompt(text="-"),)
"""Stands for the prompts in settings that have none yet."""
FIRST_TAKE = 1


class Document(QObject):
    """The settings that the next iteration is going to be painted with, and all before it.

    Without a project these are a draft. With one they are those in force where the playhead is: at
    the end of the take edits are kept in the project at once; before the end they wait for the
    branch that is painted with them; ahead of the end they become keyframes.
    """

    settings_shown = Signal()
    """Prompts or settings are other than before."""
    settings_drifted = Signal()
    """Keyframes have carried the settings shown on; nobody edited them."""
    loaded = Signal(bool)
    """Other contents, and whether they are of another project."""
    grown = Signal(object)
    """`News` of the take shown."""
    place_changed = Signal()
    """What painting would do now is other than before."""
    modified_changed = Signal()
    prompted = Signal()
    """A draft that had no prompt has one to begin with."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo = QUndoStack(self)
        self.contents: Contents | None = None
        self.changes: tuple[Change, ...] = ()
        self.iterations: list[Iteration] = []
        self.pictures: dict[str, bytes] = {}
        self.position = -1
        self.keeps_seed = False
        """Whether the next new painting has the seed shown, not a fresh one."""
        self._studio = studio
        self._draft = Settings(prompts=UNWRITTEN)
        self._imagining: frozenset[str] = frozenset()
        self._start_chosen = False
        self._keyframes: tuple[Keyframe, ...] = ()
        self._pending: dict[str, Any] = {}
        self._answers = 0
        self._at_work: int | None = None
        self._era = 0
        self.keys = Keyframes(self)
        studio.opened.connect(self._opened)
        studio.closed.connect(self._closed)
        studio.changed.connect(self._changed)
        studio.news.connect(self._grow)
        studio.activity_changed.connect(self._active)
        studio.finished.connect(self._finished)
        self.undo.cleanChanged.connect(self.modified_changed)

    # What is shown

    @property
    def length(self) -> int:
        """Iterations of the take shown."""
        return len(self.iterations)

    @property
    def take(self) -> int:
        """The take shown; only with a project."""
        assert self.contents is not None
        return self.contents.take

    @property
    def is_painting(self) -> bool:
        """Whether the take shown is being painted."""
        at_work = self._studio.activity in AT_WORK
        return at_work and self.contents is not None and self._at_work == self.take

    @property
    def place(self) -> int:
        """The iteration that would be painted next."""
        return self.length if self.is_painting else self.branch_place

    @property
    def branch_place(self) -> int:
        """The iteration that a branch begins with: the one after what is shown."""
        return self.length if self.position < 0 else min(self.position + 1, self.length)

    @property
    def is_at_end(self) -> bool:
        """Whether painting would go on with the take, rather than branch off."""
        return self.place == self.length

    @property
    def branches(self) -> bool:
        """Whether there are edits for a branch."""
        return self.contents is not None and not self.is_at_end and bool(self._pending)

    @property
    def ahead(self) -> int | None:
        """The planned iteration under the playhead; None where something is painted."""
        return self.position if self.position >= max(self.length, 1) else None

    @property
    def shown_at(self) -> int:
        """The iteration whose settings are shown."""
        return self.place if self.ahead is None else self.ahead

    @property
    def schedule(self) -> tuple[Change, ...]:
        """The changes of settings, with their keyframes; of a draft, its own."""
        if self.contents is None:
            return (Change(0, self._draft, self._keyframes),)
        return self.changes

    @property
    def plan(self) -> Change:
        """What holds from the next iteration on."""
        return planning.plan(self.schedule, self.length)

    @property
    def settings(self) -> Settings:
        """All settings; with UNWRITTEN for prompts while there are none."""
        return self._settings_at(self.shown_at)

    @property
    def next_settings(self) -> Settings:
        """Those that the next iteration would be painted with, wherever the playhead is."""
        return self._settings_at(self.place)

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """The prompts; none before one is written."""
        prompts = self.settings.prompts
        return () if prompts is UNWRITTEN else prompts

    @property
    def can_paint(self) -> bool:
        """Whether there is a prompt to paint."""
        return self.next_settings.prompts is not UNWRITTEN

    @property
    def has_begun(self) -> bool:
        """Whether there is a painting, whose model and size are settled."""
        return self.contents is not None

    @property
    def is_modified(self) -> bool:
        """Whether there is something that the person has not said to keep."""
        if self.contents is None:
            return self.can_paint or bool(self._keyframes)
        return self.contents.untitled or not self.undo.isClean()

    def draft(self) -> Draft:
        """The settings of the next iteration, with the pictures that they name."""
        keyframes = self._keyframes if self.contents is None else ()
        return Draft(self.next_settings, dict(self.pictures), keyframes)

    @property
    def has_plan(self) -> bool:
        """Whether keyframes or motion steer the painting."""
        return bool(self.plan.keyframes) or not self.next_settings.motion.is_still

    def variation(self, *, planned: bool) -> Draft:
        """The same painting from its start, with the settings of now.

        Keyframes and motion come along if it is to be as planned; else it stands still.
        """
        plan, now = self.plan, self.next_settings
        if not planned:
            still = msgspec.structs.replace(now, crossing=None, motion=Motion())
            return Draft(still, dict(self.pictures))
        keyed = {name for each in plan.keyframes for name in each.values}
        started = {name: getattr(plan.settings, name) for name in keyed}
        settings = msgspec.structs.replace(now, crossing=None, **started)
        return Draft(settings, dict(self.pictures), plan.keyframes)

    # Edits

    def edit(self, fields: Mapping[str, Any], text: str, merges: str = "") -> None:
        """Change settings, or the keyframes that set them, as one step of the undo list."""
        prompts_first = "prompts" in fields and not self.has_begun and not self.can_paint
        before = {name: self._value(name) for name in fields}
        changed = {name: value for name, value in fields.items() if before[name] != value}
        keyed = {name: value for name, value in changed.items() if self.keys.take(name)}
        plain = {name: value for name, value in changed.items() if name not in keyed}
        if keyed:
            self.keys.write(keyed, text, merges)
        if plain:
            before = {name: before[name] for name in plain}
            self.undo.push(Edit(self, before, plain, text, self.merge_key(merges)))
        if prompts_first and self.can_paint:
            self.prompted.emit()

    def merge_key(self, merges: str) -> str:
        """What steps of the undo list have in common that may become one; "" for none."""
        return f"{self._era}:{merges}" if merges else ""

    def apply(self, fields: Mapping[str, Any]) -> None:
        """Put values in force without a step of the undo list; commands call it."""
        if self.contents is None:
            self._apply_to_draft(dict(fields))
        elif self.is_at_end and fields.get("prompts") != ():
            self._send(dict(fields))
        else:
            self._wait(fields)
        self._tell_edited()

    def put_keyframes(self, take: int | None, keyframes: tuple[Keyframe, ...]) -> None:
        """Plan these keyframes without a step of the undo list; commands call it.

        Without a take they are those of the draft, or of the painting that it has become.
        """
        if self.contents is None:
            self._keyframes = keyframes
        else:
            take = take or FIRST_TAKE
            if take == self.take:
                now = msgspec.structs.replace(self.plan, keyframes=keyframes)
                self.changes = with_change(self.changes, now)
            self._answers += 1
            pictures = self._new_pictures(all_prompts([Change(0, self._draft, keyframes)]))
            self._studio.plan(take, keyframes, pictures)
        self._tell_edited()

    def rename_take(self, take: int, name: str) -> None:
        """Call a take something else, as one step of the undo list."""
        assert self.contents is not None
        before = next((each.name for each in self.contents.takes if each.id == take), "")
        if name.strip() and name != before:
            self.undo.push(RenameTake(self._studio, take, before, name.strip()))

    def delete_take(self, take: int) -> None:
        """Take a take out of sight, as one step of the undo list."""
        assert self.contents is not None
        if len(self.contents.takes) > 1:
            self.undo.push(DeleteTake(self._studio, take))
        else:
            self._studio.delete_take(take)  # which says why it cannot be

    def add_picture(self, sha256: str, data: bytes) -> None:
        """Have a picture at hand for settings that name it."""
        self.pictures[sha256] = data

    def begin_anew(self, draft: Draft) -> None:
        """Show another draft, once no project is open."""
        self.undo.clear()
        self._draft, self._keyframes = draft.settings, draft.keyframes
        self.pictures.update(draft.pictures)
        self.position = -1
        self.loaded.emit(True)
        self.settings_shown.emit()
        self.modified_changed.emit()

    # Painting

    def paint(self, count: int, *, step: bool = False) -> bool:
        """Paint so many iterations from where the playhead is; false when there is no prompt.

        A step is one of those that are left, if painting was paused.
        """
        if not self.can_paint:
            return False
        self._era += 1
        if self.contents is None:
            self._begin(count)
        elif self.branches:
            self.branch(count)
        else:
            self._flush()
            self._at_work = self.take
            if step:
                self._studio.step(self.take)
            else:
                self._studio.paint(self.take, count)
        return True

    def go_on(self, count: int) -> None:
        """Paint so many of what was left when painting was paused, or more."""
        self._era += 1
        self._studio.go_on(count)

    def branch(self, count: int = 0) -> None:
        """Go on from the playhead as a new take, with the edits that wait for it."""
        if self.contents is not None and self.can_paint:
            self._era += 1
            place = self.branch_place
            draft = Draft(self._settings_at(place), dict(self.pictures))
            self._pending.clear()
            self._studio.branch(self.take, place, draft, count)

    def imagine_again(self) -> None:
        """Begin once more with the next seed, as a take of one iteration."""
        self._era += 1
        draft = self.variation(planned=True)
        self._pending.clear()
        seed = (draft.settings.seed + 1) % (LARGEST_SEED + 1)
        self._studio.branch(self.take, 0, draft.with_seed(seed), 1)

    def strike(self, stroke: Stroke, data: bytes) -> None:
        """Paint by hand before the next iteration, as one step of the undo list.

        Where the playhead is earlier, that is the first of a new take. There must be a painting.
        """
        self._era += 1
        # while it paints, the worker alone knows which iteration is the next
        place = None if self.is_at_end else self.branch_place
        self.undo.push(Strike(self._studio, self.take, place, stroke, data))

    def move_to(self, position: int) -> None:
        """The playhead is at an iteration."""
        if position != self.position:
            was_ahead, self.position = self.ahead, position
            if not self.is_painting or was_ahead != self.ahead:
                self._era += 1
                self.settings_shown.emit()
                self.place_changed.emit()

    def discard_pending(self) -> None:
        """Give up the edits that wait for a branch."""
        self._pending.clear()
        self.settings_shown.emit()
        self.place_changed.emit()

    def end(self) -> None:
        """Tell nothing more: who listens is going."""
        self.undo.blockSignals(True)
        self.blockSignals(True)

    # Within

    def _value(self, name: str) -> Any:
        return self.prompts if name == "prompts" else getattr(self.settings, name)

    def _settings_at(self, iteration: int) -> Settings:
        settings = settings_at(self.schedule, iteration)
        if not self._pending or iteration > self.place:
            return settings
        shown = dict(self._pending)
        if "prompts" in shown:
            shown |= {"prompts": shown["prompts"] or UNWRITTEN, "crossing": None}
        return msgspec.structs.replace(settings, **shown)

    def set_imagining(self, models: frozenset[str]) -> None:
        """Which VQGANs can imagine what a painting starts from: one that can does so by itself."""
        self._imagining = models
        suited = self._suited(self._draft)
        if suited != self._draft:
            self._draft = suited
            self.settings_shown.emit()

    def _suited(self, draft: Settings) -> Settings:
        """With a start that its model can make."""
        imagines = draft.model in self._imagining
        if draft.start == "imagined" and not imagines:
            return msgspec.structs.replace(draft, start="codes")
        if draft.start == "codes" and imagines and not self._start_chosen:
            return msgspec.structs.replace(draft, start="imagined")
        return draft

    def _apply_to_draft(self, fields: dict[str, Any]) -> None:
        if "prompts" in fields:
            fields["prompts"] = fields["prompts"] or UNWRITTEN
        self._start_chosen |= "start" in fields
        self._draft = self._suited(msgspec.structs.replace(self._draft, **fields))

    def _send(self, fields: dict[str, Any]) -> None:
        fields = {**self._pending, **fields}
        self._pending.clear()
        now = planning.with_values(self.changes, fields, self.length)
        self.changes = with_change(self.changes, now)
        self._answers += 1
        pictures = self._new_pictures([fields.get("prompts", ())], fields.get("keep"))
        self._studio.change(self.take, fields, pictures)

    def _tell_edited(self) -> None:
        self.settings_shown.emit()
        self.place_changed.emit()
        self.modified_changed.emit()

    def _wait(self, fields: Mapping[str, Any]) -> None:
        base = settings_at(self.changes, self.place)
        self._pending.update(fields)
        for name in fields:
            if getattr(base, name) == self._pending[name]:
                del self._pending[name]

    def _flush(self) -> None:
        if self._pending:
            self._send({})

    def _new_pictures(
        self, named_by: Sequence[tuple[Prompt, ...]], keep: str | None = None
    ) -> dict[str, bytes]:
        """Those that prompts and what is kept name, and the project does not hold yet."""
        prompts = [prompt for prompts in named_by for prompt in prompts]
        named = {keep, *(name for each in prompts for name in (each.picture, each.mask))}
        kept = {} if self.contents is None else self.contents.pictures
        return {
            name: data for name, data in self.pictures.items() if name in named and name not in kept
        }

    def _begin(self, count: int) -> None:
        if not self.keeps_seed:
            fresh = secrets.randbelow(2**32)
            self._draft = msgspec.structs.replace(self._draft, seed=fresh)
        self._at_work = FIRST_TAKE
        self._studio.create(self.draft(), count)

    # News

    @Slot(object)
    def _opened(self, contents: Contents) -> None:
        self.contents, self.changes = contents, contents.changes
        self.iterations = list(contents.iterations)
        self.pictures.update(contents.pictures)
        self._pending.clear()
        self._answers = 0
        if contents.other_project:
            if not contents.untitled:
                self.undo.clear()
            self._at_work = contents.take
        self.position = self.length - 1
        self.loaded.emit(contents.other_project)
        self.settings_shown.emit()
        self.place_changed.emit()
        self.modified_changed.emit()

    @Slot()
    def _closed(self) -> None:
        if self.contents is not None:
            self._draft = msgspec.structs.replace(self.plan.settings, prompts=UNWRITTEN)
        if self._draft.start == "picture":
            self._draft = msgspec.structs.replace(self._draft, start="codes", start_picture=None)
        self._draft = self._suited(self._draft)
        self.contents, self.changes, self.iterations = None, (), []
        self._keyframes, self.position, self._at_work = (), -1, None
        self._pending.clear()
        self.undo.clear()
        self.loaded.emit(True)
        self.settings_shown.emit()
        self.place_changed.emit()
        self.modified_changed.emit()

    @Slot(object)
    def _changed(self, news: Changes) -> None:
        self._answers = max(0, self._answers - 1)
        if self.contents is None or news.take != self.take:
            return
        if not self._answers:  # what was sent since is on its way, and shown already
            self.changes = news.changes
        self.settings_shown.emit()

    @Slot(object)
    def _grow(self, news: News) -> None:
        self._at_work = news.take
        if self.contents is None or news.take != self.take:
            return
        new = [each for each in news.iterations if each.number >= self.length]
        was_ahead = self.ahead
        self.iterations += new
        self.grown.emit(news)
        if was_ahead != self.ahead:
            self.place_changed.emit()
            self.settings_shown.emit()
        elif self.plan.keyframes:
            self.settings_drifted.emit()

    @Slot(str)
    def _active(self, _activity: str) -> None:
        self.place_changed.emit()
        self.settings_shown.emit()

    @Slot(object)
    def _finished(self, _finished: Finished) -> None:
        self._era += 1
