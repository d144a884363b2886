"""How the picture moves from one iteration to the next: numbers, and a glyph of the move."""

from __future__ import annotations

import math
from functools import partial

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.core.settings import Edges, Motion
from studio.ui.canvas.strokes import mixed, painting
from studio.ui.panels.fields import ChoiceField, NumberField
from studio.ui.panels.form import Form, FormRow
from studio.ui.panels.labels import Note
from studio.ui.panels.numbers import NumberBox, linear
from studio.ui.panels.tones import outline, raised

GLYPH = QSize(56, 40)
SHOWN = 12
"""Iterations of motion that the glyph shows at once, so that a small one can be seen."""
PERCENT = 100.0


class MotionGlyph(QWidget):
    """A picture, and where some iterations would carry it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._motion = Motion()
        self.setFixedSize(GLYPH)
        self.setAccessibleName(self.tr("Sketch of the motion"))
        self.setToolTip(self.tr("Where the picture is carried in {n} iterations").format(n=SHOWN))

    def show_motion(self, motion: Motion) -> None:
        """Sketch a motion."""
        self._motion = motion
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter, self.palette())

    def _draw(self, painter: QPainter, palette: QPalette) -> None:
        accent = palette.color(QPalette.ColorRole.Accent)
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(outline(palette), 1))
        painter.setBrush(raised(palette))
        painter.drawRoundedRect(ground, 4, 4)
        painter.setClipRect(ground.adjusted(1, 1, -1, -1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        whole = QRectF(-12, -8, 24, 16)
        for share in (0.0,) if self._motion.is_still else (0.0, 1 / 3, 2 / 3, 1.0):
            carried = self._carried(share * SHOWN, whole)
            painter.setPen(QPen(mixed(outline(palette), accent, 0.25 + 0.75 * share), 1.4))
            painter.drawPolygon(carried.map(QPolygonF(whole)))

    def _carried(self, iterations: float, whole: QRectF) -> QTransform:
        motion, middle = self._motion, QPointF(self.width() / 2, self.height() / 2)
        move = QPointF(motion.x * whole.width(), motion.y * whole.height()) * iterations
        move = QPointF(_held(move.x(), 22), _held(move.y(), 14))
        carried = QTransform.fromTranslate(middle.x() + move.x(), middle.y() + move.y())
        carried.rotate(-motion.angle * iterations)
        zoom = min(max(motion.zoom**iterations, 0.3), 2.2)
        return carried.scale(zoom, zoom)


class MotionField(QWidget):
    """The glyph with words; it puts the fields of the numbers into the form below itself."""

    chosen = Signal(object)
    """A `Motion`."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form
        self._motion = Motion()
        self._glyph = MotionGlyph(self)
        self._words = Note(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(self._glyph)
        row.addWidget(self._words, 1)
        self._rows: dict[str, FormRow] = {}

    def add_rows(self) -> None:
        """The numbers, once the field itself is in the form."""
        self._add_number(
            "zoom",
            self.tr("Zoom %"),
            self.tr("How much nearer each iteration comes; below 0 it goes away."),
            (-5, 5, 0.1),
            (-50, 100),
        )
        self._add_number(
            "angle",
            self.tr("Turn °"),
            self.tr("Degrees that each iteration turns the picture, anticlockwise."),
            (-10, 10, 0.1),
            (-180, 180),
        )
        self._add_number(
            "x",
            self.tr("Right %"),
            self.tr("Share of the width that each iteration moves the picture to the right."),
            (-5, 5, 0.1),
            (-100, 100),
        )
        self._add_number(
            "y",
            self.tr("Down %"),
            self.tr("Share of the height that each iteration moves the picture down."),
            (-5, 5, 0.1),
            (-100, 100),
        )
        self._edges = ChoiceField(self.tr("Edges"))
        self._edges.set_choices(
            [
                ("reflect", self.tr("Mirrored"), self.tr("A mirror of the picture comes in.")),
                ("wrap", self.tr("Wrapped"), self.tr("Its other side comes in.")),
            ]
        )
        self._edges.chosen.connect(self._edges_chosen)
        tip = self.tr("What comes in from outside where the picture has moved away.")
        self._rows["edges"] = self._form.add(self.tr("Edges"), self._edges, tip)
        self._rows["edges"].reset_wanted.connect(partial(self._reset, "edges"))
        longest = Motion(zoom=1.0123, angle=12.34, x=0.0123, y=0.0123)
        self._words.keep_room([self._said(longest)])
        self.show_value(self._motion)

    def show_value(self, motion: Motion) -> None:
        """Show a motion without telling of it."""
        self._motion = motion
        self._glyph.show_motion(motion)
        self._words.say(self._said(motion))
        for name, row in self._rows.items():
            value = motion.edges if name == "edges" else _number(motion, name)
            row.field.show_value(value)  # type: ignore[attr-defined]
            row.set_differs(getattr(motion, name) != getattr(Motion(), name))

    def commit(self) -> None:
        """Take over a number that is still being typed."""
        for name, row in self._rows.items():
            if name != "edges":
                row.field.commit()  # type: ignore[attr-defined]

    def _add_number(
        self,
        name: str,
        label: str,
        tip: str,
        slider: tuple[float, float, float],
        box: tuple[float, float],
    ) -> None:
        field = NumberField(
            label,
            linear(*slider, origin=0.0, marks=(0.0,)),
            NumberBox(*box, slider[2]),
        )
        self._rows[name] = self._form.add(label, field, tip)
        self._rows[name].reset_wanted.connect(partial(self._reset, name))
        field.chosen.connect(partial(self._number_chosen, name))

    def _number_chosen(self, name: str, value: float) -> None:
        share = value / PERCENT
        told = {"zoom": 1 + share, "angle": value, "x": share, "y": share}[name]
        self._tell(**{name: round(told, 8)})

    def _edges_chosen(self, edges: Edges) -> None:
        self._tell(edges=edges)

    def _reset(self, name: str) -> None:
        self._tell(**{name: getattr(Motion(), name)})

    def _tell(self, **fields: object) -> None:
        motion = msgspec.structs.replace(self._motion, **fields)
        if motion != self._motion:
            self.show_value(motion)
            self.chosen.emit(motion)

    def _said(self, motion: Motion) -> str:
        """The motion in words."""
        if motion.is_still:
            return self.tr("The picture stays where it is.")
        zoom, x, y = (_number(motion, name) for name in ("zoom", "x", "y"))
        number = self.locale().toString
        parts = [
            (self.tr("comes {n} % nearer") if zoom > 0 else self.tr("goes {n} % away"), zoom),
            (
                self.tr("turns {n}° left") if motion.angle > 0 else self.tr("turns {n}° right"),
                motion.angle,
            ),
            (self.tr("moves {n} % right") if x > 0 else self.tr("moves {n} % left"), x),
            (self.tr("moves {n} % down") if y > 0 else self.tr("moves {n} % up"), y),
        ]
        said = [text.format(n=number(float(abs(value)), "g", 4)) for text, value in parts if value]
        return self.tr("Each iteration {motion}.").format(motion=", ".join(said))


def _number(motion: Motion, name: str) -> float:
    """The number in its field: percents for shares."""
    if name == "angle":
        return motion.angle
    value: float = motion.zoom - 1 if name == "zoom" else getattr(motion, name)
    return round(value * PERCENT, 6)


def _held(value: float, most: float) -> float:
    """Within the glyph, however far the motion goes."""
    return math.tanh(value / most) * most
