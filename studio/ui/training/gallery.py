"""What the folder holds: pictures that can be used, and those that cannot with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from studio.ui.canvas.strokes import painting
from studio.ui.dialogs.parts import Heading
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.fold import Fold
from studio.ui.panels.labels import Note
from studio.ui.panels.thumbnail import draw_thumbnail
from studio.work.training_facts import Look

SHOWN = 300
"""Pictures that are shown; more would only be scrolled past."""
SIDE = 84
_GAP = 6
_ROWS = 4
"""Files that are listed at once."""


class Gallery(QWidget):
    """Shows one `Look`."""

    folder_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._usable = Heading("", 1.3), QLabel()
        self._captions, self.problem, self._more = Note(), Note(), Note()
        other = IconButton(
            "folder",
            self.tr("Other folder…"),
            self.tr("Train on other pictures; you can also drop a folder on this window"),
            text=True,
        )
        other.clicked.connect(self.folder_wanted)
        self.close_button = IconButton(
            "close",
            self.tr("Back to the first page"),
            self.tr("Put these pictures away; trainings that are not finished stand there"),
        )
        self.close_button.clicked.connect(self.closed)
        self.squares = Squares()
        self.refused = QListWidget()
        self.refused.setAccessibleName(self.tr("Files that are not used, and why"))
        self.refused.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._fold = Fold(self.tr("Files that are not used"), self.refused)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._name, 1)
        head.addWidget(other, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(head)
        for label in (self._usable, self._captions, self.problem):
            column.addWidget(label)
        column.addSpacing(6)
        column.addWidget(self._scrolled(), 1)
        column.addWidget(self._more)
        column.addWidget(self._fold)

    def set_look(self, look: Look) -> None:
        """Show another folder."""
        count, refused = len(look.usable), len(look.refused)
        number = self.locale().toString
        self._name.setText(look.folder.name or str(look.folder))
        self._name.setToolTip(str(look.folder))
        self._usable.setText(
            self.tr("1 picture can be used.")
            if count == 1
            else self.tr("{n} pictures can be used.").format(n=number(count))
        )
        self._captions.say(self._told_of_captions(look) if count else "")
        self.problem.say(look.problem, warns=True)
        self.squares.set_paths(look.usable[:SHOWN])
        self._more.say(
            self.tr("and {n} more").format(n=number(count - SHOWN)) if count > SHOWN else ""
        )
        self.refused.clear()
        for path, reason in look.refused:
            item = QListWidgetItem(f"{path.name} {reason}", self.refused)
            item.setToolTip(f"{path}\n{reason}")
        rows = min(refused, _ROWS)
        self.refused.setFixedHeight(rows * max(self.refused.sizeHintForRow(0), 1) + 6)
        one = self.tr("1 file is not used")
        title = one if refused == 1 else self.tr("{n} files are not used")
        self._fold.rename(title.format(n=number(refused)))
        self._fold.setVisible(refused > 0)

    def _told_of_captions(self, look: Look) -> str:
        if not look.captions:
            return self.tr(
                "None has a caption, which is fine: then CLIP compares with the picture itself. "
                "A caption is a .txt of the same name, or a description in the picture file."
            )
        return self.tr("{n} of them have a caption, which CLIP looks for in them.").format(
            n=self.locale().toString(look.captions)
        )

    def _scrolled(self) -> QScrollArea:
        scroll = QScrollArea()
        scroll.setWidget(self.squares)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        scroll.setAccessibleName(self.tr("Pictures that can be used"))
        return scroll


class Squares(QWidget):
    """Small pictures in rows; frames until they come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths: Sequence[Path] = ()
        self._pictures: dict[Path, QImage] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def pictures(self) -> dict[Path, QImage]:
        """Those that have come."""
        return self._pictures

    def set_paths(self, paths: Sequence[Path]) -> None:
        """Which pictures there are."""
        self._paths, self._pictures = paths, {}
        self.updateGeometry()
        self.update()

    def set_picture(self, path: Path, picture: QImage) -> None:
        """One has come."""
        if path in self._paths:
            self._pictures[path] = picture
            self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self._paths) // _columns(width))
        return max(round(rows * (_side(width) + _GAP)) - _GAP, 0)

    def sizeHint(self) -> QSize:
        return QSize(5 * (SIDE + _GAP), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(SIDE, self.heightForWidth(self.width()))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            path = self._path_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if path is None else path.name, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            for place, path in enumerate(self._paths):
                frame = self._frame(place)
                if frame.intersects(event.rect().toRectF()):
                    draw_thumbnail(painter, frame, self._pictures.get(path), self.palette())

    def _frame(self, place: int) -> QRectF:
        row, column = divmod(place, _columns(self.width()))
        side = _side(self.width())
        return QRectF(column * (side + _GAP), row * (side + _GAP), side, side)

    def _path_at(self, point: QPoint) -> Path | None:
        for place, path in enumerate(self._paths):
            if self._frame(place).contains(point.toPointF()):
                return path
        return None


def _side(width: int) -> float:
    """Pixels along a square, so that a row fills the width."""
    count = _columns(width)
    return (width - (count - 1) * _GAP) / count


def _columns(width: int) -> int:
    return max(1, (width + _GAP) // (SIDE + _GAP))
