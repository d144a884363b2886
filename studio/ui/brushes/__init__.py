"""Tools on the canvas: brushes for regions, what is kept, and colour; and how masks are shown."""

from studio.ui.brushes.canvas import PaintableCanvas
from studio.ui.brushes.desk import BrushDesk
from studio.ui.brushes.rail import Rail

__all__ = ["BrushDesk", "PaintableCanvas", "Rail"]
