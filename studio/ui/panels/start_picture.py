"""The init image: its thumbnail, and buttons to choose another or none."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.ui.panels.buttons import IconButton
from studio.ui.panels.thumbnail import Thumbnail


class StartPicture(QWidget):
    """Shows the picture that a painting starts from."""

    wanted = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnail = Thumbnail(44, self)
        choose = IconButton(
            "open",
            self.tr("Choose…"),
            self.tr("Choose the picture that the painting starts from"),
            text=True,
        )
        choose.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        choose.clicked.connect(self.wanted)
        clear = IconButton(
            "close", self.tr("Clear init image"), self.tr("Start without a picture instead")
        )
        clear.clicked.connect(self.cleared)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(4)
        for part in (self._thumbnail, choose, clear):
            row.addWidget(part)
        row.addStretch()

    @property
    def picture(self) -> QImage | None:
        """What is shown."""
        return self._thumbnail.picture

    def set_picture(self, picture: QImage | None) -> None:
        """Show another picture."""
        self._thumbnail.set_picture(picture)
