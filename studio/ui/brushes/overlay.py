"""What lies over the picture: regions, what is kept, and strokes that wait to be painted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor

from studio.core.settings import Stroke
from studio.ui.brushes.canvas import PaintableCanvas
from studio.ui.brushes.held import Held, named
from studio.ui.brushes.look import Layer, Manner
from studio.ui.brushes.tools import Tool
from studio.ui.document import Document
from studio.ui.panels.prompts import PromptsPanel
from studio.ui.panels.tones import region_colour

CHOSEN, OTHER = 0.42, 0.2
"""How strongly the region of the prompt chosen is tinted, and that of another one."""
KEPT, KEPT_STRONGLY = 0.16, 0.3
"""The same of what is kept, and while it is painted."""
ICE = QColor("#bfe3ff")
"""Of what is kept."""
DUST = QColor("#1c1c1c")
"""Of what is made new."""

PATIENCE = 3
"""Iterations after which a stroke that never came into force is no longer shown."""


@dataclass
class Waiting:
    """A stroke that is not painted yet."""

    stroke: Stroke
    layer: Layer
    since: int
    """How many iterations there were when it was made."""
    is_planned: bool = False
    """Whether the painting has it among what is to come."""


Looks = tuple[str, QColor, Manner, float, bool]


class Overlay(QObject):
    """Shows the masks that hold where the playhead is."""

    def __init__(
        self, canvas: PaintableCanvas, document: Document, prompts: PromptsPanel, held: Held
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._document, self._prompts, self._held = canvas, document, prompts, held
        self._layers: dict[tuple[object, ...], Layer] = {}
        self._waiting: list[Waiting] = []
        canvas.toolbox.changed.connect(self.show)
        prompts.attended.connect(self.show)
        document.settings_shown.connect(self.show)
        document.grown.connect(self.show)
        self.show()

    @Slot()
    def show(self) -> None:
        """All masks that are to be seen now."""
        canvas = self._canvas
        canvas.set_paper(self._document.settings.size)
        self._waiting = [each for each in self._waiting if self._still_waits(each)]
        if not canvas.is_busy:
            canvas.show_target(self._target())
            canvas.show_masks(self.layers())

    def wait_for(self, stroke: Stroke, layer: Layer) -> None:
        """Show a stroke until it is painted, or taken back."""
        self._waiting.append(Waiting(stroke, layer, self._document.length))
        self.show()

    def forget(self) -> None:
        """Another painting is shown."""
        self._waiting.clear()
        self.show()

    def _still_waits(self, waiting: Waiting) -> bool:
        """Whether a stroke is neither painted nor taken back; its coming into force takes time."""
        document = self._document
        planned = [c.iteration for c in document.changes if waiting.stroke in c.strokes]
        waiting.is_planned |= bool(planned)
        if waiting.is_planned:
            return bool(planned) and planned[-1] >= document.length
        return document.length <= waiting.since + PATIENCE

    def layers(self, without: str = "") -> list[Layer]:
        """Each the same object as long as it looks the same; those of a mask may be left out."""
        before, self._layers = self._layers, {}
        for name, colour, manner, strength, marches in self._looks():
            key = (name, colour.rgba(), manner, strength, marches, self._held.size)
            mask = self._held.mask(name)
            made = before.get(key) or Layer(mask, colour, manner, strength, marches)
            if name != without:
                self._layers[key] = made
        return [*self._layers.values(), *(each.layer for each in self._waiting)]

    def _target(self) -> str:
        """What a stroke would be for."""
        prompts, place = self._document.prompts, self._prompts.chosen
        if self._canvas.toolbox.tool is Tool.REGION and place is not None and place < len(prompts):
            return self.tr("Region of {name}").format(name=named(prompts[place]))
        return {
            Tool.KEEP: self.tr("Stays as it is"),
            Tool.COLOUR: self.tr("Colour"),
            Tool.SCRAMBLE: self.tr("Made new"),
        }.get(self._canvas.toolbox.tool, "")

    def _looks(self) -> Iterator[Looks]:
        tool = self._canvas.toolbox.tool
        attended = self._prompts.attended_to
        if attended is None and tool is Tool.REGION:
            attended = self._prompts.chosen
        for place, prompt in enumerate(self._document.prompts):
            is_it = place == attended
            if prompt.mask and self._held.has(prompt.mask) and (is_it or tool.paints):
                strength = CHOSEN if is_it else OTHER
                yield prompt.mask, region_colour(place), Manner.TINT, strength, is_it
        keep = self._document.settings.keep
        if keep and self._held.has(keep) and tool.paints:
            is_it = tool is Tool.KEEP
            yield keep, ICE, Manner.HATCHING, KEPT_STRONGLY if is_it else KEPT, is_it
