"""What pressing and dragging on the board does: one object for each kind of drag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, Qt

from studio.ui.timeline.facts import Keyframe

if TYPE_CHECKING:
    from studio.ui.timeline.board import Board

SLACK = 4.0
"""Pixels that the mouse may move in a click."""


class Drag(Protocol):
    """From the press to the release."""

    def move(self, at: QPointF) -> None: ...

    def drop(self, modifiers: Qt.KeyboardModifier) -> None: ...

    def cancel(self) -> None: ...


class Scrub:
    """The playhead follows the mouse."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def move(self, at: QPointF) -> None:
        self._board.scrub(at.x())

    def drop(self, modifiers: Qt.KeyboardModifier) -> None:
        pass

    def cancel(self) -> None:
        pass


class Pan:
    """The view follows the mouse."""

    def __init__(self, board: Board, pressed: QPointF) -> None:
        self._board = board
        self._x = pressed.x()
        self._start = board.axis().start

    def move(self, at: QPointF) -> None:
        axis = self._board.axis()
        self._board.show_axis(axis.scrolled(self._start - (at.x() - self._x) / axis.scale))

    def drop(self, modifiers: Qt.KeyboardModifier) -> None:
        pass

    def cancel(self) -> None:
        pass


class MoveKeyframe:
    """A diamond follows the mouse to a free place ahead; without a move it is a click on it.

    With Ctrl held at the end, a copy of it goes there. One that is passed can be dragged too: that
    it stays is for others to say.
    """

    def __init__(self, board: Board, keyframe: Keyframe, pressed: QPointF) -> None:
        self._board = board
        self._from = keyframe.iteration
        self._to = keyframe.iteration
        self._x = pressed.x()
        self._is_moving = False

    def move(self, at: QPointF) -> None:
        self._is_moving = self._is_moving or abs(at.x() - self._x) > SLACK
        if self._is_moving:
            axis = self._board.axis()
            moved = self._from + round((at.x() - self._x) / axis.scale)
            self._to = self._free(max(0, min(moved, axis.extent - 1)))
            self._board.show_ghost(self._to)

    def _free(self, wanted: int) -> int:
        """The nearest iteration that no other keyframe has, and that is not painted."""
        board = self._board
        if self._from < board.length():
            return wanted
        wanted = max(wanted, board.length())
        others = {each.iteration for each in board.scene.keyframes} - {self._from}
        first, last = board.length(), board.axis().extent
        for distance in range(last - first + 1):
            for place in (wanted - distance, wanted + distance):
                if first <= place < last and place not in others:
                    return place
        return self._from

    def drop(self, modifiers: Qt.KeyboardModifier) -> None:
        board = self._board
        board.show_ghost(None)
        copies = modifiers & Qt.KeyboardModifier.ControlModifier
        if not self._is_moving:
            board.scrubbed.emit(self._from)
        elif self._to != self._from:
            told = board.keyframe_copied if copies else board.keyframe_moved
            told.emit(self._from, self._to)

    def cancel(self) -> None:
        self._board.show_ghost(None)


class MoveEnd:
    """The point in or the point out follows the mouse."""

    def __init__(self, board: Board, is_first: bool) -> None:
        self._board = board
        self._is_first = is_first
        self._before = board.ends()

    def move(self, at: QPointF) -> None:
        first, last = self._board.ends()
        length = self._board.length()
        cell = self._board.axis().cell(at.x())
        if self._is_first:
            most = length - 1 if last is None else last
            first = max(0, min(round(cell), most))
        else:
            last = max(first or 0, min(round(cell) - 1, length - 1))
        self._board.range_dragged.emit(first, last)

    def drop(self, modifiers: Qt.KeyboardModifier) -> None:
        pass

    def cancel(self) -> None:
        self._board.range_dragged.emit(*self._before)
