"""The widget that shows the picture."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget


class Comparison(enum.Enum):
    """How the reference is set against the picture."""

    NONE = enum.auto()
    WIPE = enum.auto()
    DIFFERENCE = enum.auto()


@dataclass(frozen=True)
class Pixel:
    """One pixel of the picture, as the cursor points at it."""

    x: int
    y: int
    colour: QColor


class Canvas(QWidget):
    """Shows one picture, near or far, alone or against a reference."""

    zoom_changed = Signal(float)
    """1.0 is 100 %."""
    fitting_changed = Signal(bool)
    """Whether the picture keeps fitting the widget."""
    pixel_changed = Signal(object)
    """The `Pixel` under the cursor, or None."""
    comparison_changed = Signal(object)
    """The `Comparison` now in force."""
    file_dropped = Signal(str)
    """Path of a picture file (or a project) that was dropped."""
    picture_dropped = Signal(QImage)
    """Picture data that was dropped without a file, from a browser for instance."""
    space_tapped = Signal()

    def show_picture(self, picture: QImage | None) -> None:
        """Show a picture from now on; None shows the empty state."""

    def picture(self) -> QImage | None:
        """The picture shown, without the reference."""

    def set_empty_text(self, title: str, hint: str) -> None:
        """What to say while there is no picture."""

    def set_file_name(self, name: str) -> None:
        """What a dragged out PNG is called, without the ending."""

    def zoom(self) -> float: ...

    def set_zoom(self, zoom: float) -> None:
        """Zoom about the middle of the widget and stop fitting."""

    def zoom_in(self) -> None: ...

    def zoom_out(self) -> None: ...

    def actual_size(self) -> None:
        """Show at 100 %."""

    def fit(self) -> None:
        """Fit the picture into the widget, also after resizes, until the person zooms."""

    def is_fitting(self) -> bool: ...

    def set_reference(self, reference: QImage | None) -> None:
        """The picture to compare with; None ends every comparison."""

    def reference(self) -> QImage | None: ...

    def hold_reference(self, held: bool) -> None:
        """While held, the reference is shown in place of the picture."""

    def set_comparison(self, comparison: Comparison) -> None: ...

    def comparison(self) -> Comparison: ...

    def set_wipe(self, share: float) -> None:
        """Where the divider stands: the share of the picture's width that shows the reference."""

    def wipe(self) -> float: ...

    def copy(self) -> None:
        """Put the picture on the clipboard."""
