"""The menus, and the tool bar over the canvas."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolBar

from studio.ui.icons import icon
from studio.work.facts import Welcome

if TYPE_CHECKING:
    from studio.ui.window import MainWindow

BEFORE = frozenset(
    {"close", "models", "quit", "copy", "discard_edits", "step", "branch", "queue_add"}
    | {"hold", "full_screen", "light", "shuttle_back", "step_back", "go_to_start"}
    | {"previous_keyframe", "add_keyframe", "mark_in", "cycle_mode", "timeline_in", "live"}
    | {"film_stop", "keys", "about", "lasso", "swap_erase", "mask_fill", "show_masks"}
)
"""Commands with a line above them in their menu."""
FILES = ("new", "open", "save", "export_picture", "export_film")
TOOLS = ("undo", "redo", "", "zoom_out", "zoom_in", "fit", "actual_size", "", "pin", "wipe")
PAINTED = (
    *("branch", "pin", "export_picture", "copy", "", "film_stop", "export_film", ""),
    *("mark_in", "mark_out", "clear_range", "", "timeline_all", "live"),
)
AHEAD = ("add_keyframe", "paint", "", "record", "", "timeline_all", "live")
"""Of an iteration that is not painted yet."""
PICTURE = (
    *("copy", "export_picture", "film_stop", "", "branch", "imagine_again", ""),
    *("pin", "wipe", "difference", ""),
    *("fit", "actual_size", "zoom_in", "zoom_out"),
)
NO_PICTURE = ("write_prompt", "paint", "", "open")


class Menus(QObject):
    """Every command in its menu, with the lists that change."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._recent = QMenu(self.tr("Open &recent"), window)
        self._recent.setIcon(icon("history"))
        for title, commands in window.actions_.groups:
            menu = window.menuBar().addMenu(title)
            menu.setToolTipsVisible(True)
            for command in commands:
                if command.id in BEFORE:
                    menu.addSeparator()
                menu.addAction(window.actions_[command.id])
                if command.id == "open":
                    menu.addMenu(self._recent)
            if title == self._view_title():
                self._add_docks(menu)
        self._make_tools()
        window.studio.welcome.connect(self._show_recent)
        timeline = window.docks.timeline
        timeline.iteration_menu_wanted.connect(self.show_iteration_menu)
        window.canvas.menu_wanted.connect(self.show_canvas_menu)

    def _view_title(self) -> str:
        return self._window.actions_.groups[4][0]

    def _add_docks(self, menu: QMenu) -> None:
        docks = menu.addMenu(self.tr("&Panels"))
        for dock in self._window.docks.docks.values():
            docks.addAction(dock.toggleViewAction())

    def _make_tools(self) -> None:
        bar = QToolBar(self.tr("Tools"), self._window)
        bar.setObjectName("tools")
        bar.setMovable(False)
        for id in (*FILES, "", *TOOLS, "difference", "", "branch"):
            if id:
                bar.addAction(self._window.actions_[id])
            else:
                bar.addSeparator()
        self._window.addToolBar(Qt.ToolBarArea.TopToolBarArea, bar)

    @Slot(object)
    def _show_recent(self, welcome: Welcome) -> None:
        self._recent.clear()
        for listed in welcome.recent:
            action = QAction(listed.path.name, self._recent)
            action.setToolTip(str(listed.path))
            action.setEnabled(not listed.missing)
            action.setData(str(listed.path))
            action.triggered.connect(self._open_recent)
            self._recent.addAction(action)
        self._recent.setEnabled(bool(welcome.recent))

    @Slot()
    def _open_recent(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._window.files.open_path(Path(action.data()))

    @Slot(int, QPoint)
    def show_iteration_menu(self, iteration: int, place: QPoint) -> None:
        """What can be done with an iteration, painted or planned."""
        window = self._window
        window.docks.timeline.set_position(iteration)
        is_ahead = iteration >= window.document.length
        self._pop_up(AHEAD if is_ahead else PAINTED, place)

    @Slot(QPoint)
    def show_canvas_menu(self, place: QPoint) -> None:
        """What can be done with the picture, or to have one."""
        has_picture = self._window.canvas.picture() is not None
        self._pop_up(PICTURE if has_picture else NO_PICTURE, place)

    def _pop_up(self, ids: Iterable[str], place: QPoint) -> None:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for id in ids:
            if id:
                menu.addAction(self._window.actions_[id])
            else:
                menu.addSeparator()
        menu.popup(place)
