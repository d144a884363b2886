"""Why the picture looks as it does: where each prompt is answered, as a map over the canvas."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QImage

from studio.atomic import write_whole
from studio.core.why import Why
from studio.errors import StudioError
from studio.pictures import png
from studio.pictures.heat import heat
from studio.ui.brushes import masks
from studio.ui.brushes.dabs import Coverage
from studio.ui.brushes.held import named
from studio.ui.canvas import Pixel
from studio.ui.images import image_of
from studio.work.facts import News

if TYPE_CHECKING:
    from studio.ui.brushes.regions import Regions
    from studio.ui.window import MainWindow

FINE = 320
"""Pixels of the longer side that a map is laid over while the picture grows."""
FROM, TO = 0.55, 0.75
"""Where a map is below the first, its region has nothing; above the second, all."""
MOST_NAMED = 3
"""Prompts whose shares are told of a place."""


class WhyDesk(QObject):
    """Gathers what the painting tells, and shows it of one prompt at a time."""

    def __init__(self, window: MainWindow, regions: Regions) -> None:
        super().__init__(window)
        self._window, self._regions = window, regions
        self._document, self._canvas = window.document, window.canvas
        self._why = Why()
        self._place: int | None = None
        self._pixel: Pixel | None = None
        window.studio.news.connect(self._hear)
        self._document.loaded.connect(self._load)
        self._document.settings_shown.connect(self._show)
        self._canvas.pixel_changed.connect(self._point)
        self._canvas.picture_changed.connect(self._show)
        window.docks.prompts.region_wanted.connect(self._serve)
        window.actions_["why"].triggered.connect(self._toggle_chosen)

    @Slot(object)
    def _hear(self, news: News) -> None:
        if news.why is not None:
            self._why.add(news.why)
            self._show()

    @Slot(bool)
    def _load(self, _other_project: bool) -> None:
        self._why, self._place = Why(), None
        self._show()

    @Slot(int, str)
    def _serve(self, place: int, what: str) -> None:
        """What the menu of a prompt's row asks for."""
        if what not in ("why", "why_save", "why_region"):
            return
        if place >= len(self._why):
            self._window.say(self.tr("Paint an iteration first; then it can be told why."))
            return
        name = named(self._document.prompts[place])
        if what == "why":
            self._toggle(place)
        elif what == "why_save":
            title = self.tr("why {name}").format(name=self._document.prompts[place].label[:40])
            self._window.files.ask_mask(title, partial(self._save, place))
        else:
            text = self.tr("Where {name} is answered becomes its region").format(name=name)
            self._regions.put(place, self._region(place), text)

    @Slot()
    def _toggle_chosen(self) -> None:
        self._serve(self._window.docks.prompts.chosen or 0, "why")
        self._window.actions_["why"].setChecked(self._place is not None)

    def _toggle(self, place: int) -> None:
        self._place = None if place == self._place else place
        self._window.actions_["why"].setChecked(self._place is not None)
        self._window.show_canvas()
        self._show()

    @Slot()
    def _show(self) -> None:
        """The map over the newest picture; older ones were answered otherwise."""
        place, picture = self._place, self._canvas.picture()
        is_newest = self._window.viewer.position == self._document.length - 1
        if place is None or picture is None or place >= len(self._why) or not is_newest:
            self._canvas.show_over(None)
            self._canvas.show_told("")
            return
        laid = heat(_pixels(picture, FINE), self._why.map(place))
        words = self.tr("Where {name} is answered: dark least, bright most")
        name = named(self._document.prompts[place])
        self._canvas.show_over(image_of(laid).copy(), words.format(name=name))
        self._point(self._pixel)

    @Slot(object)
    def _point(self, pixel: Pixel | None) -> None:
        """How strongly each prompt is answered under the cursor."""
        self._pixel, prompts = pixel, self._document.prompts
        if pixel is None or self._place is None or len(self._why) != len(prompts):
            self._canvas.show_told("")
            return
        across, down = self._canvas.extent
        shares = self._why.shares((pixel.y + 0.5) / down, (pixel.x + 0.5) / across)
        found = sorted(zip(shares, prompts, strict=True), key=lambda each: -each[0])
        told = [
            self.tr("{name} {percent} %").format(name=named(prompt), percent=round(100 * share))
            for share, prompt in found[:MOST_NAMED]
        ]
        self._canvas.show_told(self.tr("Here: {shares}").format(shares=", ".join(told)))

    def _region(self, place: int) -> Coverage:
        """A mask of where a prompt is answered, with a soft edge."""
        found = np.asarray(np.rint(self._why.map(place) * 255), np.uint8)
        width, height = self._regions.size
        rows = (np.arange(height) + 0.5) / height * len(found) - 0.5
        columns = (np.arange(width) + 0.5) / width * len(found) - 0.5
        smooth = masks.sampled(found, rows, columns).astype(np.float32) / 255
        return np.asarray(np.rint(np.clip((smooth - FROM) / (TO - FROM), 0, 1) * 255), np.uint8)

    def _save(self, place: int, path: str) -> None:
        picture = self._canvas.picture()
        if picture is None:
            return
        laid = heat(_pixels(picture, max(picture.width(), picture.height())), self._why.map(place))
        try:
            write_whole(Path(path), png.encoded(laid))
        except StudioError as error:
            self._window.say(str(error))


def _pixels(picture: QImage, longest: int) -> NDArray[np.uint8]:
    """A picture (H, W, 3) whose sides are no longer."""
    small = picture.convertToFormat(QImage.Format.Format_RGB888)
    if max(small.width(), small.height()) > longest:
        modes = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        small = small.scaled(longest, longest, *modes)
    rows = np.frombuffer(small.constBits(), np.uint8)
    rows = rows.reshape(small.height(), small.bytesPerLine())[:, : 3 * small.width()]
    return rows.reshape(small.height(), small.width(), 3).copy()
