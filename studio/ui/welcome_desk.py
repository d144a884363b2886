"""The first page and the list of earlier prompts, filled with what there is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QObject, Slot

from studio.core.knobs import TURNED
from studio.project.history import Earlier
from studio.ui.images import image_from
from studio.ui.panels.history import Entry
from studio.ui.welcome import Card, WelcomePage
from studio.work.facts import Draft, Listed, Welcome
from studio.work.studio import Studio

if TYPE_CHECKING:
    from studio.ui.window import MainWindow

THUMBNAIL = 96


class WelcomeDesk(QObject):
    """Shows lists that come from the disk, and does what a choice in them means."""

    def __init__(self, window: MainWindow, studio: Studio, page: WelcomePage) -> None:
        super().__init__(page)
        self._window, self._studio, self._page = window, studio, page
        page.dragged_over.connect(window.show_canvas)
        page.new_wanted.connect(window.files.new)
        page.open_wanted.connect(window.files.open)
        page.card_opened.connect(self._open)
        page.card_forgotten.connect(studio.forget_recent)
        page.recovered_discarded.connect(studio.discard_unsaved)
        window.docks.history.restored.connect(self._restore)
        studio.welcome.connect(self._show)
        studio.history.connect(self._show_history)

    @Slot(object)
    def _open(self, path: Path) -> None:
        self._window.files.open_path(path)

    @Slot(object)
    def _show(self, welcome: Welcome) -> None:
        self._page.set_recent([self._card(each) for each in welcome.recent])
        self._page.set_examples([self._card(each, dated=False) for each in welcome.examples])
        self._page.set_recovered([self._card(each) for each in welcome.unsaved])

    @Slot(list)
    def _show_history(self, earlier: Sequence[Earlier]) -> None:
        self._window.docks.history.set_entries(
            [
                Entry(
                    " | ".join(prompt.label for prompt in each.settings.prompts),
                    each.settings,
                    moment(datetime.fromisoformat(each.when).timestamp()),
                    image_from(each.thumbnail, THUMBNAIL) if each.thumbnail else None,
                )
                for each in earlier
            ]
        )

    @Slot(object)
    def _restore(self, entry: Entry) -> None:
        """Take prompts and settings again; of a painting that has begun, what can still change."""
        document = self._window.document
        if not document.has_begun:
            self._window.begin(Draft(entry.settings, document.pictures))
            return
        settings = self._window.without_lacking(entry.settings, document.pictures)
        others = ("prompts", "perceptors", "perceptor_weights", "optimizer", "preset", "seed")
        names = (*others, *TURNED)
        fields = {name: getattr(settings, name) for name in names}
        document.edit(fields, self.tr("Take earlier prompts and settings"))

    def _card(self, listed: Listed, *, dated: bool = True) -> Card:
        subtitle = moment(listed.when) if dated else self.tr("Opens as a copy")
        return Card(listed.path, listed.name, subtitle, listed.thumbnail, listed.missing)


def moment(when: float) -> str:
    """A time as people of this place write it."""
    local = QLocale()
    return local.toString(QDateTime.fromSecsSinceEpoch(int(when)), QLocale.FormatType.ShortFormat)
