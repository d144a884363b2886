"""The canvas and the timeline together: which iteration is shown, and what it is compared with."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from studio.core.likeness import likeness_in, likenesses
from studio.core.schedule import Change, settings_at
from studio.ui.canvas import Canvas, Comparison
from studio.ui.document import Document
from studio.ui.images import image_of
from studio.ui.marks import Marks
from studio.ui.panels.prompts import PromptsPanel
from studio.ui.timeline import Take, Timeline
from studio.work.facts import Frame, News
from studio.work.studio import Studio

RESTS_AFTER = 150
"""Milliseconds without a move of the playhead, after which the exact picture is decoded."""
HISTORY = 400
"""Iterations in the line of likeness beside a prompt."""


class Viewer(QObject):
    """Keeps canvas, timeline and the readings of the prompts at the same iteration."""

    reference_changed = Signal(bool)
    """Whether there is something to compare with."""

    def __init__(
        self,
        studio: Studio,
        document: Document,
        canvas: Canvas,
        timeline: Timeline,
        prompts: PromptsPanel,
    ) -> None:
        super().__init__(canvas)
        self._studio, self._document = studio, document
        self._canvas, self._timeline, self._prompts = canvas, timeline, prompts
        self._pinned: tuple[int, int] | None = None
        self._wanted_reference: tuple[int, int] | None = None
        self._shown_reference: tuple[int, int] | None = None
        self._newest: QImage | None = None
        self._marked: tuple[bool, tuple[Change, ...]] | None = None
        self._marks = Marks(document)
        self._rest = QTimer(self, interval=RESTS_AFTER, singleShot=True)
        self._rest.timeout.connect(self._sharpen)
        studio.frame.connect(self._show_frame)
        studio.preview.connect(self._show_preview)
        document.loaded.connect(self._load)
        document.grown.connect(self._grow)
        document.settings_shown.connect(self._mark)
        document.prompted.connect(self._return)
        timeline.position_changed.connect(self._move)
        timeline.live_changed.connect(self._catch_up)
        timeline.previews_wanted.connect(self._want_previews)

    @property
    def position(self) -> int:
        """The iteration shown, the newest while the playhead is ahead; -1 before the first."""
        return min(self._timeline.position(), self._document.length - 1)

    def pin(self, pinned: bool) -> None:
        """Compare with the iteration shown, from now on, or no longer."""
        self._pinned = (self._document.take, self.position) if pinned else None
        self._refresh_reference()

    def mark_again(self) -> None:
        """Draw the marks where they are, after a person has dragged one."""
        self._marked = None
        self._mark()

    def stop(self) -> None:
        """Let nothing tick any more."""
        self._rest.stop()
        self._timeline.pause()

    # What is shown

    @Slot(bool)
    def _load(self, other_project: bool) -> None:
        document, timeline = self._document, self._timeline
        contents = document.contents
        self._newest, self._marked = None, None
        if other_project:
            self._pinned = self._shown_reference = None
        if contents is None:
            self._rest.stop()
            timeline.set_takes([])
            timeline.show_take(0, [])
            timeline.set_live(True)
            self._canvas.show_picture(None)
        else:
            timeline.set_takes(
                [
                    Take(t.id, t.name, contents.lengths[t.id], t.parent, t.branched_at or 0)
                    for t in contents.takes
                ]
            )
            timeline.show_take(contents.take, [each.total for each in document.iterations])
            timeline.set_live(True)
            self._move(timeline.position())
            if not document.length:
                self._canvas.show_picture(None)
            self._canvas.set_file_name(contents.path.stem)
        self._mark()
        self._show_histories()
        self._refresh_reference()

    @Slot()
    def _return(self) -> None:
        """To the beginning of a draft, where its prompt is, or the next edit would be elsewhere."""
        self._timeline.set_live(True)

    @Slot(object)
    def _grow(self, news: News) -> None:
        self._newest = image_of(news.picture)
        document, timeline = self._document, self._timeline
        live = timeline.is_live()
        timeline.append_losses([each.total for each in news.iterations])
        if live or document.ahead is not None or timeline.position() == document.length - 1:
            self._canvas.show_picture(self._newest)
        self._say_ahead()
        if live:
            self._append_likeness(news)
        self._refresh_reference()

    def _append_likeness(self, news: News) -> None:
        document = self._document
        for each in news.iterations:
            settings = settings_at(document.changes, each.number)
            found = [likeness_in(each.losses, settings, prompt) for prompt in document.prompts]
            self._prompts.set_similarities(found)

    @Slot(int)
    def _move(self, position: int) -> None:
        document = self._document
        document.move_to(position if document.length or position else -1)
        self._say_ahead()
        if not document.length:
            return
        newest = self.position == document.length - 1
        is_kept = self._timeline.is_live() or document.ahead is not None
        if newest and self._newest is not None and is_kept:
            self._canvas.show_picture(self._newest)
        else:
            self._studio.wish_frame(document.take, self.position)
        self._rest.start()
        self._refresh_reference()

    @Slot(bool)
    def _catch_up(self, live: bool) -> None:
        """The readings have stayed where the playhead was."""
        if live and self._document.length:
            self._show_histories()

    def _say_ahead(self) -> None:
        """The canvas shows what is painted, also while the playhead is ahead of it."""
        ahead, number = self._document.ahead, self._timeline.locale().toString
        words = ""
        if ahead is not None and self._document.length:
            text = self.tr("Iteration {n} is planned; this is the newest, {newest}")
            words = text.format(n=number(ahead), newest=number(self.position))
        self._canvas.set_note(words)

    @Slot(object)
    def _show_frame(self, frame: Frame) -> None:
        document = self._document
        if document.contents is None:
            return
        where = (frame.take, frame.iteration)
        if where == self._wanted_reference:
            self._canvas.set_reference(image_of(frame.picture))
            self._wanted_reference = None
            self.reference_changed.emit(True)
        if where == (document.take, self.position):
            self._canvas.show_picture(image_of(frame.picture))

    @Slot(object)
    def _show_preview(self, frame: Frame) -> None:
        if self._document.contents is not None and frame.take == self._document.take:
            self._timeline.set_preview(frame.iteration, image_of(frame.picture))

    @Slot(list)
    def _want_previews(self, iterations: list[int]) -> None:
        if self._document.contents is not None:
            self._studio.wish_previews(self._document.take, iterations)

    @Slot()
    def _sharpen(self) -> None:
        document = self._document
        rests = self._studio.activity in ("idle", "paused")
        if document.length and rests and not self._timeline.is_playing():
            self._studio.wish_exact(document.take, self.position)
        if document.length and (rests or not self._timeline.is_live()):
            self._show_histories()

    # What it is compared with

    def _refresh_reference(self) -> None:
        """The pinned iteration, or the last keyframe before the one shown."""
        if self._document.contents is None or not self._document.length:
            self._wanted_reference = self._shown_reference = None
            self._canvas.set_comparison(Comparison.NONE)
            self._canvas.set_reference(None)
            self.reference_changed.emit(False)
            return
        where = self._pinned or (self._document.take, self._keyframe_before(self.position))
        self._canvas.name_reference(self._called(*where))
        if where != self._shown_reference:
            self._shown_reference = self._wanted_reference = where
            self._studio.wish_reference(*where)

    def _called(self, take: int, iteration: int) -> str:
        """What the reference is, in words."""
        number = self._timeline.locale().toString(iteration)
        if self._pinned is None:
            is_marked = any(each.iteration == iteration for each in self._marks.diamonds())
            words = self.tr("Keyframe at {n}") if is_marked else self.tr("Iteration {n}")
            return words.format(n=number)
        contents = self._document.contents
        if contents is None or take == self._document.take:
            return self.tr("Pinned iteration {n}").format(n=number)
        names = {each.id: each.name for each in contents.takes}
        return self.tr("Pinned iteration {n} of {take}").format(
            n=number, take=names.get(take, take)
        )

    def _keyframe_before(self, position: int) -> int:
        diamonds = self._marks.diamonds()
        marked = [each.iteration for each in diamonds if each.iteration < position]
        return max(marked, default=0)

    # Marks on the timeline

    @Slot()
    def _mark(self) -> None:
        shown = (self._document.contents is None, self._document.schedule)
        if shown == self._marked:
            return
        self._marked = shown
        marks = self._marks
        self._timeline.set_keyframes(marks.diamonds(), marks.ways())
        self._timeline.set_markers(marks.flags())

    def _show_histories(self) -> None:
        document = self._document
        last = self.position + 1
        first = max(0, last - HISTORY)
        losses = [each.losses for each in document.iterations[first:last]]
        self._prompts.set_similarity_histories(
            [likenesses(losses, first, document.changes, each) for each in document.prompts]
        )
