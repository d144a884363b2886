"""One model in the list: what it is, what is up with it, and the buttons for that."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
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

ASIDE = 184
_ON_THE_WAY = AT_WORK | {"paused"}


class ModelRow(QWidget):
    """Shows a `Model`; a click or the keyboard chooses it."""

    chosen = Signal(object)
    """The key of the model; so with all others."""
    get_wanted = Signal(object)
    pause_wanted = Signal(object)
    cancel_wanted = Signal(object)
    use_wanted = Signal(object)
    stepped = Signal(object, int)
    """An arrow key: to the row so many further."""

    def __init__(self, model: Model, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self._words = Words(self)
        self._is_chosen = self._in_use = False
        self._title, self._draws, self._facts = QLabel(), Note(), Note()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._problem, self._said = Note(), Note(wraps=False)
        self._mark = Glyph("check", 16)
        self._bar = QProgressBar()
        self.get = QPushButton(icon("download"), "")
        self.use = QPushButton(self.tr("Use"))
        self.pause = IconButton("pause", self.tr("Pause"), "")
        self.cancel = IconButton("close", self.tr("Cancel"), "")
        self._dress()
        self._lay_out()
        self.show_model(model)

    def show_model(self, model: Model) -> None:
        """Show what is up with it now."""
        self.model = model
        words = self._words
        title, state = words.title(model), words.state(model)
        if self._in_use and model.is_here:
            state = self.tr("In use")
        self._title.setText(title)
        self._draws.say(model.draws)
        self._facts.say(words.facts(model))
        self._problem.say(model.problem, warns=True)
        self._said.say("" if model.state == "offered" else state, warns=model.state == "failed")
        self._mark.setVisible(model.is_here)
        self._show_way(model)
        self._show_buttons(model, title)
        self.setAccessibleName(f"{title}, {words.kind(model)}, {state}")
        self.setAccessibleDescription(f"{model.draws} {words.facts(model)} {model.problem}".strip())

    def set_chosen(self, chosen: bool) -> None:
        """Light the row, or not."""
        if chosen != self._is_chosen:
            self._is_chosen = chosen
            self.update()

    def set_in_use(self, in_use: bool) -> None:
        """Say whether the painting is painted with it."""
        if in_use != self._in_use:
            self._in_use = in_use
            self.show_model(self.model)

    def speaks_of(self, text: str) -> bool:
        """Whether all words of a search are in what the row tells."""
        model, words = self.model, self._words
        told = f"{model.name} {model.title} {model.draws} {words.facts(model)} {model.licence}"
        told = f"{told} {words.kind(model)} {words.state(model)}".lower()
        return all(word in told for word in text.lower().split())

    def _show_way(self, model: Model) -> None:
        on_its_way = model.state in _ON_THE_WAY
        self._bar.setVisible(on_its_way)
        # what has no known end shows a full bar at once, not one that runs to and fro
        share = 1.0 if model.state in ("checking", "converting") else model.share or 0.0
        self._bar.setValue(round(share * 1000))

    def _show_buttons(self, model: Model, title: str) -> None:
        tr, size = self.tr, self._words.size(model.bytes)
        state = model.state
        self.get.setVisible(state in ("offered", "failed", "damaged") and model.is_listed)
        if state == "offered":
            text = tr("Get {size}").format(size=size) if model.bytes else tr("Get")
            self._name(self.get, text, title, tr("Download, check and convert it"))
        elif state == "failed":
            self._name(self.get, tr("Retry"), title, tr("Go on where it stopped"))
        else:
            self._name(self.get, tr("Get it again"), title, tr("Put a sound one in its place"))
        self.use.setVisible(state == "here" and not self._in_use)
        self._name(self.use, tr("Use"), title, tr("Use it for this painting"))
        paused = state == "paused"
        self.pause.setVisible(state in ("getting", "waiting", "paused"))
        self.pause.show_icon("play" if paused else "pause")
        name = tr("Resume {title}") if paused else tr("Pause {title}")
        tip = tr("Go on where it stopped") if paused else tr("Rest; what is here is kept")
        self.pause.name(name.format(title=title), tip)
        self.cancel.setVisible(state in _ON_THE_WAY or (state == "failed" and model.done > 0))
        self.cancel.name(
            tr("Cancel {title}").format(title=title), tr("Give up, and delete what is here of it")
        )

    def _name(self, button: QPushButton, text: str, title: str, tip: str) -> None:
        button.setText(text)
        button.setAccessibleName(f"{text}: {title}")
        tell(button, tip)

    def _dress(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        font = self._title.font()
        font.setWeight(font.Weight.DemiBold)
        self._title.setFont(font)
        self._title.setWordWrap(True)
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._bar.setAccessibleName(self.tr("How much is here"))
        self.get.setIconSize(QSize(16, 16))
        for button in (self.get, self.use):
            button.setAutoDefault(False)
            button.setMinimumWidth(96)
        self.get.clicked.connect(self._get)
        self.use.clicked.connect(self._use)
        self.pause.clicked.connect(self._pause)
        self.cancel.clicked.connect(self._cancel)

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(3)
        for label in (self._title, self._draws, self._facts, self._problem):
            texts.addWidget(label)
        texts.addStretch(1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._said.setAlignment(right)
        said = QHBoxLayout()
        said.setSpacing(5)
        said.addStretch(1)
        said.addWidget(self._mark)
        said.addWidget(self._said)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addStretch(1)
        for button in (self.pause, self.cancel, self.get, self.use):
            buttons.addWidget(button)
        aside = QWidget()
        aside.setFixedWidth(ASIDE)
        column = QVBoxLayout(aside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addStretch(1)
        column.addLayout(said)
        column.addWidget(self._bar)
        column.addLayout(buttons)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(14)
        row.addLayout(texts, 1)
        row.addWidget(aside)

    # What a person does

    def _get(self) -> None:
        self.get_wanted.emit(self.model.key)

    def _use(self) -> None:
        self.use_wanted.emit(self.model.key)

    def _cancel(self) -> None:
        self.cancel_wanted.emit(self.model.key)

    def _pause(self) -> None:
        wanted = self.get_wanted if self.model.state == "paused" else self.pause_wanted
        wanted.emit(self.model.key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.chosen.emit(self.model.key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.chosen.emit(self.model.key)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(self.model.key, step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for button in (self.get, self.use, self.pause):
                if not button.isHidden():
                    button.click()
                    return
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            palette = self.palette()
            ground, edge = raised(palette), outline(palette)
            if self._is_chosen:
                ground = mixed(ground, palette.color(QPalette.ColorRole.Highlight), 0.22)
                edge = mixed(edge, palette.color(QPalette.ColorRole.Accent), 0.7)
            elif self.underMouse():
                edge = mixed(edge, palette.color(QPalette.ColorRole.WindowText), 0.25)
            if self.hasFocus():
                edge = palette.color(QPalette.ColorRole.Accent)
            painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
            painter.setBrush(ground)
            inset = 1.0 if self.hasFocus() else 0.5
            box = self.rect().toRectF().adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, 7, 7)
