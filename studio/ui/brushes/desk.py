"""The masks of a painting: what is painted with the tools goes into the document, and is shown."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor

from studio.atomic import write_whole
from studio.core.settings import Prompt
from studio.errors import RequestError, StudioError
from studio.ui.brushes import masks
from studio.ui.brushes.dabs import Coverage
from studio.ui.brushes.look import Layer, Manner
from studio.ui.brushes.tools import Tool
from studio.ui.panels.tones import region_colour

if TYPE_CHECKING:
    from studio.ui.window import MainWindow

MOST_READ = 24
"""Masks that are kept at hand as they are worked on."""
CHOSEN, OTHER = 0.42, 0.2
"""How strongly the region of the prompt chosen is tinted, and that of another one."""

Looks = tuple[str, QColor, Manner, float, bool]


class BrushDesk(QObject):
    """Connects tools, prompts and document of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._document, self._canvas = window.document, window.canvas
        self._prompts = window.docks.prompts
        self._read: OrderedDict[tuple[str, masks.Size], Coverage] = OrderedDict()
        self._layers: dict[tuple[object, ...], Layer] = {}
        self._painted: tuple[Tool, int] = (Tool.MOVE, 0)
        self._canvas.give = self._give
        self._canvas.stroked.connect(self._take)
        self._canvas.toolbox.changed.connect(self._show)
        window.rail.mask_change_wanted.connect(self._change)
        self._prompts.attended.connect(self._show)
        self._prompts.region_wanted.connect(self._serve)
        self._prompts.region_copy_wanted.connect(self._copy)
        self._document.settings_shown.connect(self._show)
        self._document.loaded.connect(self._load)
        self._show()

    # What is painted on

    def _give(self) -> Layer | None:
        """What a stroke with the tool at hand goes on."""
        tool, place = self._canvas.toolbox.tool, self._prompts.chosen
        if tool is Tool.REGION:
            self._prompts.commit()
            prompts = self._document.prompts
            if place is None or place >= len(prompts):
                self._window.say(
                    self.tr("Write a prompt first, then paint where the picture should show it.")
                )
                return None
            self._painted = tool, place
            return self._region_layer(prompts[place], place)
        return None

    def _region_layer(self, prompt: Prompt, place: int) -> Layer:
        """The region of a prompt to paint on; where it was the whole picture, it begins anew."""
        erases = self._canvas.toolbox.erases
        if prompt.mask is None:
            mask = masks.blank(self._size, 255 if erases else 0)
        else:
            mask = self._mask(prompt.mask).copy()
        layer = Layer(mask, region_colour(place), strength=CHOSEN)
        self._canvas.show_masks([*self._shown(without=place), layer])
        return layer

    @property
    def _size(self) -> masks.Size:
        return masks.size_for(self._document.settings.size)

    def _mask(self, name: str) -> Coverage:
        """A mask of the document, as it is worked on."""
        key = (name, self._size)
        if key not in self._read:
            self._read[key] = masks.read(self._document.pictures[name], self._size)
            while len(self._read) > MOST_READ:
                self._read.popitem(last=False)
        self._read.move_to_end(key)
        return self._read[key]

    # What was painted

    @Slot(object)
    def _take(self, layer: Layer) -> None:
        """A stroke is done."""
        tool, place = self._painted
        if tool is Tool.REGION:
            erased = self._canvas.toolbox.erases
            text = self.tr("Erase in the region of {name}") if erased else ""
            self._put_region(place, layer.mask, text or self.tr("Paint the region of {name}"))

    def _put_region(self, place: int, mask: Coverage, text: str) -> None:
        """Let a prompt count where a mask says, as one step of the undo list."""
        name = _named(self._document.prompts[place])
        if not mask.any():
            self._set_region(place, None, text.format(name=name))
            words = self.tr("Nothing is left of the region: {name} counts in the whole picture.")
            self._window.say(words.format(name=name))
            return
        mask = masks.rounded(mask)
        sha256, data = masks.written(mask)
        self._document.add_picture(sha256, data)
        self._read[sha256, self._size] = mask
        self._set_region(place, sha256, text.format(name=name))

    def _set_region(self, place: int, mask: str | None, text: str) -> None:
        prompts = list(self._document.prompts)
        prompts[place] = msgspec.structs.replace(prompts[place], mask=mask)
        self._document.edit({"prompts": tuple(prompts)}, text)
        self._show()

    @Slot(str)
    def _change(self, what: str) -> None:
        """Do something with the whole mask of the tool at hand."""
        layer = self._give()
        if layer is None:
            return
        texts = {
            "fill": self.tr("Fill the region of {name}"),
            "clear": self.tr("Clear the region of {name}"),
            "invert": self.tr("Invert the region of {name}"),
            "grow": self.tr("Grow the region of {name}"),
            "shrink": self.tr("Shrink the region of {name}"),
            "feather": self.tr("Feather the region of {name}"),
        }
        self._put_region(self._painted[1], masks.changed(layer.mask, what), texts[what])

    # From the menu of a prompt's row

    @Slot(int, str)
    def _serve(self, place: int, what: str) -> None:
        self._prompts.commit()
        prompt = self._document.prompts[place]
        if what == "paint":
            self._window.show_canvas()
            self._canvas.toolbox.take(Tool.REGION)
            self._canvas.setFocus()
        elif what == "load":
            self._window.files.ask_picture(partial(self._load_region, place))
        elif what == "save" and prompt.mask is not None:
            name = self.tr("region of {name}").format(name=prompt.label[:40])
            self._window.files.ask_mask(name, partial(self._save_mask, prompt.mask))
        elif what == "clear":
            text = self.tr("Clear the region of {name}").format(name=_named(prompt))
            self._set_region(place, None, text)

    def _load_region(self, place: int, path: str) -> None:
        try:
            mask = masks.read(Path(path).read_bytes(), self._size)
        except (RequestError, OSError) as error:
            self._window.say(str(error))
            return
        if not mask.any():
            words = self.tr("{file} is black all over; a region is where a picture is light.")
            self._window.say(words.format(file=Path(path).name))
            return
        self._put_region(place, mask, self.tr("Load a region for {name}"))

    def _save_mask(self, name: str, path: str) -> None:
        try:
            write_whole(Path(path), self._document.pictures[name])
        except (OSError, StudioError) as error:
            self._window.say(str(error))

    @Slot(int, int)
    def _copy(self, place: int, to: int) -> None:
        prompts = self._document.prompts
        text = self.tr("Copy the region of {name} to {other}").format(
            name=_named(prompts[place]), other=_named(prompts[to])
        )
        self._set_region(to, prompts[place].mask, text)

    # What is seen

    @Slot(bool)
    def _load(self, other_project: bool) -> None:
        self._canvas.give_up()
        if other_project:
            self._read.clear()
        self._show()

    @Slot()
    def _show(self) -> None:
        """All masks that are to be seen now."""
        self._canvas.set_paper(self._document.settings.size)
        if self._canvas.is_busy:
            return
        self._canvas.show_target(self._target())
        self._canvas.show_masks(self._shown())

    def _target(self) -> str:
        """What a stroke would be for."""
        prompts, place = self._document.prompts, self._prompts.chosen
        if self._canvas.toolbox.tool is Tool.REGION and place is not None and place < len(prompts):
            return self.tr("Region of {name}").format(name=_named(prompts[place]))
        return ""

    def _shown(self, without: int | None = None) -> list[Layer]:
        """The layers, each the same object as long as it looks the same."""
        wanted = [looks for place, looks in self._regions() if place != without]
        before, self._layers = self._layers, {}
        for looks in wanted:
            name, colour, manner, strength, marches = looks
            key = (name, colour.rgba(), manner, strength, marches, self._size)
            made = before.get(key) or self._layers.get(key)
            self._layers[key] = made or Layer(self._mask(name), colour, manner, strength, marches)
        return list(self._layers.values())

    def _regions(self) -> list[tuple[int, Looks]]:
        """With a brush, all of them; else that of the prompt that is pointed at."""
        attended = self._prompts.attended_to
        if attended is None and self._canvas.toolbox.tool is Tool.REGION:
            attended = self._prompts.chosen
        found = []
        for place, prompt in enumerate(self._document.prompts):
            name, is_it = prompt.mask, place == attended
            if name is None or name not in self._document.pictures:
                continue
            if is_it or self._canvas.toolbox.tool.paints:
                strength = CHOSEN if is_it else OTHER
                found.append((place, (name, region_colour(place), Manner.TINT, strength, is_it)))
        return found


def _named(prompt: Prompt) -> str:
    label = prompt.label
    return f"“{label[:27].rstrip()}…”" if len(label) > 28 else f"“{label}”"
