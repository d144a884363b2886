"""The canvas: shows the picture as it grows.

Give it pictures with `show_picture` as often as you like; only the newest is drawn. It zooms
(wheel, pinch), pans (middle drag, space and drag, trackpad), compares with a reference, takes
drops and gives the picture away by left drag and `copy`. Text keys set on a picture
(`QImage.setText`) travel into the PNG that is dragged out.

100 % means one pixel of the picture on one pixel of the screen.

Space belongs to panning while the canvas has the focus; a tap without a drag is handed on as
`space_tapped`, so that Space can also mean play. So do Shift+left and Shift+right while wiping:
they push the divider. Where no shortcut of the window takes them first, plus and minus zoom, 0
fits, 1 shows at 100 %, and the arrows pan a picture that is larger than the canvas.

While a picture hangs over the canvas it shows a zone for each `DropUse` it could have.
"""

from studio.ui.canvas.canvas import Canvas, Pixel
from studio.ui.canvas.compare import Comparison
from studio.ui.canvas.dropping import DropUse

__all__ = ["Canvas", "Comparison", "DropUse", "Pixel"]
