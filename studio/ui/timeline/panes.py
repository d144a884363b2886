"""How the timeline is put together: transport, takes, lanes, and a bar to scroll them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QScrollBar, QVBoxLayout, QWidget

from studio.ui.timeline.board import Board
from studio.ui.timeline.headers import Headers
from studio.ui.timeline.painted import Lane
from studio.ui.timeline.scene import Scene
from studio.ui.timeline.takes import TakeList
from studio.ui.timeline.transport import Transport

SIDE = 184
"""Width of what is left of the lanes."""


class Panes(QWidget):
    """Keeps the panes in line with one another."""

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = scene
        self._transport = Transport(self)
        self._board = Board(scene, self)
        self._headers = Headers(scene, self._board.rows(), self)
        self._takes = TakeList(self)
        self._side = _Side(self._headers, self._takes)
        self._bar = QScrollBar(Qt.Orientation.Horizontal, self)
        self._bar.setAccessibleName(self.tr("Iterations in sight"))
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self._lay_out()
        self._line_up_rows()
        self._board.rows_changed.connect(self._line_up_rows)
        self._board.axis_changed.connect(self._line_up_bar)
        self._bar.valueChanged.connect(self._scroll)
        self._takes.verticalScrollBar().valueChanged.connect(self._scroll_tracks)

    @property
    def buttons(self) -> dict[str, QAbstractButton]:
        """By the ids of the commands that do the same."""
        return self._transport.buttons

    def _lay_out(self) -> None:
        panes = QGridLayout()
        panes.setSpacing(0)
        panes.setColumnStretch(2, 1)
        panes.addWidget(self._side, 0, 0)
        panes.addWidget(_line(is_upright=True), 0, 1)
        panes.addWidget(self._board, 0, 2)
        panes.addWidget(self._bar, 1, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._transport)
        whole.addWidget(_line(is_upright=False))
        whole.addLayout(panes, 1)

    def _line_up_rows(self) -> None:
        rows = self._board.rows()
        self._headers.show_rows(rows)
        self._side.split_at(rows.tracks.top)

    def _line_up_bar(self) -> None:
        axis = self._board.axis()
        hidden = max(axis.extent - axis.shown, 0.0)
        blocked = self._bar.blockSignals(True)
        self._bar.setRange(0, round(hidden * axis.scale))
        self._bar.setPageStep(round(axis.room))
        self._bar.setSingleStep(max(round(axis.scale), 40))
        self._bar.setValue(round(axis.start * axis.scale))
        self._bar.blockSignals(blocked)
        self._bar.setVisible(not axis.is_whole)

    def _scroll(self, pixels: int) -> None:
        axis = self._board.axis()
        self._board.show_axis(axis.scrolled(pixels / axis.scale))

    def _scroll_tracks(self, pixels: int) -> None:
        self._scene.track_scroll = pixels
        self._board.redraw(Lane.TRACKS)


class _Side(QWidget):
    """Names of lanes above names of takes, parted where the board parts them.

    No layout does it: what is fixed there would keep the timeline from being made lower again.
    """

    def __init__(self, headers: QWidget, takes: QWidget) -> None:
        super().__init__()
        self._headers, self._takes, self._top = headers, takes, 0
        headers.setParent(self)
        takes.setParent(self)
        self.setFixedWidth(SIDE)

    def split_at(self, top: int) -> None:
        self._top = top
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _place(self) -> None:
        self._headers.setGeometry(0, 0, self.width(), self._top)
        self._takes.setGeometry(0, self._top, self.width(), max(self.height() - self._top, 0))


def _line(is_upright: bool) -> QWidget:
    """A hairline between panes."""
    line = QWidget()
    line.setAutoFillBackground(True)
    line.setBackgroundRole(QPalette.ColorRole.Dark)
    if is_upright:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
