"""The curves of a training side by side, in as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from studio.ui.training.chart import Chart
from studio.ui.training.curves import Curves
from studio.ui.training.words import LOSSES, TrainingWords
from studio.work.training_facts import TrainingNews

_NARROWEST, _GAP = 190, 8
_NOISY = (*LOSSES, "loss", "perplexity")
_ORDER = ("psnr", "loss", *LOSSES, "codes_used", "perplexity")


class Charts(QWidget):
    """A chart for each figure that has been measured."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves = Curves()
        self._columns = 0
        told = TrainingWords(self).losses()
        self.charts = {
            name: Chart(*told[name], self._written(name), noisy=name in _NOISY) for name in _ORDER
        }
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)
        for chart in self.charts.values():
            chart.setParent(self)
            chart.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def curves(self) -> Curves:
        """What is drawn."""
        return self._curves

    def clear(self) -> None:
        """Begin anew."""
        self._curves = Curves()
        for chart in self.charts.values():
            chart.hide()
        self._arrange()

    def show_news(self, news: TrainingNews) -> None:
        """Draw on."""
        for point in news.points:
            self._curves.put(point.step, {n: v for n, v in point.losses.items() if n in _ORDER})
        figures = {
            "codes_used": news.codes_used,
            "perplexity": news.perplexity,
        }
        if news.state != "preparing":
            self._curves.put(news.step, {n: v for n, v in figures.items() if v is not None})
        self._show()

    def show_psnr(self, step: int, psnr: float) -> None:
        """What held-out pictures came to after so many steps."""
        self._curves.put(step, {"psnr": psnr})
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(900, self._grid.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _show(self) -> None:
        shown = [name for name, chart in self.charts.items() if not chart.isHidden()]
        for name, chart in self.charts.items():
            steps, values = self._curves.curve(name)
            chart.setVisible(len(values) > 0)
            chart.set_curve(steps, values)
        if shown != [name for name, chart in self.charts.items() if not chart.isHidden()]:
            self._arrange(anew=True)

    def _arrange(self, *, anew: bool = False) -> None:
        shown = [chart for chart in self.charts.values() if not chart.isHidden()]
        fits = max(2, (self.width() + _GAP) // (_NARROWEST + _GAP))
        rows = -(-len(shown) // fits)
        count = -(-len(shown) // rows) if rows else fits  # rows of even length
        if count == self._columns and not anew:
            return
        self._columns = count
        for chart in self.charts.values():
            self._grid.removeWidget(chart)
        for column in range(max(self._grid.columnCount(), count)):
            self._grid.setColumnStretch(column, 1 if column < count else 0)
        for place, chart in enumerate(shown):
            self._grid.addWidget(chart, place // count, place % count)
        self.updateGeometry()

    def _written(self, name: str) -> Callable[[float], str]:
        decibels = self.tr("{n} dB")
        if name == "psnr":
            return lambda value: decibels.format(n=f"{value:.2f}")
        if name == "codes_used":
            return lambda value: f"{value:.0%}"
        if name == "perplexity":
            return lambda value: f"{value:.0f}"
        return lambda value: f"{value:.3g}" if abs(value) >= 1e-4 or not value else f"{value:.0e}"
