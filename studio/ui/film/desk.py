"""The film of the open project: what the film window shows, and what becomes of what it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Slot

from studio.core.film import Order, Stop
from studio.errors import RequestError
from studio.film.formats import Kind, format_of_kind
from studio.film.presets import FilmPreset, presets
from studio.ui.document import Document
from studio.ui.film.edits import FilmEdit
from studio.ui.film.showing import Showing
from studio.ui.film.window import FilmWindow
from studio.ui.film.words import FilmWords
from studio.ui.film.writing import Writing
from studio.work.facts import FilmFacts
from studio.work.studio import Studio

if TYPE_CHECKING:
    from studio.ui.window import MainWindow

SETTLES = 200
"""Milliseconds after an edit, after which the film is counted anew."""
GROWS = 2000
"""Milliseconds between two counts while the picture is painted on."""
SOUNDS = "*.mp3 *.wav *.flac *.ogg *.opus *.m4a *.aac"


class FilmDesk(QObject):
    """Holds the order of the film; edits of it are steps of the undo list and kept at once."""

    def __init__(self, window: MainWindow, studio: Studio, document: Document) -> None:
        super().__init__(window)
        self._window, self._studio, self._document = window, studio, document
        self._order = Order()
        self._kind: Kind = "mp4"
        self._is_given = False
        """Whether a person has ordered it, so that it does not follow what the timeline shows."""
        self.film_window: FilmWindow | None = None
        self._showing: Showing | None = None
        self.writing = Writing(window, studio)
        self._presets: Sequence[FilmPreset] = ()
        self._settling = QTimer(self, interval=SETTLES, singleShot=True)
        self._settling.timeout.connect(self._plan)
        self._growing = QTimer(self, interval=GROWS, singleShot=True)
        self._growing.timeout.connect(self._grow)
        window.actions_["export_film"].triggered.connect(self.show)
        window.actions_["film_stop"].triggered.connect(self.add_stop)
        document.loaded.connect(self._load)
        document.grown.connect(self._grown)
        document.place_changed.connect(self._show_place)
        studio.films.failed.connect(window.help.tell)
        studio.films.reel.failed.connect(window.help.tell)
        self._show_place()

    @property
    def facts(self) -> FilmFacts | None:
        """What the film is going to be, once that is counted."""
        return None if self._showing is None else self._showing.facts

    @property
    def _asked(self) -> Order:
        """The order as far as the kind of file can follow it."""
        silent = not format_of_kind(self._kind).sound
        return msgspec.structs.replace(self._order, soundtrack=None) if silent else self._order

    # What a person does

    @Slot()
    def show(self) -> None:
        """The film window, in front."""
        if self.film_window is None:
            self.film_window = self._make()
        if not self._is_given and self._document.contents is not None:
            first, last = self._window.docks.timeline.range()
            self._order = Order(take=self._document.take, first=first or 0, last=last)
        self._show_takes()
        self.film_window.form.set_order(self._order)
        self.film_window.show()
        self.film_window.raise_()
        self.film_window.activateWindow()
        self._plan()

    @Slot()
    def add_stop(self) -> None:
        """The iteration under the playhead as the last stop of a morph."""
        if not self._document.length:
            return
        place = max(self._document.position, 0)
        stop = Stop(take=self._document.take, iteration=place)
        if self._order.stops:  # as the one before
            last = self._order.stops[-1]
            stop = msgspec.structs.replace(last, take=stop.take, iteration=stop.iteration)
        fields = {"mode": "morph", "stops": (*self._order.stops, stop)}
        self.edit(fields, self.tr("Add a stop"))
        if self.film_window is None or not self.film_window.isVisible():
            count = len(self._order.stops)
            self._window.say(
                self.tr("Iteration {n} is stop {count} of the film.").format(n=place, count=count)
            )

    @Slot(dict, str, str)
    def edit(self, fields: Mapping[str, Any], text: str, merges: str = "") -> None:
        """Order the film otherwise, as one step of the undo list."""
        if self._document.contents is None:
            if self.film_window is not None:
                self.film_window.form.set_order(self._order)
            return
        try:
            after = msgspec.structs.replace(self._order, **fields)
        except RequestError as error:
            if self.film_window is not None:
                self.film_window.form.set_order(self._order)
                self.film_window.form.say_wrong(str(error))
            return
        if after != self._order:
            words = self.tr("Film: {text}").format(text=text[:1].lower() + text[1:])
            self._document.undo.push(FilmEdit(self._apply, self._order, after, words, merges))

    def end(self) -> None:
        """The window closes."""
        self._settling.stop()
        self._growing.stop()
        if self.film_window is not None:
            self.film_window.close()

    # The window

    def _make(self) -> FilmWindow:
        film = FilmWindow(self._window)
        film.destroyed.connect(self._forget_window)
        self._showing = Showing(film, self._studio)
        form = film.form
        for id in ("undo", "redo", "film_stop"):
            film.addAction(self._window.actions_[id])
        self._presets = presets()
        form.set_presets(FilmWords(self).presets(self._presets))
        form.edited.connect(self.edit)
        form.kind_chosen.connect(self._choose_kind)
        form.preset_chosen.connect(self._choose_preset)
        form.sound_wanted.connect(self._ask_sound)
        form.marks_wanted.connect(self._take_marks)
        form.stops.addition_wanted.connect(self.add_stop)
        form.stops.picked.connect(self._show_stop)
        film.export_wanted.connect(self._export)
        self.writing.use(film.exports)
        self._window.docks.timeline.range_changed.connect(self._show_marks)
        return film

    @Slot()
    def _forget_window(self) -> None:
        self.film_window = self._showing = None

    def _apply(self, order: Order) -> None:
        self._order, self._is_given = order, True
        self._studio.set_film(order)
        if self.film_window is not None:
            self.film_window.form.set_order(order)
            self._show_file()
            self._settle()

    def _settle(self) -> None:
        if self.film_window is not None and self.film_window.isVisible():
            self._settling.start()

    @Slot()
    def _plan(self) -> None:
        film, contents = self.film_window, self._document.contents
        if film is None or not film.isVisible():
            return
        if contents is None or not self._document.length:
            self._studio.films.forget()
            film.show_nothing(self.tr("There is no painting; paint something first."))
            return
        if self._showing is not None:
            self._showing.plan(self._asked, self._kind)

    @Slot(int)
    def _show_stop(self, row: int) -> None:
        """The playhead, and the preview, at a stop."""
        stop = self._order.stops[row]
        if stop.take == self._document.take:
            self._window.docks.timeline.set_position(stop.iteration)
        if self._showing is not None:
            self._showing.go_to_stop(row)

    def _show_takes(self) -> None:
        contents, film = self._document.contents, self.film_window
        if contents is not None and film is not None:
            lengths = {**contents.lengths, contents.take: self._document.length}
            film.form.set_takes({take.id: take.name for take in contents.takes}, lengths)
            film.form.stops.set_can_add(self._document.length > 0)
            self._show_file()
            self._show_marks()

    def _show_file(self) -> None:
        if self.film_window is not None:
            followed = (
                each.name
                for each in self._presets
                if each.applied(self._order) == self._order and each.kind == self._kind
            )
            self.film_window.form.set_file(self._kind, next(followed, ""))

    @Slot()
    def _show_marks(self) -> None:
        if self.film_window is not None:
            marks = self._window.docks.timeline.range()
            self.film_window.form.set_can_mark(marks != (None, None))

    @Slot()
    def _show_place(self) -> None:
        can = self._document.length > 0
        for id, tip in (
            (
                "export_film",
                self.tr("A film of how it was painted, or from picture to picture"),
            ),
            ("film_stop", self.tr("The film comes through the iteration shown")),
        ):
            action = self._window.actions_[id]
            action.setEnabled(can)
            why = self.tr("There is nothing to make a film of yet; paint something first.")
            self._window.actions_.explain(id, tip if can else why)

    # Edits

    @Slot()
    def _take_marks(self) -> None:
        first, last = self._window.docks.timeline.range()
        if (first, last) != (None, None):
            fields = {"take": self._document.take, "first": first or 0, "last": last}
            self.edit(fields, self.tr("Points in and out"))

    @Slot(str)
    def _choose_kind(self, kind: Kind) -> None:
        self._kind = kind
        self._show_file()
        self._settle()

    @Slot(str)
    def _choose_preset(self, name: str) -> None:
        for preset in self._presets:
            if preset.name == name:
                self._kind = preset.kind
                fields = {each: getattr(preset, each) for each in ("fps", "size", "fit", "quality")}
                self.edit(fields, self.tr("Preset"))
        self._show_file()

    @Slot()
    def _ask_sound(self) -> None:
        self._window.files.ask_sound(SOUNDS, self._choose_sound, self.film_window)

    @Slot(str)
    def _choose_sound(self, path: str) -> None:
        self.edit({"soundtrack": path}, self.tr("Sound"))

    @Slot()
    def _export(self) -> None:
        if self.film_window is not None:
            self.film_window.form.commit()
            self._window.files.ask_film(
                format_of_kind(self._kind).suffix, self._export_to, self.film_window
            )

    @Slot(str)
    def _export_to(self, path: str) -> None:
        self._studio.export_film(self._asked, Path(path), self._kind)

    # News of the project

    @Slot(bool)
    def _load(self, other_project: bool) -> None:
        contents = self._document.contents
        if other_project:
            given = None if contents is None else contents.film
            self._order, self._is_given = given or Order(), given is not None
            if self._showing is not None:
                self._showing.forget()
        self._show_place()
        if self.film_window is not None and self.film_window.isVisible():
            self._show_takes()
            self.film_window.form.set_order(self._order)
            self._plan()

    @Slot()
    def _grown(self) -> None:
        if not self._window.actions_["export_film"].isEnabled():
            self._show_place()
        if (
            self.film_window is not None
            and self.film_window.isVisible()
            and not self._growing.isActive()
        ):
            self._growing.start()

    @Slot()
    def _grow(self) -> None:
        self._show_takes()
        self._plan()
