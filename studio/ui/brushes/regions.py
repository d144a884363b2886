"""Where prompts count: what the menu of a prompt's row does with its region."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Slot

from studio.atomic import write_whole
from studio.errors import RequestError, StudioError
from studio.ui.brushes import masks
from studio.ui.brushes.dabs import Coverage
from studio.ui.brushes.held import Held, named
from studio.ui.brushes.tools import Tool

if TYPE_CHECKING:
    from studio.ui.window import MainWindow


class Regions(QObject):
    """Gives prompts their regions."""

    def __init__(self, window: MainWindow, held: Held) -> None:
        super().__init__(window)
        self._window, self._document, self._held = window, window.document, held
        window.docks.prompts.region_wanted.connect(self._serve)
        window.docks.prompts.region_copy_wanted.connect(self._copy)

    @property
    def size(self) -> masks.Size:
        """Width and height of regions."""
        return self._held.size

    def put(self, place: int, mask: Coverage, text: str) -> None:
        """Let a prompt count where a mask says, as one step of the undo list."""
        name = named(self._document.prompts[place])
        if mask.any():
            self._set(place, self._held.add(mask), text.format(name=name))
            return
        self._set(place, None, text.format(name=name))
        words = self.tr("Nothing is left of the region: {name} counts in the whole picture.")
        self._window.say(words.format(name=name))

    def _set(self, place: int, mask: str | None, text: str) -> None:
        prompts = list(self._document.prompts)
        prompts[place] = msgspec.structs.replace(prompts[place], mask=mask)
        self._document.edit({"prompts": tuple(prompts)}, text)
        self._window.brushes.overlay.show()

    @Slot(int, str)
    def _serve(self, place: int, what: str) -> None:
        window = self._window
        window.docks.prompts.commit()
        prompt = self._document.prompts[place]
        if what == "paint":
            window.show_canvas()
            window.canvas.toolbox.take(Tool.REGION)
            window.canvas.setFocus()
        elif what == "load":
            window.files.ask_picture(partial(self._load, place))
        elif what == "save" and prompt.mask is not None:
            name = self.tr("region of {name}").format(name=prompt.label[:40])
            window.files.ask_mask(name, partial(self._save, prompt.mask))
        elif what == "clear":
            text = self.tr("Clear the region of {name}").format(name=named(prompt))
            self._set(place, None, text)

    def _load(self, place: int, path: str) -> None:
        try:
            mask = masks.read(Path(path).read_bytes(), self._held.size)
        except (RequestError, OSError) as error:
            self._window.say(str(error))
            return
        if mask.any():
            self.put(place, mask, self.tr("Load a region for {name}"))
            return
        words = self.tr("{file} is black all over; a region is where a picture is light.")
        self._window.say(words.format(file=Path(path).name))

    def _save(self, name: str, path: str) -> None:
        try:
            write_whole(Path(path), self._held.bytes_of(name))
        except (OSError, StudioError) as error:
            self._window.say(str(error))

    @Slot(int, int)
    def _copy(self, place: int, to: int) -> None:
        prompts = self._document.prompts
        text = self.tr("Copy the region of {name} to {other}").format(
            name=named(prompts[place]), other=named(prompts[to])
        )
        self._set(to, prompts[place].mask, text)
