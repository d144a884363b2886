"""The diamond beside a field: whether a keyframe sets the value, and a click to make it so."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QWidget

from studio.ui.canvas.strokes import mixed, painting
from studio.ui.panels.tones import quiet
from studio.ui.tips import tell

Keyed = Literal["no", "elsewhere", "here"]
"""Whether keyframes set a value, and whether one does where the playhead is."""
HALF = 4.5
"""Half a diamond."""


class KeyMark(QAbstractButton):
    """Filled where a keyframe sets the value, hollow where others do before or after."""

    toggled_here = Signal(bool)
    """A person wants a keyframe of the value here, or wants it away."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._keyed: Keyed = "no"
        self._said: tuple[str, str] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(15, 28)
        self.clicked.connect(self._clicked)
        self.show_keyed("no")

    @property
    def keyed(self) -> Keyed:
        """What the mark says."""
        return self._keyed

    def show_keyed(self, keyed: Keyed, reason: str = "") -> None:
        """Show whether the value is keyframed; a reason why it cannot be locks the mark."""
        if (keyed, reason) == self._said:
            return
        self._said, self._keyed = (keyed, reason), keyed
        self.setEnabled(not reason)
        if keyed == "here":
            words = self.tr("Remove the keyframe of {name}")
            tip = self.tr("A keyframe sets {name} here; click to take it away")
        else:
            words = self.tr("Add a keyframe of {name}")
            tip = self.tr("Set {name} by a keyframe here, so that it can change on the way")
        self.setAccessibleName(words.format(name=self._name))
        tell(self, reason or tip.format(name=self._name))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(15, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter, self.palette())

    def _draw(self, painter: QPainter, palette: QPalette) -> None:
        accent = palette.color(QPalette.ColorRole.Accent)
        faint = mixed(quiet(palette), palette.color(QPalette.ColorRole.Window), 0.55)
        lit = self.isEnabled() and (self.underMouse() or self.hasFocus())
        edge = faint if self._keyed == "no" else accent
        if lit:
            edge = mixed(edge, palette.color(QPalette.ColorRole.WindowText), 0.5)
        if not self.isEnabled():
            edge = mixed(edge, palette.color(QPalette.ColorRole.Window), 0.6)
        painter.setPen(QPen(edge, 1.4))
        painter.setBrush(edge if self._keyed == "here" else Qt.BrushStyle.NoBrush)
        middle = QPointF(self.width() / 2, self.height() / 2)
        corners = ((0, -HALF), (HALF, 0), (0, HALF), (-HALF, 0))
        painter.drawPolygon(QPolygonF([middle + QPointF(*each) for each in corners]))

    def _clicked(self) -> None:
        self.toggled_here.emit(self._keyed != "here")
