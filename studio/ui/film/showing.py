"""What the film window shows of a film: its numbers, its frames and its stops, as they come."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from studio.core.film import Order, Place
from studio.film.formats import Kind
from studio.ui.film.window import FilmWindow
from studio.ui.images import image_of
from studio.work.facts import FilmFacts, Frame
from studio.work.studio import Studio

SLOW = 500
"""Milliseconds after which a count that still goes on is spoken of."""


class Showing(QObject):
    """Asks for what the window needs and brings it there; it lives as long as the window."""

    def __init__(self, film: FilmWindow, studio: Studio) -> None:
        super().__init__(film)
        self._film, self._studio = film, studio
        self.facts: FilmFacts | None = None
        self._order = Order()
        self._counting = QTimer(self, interval=SLOW, singleShot=True)
        self._counting.timeout.connect(self._say_counting)
        film.finished.connect(self._rest)
        film.preview.frame_wanted.connect(self._show_frame)
        studio.films.planned.connect(self._planned)
        studio.films.pictured.connect(self._show_picture)
        studio.films.reel.arrived.connect(self._look_again)

    def plan(self, order: Order, kind: Kind) -> None:
        """Count another film and get it ready to be played."""
        self._order = order
        self._counting.start()
        self._studio.plan_film(order, kind)
        missing = self._film.form.stops.missing()
        if missing:
            self._studio.picture_film(missing)

    def go_to_stop(self, row: int) -> None:
        """The frame that shows a stop."""
        if self.facts is not None and row < len(self.facts.stop_frames):
            self._film.preview.go(self.facts.stop_frames[row])

    def forget(self) -> None:
        """Another project is shown."""
        self.facts = None
        self._film.form.stops.forget()
        self._film.preview.pause()

    @Slot(object)
    def _planned(self, facts: FilmFacts) -> None:
        if facts.order != self._order or not self._film.isVisible():
            return
        self._counting.stop()
        self.facts = facts
        film = self._film
        film.show_facts(facts)
        film.form.set_own(facts.own)
        film.form.say_wrong("")
        film.preview.set_note(facts.note)
        film.preview.set_words(facts.problem)
        film.preview.set_film(facts.frames, facts.fps, facts.stop_frames, facts.size)
        film.preview.set_ready(self._studio.films.reel.ready())
        if facts.frames:
            film.form.set_usual(facts.iterations / facts.seconds, facts.seconds)

    @Slot(int)
    def _show_frame(self, frame: int) -> None:
        picture = self._studio.films.reel.frame(frame)
        if picture is not None:
            self._film.preview.set_frame(image_of(picture))

    @Slot()
    def _look_again(self) -> None:
        if self._film.isVisible():
            self._film.preview.set_ready(self._studio.films.reel.ready())
            self._show_frame(self._film.preview.frame)

    @Slot(object)
    def _show_picture(self, frame: Frame) -> None:
        place = Place(frame.take, frame.iteration)
        self._film.form.stops.set_picture(place, image_of(frame.picture))

    @Slot()
    def _say_counting(self) -> None:
        self._film.show_facts(None)

    @Slot()
    def _rest(self) -> None:
        """Nobody looks at the film now; what is being written goes on."""
        self._counting.stop()
        self._studio.films.forget()
