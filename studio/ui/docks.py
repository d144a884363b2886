"""The panels round the canvas, each in a dock that can be moved, closed and remembered."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import (
    QAbstractButton,
    QDockWidget,
    QMainWindow,
    QTabBar,
    QTabWidget,
    QUndoView,
    QWidget,
)

from studio.ui.bar import PaintBar
from studio.ui.log_view import LogView
from studio.ui.panels.history import PromptHistoryPanel
from studio.ui.panels.prompts import PromptsPanel
from studio.ui.panels.queue import QueuePanel
from studio.ui.panels.settings import SettingsPanel
from studio.ui.timeline import Timeline
from studio.ui.tips import tell

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea

_ROOMY = QSize(1500, 860)
"""Of the window; below it panels and timeline leave what there is to the picture."""
_WIDE, _NARROW = 350, 300
_TALL, _LOW = 270, 200


class Docks:
    """Makes them and puts them in their places."""

    def __init__(self, window: QMainWindow, undo: QUndoStack) -> None:
        tr = window.tr
        self._window = window
        self._aside: QByteArray | None = None
        self.bar = PaintBar()
        self.prompts, self.history = PromptsPanel(), PromptHistoryPanel()
        self.settings, self.queue = SettingsPanel(), QueuePanel()
        self.timeline, self.log = Timeline(), LogView()
        self.edits = QUndoView(undo)
        self.edits.setEmptyLabel(tr("As it was opened"))
        self.edits.setAccessibleName(tr("Edits"))
        self.edits.setToolTip(tr("Everything you changed; choose a line to go back to it"))
        window.setDockOptions(
            QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AnimatedDocks
        )
        window.setCorner(Qt.Corner.BottomLeftCorner, BOTTOM)
        window.setCorner(Qt.Corner.BottomRightCorner, BOTTOM)
        window.setTabPosition(LEFT | RIGHT | BOTTOM, QTabWidget.TabPosition.North)
        widgets: dict[str, tuple[str, QWidget]] = {
            "prompts": (tr("Prompts"), self.bar.over(self.prompts)),
            "history": (tr("Earlier prompts"), self.history),
            "settings": (tr("Settings"), self.settings),
            "queue": (tr("Queue"), self.queue),
            "edits": (tr("Edits"), self.edits),
            "timeline": (tr("Timeline"), self.timeline),
            "log": (tr("Log"), self.log),
        }
        self.docks = {id: self._dock(id, *each) for id, each in widgets.items()}
        for dock in self.docks.values():
            window.addDockWidget(LEFT, dock)

    @property
    def buttons(self) -> dict[str, QAbstractButton]:
        """Those that do what commands do, by the ids of these."""
        return self.bar.buttons | self.timeline.buttons

    def arrange(self) -> None:
        """Put all of them where they are at first."""
        window, docks = self._window, self.docks
        for area, ids in ((LEFT, _LEFT), (RIGHT, _RIGHT), (BOTTOM, _BOTTOM)):
            for id in ids:
                window.addDockWidget(area, docks[id])
                docks[id].setFloating(False)
                docks[id].show()
            for id in ids[1:]:
                window.tabifyDockWidget(docks[ids[0]], docks[id])
            docks[ids[0]].raise_()
        docks["log"].hide()
        window.addDockWidget(BOTTOM, docks["log"])
        self._aside = None
        across, room = Qt.Orientation.Horizontal, window.size()
        wide = _WIDE if room.width() >= _ROOMY.width() else _NARROW
        tall = _TALL if room.height() >= _ROOMY.height() else _LOW
        window.resizeDocks([docks["prompts"], docks["settings"]], [wide, wide], across)
        window.resizeDocks([docks["timeline"]], [tall], Qt.Orientation.Vertical)

    def show_picture_only(self, wanted: bool) -> None:
        """Put all panels aside for a while, and back as they were."""
        if wanted and self._aside is None:
            self._aside = self._window.saveState()
            for dock in self.docks.values():
                dock.hide()
        elif not wanted and self._aside is not None:
            self._window.restoreState(self._aside)
            self._aside = None

    def state(self) -> QByteArray:
        """Where everything is, or was before it was put aside."""
        return self._window.saveState() if self._aside is None else self._aside

    def sweep(self) -> None:
        """Hide the tab bar that Qt forgets at the top when a third panel joins two."""
        together = [
            {dock.windowTitle(), *(each.windowTitle() for each in self._beside(dock))}
            for dock in self.docks.values()
        ]
        children = Qt.FindChildOption.FindDirectChildrenOnly
        for bar in self._window.findChildren(QTabBar, options=children):
            if {bar.tabText(tab) for tab in range(bar.count())} not in together:
                bar.hide()

    def _beside(self, dock: QDockWidget) -> list[QDockWidget]:
        return self._window.tabifiedDockWidgets(dock)

    def raise_(self, id: str) -> None:
        """Show a panel in front of those that share its place."""
        dock = self.docks[id]
        if id == "log" and dock.isHidden() and not dock.isFloating():
            # joined only now: a tab for a hidden panel would be drawn astray
            self._window.tabifyDockWidget(self.docks["timeline"], dock)
        dock.show()
        dock.raise_()

    def _dock(self, id: str, title: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(id)
        dock.setWidget(widget)
        _name_buttons(dock)
        return dock


def _name_buttons(dock: QDockWidget) -> None:
    """Those in the title, which Qt leaves without words."""
    for name, words, said in (
        ("float", dock.tr("Float"), dock.tr("Make a window of the panel, or put it back")),
        ("close", dock.tr("Close"), dock.tr("Close the panel; the menu View shows it again")),
    ):
        button = dock.findChild(QAbstractButton, f"qt_dockwidget_{name}button")
        assert isinstance(button, QAbstractButton)
        tell(button, said, words)


_LEFT = ("prompts", "history")
_RIGHT = ("settings", "queue", "edits")
_BOTTOM = ("timeline",)
