"""Held-out pictures beside what the model makes of them, from before the training until now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.ui.canvas.strokes import painting
from studio.ui.images import image_of
from studio.ui.panels.card_list import Hint
from studio.ui.panels.labels import Note
from studio.ui.panels.slider import Slider
from studio.ui.panels.tones import outline, quiet
from studio.work.training_facts import Pictures, Reconstructions

KEPT_BYTES = 64_000_000
"""Memory for earlier reconstructions; beyond it, every other one is forgotten."""
FEWEST = 8
_UNLIMITED = 16_777_215
"""Qt's own largest size."""
_LABELS, _GAP, _LARGEST, _SMALLEST = 96, 6, 190, 66


@dataclass(frozen=True)
class Line:
    """One row of pictures, with what it shows in words."""

    title: str
    about: str
    pictures: Sequence[QImage]


class Growing(QWidget):
    """Two rows and a slider through the training; three rows without one when it is over."""

    def __init__(self, *, over: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = over
        self._history: list[Reconstructions] = []
        self._follows = True
        self.board = Board()
        self.board.limited.connect(self._limit)
        self.slider = Slider(1, float, float)
        self.slider.setAccessibleName(self.tr("Moment of the training"))
        self.slider.setToolTip(self.tr("Look back at what it made of them earlier"))
        self.slider.chosen.connect(self._choose)
        self._said = Note(wraps=False)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addSpacing(_LABELS)
        row.addWidget(self.slider, 1)
        row.addWidget(self._said)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._hint = Hint()
        self._hint.say(
            "picture",
            self.tr(
                "A tenth of the pictures is held back. What the model makes of them shows here "
                "how it learns."
            ),
        )
        column.addWidget(self._hint, 1)
        column.addWidget(self.board, 1)
        column.addLayout(row)
        self.clear()

    @property
    def history(self) -> Sequence[Reconstructions]:
        """What the slider goes through, the oldest first."""
        return self._history

    def clear(self) -> None:
        """Forget all pictures."""
        self._history, self._follows = [], True
        self._show()

    def add(self, made: Reconstructions) -> None:
        """The newest ones; shown unless a person looks back."""
        if self._history and made.step <= self._history[-1].step:
            self._history = [each for each in self._history if each.step < made.step]
        self._history.append(made)
        most = max(FEWEST, KEPT_BYTES // max(made.now.nbytes, 1))
        if len(self._history) > most:
            self._history = [*self._history[:-1:2], made]
        self._show()

    def show_all(self, history: Sequence[Reconstructions]) -> None:
        """Take over what another one has."""
        self._history, self._follows = list(history), True
        self._show()

    @Slot()
    def _limit(self) -> None:
        """Leave the room that the pictures cannot fill to others."""
        most = self.board.maximumHeight() + self.slider.sizeHint().height() + 6
        self.setMaximumHeight(min(most, _UNLIMITED) if self._history else _UNLIMITED)

    def _choose(self, place: float) -> None:
        self._follows = round(place) >= len(self._history) - 1
        self._show(round(place))

    def _show(self, place: int | None = None) -> None:
        count = len(self._history)
        self.slider.setVisible(count > 1 and not self._over)
        self._hint.setVisible(not count)
        self.board.setVisible(count > 0)
        self._limit()
        if not count:
            self.board.set_lines(())
            self._said.say("")
            return
        last = count - 1
        if place is None:
            place = last if self._follows else min(self.slider.value(), last)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(last, 1))
        self.slider.blockSignals(False)
        self.slider.show_value(place)
        made = self._history[place]
        self._said.say("" if self._over else self._told(made))
        self.board.set_lines(self._lines(made))

    def _lines(self, made: Reconstructions) -> list[Line]:
        decibels = self.tr("{n} dB")
        real = Line(self.tr("Held out"), self.tr("never learned"), _images(made.real))
        now = Line(
            self.tr("Step {n}").format(n=self.locale().toString(made.step))
            if self._over
            else self.tr("Given back"),
            decibels.format(n=f"{made.psnr:.2f}"),
            _images(made.now),
        )
        before = Line(
            self.tr("Before"), decibels.format(n=f"{made.psnr_before:.2f}"), _images(made.before)
        )
        return [real, before, now] if self._over else [real, now]

    def _told(self, made: Reconstructions) -> str:
        if made.step == 0:
            return self.tr("before the training")
        return self.tr("after step {n}").format(n=self.locale().toString(made.step))


class Board(QWidget):
    """Rows of pictures, as large as there is room for."""

    limited = Signal()
    """It can be this tall at most."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[Line] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show other rows."""
        before, self._lines = self._lines, lines
        if len(lines) != len(before):
            self._limit()
            self.updateGeometry()
        self.setAccessibleName("; ".join(f"{line.title} {line.about}" for line in lines))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(900, max(len(self._lines), 2) * (128 + _GAP))

    def minimumSizeHint(self) -> QSize:
        return QSize(420, max(len(self._lines), 2) * _SMALLEST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._limit()

    def _limit(self) -> None:
        """Be no taller than pictures of this width need."""
        rows = max(len(self._lines), 2)
        tallest = max(round(rows * self._widest()) + (rows - 1) * _GAP, rows * _SMALLEST)
        if tallest != self.maximumHeight():
            self.setMaximumHeight(tallest)
            self.limited.emit()

    def _widest(self) -> float:
        """Pixels along a picture that has all the height that it wants."""
        count = max((len(line.pictures) for line in self._lines), default=8)
        return min((self.width() - _LABELS - _GAP * (count - 1)) / max(count, 1), _LARGEST)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHints(
                QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
            )
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        if not self._lines:
            return
        rows = len(self._lines)
        side = min(self._widest(), (self.height() - _GAP * (rows - 1)) / rows)
        for number, line in enumerate(self._lines):
            top = number * (side + _GAP)
            self._draw_words(painter, line, QRectF(0, top, _LABELS - 10, side))
            for place, picture in enumerate(line.pictures):
                box = QRectF(_LABELS + place * (side + _GAP), top, side, side)
                _draw_picture(painter, box, picture, self.palette())

    def _draw_words(self, painter: QPainter, line: Line, box: QRectF) -> None:
        height = self.fontMetrics().height()
        upper = QRectF(box.left(), box.center().y() - height - 1, box.width(), height)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft, line.title)
        painter.setPen(quiet(self.palette()))
        painter.drawText(upper.translated(0, height + 2), Qt.AlignmentFlag.AlignLeft, line.about)


def _draw_picture(painter: QPainter, box: QRectF, picture: QImage, palette: QPalette) -> None:
    path = QPainterPath()
    path.addRoundedRect(box, 4, 4)
    painter.save()
    painter.fillPath(path, outline(palette))
    painter.setClipPath(path)
    painter.drawImage(box, picture)
    painter.restore()


def _images(pictures: Pictures) -> list[QImage]:
    return [image_of(picture).copy() for picture in pictures]
