"""What can be done with what hangs over the canvas, and where to drop it for that."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from studio.ui.canvas.cards import Card, draw_card
from studio.ui.canvas.strokes import faded
from studio.ui.canvas.transfer import (
    PROJECT,
    brings_picture,
    dropped_file,
    dropped_picture,
    holds_settings,
)
from studio.ui.icons import icon

MARGIN, GAP = 24, 16


class DropUse(enum.Enum):
    """What a person means by a drop."""

    START = enum.auto()
    """Paint on from the picture: the init image."""
    PROMPT = enum.auto()
    """Paint towards the picture: an image prompt."""
    RESTORE = enum.auto()
    """Take the prompt and settings that the PNG carries."""
    OPEN = enum.auto()
    """Open the project."""


@dataclass(frozen=True)
class Offer:
    """What hangs over the canvas."""

    file: str | None
    """None is picture data without a file."""
    uses: tuple[DropUse, ...]


def offer(data: QMimeData) -> Offer | None:
    """What a drag brings; None is nothing for a canvas."""
    file = dropped_file(data)
    if file is None:
        return Offer(None, (DropUse.START, DropUse.PROMPT)) if brings_picture(data) else None
    if Path(file).suffix[1:].lower() == PROJECT:
        return Offer(file, (DropUse.OPEN,))
    restore = (DropUse.RESTORE,) if holds_settings(file) else ()
    return Offer(file, (DropUse.START, DropUse.PROMPT, *restore))


def zones(box: QRectF, uses: tuple[DropUse, ...]) -> dict[DropUse, QRectF]:
    """One zone for each use: side by side in a wide box, stacked in a tall one."""
    inner, count = box.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN), len(uses)
    wide = inner.width() >= inner.height()
    length = inner.width() if wide else inner.height()
    side = (length - GAP * (count - 1)) / count
    size = (side, inner.height()) if wide else (inner.width(), side)
    step = (side + GAP, 0.0) if wide else (0.0, side + GAP)
    return {
        use: QRectF(inner.x() + n * step[0], inner.y() + n * step[1], *size)
        for n, use in enumerate(uses)
    }


def zone_at(box: QRectF, uses: tuple[DropUse, ...], point: QPointF) -> DropUse:
    """The use whose zone is nearest."""

    def away(use: DropUse) -> float:
        zone = places[use]
        across = max(zone.left() - point.x(), point.x() - zone.right(), 0)
        down = max(zone.top() - point.y(), point.y() - zone.bottom(), 0)
        return float(across + down)

    places = zones(box, uses)
    return min(uses, key=away)


class Drops(QObject):
    """Takes what is dropped on a widget, and lets the person choose its use by the place."""

    file_dropped = Signal(str, object)
    picture_dropped = Signal(object, object)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._offer: Offer | None = None
        self._use: DropUse | None = None

    def enter(self, event: QDragEnterEvent) -> None:
        # What was dragged out of here is here already.
        self._offer = None if event.source() is self._widget else offer(event.mimeData())
        self._use = None
        self.hover(event)

    def hover(self, event: QDropEvent) -> None:
        if self._offer is None:
            event.ignore()
            return
        use = zone_at(self._box(), self._offer.uses, event.position())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if use is not self._use:
            self._use = use
            self._widget.update()

    def leave(self) -> None:
        self._offer, self._use = None, None
        self._widget.update()

    def drop(self, event: QDropEvent) -> None:
        self.hover(event)
        taken, use = self._offer, self._use
        self.leave()
        if taken is None:
            return
        if taken.file is not None:
            self.file_dropped.emit(taken.file, use)
        elif picture := dropped_picture(event.mimeData()):
            self.picture_dropped.emit(picture, use)

    def hanging(self) -> bool:
        """Whether something hangs over the widget that could be dropped."""
        return self._offer is not None

    def draw(self, painter: QPainter) -> None:
        """The zones, while something hangs over the widget."""
        if self._offer is None:
            return
        palette = self._widget.palette()
        painter.fillRect(self._box(), faded(palette.color(QPalette.ColorRole.Base), 0.55))
        for use, zone in zones(self._box(), self._offer.uses).items():
            draw_card(painter, zone, self._card(use), palette, use is self._use)

    def _box(self) -> QRectF:
        return QRectF(self._widget.rect())

    def _card(self, use: DropUse) -> Card:
        match use:
            case DropUse.START:
                return Card(
                    icon("picture"),
                    self.tr("Start from this picture"),
                    self.tr("The painting begins with it: the init image"),
                )
            case DropUse.PROMPT:
                return Card(
                    icon("eye"),
                    self.tr("Use as image prompt"),
                    self.tr("The painting is drawn towards what it shows"),
                )
            case DropUse.RESTORE:
                return Card(
                    icon("history"),
                    self.tr("Restore prompt and settings"),
                    self.tr("As they were when this picture was painted"),
                )
            case DropUse.OPEN:
                return Card(
                    icon("open"),
                    self.tr("Open this project"),
                    self.tr("With all its takes and iterations"),
                )
