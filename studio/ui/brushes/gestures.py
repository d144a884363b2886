"""What a person does with a tool between pressing and letting go."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF

from studio.ui.brushes.dabs import Box, Coverage, Point, Stroke, erased, painted
from studio.ui.brushes.look import Layer
from studio.ui.brushes.masks import outlined, shifted
from studio.ui.brushes.tools import Shape, Toolbox

if TYPE_CHECKING:
    from studio.ui.brushes.canvas import PaintableCanvas


class Gesture(Protocol):
    """One press, until it is let go or given up."""

    def lead(self, position: QPointF, pressure: float) -> None:
        """The hand is there now."""

    def lift(self) -> None:
        """The hand lets go."""

    def drop(self) -> None:
        """As if it had not been."""


class Sizing:
    """A drag to the right makes the tip larger, one to the left smaller."""

    def __init__(self, toolbox: Toolbox, start: QPointF, zoom: float) -> None:
        self._toolbox, self._start, self._zoom = toolbox, start, zoom
        self._size = toolbox.size

    def lead(self, position: QPointF, pressure: float) -> None:
        way = (position.x() - self._start.x()) / self._zoom
        self._toolbox.set(size=float(round(self._size + way)))

    def lift(self) -> None:
        return

    def drop(self) -> None:
        self._toolbox.set(size=self._size)


class Picking:
    """The colour under the hand becomes the brush's."""

    def __init__(self, canvas: PaintableCanvas, toolbox: Toolbox) -> None:
        self._canvas, self._toolbox, self._before = canvas, toolbox, toolbox.colour

    def lead(self, position: QPointF, pressure: float) -> None:
        colour = self._canvas.colour_at(position)
        if colour is not None:
            self._toolbox.set(colour=colour)

    def lift(self) -> None:
        return

    def drop(self) -> None:
        self._toolbox.set(colour=self._before)


class Covering:
    """A layer that is about to be covered, or bared, somewhere."""

    def __init__(self, canvas: PaintableCanvas, layer: Layer, toolbox: Toolbox, erases: bool):
        self._canvas, self._layer, self._tip = canvas, layer, toolbox.tip
        self._what = "erase" if erases else "paint"
        self._laid = erased if erases else painted
        self._before = layer.mask.copy()
        height, width = layer.mask.shape
        across, down = canvas.extent
        self._scale = width / across, height / down

    def drop(self) -> None:
        """Leave the mask as it was."""
        self._layer.mask[:] = self._before
        self._layer.touch()
        self._canvas.update()

    def _lay(self, covered: Coverage, box: Box | None) -> None:
        if box is not None:
            part = box.slices
            self._layer.mask[part] = self._laid(self._before[part], covered[part])
            self._layer.touch()
            self._canvas.show_change(self._layer, box)

    def _point(self, position: QPointF) -> tuple[float, float]:
        across, down = self._canvas.in_picture(position)
        return across * self._scale[0], down * self._scale[1]

    def _done(self) -> None:
        self._canvas.stroked.emit(self._layer, self._what)


class Brushing(Covering):
    """The tip goes where the hand goes."""

    def __init__(self, canvas: PaintableCanvas, layer: Layer, toolbox: Toolbox, erases: bool):
        super().__init__(canvas, layer, toolbox, erases)
        height, width = layer.mask.shape
        scaled = type(self._tip)(
            self._tip.size * self._scale[0], self._tip.hardness, self._tip.opacity
        )
        self._stroke = Stroke(width, height, scaled)

    def lead(self, position: QPointF, pressure: float) -> None:
        point: Point = (*self._point(position), pressure)
        self._lay(self._stroke.coverage, self._stroke.move([point]))

    def lift(self) -> None:
        self._lay(self._stroke.coverage, self._stroke.finish())
        if self._stroke.dirty is not None:
            self._done()


class Shifting(Covering):
    """All of a mask goes along with the hand."""

    def __init__(
        self, canvas: PaintableCanvas, layer: Layer, toolbox: Toolbox, start: QPointF
    ) -> None:
        super().__init__(canvas, layer, toolbox, erases=False)
        self._what, self._start, self._way = "move", self._point(start), (0, 0)

    def lead(self, position: QPointF, pressure: float) -> None:
        across, down = self._point(position)
        way = round(across - self._start[0]), round(down - self._start[1])
        if way != self._way:
            self._way = way
            self._layer.mask[:] = shifted(self._before, *way)
            self._layer.touch()
            self._canvas.update()

    def lift(self) -> None:
        if self._way != (0, 0):
            self._done()


class Outlining(Covering):
    """A line is drawn around what is to be covered."""

    def __init__(self, canvas: PaintableCanvas, layer: Layer, toolbox: Toolbox, erases: bool):
        super().__init__(canvas, layer, toolbox, erases)
        self._shape = toolbox.shape
        self.line: list[QPointF] = []
        """Round what, in the widget."""

    def lead(self, position: QPointF, pressure: float) -> None:
        if self._shape is Shape.RECTANGLE and self.line:
            first = self.line[0]
            beside, below = QPointF(position.x(), first.y()), QPointF(first.x(), position.y())
            self.line = [first, beside, position, below]
        else:
            self.line.append(position)
        self._canvas.update()

    def lift(self) -> None:
        points = [self._point(each) for each in self.line]
        if len(points) > 2 and _is_wide(points):
            height, width = self._layer.mask.shape
            covered = outlined((width, height), points, self._tip.opacity)
            self._lay(covered, Box(0, 0, width, height))
            self._done()
        self._canvas.update()


def _is_wide(points: list[tuple[float, float]]) -> bool:
    """Whether a line goes around anything."""
    across, down = zip(*points, strict=True)
    return math.dist((min(across), min(down)), (max(across), max(down))) > 1
