"""The rail of tools at the left of the canvas."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup, QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QColorDialog,
    QGridLayout,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui.brushes.commands import brush_commands
from studio.ui.brushes.dabs import LARGEST, SMALLEST
from studio.ui.brushes.tools import MASKED, Shape, Tool, Toolbox
from studio.ui.canvas.strokes import painting
from studio.ui.commands import Commands
from studio.ui.panels.labels import Note
from studio.ui.panels.numbers import NumberBox
from studio.ui.panels.tones import outline
from studio.ui.tips import tell

TOOLS = ("tool_move", "tool_pick", "tool_region", "tool_keep", "tool_colour", "tool_scramble")
SHAPES = ("lasso", "rectangle")
CHANGES = ("mask_fill", "mask_clear", "mask_invert", "mask_grow", "mask_shrink", "mask_feather")
SIDE, SMALL = 30, 26
"""Of a button."""


@dataclass(frozen=True)
class Manner:
    """How the rail uses the room it has."""

    columns: int
    side: int
    captions: bool


MANNERS = (Manner(2, SIDE, True), Manner(2, SMALL, False), Manner(4, SMALL, False))
"""From the tallest to the lowest."""


class Rail(QWidget):
    """Shows the tools and what the one at hand is set to."""

    mask_change_wanted = Signal(str)
    """What to do with the whole mask: "fill", "clear", "invert", "grow", "shrink", "feather"."""

    def __init__(self, toolbox: Toolbox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.toolbox = toolbox
        self.commands = Commands(self, brush_commands(self))
        self.setAccessibleName(self.tr("Tools of the canvas"))
        group = QActionGroup(self)
        for id in TOOLS:
            group.addAction(self.commands[id])
        self.size_box = self._box(SMALLEST, LARGEST, 1, "")
        self.hardness_box, self.opacity_box = (self._box(0, 100, 5, " %") for _ in range(2))
        self.swatch = Swatch(toolbox, self)
        self._manner: Manner | None = None
        self._captions: list[Note] = []
        self._buttons: list[QWidget] = []
        self._groups = self._make_groups()
        self._grids = [QGridLayout() for _ in self._groups]
        self._arrange()
        self._heights = {manner: self._height(manner) for manner in reversed(MANNERS)}
        self.size_box.chosen.connect(self._set_size)
        self.hardness_box.chosen.connect(self._set_hardness)
        self.opacity_box.chosen.connect(self._set_opacity)
        toolbox.changed.connect(self._show)
        self._show()

    def toggle_masks(self) -> None:
        """See all masks, or none."""
        self.toolbox.set(shows_masks=not self.toolbox.shows_masks)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._heights[MANNERS[-1]])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().height())

    def _fit(self, height: int) -> None:
        """Be as tall as there is room for."""
        fits = [manner for manner in MANNERS if self._heights[manner] <= height]
        self._lay(fits[0] if fits else MANNERS[-1])

    def _make_groups(self) -> list[list[QWidget]]:
        """What stands together, from top to bottom."""
        tools, shapes, changes = (
            [self._button(id) for id in ids]
            for ids in (TOOLS, (*SHAPES, "swap_erase", "show_masks"), CHANGES)
        )
        fields = [
            self._field(
                self.size_box, self.tr("Size"), self.tr("Pixels of the picture across the brush")
            ),
            self._field(
                self.hardness_box,
                self.tr("Hardness"),
                self.tr("How much of the brush covers wholly; the rest of it fades"),
            ),
            self._field(
                self.opacity_box,
                self.tr("Opacity"),
                self.tr("How far the brush covers: what is half covered counts half"),
            ),
            self.swatch,
        ]
        return [tools, shapes, fields, changes]

    def _lay(self, manner: Manner) -> None:
        """Buttons in so many columns, fields in half as many."""
        if manner == self._manner:
            return
        self._manner = manner
        for note in self._captions:
            note.setVisible(manner.captions)
        for grid, group in zip(self._grids, self._groups, strict=True):
            across = manner.columns // 2 if self.swatch in group else manner.columns
            for place, widget in enumerate(group):
                if widget in self._buttons:
                    widget.setFixedSize(manner.side, manner.side)
                grid.addWidget(widget, place // across, place % across)
        for box in (self.size_box, self.hardness_box, self.opacity_box, self.swatch):
            box.setFixedWidth(2 * manner.side + 2)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 6, 5, 6)
        column.setSpacing(7)
        for grid in self._grids:
            if grid is not self._grids[0]:
                column.addWidget(_Line(self))
            grid.setSpacing(2)
            column.addLayout(grid)
        column.addStretch()

    def _height(self, manner: Manner) -> int:
        self._lay(manner)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        return super().minimumSizeHint().height()

    def _field(self, box: NumberBox, caption: str, tip: str) -> QWidget:
        box.setAccessibleName(caption)
        box.setToolTip(tip)
        note = Note(self, wraps=False)
        note.say(caption)
        self._captions.append(note)
        field = QWidget(self)
        column = QVBoxLayout(field)
        column.setContentsMargins(0, 0, 0, 3)
        column.setSpacing(1)
        column.addWidget(note, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(box)
        return field

    def _button(self, id: str) -> QWidget:
        button = QToolButton(self)
        button.setDefaultAction(self.commands[id])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setIconSize(QSize(18, 18))
        self._buttons.append(button)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _box(self, lowest: float, highest: float, step: float, suffix: str) -> NumberBox:
        box = NumberBox(lowest, highest, step, whole=True, parent=self)
        box.hide_arrows()
        box.setSuffix(suffix)
        box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return box

    @Slot()
    def _show(self) -> None:
        toolbox = self.toolbox
        self.commands[f"tool_{toolbox.tool.value}"].setChecked(True)
        for id, checked in (
            ("lasso", toolbox.shape is Shape.LASSO),
            ("rectangle", toolbox.shape is Shape.RECTANGLE),
            ("swap_erase", toolbox.erases),
            ("show_masks", toolbox.shows_masks),
        ):
            self.commands[id].setChecked(checked)
        self.size_box.show_value(toolbox.size)
        self.hardness_box.show_value(round(100 * toolbox.hardness))
        self.opacity_box.show_value(round(100 * toolbox.opacity))
        for box in (self.size_box, self.hardness_box, self.opacity_box):
            box.setEnabled(toolbox.tool.paints)
        for id in CHANGES:
            self.commands[id].setEnabled(toolbox.tool in MASKED)
        self.commands["swap_erase"].setEnabled(toolbox.tool in MASKED)
        self.swatch.setEnabled(toolbox.tool in (Tool.COLOUR, Tool.PICK))

    def _set_size(self, size: float) -> None:
        self.toolbox.set(size=size)

    def _set_hardness(self, percent: float) -> None:
        self.toolbox.set(hardness=percent / 100)

    def _set_opacity(self, percent: float) -> None:
        self.toolbox.set(opacity=percent / 100)


class Swatch(QToolButton):
    """The colour of the colour brush."""

    def __init__(self, toolbox: Toolbox, parent: QWidget) -> None:
        super().__init__(parent)
        self._toolbox = toolbox
        self.setFixedHeight(24)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tell(self, self.tr("Choose what the colour brush paints with"), self.tr("Colour"))
        self.clicked.connect(self._ask)
        toolbox.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colour = QColor(self._toolbox.colour)
            colour.setAlphaF(1.0 if self.isEnabled() else 0.25)
            accent = self.palette().accent().color()
            edge = accent if self.hasFocus() else outline(self.palette())
            painter.setPen(QPen(edge, 1))
            painter.setBrush(colour)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 5, 5)

    @Slot()
    def _ask(self) -> None:
        dialog = QColorDialog(self._toolbox.colour, self.window())
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.colorSelected.connect(self._choose)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(QColor)
    def _choose(self, colour: QColor) -> None:
        self._toolbox.set(colour=colour)


class _Line(QWidget):
    """Between two groups of tools."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.fillRect(self.rect(), outline(self.palette()))


def beside(rail: Rail, canvas: QWidget) -> QWidget:
    """Both in a row."""
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(rail)
    row.addWidget(canvas, 1)
    return pair
