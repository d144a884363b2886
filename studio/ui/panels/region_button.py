"""The button of a prompt's row for where it counts: the whole picture, or a painted region."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from studio.ui.canvas.strokes import painting
from studio.ui.icons import icon
from studio.ui.panels.tones import quiet
from studio.ui.tips import tell

Others = Sequence[tuple[int, str]]
"""Place and name of each prompt that a region can be copied to."""


class RegionButton(QToolButton):
    """A ring in the prompt's colour, filled while the prompt has a region."""

    wanted = Signal(str)
    """"paint", "load", "save" or "clear"; "why", "why_save" or "why_region"."""
    copy_wanted = Signal(int)
    """To the prompt of that place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour, self._painted = QColor("grey"), False
        self._others: Others = ()
        self.setAutoRaise(True)
        self.setFixedSize(26, 26)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self._say()

    def sizeHint(self) -> QSize:
        return QSize(26, 26)

    def show_region(self, colour: QColor, *, painted: bool, others: Others) -> None:
        """Its colour, whether there is a region, and where it could be copied to."""
        self._others = others
        if (colour, painted) != (self._colour, self._painted):
            self._colour, self._painted = colour, painted
            self._say()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ring = QRectF(self.rect()).adjusted(7.5, 7.5, -7.5, -7.5)
            lit = self.underMouse() or self.hasFocus() or self.isDown()
            if lit:
                painter.setPen(Qt.PenStyle.NoPen)
                ground = quiet(self.palette())
                ground.setAlphaF(0.22)
                painter.setBrush(ground)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
            edge = self._colour if self._painted else quiet(self.palette())
            dashed = Qt.PenStyle.SolidLine if self._painted else Qt.PenStyle.DotLine
            painter.setPen(QPen(edge, 1.6, dashed))
            painter.setBrush(self._colour if self._painted else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(ring)

    def _say(self) -> None:
        where = (
            self.tr("This prompt counts in its own region; paint on, load, save, copy or clear it")
            if self._painted
            else self.tr("This prompt counts in the whole picture; paint it a region of its own")
        )
        tell(self, where, self.tr("Region"))

    @Slot()
    def _fill(self) -> None:
        menu = self._menu
        menu.clear()
        for name, what, text in (
            ("region", "paint", self.tr("&Paint the region")),
            ("import", "load", self.tr("&Load from a picture…")),
            ("export", "save", self.tr("&Save as a picture…")),
        ):
            action = menu.addAction(icon(name), text)
            action.triggered.connect(partial(self._want, what))
            action.setEnabled(self._painted or what != "save")
        copies = menu.addMenu(icon("copy"), self.tr("&Copy to"))
        copies.setEnabled(self._painted and bool(self._others))
        for place, label in self._others:
            copies.addAction(label).triggered.connect(partial(self._copy, place))
        menu.addSeparator()
        for name, what, text in (
            ("heat", "why", self.tr("Show &where it is answered")),
            ("export", "why_save", self.tr("Save that &map as a picture…")),
            ("region", "why_region", self.tr("&Make a region of that map")),
        ):
            menu.addAction(icon(name), text).triggered.connect(partial(self._want, what))
        menu.addSeparator()
        clear = menu.addAction(icon("clear"), self.tr("&Clear: the whole picture"))
        clear.setEnabled(self._painted)
        clear.triggered.connect(partial(self._want, "clear"))

    def _want(self, what: str, _checked: bool = False) -> None:
        self.wanted.emit(what)

    def _copy(self, place: int, _checked: bool = False) -> None:
        self.copy_wanted.emit(place)
