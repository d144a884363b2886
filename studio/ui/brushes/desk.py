"""What is painted with the tools goes into the document: masks as edits, strokes as events."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Slot

from studio.core.settings import LARGEST_SEED, Stroke
from studio.pictures import png
from studio.ui.brushes import masks
from studio.ui.brushes.dabs import Coverage
from studio.ui.brushes.held import Held
from studio.ui.brushes.look import Layer, Manner
from studio.ui.brushes.overlay import CHOSEN, DUST, ICE, KEPT_STRONGLY, Overlay
from studio.ui.brushes.regions import Regions
from studio.ui.brushes.tools import Tool
from studio.ui.brushes.why import WhyDesk
from studio.ui.panels.tones import region_colour

if TYPE_CHECKING:
    from studio.ui.window import MainWindow


class BrushDesk(QObject):
    """Connects tools and document of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._document = window, window.document
        self._canvas, self._prompts = window.canvas, window.docks.prompts
        self._held = Held(self._document)
        self.overlay = Overlay(self._canvas, self._document, self._prompts, self._held)
        self.regions = Regions(window, self._held)
        self.why = WhyDesk(window, self.regions)
        self._painted: tuple[Tool, int] = (Tool.MOVE, 0)
        self._canvas.give = self._give
        self._canvas.stroked.connect(self._take)
        window.rail.mask_change_wanted.connect(self._change)
        self._document.loaded.connect(self._load)

    @Slot(bool)
    def _load(self, other_project: bool) -> None:
        self._canvas.give_up()
        if other_project:
            self._held.clear()
        self.overlay.forget()

    # What is painted on

    def _give(self) -> Layer | None:
        """What a stroke with the tool at hand goes on."""
        self._prompts.commit()
        toolbox, place = self._canvas.toolbox, self._prompts.chosen
        tool = toolbox.tool
        if tool is Tool.REGION and (place is None or place >= len(self._document.prompts)):
            self._window.say(
                self.tr("Write a prompt first, then paint where the picture should show it.")
            )
            return None
        if tool in (Tool.COLOUR, Tool.SCRAMBLE) and not self._document.has_begun:
            self._window.say(self.tr("There is no picture yet; paint one, then brush into it."))
            return None
        self._painted = tool, place or 0
        name, blank = None, masks.blank(self._held.size)
        if tool is Tool.REGION:
            assert place is not None
            name = self._document.prompts[place].mask
            everywhere = masks.blank(self._held.size, 255 if toolbox.erases else 0)
            mask = self._mask(name, everywhere)
            layer = Layer(mask, region_colour(place), strength=CHOSEN)
        elif tool is Tool.KEEP:
            name = self._document.settings.keep
            layer = Layer(self._mask(name, blank), ICE, Manner.HATCHING, KEPT_STRONGLY)
        elif tool is Tool.COLOUR:
            layer = Layer(blank, toolbox.colour, Manner.PAINT, strength=1.0)
        else:
            layer = Layer(blank, DUST, Manner.CHECKS, strength=0.7)
        self._canvas.show_masks([*self.overlay.layers(without=name or ""), layer])
        return layer

    def _mask(self, name: str | None, otherwise: Coverage) -> Coverage:
        return otherwise if name is None else self._held.mask(name).copy()

    # What was painted

    @Slot(object, str)
    def _take(self, layer: Layer, what: str) -> None:
        """A stroke is done."""
        tool, place = self._painted
        if tool is Tool.REGION:
            self.regions.put(place, layer.mask, self._told(what))
        elif tool is Tool.KEEP:
            less = what == "erase"
            self._put_keep(layer.mask, self.tr("Keep less") if less else self.tr("Keep"))
        else:
            self._strike(layer, tool)

    def _told(self, what: str) -> str:
        """What is done to a region, in words."""
        return {
            "paint": self.tr("Paint the region of {name}"),
            "erase": self.tr("Erase in the region of {name}"),
            "move": self.tr("Move the region of {name}"),
            "fill": self.tr("Fill the region of {name}"),
            "clear": self.tr("Clear the region of {name}"),
            "invert": self.tr("Invert the region of {name}"),
            "grow": self.tr("Grow the region of {name}"),
            "shrink": self.tr("Shrink the region of {name}"),
            "feather": self.tr("Feather the region of {name}"),
        }[what]

    def _put_keep(self, mask: Coverage, text: str) -> None:
        name = self._held.add(mask) if mask.any() else None
        self._document.edit({"keep": name}, text)
        self.overlay.show()

    @Slot(str)
    def _change(self, what: str) -> None:
        """Do something with the whole mask of the tool at hand."""
        layer = self._give()
        if layer is None:
            return
        made = masks.changed(layer.mask, what)
        if self._painted[0] is Tool.REGION:
            self.regions.put(self._painted[1], made, self._told(what))
        elif self._painted[0] is Tool.KEEP:
            self._put_keep(made, self.tr("What is kept"))

    def _strike(self, layer: Layer, tool: Tool) -> None:
        """Paint by hand into the picture, before its next iteration."""
        x, y, cover = masks.cut(layer.mask, layer.reach(), self._document.settings.size)
        if tool is Tool.COLOUR:
            red, green, blue = layer.colour.red(), layer.colour.green(), layer.colour.blue()
            colours = np.broadcast_to(np.array([red, green, blue], np.uint8), (*cover.shape, 3))
            cover = np.dstack((colours, cover))
        data = png.encoded(cover, effort=masks.FAST)
        stroke = Stroke(
            kind="colour" if tool is Tool.COLOUR else "scramble",
            picture=hashlib.sha256(data).hexdigest(),
            x=x,
            y=y,
            seed=secrets.randbelow(LARGEST_SEED),
        )
        self.overlay.wait_for(stroke, layer)
        self._document.strike(stroke, data)
