"""The panel of prompts: what the picture should, and should not, look like."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from studio.core.settings import Prompt
from studio.core.styles import Style, StyleGroup, styled
from studio.ui.panels.chips import Examples
from studio.ui.panels.key_mark import Keyed
from studio.ui.panels.labels import Note
from studio.ui.panels.matching import kind_of, matched
from studio.ui.panels.prompt_list import PromptList
from studio.ui.panels.prompt_row import PromptRow
from studio.ui.panels.prompt_tools import PromptTools
from studio.ui.panels.seeds import fresh_seed
from studio.ui.panels.tones import region_colour

_LONGEST_NAME = 28


class PromptsPanel(QWidget):
    """Shows the prompts and tells what a person does with them.

    A text that is not written yet is a row of the panel but no prompt of the document.
    """

    prompts_edited = Signal(object, str, str)
    """All prompts, words for the undo list, and what merges with the last edit ("" never)."""
    paint_wanted = Signal()
    picture_wanted = Signal()
    key_toggled = Signal(bool)
    """Whether a keyframe here is to set the prompts."""
    story_wanted = Signal(object)
    """The prompts of each step, in their order."""
    attended = Signal()
    """Another row is chosen, or the mouse is over another one."""
    region_wanted = Signal(int, str)
    """What to do with where the prompt of a place counts: what `RegionButton` wants."""
    region_copy_wanted = Signal(int, int)
    """Where a prompt counts, also for another one."""
    reading_wanted = Signal(int, str)
    """How does CLIP read this text, of this row? `set_reading` is the answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prompts: tuple[Prompt, ...] = ()
        self._pictures: dict[str, QImage] = {}
        self._asked: dict[PromptRow, tuple[int, str]] = {}
        self._current: PromptRow | None = None
        self._hovered: PromptRow | None = None
        self._focused: PromptRow | None = None
        self._examples = Examples(self)
        self._examples.picked.connect(self._example_picked)
        self._list = PromptList(self._examples)
        self._scroll = QScrollArea(self)
        self._scroll.setWidget(self._list)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tools = PromptTools(self)
        self._tools.text_wanted.connect(self._add_text)
        self._tools.noise_wanted.connect(self._add_noise)
        self._tools.picture_wanted.connect(self.picture_wanted)
        self._tools.style_picked.connect(self._style_picked)
        self._tools.mark.toggled_here.connect(self.key_toggled)
        self._crossing = Note(self)
        self._crossing.setContentsMargins(10, 4, 10, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._crossing)  # below, so that no prompt moves when it comes and goes
        column.addWidget(self._tools)
        self._set_rows([])
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_focus)

    @property
    def rows(self) -> tuple[PromptRow, ...]:
        """From top to bottom, texts that are not written yet among them."""
        return self._list.rows

    @property
    def chosen(self) -> int | None:
        """The prompt that is written in, or was last; the first, where none was."""
        written = self._written()
        if self._current in written:
            return written.index(self._current)
        return 0 if written else None

    @property
    def attended_to(self) -> int | None:
        """The prompt that the mouse is over, or else that the keyboard writes in."""
        written = self._written()
        row = self._hovered or self._focused
        return written.index(row) if row in written else None

    @property
    def is_typed_in(self) -> bool:
        """Whether something is written that the document does not have yet."""
        return tuple(row.prompt for row in self._written()) != self._prompts

    def set_prompts(self, prompts: tuple[Prompt, ...]) -> None:
        """Show the prompts of the document."""
        if prompts == self._prompts:
            return
        self._prompts = prompts
        before = self.rows
        rows = []
        for place, prompt in matched([row.prompt for row in before], prompts):
            old = None if place is None else before[place]
            if old is None or old.kind != kind_of(prompt):
                old = self._make_row(prompt)
            elif prompt is not None:
                old.show_prompt(prompt)
            rows.append(old)
        self._set_rows(rows)

    def set_examples(self, texts: list[str]) -> None:
        """What is offered while there is no prompt."""
        self._examples.set_texts(texts)

    def set_styles(self, groups: Sequence[StyleGroup]) -> None:
        """What the style menu offers."""
        self._tools.set_styles(groups)

    def set_picture(self, sha256: str, picture: QImage) -> None:
        """The picture of the image prompts that name it."""
        self._pictures[sha256] = picture
        for row in self.rows:
            if row.base.picture == sha256:
                row.set_picture(picture)

    def set_similarities(self, similarities: list[float | None]) -> None:
        """How alike the newest picture is to each prompt; each line gets a point."""
        for row, similarity in zip(self._written(), similarities, strict=False):
            row.notes.append_similarity(similarity)

    def set_similarity_histories(self, histories: Sequence[NDArray]) -> None:  # type: ignore[type-arg]
        """How alike the pictures so far were to each prompt; nan where it is not known."""
        for row, history in zip(self._written(), histories, strict=False):
            row.notes.set_history(map(float, history))

    def set_keyed(self, keyed: Keyed, reason: str = "") -> None:
        """Whether keyframes set the prompts; a reason why none can be added here."""
        self._tools.mark.show_keyed(keyed, reason)

    def set_crossing(self, words: str) -> None:
        """Where the prompts are about to become others, if they are."""
        self._crossing.say(words)

    def set_reading(self, row: int, tokens: int, unknown: tuple[str, ...]) -> None:
        """How CLIP reads the text of a row."""
        if 0 <= row < len(self.rows):
            self.rows[row].notes.set_reading(tokens, unknown)

    def commit(self) -> None:
        """Take over what is still being typed, as before painting."""
        for row in self.rows:
            row.commit()

    def _make_row(self, prompt: Prompt | None) -> PromptRow:
        row = PromptRow(prompt, self._list)
        if prompt is not None and prompt.picture is not None:
            row.set_picture(self._pictures.get(prompt.picture))
        row.edited.connect(self._edited)
        row.remove_wanted.connect(self._remove)
        row.step_wanted.connect(self._step)
        row.split_wanted.connect(self._split)
        row.story_wanted.connect(self._tell_story)
        row.pulled.connect(self._pull)
        row.dropped.connect(self._drop)
        row.focused.connect(self._focus)
        row.hovered.connect(self._hover)
        row.region_wanted.connect(self._want_region)
        row.region_copy_wanted.connect(self._copy_region)
        row.typed.connect(self._show_state)
        row.entered.connect(self.paint_wanted)
        return row

    def _set_rows(self, rows: Sequence[PromptRow]) -> None:
        rows = list(rows) or [self._make_row(None)]
        gone = [row for row in self.rows if row not in rows]
        self._list.set_rows(rows)
        for row in gone:
            self._asked.pop(row, None)
            row.hide()
            row.deleteLater()
        if self._current not in rows:
            self._current = None
        if self._hovered not in rows:
            self._hovered = None
        if self._focused not in rows:
            self._focused = None
        self._show_state()
        self._ask_for_readings()

    def _show_state(self) -> None:
        rows = self.rows
        written = self._written()
        alone = len(rows) == 1
        empty = alone and not written
        for row in rows:
            row.set_alone(alone, empty)
            row.set_current(not alone and row is self._current)
        labels = [(place, row.base.label) for place, row in enumerate(written)]
        for place, row in enumerate(written):
            row.show_region(region_colour(place), labels[:place] + labels[place + 1 :])
        pictures = [row for row in rows if row.kind == "picture"]
        for number, row in enumerate(pictures, 1):
            row.set_number(number if len(pictures) > 1 else None)
        self._examples.setVisible(empty)
        self._tools.set_styles_useful(any(row.kind == "text" for row in written))

    def _written(self) -> list[PromptRow]:
        return [row for row in self.rows if row.prompt is not None]

    def _ask_for_readings(self) -> None:
        for place, row in enumerate(self.rows):
            if row.writing is None:
                continue
            prompt = row.prompt
            question = (place, "" if prompt is None else prompt.text)
            if self._asked.get(row) != question:
                self._asked[row] = question
                if prompt is None:
                    row.notes.clear_reading()
                else:
                    self.reading_wanted.emit(*question)

    def _tell(self, words: str, merge: str = "") -> None:
        prompts = tuple(row.prompt for row in self.rows if row.prompt is not None)
        if prompts != self._prompts:
            self._prompts = prompts
            self.prompts_edited.emit(prompts, words, merge)

    def _edited(self, row: PromptRow, field: str) -> None:
        if row not in self.rows:
            return  # It lost the focus by being removed.
        words = {
            "text": self.tr("Text of {name}"),
            "weight": self.tr("Weight of {name}"),
            "stop": self.tr("Stop of {name}"),
            "noise": self.tr("Seed of {name}"),
            "on": self.tr("Switch on {name}") if row.base.on else self.tr("Switch off {name}"),
        }[field]
        merge = "" if field == "on" else f"{field}:{self.rows.index(row)}"
        self._show_state()
        self._tell(words.format(name=_name(row)), merge)
        self._ask_for_readings()

    def _add_text(self) -> None:
        blank = next((row for row in self.rows if row.prompt is None), None)
        if blank is None:
            blank = self._make_row(None)
            self._set_rows([*self.rows, blank])
        self._go_to(blank)

    def _add_noise(self) -> None:
        row = self._make_row(Prompt(noise=fresh_seed(), weight=0.5))
        self._set_rows([*self._written(), row])
        self._go_to(row)
        self._tell(self.tr("Add noise"))

    def _remove(self, row: PromptRow) -> None:
        place, words = self.rows.index(row), self.tr("Remove {name}").format(name=_name(row))
        had_focus = row.isAncestorOf(self.focusWidget())
        self._set_rows([each for each in self.rows if each is not row])
        if had_focus:
            self._go_to(self.rows[min(place, len(self.rows) - 1)])
        self._tell(words)

    def _step(self, row: PromptRow, way: int) -> None:
        self._move(row, self.rows.index(row) + way)

    def _pull(self, row: PromptRow, screen: QPoint) -> None:
        self._scroll.ensureVisible(0, self._list.mapFromGlobal(screen).y(), 0, 24)
        self._list.show_drop(row, screen)

    def _drop(self, row: PromptRow, screen: QPoint) -> None:
        place = self._list.place_at(row, screen)
        self._list.show_drop(None, screen)
        self._move(row, place)

    def _move(self, row: PromptRow, place: int) -> None:
        rows = [each for each in self.rows if each is not row]
        if not 0 <= place <= len(rows) or self.rows.index(row) == place:
            return
        focus = self.focusWidget()
        rows.insert(place, row)
        self._set_rows(rows)
        if focus is not None and row.isAncestorOf(focus):
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell(self.tr("Move {name}").format(name=_name(row)))

    def _split(self, row: PromptRow, prompts: tuple[Prompt, ...]) -> None:
        place = self.rows.index(row)
        new = [self._make_row(prompt) for prompt in prompts]
        self._set_rows([*self.rows[:place], *new, *self.rows[place + 1 :]])
        self._go_to(new[0])
        self._tell(self.tr("Split {name}").format(name=_name(new[0])))

    def _tell_story(self, row: PromptRow, steps: Sequence[tuple[Prompt, ...]]) -> None:
        """Each step in place of the row, among the prompts that stay the same."""
        rows = self._written()
        place = rows.index(row)
        before = tuple(each.prompt for each in rows[:place])
        after = tuple(each.prompt for each in rows[place + 1 :])
        self.story_wanted.emit(tuple((*before, *step, *after) for step in steps))

    def _example_picked(self, text: str) -> None:
        self.rows[0].write(text)
        self._go_to(self.rows[0])

    def _style_picked(self, style: Style) -> None:
        texts = [row for row in self._written() if row.kind == "text"]
        row = self._current if self._current in texts else next(iter(texts), None)
        if row is None or row.writing is None:
            return
        row.write(styled(row.writing.text, style))

    def _focus(self, row: PromptRow) -> None:
        self._current = row
        self._show_state()
        self.attended.emit()

    def _hover(self, row: PromptRow, over: bool) -> None:
        self._hovered = row if over else None
        self.attended.emit()

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        inside = [row for row in self.rows if now is not None and row.isAncestorOf(now)]
        row = inside[0] if inside else None
        if row is not self._focused:
            self._focused = row
            self.attended.emit()

    def _want_region(self, row: PromptRow, what: str) -> None:
        written = self._written()
        if row in written:
            self._focus(row)
            self.region_wanted.emit(written.index(row), what)

    def _copy_region(self, row: PromptRow, place: int) -> None:
        written = self._written()
        if row in written:
            self.region_copy_wanted.emit(written.index(row), place)

    def _go_to(self, row: PromptRow) -> None:
        row.take_focus()
        self._scroll.ensureWidgetVisible(row)


def _name(row: PromptRow) -> str:
    label = row.base.label
    if len(label) > _LONGEST_NAME:
        label = label[: _LONGEST_NAME - 1].rstrip() + "…"
    return f"“{label}”"
