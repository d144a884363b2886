"""The canvas: shows the picture as it grows.

Give it pictures with `show_picture` as often as you like; only the newest is drawn. It zooms
(wheel), pans (middle drag, space and drag, trackpad), compares with a reference, takes drops and
gives the picture away by left drag and `copy`. Text keys set on a picture (`QImage.setText`)
travel into the PNG that is dragged out.

100 % means one pixel of the picture on one pixel of the screen.

Space belongs to panning while the canvas has the focus; a tap without a drag is handed on as
`space_tapped`, so that Space can also mean play. No other key is taken.
"""

from studio.ui.canvas.canvas import Canvas, Comparison, Pixel

__all__ = ["Canvas", "Comparison", "Pixel"]
