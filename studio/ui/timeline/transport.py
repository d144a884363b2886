"""The bar of buttons and numbers above the tracks."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QWidget,
)

from studio.core import numerals
from studio.ui.canvas.strokes import painting
from studio.ui.icons import icon
from studio.ui.panels.numbers import NumberBox, NumberValidator, point_of
from studio.ui.panels.tones import warning
from studio.ui.timeline.facts import PlayMode
from studio.ui.tips import tell

PACES = (1, 5, 10, 15, 24, 30, 60, 120, 250, 500, 1000)
LEAST_PACE, MOST_PACE = 0.1, 10_000.0
_PACE_DIGITS = 2
MODE_ICONS = {PlayMode.ONCE: "once", PlayMode.LOOP: "loop", PlayMode.PING_PONG: "ping-pong"}


class Transport(QWidget):
    """Shows what the timeline does, and says which of its buttons was pressed."""

    start_pressed = Signal()
    back_pressed = Signal()
    play_pressed = Signal()
    forward_pressed = Signal()
    end_pressed = Signal()
    mode_pressed = Signal()
    in_pressed = Signal()
    out_pressed = Signal()
    branch_pressed = Signal()
    live_pressed = Signal(bool)
    zoom_in_pressed = Signal()
    zoom_out_pressed = Signal()
    fit_pressed = Signal()
    position_entered = Signal(int)
    pace_entered = Signal(float)
    keyframe_pressed = Signal()
    record_pressed = Signal(bool)
    done_entering = Signal()
    """The keys may belong to the timeline again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 4, 8, 4)
        self._row.setSpacing(2)
        self.buttons: dict[str, QAbstractButton] = {}
        """By the ids of the commands that do the same."""
        self._add_playing()
        self._add_numbers()
        self._row.addStretch(1)
        self._add_take()
        self._add_zoom()
        self.show_mode(PlayMode.ONCE)
        self._worded_width = self._row.sizeHint().width()

    # Setters; none of them emits
    def show_position(self, position: int, length: int, reach: int) -> None:
        """Where the playhead is, of how many painted iterations, and how far it could go."""
        box = self._position
        if not box.is_typed_in:
            blocked = box.blockSignals(True)
            if box.maximum() != max(reach - 1, 0):  # a new range lays the window out again
                box.setRange(0, max(reach - 1, 0))
            box.blockSignals(blocked)
            box.show_value(position)
        last = self.locale().toString(max((length or reach) - 1, 0))
        self._last.setText(self.tr("of {last}").format(last=last))

    def show_playing(self, is_playing: bool) -> None:
        self._play.setIcon(icon("pause" if is_playing else "play"))
        tell(
            self._play,
            self.tr("Rest at this iteration") if is_playing else self.tr("Play the painted take"),
            self.tr("Pause") if is_playing else self.tr("Play"),
        )

    def show_mode(self, mode: PlayMode) -> None:
        said = {
            PlayMode.ONCE: self.tr("Play once and stop at the end"),
            PlayMode.LOOP: self.tr("Play again from the start at the end"),
            PlayMode.PING_PONG: self.tr("Play back and forth"),
        }
        self._mode.setIcon(icon(MODE_ICONS[mode]))
        tell(self._mode, self.tr("Click for another way to end"), said[mode])

    def show_pace(self, pace: float) -> None:
        self._pace.setEditText(numerals.write(pace, _PACE_DIGITS, point_of(self.locale())))

    def show_live(self, is_live: bool) -> None:
        self._live.setChecked(is_live)

    def show_recording(self, recording: bool) -> None:
        self._record.setChecked(recording)

    def show_empty(self, is_empty: bool, is_bare: bool) -> None:
        """Without an iteration there is nothing to play; without a plan nowhere to go either."""
        for each in self._need_iterations:
            each.setEnabled(not is_empty)
        for each in self._need_places:
            each.setEnabled(not is_bare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words go where there is no room for them."""
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        has_room = event.size().width() >= self._worded_width
        for each in (self._branch, self._live):
            each.setToolButtonStyle(
                style.ToolButtonTextBesideIcon if has_room else style.ToolButtonIconOnly
            )

    # Building
    def _add_playing(self) -> None:
        start = self._button(
            "go_to_start", "to-start", self.tr("To the start"), self.tr("See the first iteration")
        )
        back = self._button(
            "step_back", "step-back", self.tr("One iteration back"), self.tr("See the one before")
        )
        self._play = self._button("play", "play", self.tr("Play"), "")
        forward = self._button(
            "step_on", "step-forward", self.tr("One iteration on"), self.tr("See the one after")
        )
        end = self._button(
            "go_to_end", "to-end", self.tr("To the end"), self.tr("See the last iteration")
        )
        self._gap(8)
        self._mode = self._button("cycle_mode", "once", self.tr("Play once"), "")
        self._in = self._button(
            "mark_in",
            "mark-in",
            self.tr("Put the point in here"),
            self.tr("Play and export from this iteration on"),
        )
        self._out = self._button(
            "mark_out",
            "mark-out",
            self.tr("Put the point out here"),
            self.tr("Play and export up to this iteration"),
        )
        self.show_playing(False)
        start.clicked.connect(self.start_pressed)
        back.clicked.connect(self.back_pressed)
        self._play.clicked.connect(self.play_pressed)
        forward.clicked.connect(self.forward_pressed)
        end.clicked.connect(self.end_pressed)
        self._mode.clicked.connect(self.mode_pressed)
        self._in.clicked.connect(self.in_pressed)
        self._out.clicked.connect(self.out_pressed)
        self._need_iterations: list[QWidget] = [self._play, end, self._in, self._out]
        self._need_places: list[QWidget] = [start, back, forward]

    def _add_numbers(self) -> None:
        self._gap(12)
        self._position = NumberBox(0, 0, 1, whole=True)
        self._position.setFixedWidth(self.fontMetrics().horizontalAdvance("0000000") + 40)
        self._position.setAccessibleName(self.tr("Iteration"))
        self._position.setToolTip(self.tr("The iteration under the playhead; type one to go to it"))
        self._position.chosen.connect(self._enter_position)
        self._position.lineEdit().returnPressed.connect(self.done_entering)
        self._last = _quiet(QLabel())
        self._last.setMinimumWidth(self.fontMetrics().horizontalAdvance("of 00,000"))
        self._pace = self._pace_box()
        self._add_labelled(self.tr("Iteration"), self._position)
        self._row.addSpacing(4)
        self._row.addWidget(self._last)
        self._gap(12)
        self._add_labelled(self.tr("Pace"), self._pace)
        self._row.addSpacing(4)
        self._row.addWidget(_quiet(QLabel(self.tr("it/s"))))
        self._need_places.append(self._position)

    def _pace_box(self) -> QComboBox:
        box, typed = QComboBox(), QLineEdit()
        box.setLineEdit(typed)
        box.addItems([str(each) for each in PACES])
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        typed.setValidator(NumberValidator(typed))
        box.setFixedWidth(self.fontMetrics().horizontalAdvance("10000") + 44)
        box.setAccessibleName(self.tr("Pace in iterations a second"))
        box.setToolTip(self.tr("How many iterations are shown in a second of playing"))
        box.textActivated.connect(self._enter_pace)
        typed.editingFinished.connect(self._enter_pace)
        typed.returnPressed.connect(self.done_entering)
        box.textActivated.connect(self.done_entering)
        return box

    def _enter_pace(self) -> None:
        pace = numerals.read(self._pace.currentText())
        if pace is not None and LEAST_PACE <= pace <= MOST_PACE:
            self.pace_entered.emit(pace)

    def _enter_position(self, position: float) -> None:
        self.position_entered.emit(round(position))

    def _add_take(self) -> None:
        self._keyframe = self._button(
            "add_keyframe",
            "keyframe",
            self.tr("Add a keyframe"),
            self.tr("Let what is set here be reached on the way"),
        )
        self._keyframe.clicked.connect(self.keyframe_pressed)
        self._need_places.append(self._keyframe)
        self._record = RecordButton(self)
        self.buttons["record"] = self._record
        self._record.clicked.connect(self.record_pressed)
        self._row.addWidget(self._record)
        self._gap(4)
        self._branch = self._button(
            "branch",
            "branch",
            self.tr("Branch from here"),
            self.tr("Paint on from this iteration as a new take"),
        )
        self._branch.setText(self.tr("Branch from here"))
        self._branch.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._branch.clicked.connect(self.branch_pressed)
        self._gap(4)
        self._live = self._button(
            "live",
            "live",
            self.tr("Live"),
            self.tr("Follow the newest iteration while it is painted"),
        )
        self._live.setCheckable(True)
        self._live.setText(self.tr("Live"))
        self._live.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._live.clicked.connect(self.live_pressed)
        self._need_iterations.append(self._branch)

    def _add_zoom(self) -> None:
        self._gap(8)
        out = self._button(
            "timeline_out", "zoom-out", self.tr("Zoom out"), self.tr("See more iterations")
        )
        fit = self._button(
            "timeline_all", "fit", self.tr("All"), self.tr("See all iterations side by side")
        )
        near = self._button(
            "timeline_in", "zoom-in", self.tr("Zoom in"), self.tr("See fewer iterations, larger")
        )
        out.clicked.connect(self.zoom_out_pressed)
        fit.clicked.connect(self.fit_pressed)
        near.clicked.connect(self.zoom_in_pressed)

    def _button(self, id: str, name: str, text: str, about: str) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setIcon(icon(name))
        button.setIconSize(QSize(18, 18))
        button.setFixedHeight(28)
        button.setMinimumWidth(30)
        tell(button, about, text)
        self.buttons[id] = button
        self._row.addWidget(button)
        return button

    def _add_labelled(self, text: str, widget: QWidget) -> None:
        label = _quiet(QLabel(text))
        label.setBuddy(widget)
        self._row.addWidget(label)
        self._row.addSpacing(4)
        self._row.addWidget(widget)

    def _gap(self, pixels: int) -> None:
        self._row.addSpacing(pixels)


class RecordButton(QToolButton):
    """A dot that is red while changes become keyframes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setCheckable(True)
        self.setFixedSize(30, 28)
        tell(
            self,
            self.tr("What you change while it paints becomes keyframes, on the way"),
            self.tr("Record keyframes"),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with painting(self) as painter:
            palette = self.palette()
            ink = palette.color(QPalette.ColorRole.ButtonText)
            colour = warning(palette) if self.isChecked() else ink
            middle = QRectF(self.rect()).center()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, 7.5, 7.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(middle, 4.2, 4.2)


def _quiet(label: QLabel) -> QLabel:
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
