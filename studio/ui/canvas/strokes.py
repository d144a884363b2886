"""What every widget that paints itself needs: a painter that always ends, and mixed colours."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

ROUND = QPainter.RenderHint.Antialiasing
"""For round things only: straight lines are sharper without."""


@contextmanager
def painting(widget: QWidget) -> Iterator[QPainter]:
    """A painter on the widget; what goes wrong is reported instead of thrown through Qt."""
    painter = QPainter(widget)
    try:
        yield painter
    except Exception:
        sys.excepthook(*sys.exc_info())
    finally:
        painter.end()


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """`one` with a share of `other` in it."""
    return QColor.fromRgbF(
        one.redF() + (other.redF() - one.redF()) * share,
        one.greenF() + (other.greenF() - one.greenF()) * share,
        one.blueF() + (other.blueF() - one.blueF()) * share,
    )


def faded(colour: QColor, opacity: float) -> QColor:
    """A colour that lets through what lies under it."""
    thin = QColor(colour)
    thin.setAlphaF(opacity)
    return thin
