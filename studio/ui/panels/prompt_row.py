"""One prompt of the list: what it is about, how strongly it pulls, and what is known of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QImage,
    QKeySequence,
    QPaintEvent,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core.settings import Prompt
from studio.ui.canvas.strokes import painting
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.grip import Grip
from studio.ui.panels.matching import Kind, kind_of
from studio.ui.panels.prompt_notes import PromptNotes
from studio.ui.panels.prompt_subject import NoiseSubject, PictureSubject
from studio.ui.panels.region_button import Others, RegionButton
from studio.ui.panels.stop import StopField
from studio.ui.panels.tones import outline, raised
from studio.ui.panels.weight import WeightField
from studio.ui.panels.writing import PromptEdit


class PromptRow(QWidget):
    """Shows one `Prompt`, or a text that is not written yet."""

    edited = Signal(object, str)
    """This row changed by a person: itself, and which field ("text", "weight", ...)."""
    remove_wanted = Signal(object)
    step_wanted = Signal(object, int)
    """Move one place up (-1) or down (1)."""
    split_wanted = Signal(object, object)
    story_wanted = Signal(object, object)
    pulled = Signal(object, QPoint)
    dropped = Signal(object, QPoint)
    focused = Signal(object)
    hovered = Signal(object, bool)
    """Whether the mouse is over the row."""
    region_wanted = Signal(object, str)
    """What to do with where it counts: what `RegionButton` wants."""
    region_copy_wanted = Signal(object, int)
    """Also for the prompt of that place."""
    typed = Signal()
    """A key was typed in the text; the row will tell of the edit when the writer pauses."""
    entered = Signal()

    def __init__(self, prompt: Prompt | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind: Kind = kind_of(prompt)
        self.writing: PromptEdit | None = None
        self.notes = PromptNotes(self)
        self._base = Prompt(text="-") if prompt is None else prompt
        self._current = False
        self._picture: PictureSubject | None = None
        self._noise: NoiseSubject | None = None
        self._make_tools()
        self._weight = WeightField(self)
        self._stop = StopField(self)
        self._arrange(self._make_subject())
        self._connect()
        self._show(prompt)

    @property
    def prompt(self) -> Prompt | None:
        """What the row says, or None while nothing is written in it."""
        if self.writing is None:
            return self._base
        text = self.writing.text.strip()
        return self._changed(text=text) if text else None

    @property
    def base(self) -> Prompt:
        """The row's prompt whatever is written in it, for its weight and so on."""
        return self._base

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, in reading order."""
        first: tuple[QWidget, ...] = ()
        if self.writing is not None:
            first = (self.writing,)
        elif self._noise is not None:
            first = (self._noise.seed,)
        pull = (*self._weight.fields, self._region, self._more, self._stop.box)
        return (*first, self._eye, self._remove, *pull, *self.notes.buttons)

    def show_prompt(self, prompt: Prompt | None) -> None:
        """Show a prompt of the same kind; what is the same is left alone."""
        if prompt != self.prompt:
            self._show(prompt)

    def set_number(self, number: int | None) -> None:
        """Which of several image prompts it is."""
        if self._picture is not None:
            self._picture.set_number(number)

    def set_picture(self, picture: QImage | None) -> None:
        """The picture of an image prompt."""
        if self._picture is not None:
            self._picture.set_picture(picture)

    def set_alone(self, alone: bool, empty: bool) -> None:
        """Whether it is the only row, and whether that is all there is of the document."""
        self._grip.setVisible(not alone)
        self._remove.setVisible(not empty)
        self._eye.setVisible(not empty)
        if self.writing is not None:
            big = self.tr("What should the picture show?\nDescribe it in a few words.")
            self.writing.set_words(
                big if empty else self.tr("What should the picture show?"), 3 if empty else 1
            )

    def set_current(self, current: bool) -> None:
        """Whether styles go to this row."""
        if current != self._current:
            self._current = current
            self.update()

    def show_region(self, colour: QColor, others: Others) -> None:
        """In which colour its region is shown, and where that could be copied to."""
        painted = self._base.mask is not None
        self._region.show_region(colour, painted=painted, others=others)

    def take_focus(self) -> None:
        """Let a person write or weigh here."""
        self.fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def commit(self) -> None:
        """Take over what is still being typed."""
        if self.writing is not None:
            self.writing.tell()
        self._weight.commit()
        self._stop.commit()

    def write(self, text: str) -> None:
        """Put a text there as if a person had written it."""
        if self.writing is not None:
            self.writing.setPlainText(text)
            self.writing.moveCursor(self.writing.textCursor().MoveOperation.End)
            self.writing.tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            palette = self.palette()
            painter.setRenderHint(painter.RenderHint.Antialiasing)
            edge = palette.accent().color() if self._current else outline(palette)
            painter.setPen(QPen(edge, 1))
            painter.setBrush(raised(palette))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(self, True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(self, False)
        super().leaveEvent(event)

    def _make_tools(self) -> None:
        self._region = RegionButton(self)
        self._grip = Grip(self)
        self._eye = IconButton("eye", "", "", parent=self)
        self._remove = IconButton(
            "close",
            self.tr("Remove prompt"),
            self.tr("Take this prompt out of the picture"),
            key="Ctrl+Shift+Del",
            parent=self,
        )
        self._more = IconButton(
            "more", self.tr("More"), self.tr("When this prompt stops pulling"), parent=self
        )
        self._more.setCheckable(True)

    def _make_subject(self) -> QWidget:
        if self.kind == "picture":
            self._picture = PictureSubject(self)
            return self._picture
        if self.kind == "noise":
            self._noise = NoiseSubject(self._base.noise or 0, self)
            self._noise.chosen.connect(self._seed_chosen)
            return self._noise
        self.writing = PromptEdit(self)
        self.writing.setAccessibleName(self.tr("Prompt"))
        self.writing.setToolTip(
            self.tr("What the picture should show. Enter paints; a | b:0.5 can be split into two")
        )
        self.writing.written.connect(self._written)
        self.writing.textChanged.connect(self._typing)
        self.writing.entered.connect(self.entered)
        self.writing.focused.connect(self._focused)
        return self.writing

    def _arrange(self, subject: QWidget) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(subject, 1)
        for button in (self._eye, self._remove):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        pull = QHBoxLayout()
        pull.setSpacing(4)
        pull.addWidget(self._weight, 1)
        pull.addWidget(self._region)
        pull.addWidget(self._more)
        self._pull = QWidget(self)
        self._pull.setLayout(pull)
        pull.setContentsMargins(0, 0, 0, 0)
        self._stop.hide()
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addLayout(top)
        for part in (self._pull, self._stop, self.notes):
            column.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 8, 6, 8)
        row.setSpacing(6)
        row.addWidget(self._grip, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    def _connect(self) -> None:
        self._weight.chosen.connect(self._weight_chosen)
        self._stop.chosen.connect(self._stop_chosen)
        self._eye.clicked.connect(self._toggle)
        self._remove.clicked.connect(self._ask_removal)
        self._more.toggled.connect(self._unfold)
        self._region.wanted.connect(self._want_region)
        self._region.copy_wanted.connect(self._copy_region)
        self.notes.split_wanted.connect(self._split)
        self.notes.story_wanted.connect(self._tell_story)
        self._grip.pulled.connect(self._pulled)
        self._grip.dropped.connect(self._dropped)
        for keys, slot in (
            ("Alt+Up", self._up),
            ("Alt+Down", self._down),
            ("Ctrl+Delete", self._ask_removal),
            ("Ctrl+Shift+Delete", self._ask_removal),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _show(self, prompt: Prompt | None) -> None:
        self._base = Prompt(text="-") if prompt is None else prompt
        self._weight.show_weight(self._base.weight)
        self._stop.show_stop(self._base.stop)
        if self._base.stop is not None:
            self._more.setChecked(True)
        if self.writing is not None:
            self.writing.show_text("" if prompt is None else prompt.text)
            self.notes.look_at(self.writing.text)
        if self._noise is not None:
            self._noise.seed.show_value(self._base.noise or 0)
        self._show_state()

    def _show_state(self) -> None:
        on = self._base.on
        self._eye.show_icon("eye" if on else "eye-off")
        if on:
            self._eye.name(
                self.tr("Switch off"),
                self.tr("Let the picture forget this prompt for now; it stays in the list"),
            )
        else:
            self._eye.name(self.tr("Switch on"), self.tr("Let this prompt pull again"))
        for part in (self._weight, self._stop, self.notes):
            part.setEnabled(on)
        if self.writing is not None:
            self.writing.set_faint(not on)
        self._unfold()

    def _unfold(self) -> None:
        """A text that nobody has written needs no weight."""
        written = self.prompt is not None
        self._pull.setVisible(written)
        self.notes.setVisible(written)
        self._stop.setVisible(written and self._more.isChecked())

    def _changed(self, **fields: object) -> Prompt:
        return msgspec.structs.replace(self._base, **fields)

    def _set(self, field: str, value: object) -> None:
        self._base = self._changed(**{field: value})
        self._show_state()
        self.edited.emit(self, field)

    def _weight_chosen(self, weight: float) -> None:
        self._set("weight", weight)

    def _stop_chosen(self, stop: float | None) -> None:
        self._set("stop", stop)

    def _seed_chosen(self, seed: int) -> None:
        self._set("noise", seed)

    def _toggle(self) -> None:
        self._set("on", not self._base.on)

    def _written(self, text: str) -> None:
        if text.strip():
            self._base = self._changed(text=text.strip())
        self.edited.emit(self, "text")

    def _typing(self) -> None:
        if self.writing is not None:
            self._unfold()
            self.notes.look_at(self.writing.text)
            self.typed.emit()

    def _want_region(self, what: str) -> None:
        self.region_wanted.emit(self, what)

    def _copy_region(self, place: int) -> None:
        self.region_copy_wanted.emit(self, place)

    def _split(self, prompts: tuple[Prompt, ...]) -> None:
        self.split_wanted.emit(self, prompts)

    def _tell_story(self, steps: Sequence[tuple[Prompt, ...]]) -> None:
        self.story_wanted.emit(self, steps)

    def _ask_removal(self) -> None:
        self.remove_wanted.emit(self)

    def _up(self) -> None:
        self.step_wanted.emit(self, -1)

    def _down(self) -> None:
        self.step_wanted.emit(self, 1)

    def _focused(self) -> None:
        self.focused.emit(self)

    def _pulled(self, place: QPoint) -> None:
        self.pulled.emit(self, place)

    def _dropped(self, place: QPoint) -> None:
        self.dropped.emit(self, place)
