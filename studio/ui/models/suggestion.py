"""A strip with the two models to begin with, and one button that gets and uses them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.ui.canvas.strokes import mixed, painting
from studio.ui.dialogs.parts import Glyph
from studio.ui.icons import icon
from studio.ui.models.words import Words
from studio.ui.panels.buttons import IconButton
from studio.ui.panels.labels import Note
from studio.ui.panels.tones import outline, raised
from studio.ui.tips import tell
from studio.work.stock import AT_WORK, Model

_WIDE = 700


class Suggestion(QWidget):
    """Gone while there is nothing to suggest."""

    wanted = Signal()
    """Get what is missing of them, and use them."""
    more_wanted = Signal()
    """See all models."""
    dismissed = Signal()

    def __init__(self, *, on_first_page: bool, parent: QWidget | None = None) -> None:
        """On the first page it can be sent away, and leads to all models."""
        super().__init__(parent)
        self._words = Words(self)
        self._on_first_page = on_first_page
        self._title, self._said = QLabel(), Note()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._bar.setAccessibleName(self.tr("How much of both is here"))
        self.get = QPushButton(icon("download"), "")
        self.get.setIconSize(QSize(16, 16))
        self.get.setAutoDefault(False)
        self.get.clicked.connect(self.wanted)
        self.more = QPushButton(self.tr("All models…"))
        self.more.setFlat(True)
        self.more.setAutoDefault(False)
        tell(self.more, self.tr("See what else there is"), self.tr("All models"))
        self.more.clicked.connect(self.more_wanted)
        self.close_button = IconButton(
            "close", self.tr("Not now"), self.tr("Do not suggest this here any more")
        )
        self.close_button.clicked.connect(self.dismissed)
        self._lay_out()
        self.show_models((), in_use=False)

    def show_models(self, models: Sequence[Model], *, in_use: bool) -> None:
        """The models suggested, and whether they are what is painted with already."""
        names = " + ".join(self._words.title(model) for model in models)
        missing = [model for model in models if not model.is_here]
        going = [model for model in missing if model.state in AT_WORK]
        size = self._words.size(sum(model.bytes or 0 for model in missing))
        self._title.setText(
            self.tr("Recommended: {names}, {size}").format(names=names, size=size)
            if missing
            else self.tr("Recommended: {names}").format(names=names)
        )
        self._said.say(self._sentence(missing, going))
        total = sum(model.bytes or 0 for model in models)
        done = sum(model.bytes or 0 if model.is_here else model.done for model in models)
        self._bar.setVisible(bool(going))
        self._bar.setValue(round(1000 * done / total) if total else 0)
        self.get.setVisible(not going)
        text = self.tr("Get both and use them") if missing else self.tr("Use them")
        if len(missing) == 1 and len(models) > 1:
            text = self.tr("Get the other and use both")
        self.get.setText(text)
        self.get.setAccessibleName(text)
        tell(self.get, self.tr("Paint with {names}").format(names=names))
        done_with = not models or in_use or (self._on_first_page and not missing)
        self.setVisible(not done_with)

    def _sentence(self, missing: Sequence[Model], going: Sequence[Model]) -> str:
        if going:
            return self.tr("On the way. Meanwhile you can paint with the starter models.")
        if not missing:
            return self.tr("Both are here.")
        if any(model.state == "paused" for model in missing):
            return self.tr("Paused. What is here of them is kept.")
        if any(model.state == "failed" for model in missing):
            return self.tr("This did not work. The list of models says why.")
        return self.tr(
            "They draw nearly everything. The starter models know shapes, skies and a few hundred "
            "words; you can paint with them meanwhile."
        )

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(3)
        for widget in (self._title, self._said):
            texts.addWidget(widget)
        texts.addWidget(self._bar)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.more)
        buttons.addWidget(self.get)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(12)
        self._body.addLayout(texts, 1)
        self._body.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(12)
        row.addWidget(Glyph("models", 26), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self._body, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.more.setVisible(self._on_first_page)
        self.close_button.setVisible(self._on_first_page)
        if not self._on_first_page:
            self.get.setProperty("primary", True)
            self.get.setIcon(icon("download", QPalette.ColorRole.HighlightedText))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The buttons stand below the words where there is little room beside them."""
        directions = QBoxLayout.Direction
        wide = event.size().width() >= _WIDE
        self._body.setDirection(directions.LeftToRight if wide else directions.TopToBottom)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            palette = self.palette()
            accent = palette.color(QPalette.ColorRole.Accent)
            share = 0.0 if self._on_first_page else 0.1
            painter.setPen(QPen(mixed(outline(palette), accent, share * 4), 1))
            painter.setBrush(mixed(raised(palette), accent, share))
            box = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(box, 8, 8)
