"""The films that are being written: shown, opened, cancelled, and asked about before the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox

from studio.ui.film.exports import ExportsPanel
from studio.work.facts import FilmNews
from studio.work.studio import Studio

if TYPE_CHECKING:
    from studio.ui.window import MainWindow


class Writing(QObject):
    """Knows all films of this run of the program, whichever project they are of."""

    def __init__(self, window: MainWindow, studio: Studio) -> None:
        super().__init__(window)
        self._window, self._studio = window, studio
        self.films: list[FilmNews] = []
        self._panel: ExportsPanel | None = None
        self._then: Callable[[], None] | None = None
        studio.films.changed.connect(self._show_films)
        studio.films.finished.connect(self._finished)

    def use(self, panel: ExportsPanel) -> None:
        """Show the films in a panel."""
        self._panel = panel
        panel.destroyed.connect(self._forget_panel)
        panel.cancelled.connect(self._studio.films.cancel)
        panel.removed.connect(self._studio.films.remove)
        panel.opened.connect(self._open)
        panel.folder_opened.connect(self._open_folder)
        panel.details_wanted.connect(self._tell)
        panel.set_films(self.films)

    def before_quitting(self, quit: Callable[[], None]) -> bool:
        """Whether the window may close now; otherwise `quit` is called once it may."""
        at_work = [film for film in self.films if film.state in ("waiting", "working")]
        if not at_work:
            return True
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Stop writing films?"))
        box.setInformativeText(
            self.tr("{n} are not done. Stopped now, nothing is left of them.").format(
                n=len(at_work)
            )
            if len(at_work) > 1
            else self.tr("{name} is not done. Stopped now, nothing is left of it.").format(
                name=at_work[0].path.name
            )
        )
        stop = box.addButton(self.tr("Stop and quit"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("Go on writing"), QMessageBox.ButtonRole.RejectRole)
        for button in (stop, stay):
            button.setToolTip(button.text())
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        self._then = quit
        stop.clicked.connect(self._stop_and_quit)
        box.finished.connect(box.deleteLater)
        box.open()
        return False

    @Slot()
    def _forget_panel(self) -> None:
        self._panel = None

    @Slot(list)
    def _show_films(self, films: list[FilmNews]) -> None:
        self.films = films
        if self._panel is not None:
            self._panel.set_films(films)

    @Slot(object)
    def _finished(self, film: FilmNews) -> None:
        if film.state == "done":
            words = self.tr("The film is in {name}").format(name=film.path.name)
            self._window.say(words)
            self._window.notifier.tell(self.tr("The film is done"), words)
        elif film.fault is not None:
            self._window.say(film.fault.sentence)

    @Slot(int)
    def _open(self, id: int) -> None:
        self._show_outside(id, folder=False)

    @Slot(int)
    def _open_folder(self, id: int) -> None:
        self._show_outside(id, folder=True)

    def _show_outside(self, id: int, *, folder: bool) -> None:
        for film in self.films:
            if film.id == id:
                path = film.path.parent if folder else film.path
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    @Slot(int)
    def _tell(self, id: int) -> None:
        for film in self.films:
            if film.id == id and film.fault is not None:
                self._window.help.tell(film.fault)

    @Slot()
    def _stop_and_quit(self) -> None:
        for film in self.films:
            self._studio.films.cancel(film.id)
        self.films, then, self._then = [], self._then, None
        if then is not None:
            then()
