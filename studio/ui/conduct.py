"""What commands and panels do to the document, and what the document's news does to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QImage

from studio.core.efforts import EFFORTS, Effort, effort_of
from studio.core.settings import Prompt
from studio.log import log
from studio.ui.canvas import Comparison
from studio.ui.commands import dropping_checked
from studio.ui.edits import Recount
from studio.ui.images import image_from
from studio.work.clerk import Shelved
from studio.work.facts import AT_WORK, Activity, Finished, JobNews, News, Picture, Reading

if TYPE_CHECKING:
    from studio.ui.window import MainWindow

THUMBNAIL = 128


class Conduct(QObject):
    """Holds the connections of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._ready = False
        self._news: News | None = None
        self._counts = (0, 0)
        self._pictures: dict[str, QImage | None] = {}
        self._connect_commands()
        self._connect_panels()
        self._connect_news()
        self._show_place()
        self._show_settings()
        self._show_activity("idle")
        self._show_reference(False)

    # From the person

    def _connect_commands(self) -> None:
        window = self._window
        canvas, files, help = window.canvas, window.files, window.help
        acts: dict[str, Callable[[], object]] = {
            "new": files.new,
            "open": files.open,
            "close": files.close,
            "save": files.save,
            "save_as": files.save_as,
            "save_copy": files.save_copy,
            "quit": window.close,
            "export_picture": files.export_picture,
            "models": window.models.show,
            "preferences": help.show_preferences,
            "undo": window.document.undo.undo,
            "redo": window.document.undo.redo,
            "copy": canvas.copy,
            "write_prompt": window.write_prompt,
            "discard_edits": window.document.discard_pending,
            "paint": self.paint_or_pause,
            "step": self._step,
            "stop": self.stop,
            "paint_10": self._paint_10,
            "paint_100": self._paint_100,
            "branch": self._branch,
            "imagine_again": self._imagine_again,
            "queue_add": window.queue.add,
            "queue_start": window.studio.start_queue,
            "queue_pause": window.studio.pause_queue,
            "reset_layout": window.reset_layout,
            "palette": help.show_palette,
            "keys": help.show_keys,
            "log": help.show_log,
            "about": help.show_about,
        }
        for id, act in acts.items():
            window.actions_[id].triggered.connect(dropping_checked(act))
        for id, toggle in {
            "pin": self._pin,
            "wipe": self._wipe,
            "difference": self._difference,
            "full_screen": self._full_screen,
            "picture_only": window.docks.show_picture_only,
            "light": self._light,
        }.items():
            window.actions_[id].triggered.connect(toggle)
        window.actions_["light"].setChecked(window.preferences.theme == "light")

    def _connect_panels(self) -> None:
        window, docks, document = self._window, self._window.docks, self._window.document
        docks.bar.paint_wanted.connect(self.paint_or_pause)
        docks.bar.step_wanted.connect(self._step)
        docks.bar.stop_wanted.connect(self.stop)
        docks.bar.discard_wanted.connect(document.discard_pending)
        docks.bar.count_edited.connect(window.counting.set_next)
        window.counting.changed.connect(self._show_count)
        self._show_count()
        docks.prompts.prompts_edited.connect(self._edit_prompts)
        docks.prompts.paint_wanted.connect(self._paint)
        docks.prompts.picture_wanted.connect(window.files.add_prompt_picture)
        docks.prompts.reading_wanted.connect(self._want_reading)
        docks.settings.edited.connect(document.edit)
        docks.settings.count_edited.connect(window.counting.ask)
        docks.settings.effort_chosen.connect(self._take_effort)
        docks.settings.start_picture_wanted.connect(window.files.choose_start_picture)
        docks.settings.start_picture_cleared.connect(self._clear_start_picture)
        docks.settings.seed_lock_changed.connect(self._lock_seed)
        docks.timeline.take_chosen.connect(self._show_take)
        docks.timeline.take_renamed.connect(document.rename_take)
        docks.timeline.take_deletion_wanted.connect(document.delete_take)
        docks.timeline.branch_wanted.connect(self._branch_at)
        window.canvas.file_dropped.connect(window.files.drop_file)
        window.canvas.picture_dropped.connect(window.files.drop_picture)
        window.canvas.space_tapped.connect(self._tap_space)
        window.canvas.zoom_changed.connect(window.status.show_zoom)
        window.canvas.pixel_changed.connect(window.status.show_pixel)
        window.canvas.comparison_changed.connect(self._show_comparison)
        window.viewer.reference_changed.connect(self._show_reference)

    def _connect_news(self) -> None:
        window, studio, document = self._window, self._window.studio, self._window.document
        document.settings_shown.connect(self._show_settings)
        document.place_changed.connect(self._show_place)
        document.modified_changed.connect(self._show_title)
        document.loaded.connect(self._load)
        document.grown.connect(self._show_first_picture)
        document.undo.canUndoChanged.connect(self._show_undo)
        document.undo.canRedoChanged.connect(self._show_undo)
        document.undo.indexChanged.connect(self._show_undo)
        studio.activity_changed.connect(self._show_activity)
        studio.news.connect(self._take_news)
        studio.finished.connect(self._finished)
        studio.said.connect(window.say)
        studio.opened.connect(self._keep_name)
        studio.reading.connect(self._show_reading)
        studio.models.connect(self._show_models)
        studio.ready.connect(self._get_ready)
        studio.job_finished.connect(self._job_finished)
        studio.queue_finished.connect(self._queue_finished)
        self._show_undo()
        self._show_title()

    @Slot()
    def paint_or_pause(self) -> None:
        """The big button: paint, go on, branch and paint, or pause."""
        if self._window.studio.activity in AT_WORK:
            self._window.studio.pause()
        else:
            self._paint()

    @Slot()
    def stop(self) -> None:
        """Stop, and forget what was left."""
        self._window.studio.stop()

    @Slot()
    def _paint(self) -> None:
        self._commit()
        document, counting = self._window.document, self._window.counting
        if counting.goes_on and document.can_paint:
            self._window.room.before(document.next_settings, self._go_on, can_shrink=False)
        else:
            self._paint_so_many(counting.asked)

    def _go_on(self) -> None:
        self._window.docks.timeline.set_live(True)
        self._window.document.go_on(self._window.counting.next)

    @Slot()
    def _step(self) -> None:
        self._commit()
        self._paint_so_many(1, step=True)

    @Slot()
    def _paint_10(self) -> None:
        self._paint_more(10)

    @Slot()
    def _paint_100(self) -> None:
        self._paint_more(100)

    def _paint_more(self, count: int) -> None:
        """So many on top of what is being painted, or of what is painted."""
        if self._window.studio.activity == "painting":
            self._window.studio.paint_more(count)
        else:
            self._paint_so_many(count)

    def _paint_so_many(self, count: int, *, step: bool = False) -> None:
        window, document = self._window, self._window.document
        if window.studio.activity in AT_WORK:
            window.say(window.tr("It is painting already; pause first."))
        elif document.can_paint:
            window.room.before(
                document.next_settings,
                partial(self._begin, count, step=step),
                can_shrink=not document.has_begun,
            )
        else:
            window.say(window.tr("Write what the picture should show first."))
            window.write_prompt()

    def _begin(self, count: int, *, step: bool) -> None:
        window = self._window
        if window.document.paint(count, step=step):
            window.show_canvas()
            window.docks.timeline.set_live(True)
            self._remember(None)

    @Slot()
    def _branch(self) -> None:
        self._commit()
        if self._window.document.length:
            self._window.document.branch()
        else:
            self._window.say(self._window.tr("There is nothing to branch from yet; paint first."))

    @Slot()
    def _imagine_again(self) -> None:
        self._commit()
        document = self._window.document
        if document.contents is None or not document.can_paint:
            self._paint_so_many(1)
        else:
            document.imagine_again()
            self._window.show_canvas()
            self._window.docks.timeline.set_live(True)

    @Slot(int, int)
    def _branch_at(self, take: int, iteration: int) -> None:
        document = self._window.document
        if document.contents is not None and take == document.take:
            self._window.docks.timeline.set_position(iteration)
            self._branch()
        else:
            self._window.studio.branch(take, iteration + 1, None, 0)

    @Slot(int)
    def _show_take(self, take: int) -> None:
        if self._window.document.contents is not None and take != self._window.document.take:
            self._window.studio.show_take(take)

    def _commit(self) -> None:
        self._window.docks.prompts.commit()
        self._window.docks.settings.commit()

    @Slot(object, str, str)
    def _edit_prompts(self, prompts: tuple[Prompt, ...], text: str, merges: str) -> None:
        if not self._window.is_at_canvas and prompts:
            self._window.show_canvas()
        self._window.document.edit({"prompts": prompts}, text, merges)

    @Slot(str)
    def _take_effort(self, effort: Effort) -> None:
        """Set what an effort comes to, all of it as one step of the undo list."""
        document, work = self._window.document, EFFORTS[effort]
        counting, settings = self._window.counting, document.settings
        if effort_of(settings) == effort and counting.asked == work.iterations:
            return
        text = self._window.tr("Effort")
        document.undo.beginMacro(text)
        document.edit(work.fields, text)
        document.undo.push(Recount(counting.ask, counting.asked, work.iterations, text))
        document.undo.endMacro()

    @Slot()
    def _clear_start_picture(self) -> None:
        fields = {"start": "codes", "start_picture": None}
        self._window.document.edit(fields, self._window.tr("Start without a picture"))

    @Slot(bool)
    def _lock_seed(self, locked: bool) -> None:
        self._window.document.keeps_seed = locked

    @Slot(int, str)
    def _want_reading(self, row: int, text: str) -> None:
        perceptors = self._window.document.settings.perceptors
        self._window.studio.read_text(row, text, perceptors)

    @Slot()
    def _tap_space(self) -> None:
        self._window.actions_.trigger_key("Space")

    @Slot(bool)
    def _pin(self, pinned: bool) -> None:
        self._window.viewer.pin(pinned)

    @Slot(bool)
    def _wipe(self, wanted: bool) -> None:
        self._compare(Comparison.WIPE if wanted else Comparison.NONE)

    @Slot(bool)
    def _difference(self, wanted: bool) -> None:
        self._compare(Comparison.DIFFERENCE if wanted else Comparison.NONE)

    def _compare(self, comparison: Comparison) -> None:
        self._window.canvas.set_comparison(comparison)
        self._show_comparison(self._window.canvas.comparison())

    @Slot(bool)
    def _full_screen(self, wanted: bool) -> None:
        full, state = Qt.WindowState.WindowFullScreen, self._window.windowState()
        self._window.setWindowState(state | full if wanted else state & ~full)

    @Slot(bool)
    def _light(self, wanted: bool) -> None:
        theme = "light" if wanted else "dark"
        self._window.use(msgspec.structs.replace(self._window.preferences, theme=theme))

    # To the person

    @Slot()
    def _show_count(self) -> None:
        counting, docks = self._window.counting, self._window.docks
        shown = (counting.next, counting.asked)
        if shown != self._counts:  # or what is being typed there would go
            self._counts = shown
            docks.bar.set_count(counting.next)
            docks.settings.set_count(counting.asked)

    @Slot(bool)
    def _load(self, other_project: bool) -> None:
        document, window = self._window.document, self._window
        if other_project:
            self._news = None
            window.counting.set_left(0)
            self._pictures.clear()
            window.actions_["pin"].setChecked(False)
        if document.contents is not None:
            window.show_canvas()
            if document.contents.fell_back:
                window.say(window.tr("The newest settings are damaged; earlier ones are shown."))
        self._show_pictures()

    @Slot()
    def _show_settings(self) -> None:
        docks, document = self._window.docks, self._window.document
        docks.prompts.set_prompts(document.prompts)
        docks.settings.set_settings(document.settings)
        docks.settings.set_fixed(document.has_begun)
        self._show_pictures()

    def _show_pictures(self) -> None:
        document, docks = self._window.document, self._window.docks
        for name, data in document.pictures.items():
            if name not in self._pictures:
                self._pictures[name] = image = image_from(data, THUMBNAIL)
                if image is not None:
                    docks.prompts.set_picture(name, image)
        start = document.settings.start_picture
        docks.settings.set_start_picture(self._pictures.get(start or ""))

    @Slot()
    def _show_place(self) -> None:
        window = self._window
        activity = window.studio.activity
        can_go_on = activity == "paused" and window.counting.left > 0
        branches = window.document.branches
        window.counting.set_goes_on(can_go_on and not branches)
        window.docks.bar.show_state(activity, branches=branches, can_go_on=can_go_on)
        painting = activity in AT_WORK
        actions = window.actions_
        actions.rename("paint", window.tr("&Pause") if painting else window.tr("&Paint"))
        actions["stop"].setEnabled(painting or can_go_on)
        actions["discard_edits"].setEnabled(branches)
        has_pictures = window.document.length > 0
        for id in ("branch", "export_picture", "copy", "pin"):
            actions[id].setEnabled(has_pictures)
        for id in ("save", "save_as", "save_copy", "close"):
            actions[id].setEnabled(window.document.contents is not None)

    @Slot(object)
    def _show_first_picture(self, _news: News) -> None:
        if not self._window.actions_["branch"].isEnabled():
            self._show_place()

    @Slot()
    def _show_undo(self) -> None:
        window, undo = self._window, self._window.document.undo
        for id, can, word in (
            ("undo", undo.canUndo(), undo.undoText()),
            ("redo", undo.canRedo(), undo.redoText()),
        ):
            action = window.actions_[id]
            action.setEnabled(can)
            name = window.tr("&Undo") if id == "undo" else window.tr("&Redo")
            window.actions_.rename(id, f"{name} “{word}”" if word else name)

    @Slot()
    def _show_title(self) -> None:
        window, contents = self._window, self._window.document.contents
        if contents is None or contents.untitled:
            name = window.tr("Untitled")
        else:
            name = contents.path.name
        window.setWindowTitle(f"{name}[*] — VQGAN-CLIP Studio")
        window.setWindowModified(window.document.is_modified)

    @Slot(str)
    def _show_activity(self, activity: Activity) -> None:
        self._window.status.show_activity(activity, self._ready)
        if activity in ("idle", "paused"):
            if activity == "idle":
                self._window.counting.set_left(0)
            self._remember(None if self._news is None else self._news.picture)
        self._show_place()

    @Slot(object)
    def _take_news(self, news: News) -> None:
        self._news = news
        self._window.counting.set_left(news.left)
        self._window.status.show_news(news)

    def _remember(self, picture: Picture | bytes | None) -> None:
        """Keep the prompts for another time, and how the painting looks."""
        document = self._window.document
        if document.contents is not None and document.can_paint:
            contents = document.contents
            path = None if contents.untitled else contents.path
            self._window.studio.remember(document.next_settings, path, picture)

    @Slot(object)
    def _keep_name(self, _contents: object) -> None:
        contents = self._window.document.contents
        if contents is not None and not contents.untitled:
            self._remember(contents.picture if self._news is None else self._news.picture)

    @Slot(object)
    def _finished(self, finished: Finished) -> None:
        window = self._window
        words = window.tr("{count} iterations are painted.").format(count=finished.painted)
        window.say(words)
        if window.preferences.notify == "each" or (
            window.preferences.notify == "queue" and window.queue.is_empty
        ):
            window.notifier.tell(window.tr("The painting is done"), words)

    @Slot(object)
    def _job_finished(self, job: JobNews) -> None:
        if self._window.preferences.notify == "each":
            self._window.notifier.tell(self._window.tr("A painting is done"), job.title)

    @Slot(int)
    def _queue_finished(self, count: int) -> None:
        window = self._window
        if count:
            words = window.tr("{count} paintings of the queue are done.").format(count=count)
            window.say(words)
            if window.preferences.notify != "never":
                window.notifier.tell(window.tr("The queue is done"), words)

    @Slot(int, object)
    def _show_reading(self, row: int, reading: Reading) -> None:
        self._window.docks.prompts.set_reading(row, reading.tokens, reading.unknown)

    @Slot(object)
    def _show_models(self, shelved: Shelved) -> None:
        self._window.docks.settings.set_models(
            list(shelved.vqgans), list(shelved.perceptors), shelved.factors, shelved.imagining
        )
        self._window.document.set_imagining(shelved.imagining)

    @Slot(list)
    def _get_ready(self, _devices: list[tuple[str, str]]) -> None:
        self._ready = True
        log.info("The window and its models are ready.")
        self._window.status.show_activity(self._window.studio.activity, True)

    @Slot(object)
    def _show_comparison(self, comparison: Comparison) -> None:
        actions = self._window.actions_
        actions["wipe"].setChecked(comparison is Comparison.WIPE)
        actions["difference"].setChecked(comparison is Comparison.DIFFERENCE)

    @Slot(bool)
    def _show_reference(self, there: bool) -> None:
        for id in ("hold", "wipe", "difference"):
            self._window.actions_[id].setEnabled(there)
