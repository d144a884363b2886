"""Keyframes as the window shows and commands them: marks, recording, menus, the editor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from studio.core.schedule import FIELDS
from studio.core.settings import Prompt
from studio.ui.dialogs.keyframe import KeyframeCard
from studio.ui.icons import icon
from studio.ui.marks import Marks, words
from studio.ui.panels.key_mark import Keyed

if TYPE_CHECKING:
    from studio.ui.window import MainWindow

BESIDE = 20
"""Iterations from a keyframe to its duplicate, or the next free one."""


class KeyDesk(QObject):
    """Between the document's keyframes, the timeline and the panels of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._document = window.document
        self._keys = window.document.keys
        self._marks = Marks(window.document)
        self._connect()
        self._show()
        self._show_plan()

    def _connect(self) -> None:
        window, keys, document = self._window, self._keys, self._document
        timeline, docks = window.docks.timeline, window.docks
        timeline.keyframe_moved.connect(self._move)
        timeline.keyframe_copied.connect(self._copy)
        timeline.keyframe_added.connect(self.add_at)
        timeline.keyframe_opened.connect(self.open_card)
        timeline.keyframe_menu_wanted.connect(self._show_menu)
        timeline.record_wanted.connect(keys.record)
        docks.settings.key_toggled.connect(self._toggle)
        docks.prompts.key_toggled.connect(self._toggle_prompts)
        docks.prompts.story_wanted.connect(self._tell_story)
        actions = window.actions_
        actions["add_keyframe"].triggered.connect(self._add_here)
        actions["remove_keyframe"].triggered.connect(self._remove_here)
        actions["record"].triggered.connect(keys.record)
        keys.recording_changed.connect(timeline.set_recording)
        keys.recording_changed.connect(actions["record"].setChecked)
        keys.refused.connect(window.say)
        document.settings_shown.connect(self._show)
        document.place_changed.connect(self._show)
        document.settings_drifted.connect(self._follow)
        for signal in (document.settings_shown, document.place_changed, document.loaded):
            signal.connect(self._show_plan)
        window.counting.changed.connect(self._show_plan)

    # From the person

    @Slot(int)
    def add_at(self, iteration: int) -> None:
        """Add a keyframe ahead, or where the playhead is (-1)."""
        self._window.docks.prompts.commit()
        if iteration < 0:
            self._add_here()
        elif self._is_ahead(iteration):
            self._keys.add(iteration)
            self._window.docks.timeline.set_position(iteration)

    @Slot()
    def _add_here(self) -> None:
        here = self._keys.here
        if here is None:
            self._window.say(
                self.tr("What is painted stays as it is; put the playhead ahead of it first.")
            )
        else:
            self._keys.add(here)

    @Slot()
    def _remove_here(self) -> None:
        position = self._window.docks.timeline.position()
        there = self._keys.at(position)
        if there is not None and self._is_ahead(position):
            self._keys.remove(position)
        elif there is not None:
            self._window.say(self.tr("This keyframe is painted already and stays."))

    @Slot(int, int)
    def _move(self, iteration: int, to: int) -> None:
        self._keys.move(iteration, to)
        self._window.viewer.mark_again()
        if self._keys.at(to) is not None and self._is_ahead(to):
            self._window.docks.timeline.set_position(to)

    @Slot(int, int)
    def _copy(self, iteration: int, to: int) -> None:
        self._keys.copy(iteration, to)

    @Slot(str, bool)
    def _toggle(self, name: str, wanted: bool) -> None:
        self._keys.toggle(name, wanted)

    @Slot(bool)
    def _toggle_prompts(self, wanted: bool) -> None:
        self._window.docks.prompts.commit()
        self._keys.toggle("prompts", wanted)

    @Slot(object)
    def _tell_story(self, steps: tuple[tuple[Prompt, ...], ...]) -> None:
        self._keys.tell(steps)
        number = self.locale_number(len(steps))
        self._window.say(self.tr("{n} keyframes follow one another.").format(n=number))

    def locale_number(self, number: int) -> str:
        """A number as people here write it."""
        return self._window.locale().toString(number)

    @Slot(int, QPoint)
    def open_card(self, iteration: int, place: QPoint) -> None:
        """The keyframe's card, near its diamond."""
        if self._keys.at(iteration) is not None and self._is_ahead(iteration):
            KeyframeCard(self._document, self._marks, iteration, self._window).open_at(place)

    @Slot(int, QPoint)
    def _show_menu(self, iteration: int, place: QPoint) -> None:
        there = self._keys.at(iteration)
        if there is None or not self._is_ahead(iteration):
            self._window.menus.show_iteration_menu(iteration, place)
            return
        self._window.docks.timeline.set_position(iteration)
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        kinds = {there.ease_of(name) for name in there.values}
        group = QActionGroup(menu)
        for ease, text in self._marks.eases().items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(kinds == {ease})
            action.triggered.connect(partial(self._keys.ease, iteration, ease))
            group.addAction(action)
        menu.addSeparator()
        edit = menu.addAction(icon("sliders"), self.tr("&Edit…"))
        edit.triggered.connect(partial(self.open_card, iteration, place))
        copy = menu.addAction(icon("copy"), self.tr("&Duplicate"))
        copy.triggered.connect(partial(self._duplicate, iteration))
        menu.addAction(self._window.actions_["remove_keyframe"])
        menu.popup(place)

    def _duplicate(self, iteration: int) -> None:
        to = iteration + BESIDE
        while self._keys.at(to) is not None:
            to += 1
        self._keys.copy(iteration, to)
        self._window.docks.timeline.set_position(to)

    def _is_ahead(self, iteration: int) -> bool:
        return iteration >= self._document.length

    # To the person

    @Slot()
    def _show(self) -> None:
        docks, keys, document = self._window.docks, self._keys, self._document
        here, anywhere = keys.values_here(), keys.values_anywhere()
        keyed: dict[str, Keyed] = {
            name: "here" if name in here else "elsewhere" for name in FIELDS if name in anywhere
        }
        reason = "" if document.is_at_end else self.tr("What is painted keeps its settings.")
        docks.settings.set_keyed(keyed, reason)
        docks.prompts.set_keyed(keyed.get("prompts", "no"), reason)
        crossing = document.settings.crossing
        text = self.tr("On the way to “{prompts}”: {share} %")
        docks.prompts.set_crossing(
            ""
            if crossing is None
            else text.format(prompts=words(crossing.prompts), share=round(crossing.share * 100))
        )

    @Slot()
    def _follow(self) -> None:
        """Show where keyframes have carried the settings, unless somebody types just now."""
        docks, document = self._window.docks, self._document
        if not docks.settings.is_typed_in:
            docks.settings.set_settings(document.settings)
        if not docks.prompts.is_typed_in:
            docks.prompts.set_prompts(document.prompts)
        self._show()

    @Slot()
    def _show_plan(self) -> None:
        """What a press of Paint would paint, or is left to paint, and every keyframe."""
        document, window = self._document, self._window
        last = max((each.iteration for each in self._keys.planned), default=-1)
        window.docks.timeline.set_planned(max(document.length + window.counting.ahead, last + 1))
