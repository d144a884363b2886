"""Line icons in the colour of the palette in force, sharp at any size, right after every change."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer

from studio import places


@cache
def icon(name: str, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText) -> QIcon:
    """The icon of that name in resources/icons, in the colour of a palette role.

    `HighlightedText` is the role for buttons that stand out. KeyError for a name that has none.
    """
    return QIcon(_LineIcon(name, _source(name), role))


def _source(name: str) -> str:
    path = places.resources() / "icons" / f"{name}.svg"
    if not name or not path.is_file():
        raise KeyError(name)
    return path.read_text(encoding="utf-8")


class _LineIcon(QIconEngine):
    """An SVG whose `currentColor` is what the palette says when it is painted."""

    def __init__(self, name: str, source: str, role: QPalette.ColorRole) -> None:
        super().__init__()
        self._name = name
        self._text = source
        self._role = role
        self._clones: list[_LineIcon] = []

    def clone(self) -> QIconEngine:
        # Qt owns the C++ side of a clone, and its Python side must live as long
        self._clones.append(_LineIcon(self._name, self._text, self._role))
        return self._clones[-1]

    def key(self) -> str:
        return "LineIcon"

    def iconName(self) -> str:
        return self._name

    def isNull(self) -> bool:
        return False

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        scale = painter.device().devicePixelRatio()
        picture = self.pixmap(rect.size() * scale, mode, state)
        painter.drawPixmap(rect, picture)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        colour = self._colour(mode)
        key = f"{self._name} {colour.rgba():08x} {size.width()}x{size.height()}"
        picture = QPixmap()
        if not QPixmapCache.find(key, picture):
            picture = self._draw(size, colour)
            QPixmapCache.insert(key, picture)
        return picture

    def _draw(self, size: QSize, colour: QColor) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        if picture.isNull():
            return picture
        text = self._text.replace("currentColor", colour.name())
        side = min(size.width(), size.height())
        square = QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side)
        painter = QPainter(picture)
        QSvgRenderer(QByteArray(text.encode())).render(painter, square)
        painter.end()
        return picture

    def _colour(self, mode: QIcon.Mode) -> QColor:
        palette = QGuiApplication.palette()
        if mode == QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, self._role)
        if mode == QIcon.Mode.Selected:
            return palette.color(QPalette.ColorRole.HighlightedText)
        return palette.color(self._role)
