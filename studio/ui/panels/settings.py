"""The panel of settings: the picture, its guidance and the pace of the painting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import Property, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from studio.core.efforts import effort_of
from studio.core.knobs import KNOBS
from studio.core.settings import Prompt, Settings
from studio.errors import RequestError
from studio.ui.panels.fold import Fold
from studio.ui.panels.key_mark import Keyed
from studio.ui.panels.numbers import NumberBox
from studio.ui.panels.settings_forms import SettingsForms

_DEFAULTS: Mapping[str, Any] = {
    name: getattr(Settings(prompts=(Prompt(text="-"),)), name)
    for name in Settings.__struct_fields__
    if name not in ("prompts", "seed", "start_picture", "crossing", "perceptor_weights")
}
_FIXED = ("model", "size", "start", "start_picture")
_DRAGGED = (*(each.field for each in KNOBS), "size", "seed", "motion")
"""Edits of these merge on the undo list, as one drag or spin is many."""


class SettingsPanel(QWidget):
    """Shows `Settings` and tells which of its fields a person changes."""

    edited = Signal(dict, str, str)
    """Changed fields of `Settings`, words for the undo list, and what may be merged ("" never)."""
    count_edited = Signal(int)
    effort_chosen = Signal(str)
    """One of `core.efforts`, which sets several fields and the number of iterations."""
    start_picture_wanted = Signal()
    start_picture_cleared = Signal()
    seed_lock_changed = Signal(bool)
    models_wanted = Signal(str)
    """Other models of this kind, "vqgan" or "clip"."""
    key_toggled = Signal(str, bool)
    """A field of `Settings`, and whether a keyframe here is to set it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = Settings(prompts=(Prompt(text="-"),))
        self._factors: Mapping[str, int] = {}
        self._imagining: frozenset[str] = frozenset()
        self._forms = SettingsForms(self)
        self._rows = self._forms.rows
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(4, 6, 2, 6)
        column.setSpacing(4)
        for title, form in self._forms.groups:
            column.addWidget(Fold(title, form))
        column.addStretch()
        scroll = QScrollArea(self)
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self._connect()
        self._show()

    def set_settings(self, settings: Settings) -> None:
        """Show the settings in force."""
        if settings != self._settings or self._has_errors():
            self._settings = settings
            self._show()

    def set_models(
        self,
        vqgans: Sequence[tuple[str, str]],
        perceptors: Sequence[tuple[str, str]],
        factors: Mapping[str, int],
        imagining: Set[str] = frozenset(),
    ) -> None:
        """Which models there are, by name and a line.

        Also pixels along one code of each VQGAN, and which of them can imagine a start.
        """
        self._factors, self._imagining = dict(factors), frozenset(imagining)
        self._forms.model.set_choices([(name, name, about) for name, about in vqgans])
        self._forms.perceptors.set_choices(perceptors)
        self._show()

    def set_fixed(self, fixed: bool) -> None:
        """Whether the painting has begun, after which some fields cannot change."""
        reason = self.tr(
            "The painting has begun with this and keeps it. Start a new painting to change it."
        )
        for name in _FIXED:
            self._rows[name].set_fixed(reason if fixed else "")

    def set_keyed(self, keyed: Mapping[str, Keyed], reason: str = "") -> None:
        """Which values keyframes set, here or elsewhere; a reason why none can be added here."""
        for name, row in self._rows.items():
            if row.mark is not None:
                row.mark.show_keyed(keyed.get(name, "no"), reason)

    def set_count(self, count: int) -> None:
        """How many iterations are to be painted."""
        self._forms.count.show_value(count)

    def say_cost(self, words: str, *, warns: bool) -> None:
        """What a painting of this size takes."""
        self._forms.size.say_cost(words, warns=warns)

    def set_start_picture(self, picture: QImage | None) -> None:
        """The init image itself."""
        self._forms.start_picture.set_picture(picture)

    def commit(self) -> None:
        """Take over numbers that are still being typed, as before painting."""
        for row in self._rows.values():
            if hasattr(row.field, "commit"):
                row.field.commit()

    @property
    def is_typed_in(self) -> bool:
        """Whether a number is being typed that is not taken over yet."""
        return any(box.lineEdit().isModified() for box in self.findChildren(NumberBox))

    def _seed_locked(self) -> bool:
        return self._forms.seed.locked

    def _set_seed_locked(self, locked: bool) -> None:
        self._forms.seed.set_locked(locked)

    seed_locked = Property(bool, _seed_locked, _set_seed_locked, notify=seed_lock_changed)
    """Locked, a new painting keeps the seed; else each new one rolls its own."""

    def _connect(self) -> None:
        for name, row in self._rows.items():
            row.reset_wanted.connect(partial(self._reset, name))
            if row.mark is not None:
                row.mark.toggled_here.connect(partial(self._toggle_key, name))
            if name not in ("count", "start", "start_picture", "perceptors"):
                row.field.chosen.connect(partial(self._choose, name))  # type: ignore[attr-defined]
        self._forms.effort.chosen.connect(self._effort_chosen)
        self._forms.count.chosen.connect(self._count_chosen)
        self._forms.more_vqgans.clicked.connect(self._want_vqgans)
        self._forms.more_clips.clicked.connect(self._want_clips)
        self._forms.seed.lock_changed.connect(self.seed_lock_changed)
        self._forms.start.chosen.connect(self._start_chosen)
        self._forms.perceptors.chosen.connect(self._perceptors_chosen)
        self._forms.start_picture.wanted.connect(self.start_picture_wanted)
        self._forms.start_picture.cleared.connect(self.start_picture_cleared)

    def _show(self) -> None:
        settings = self._settings
        self._forms.offer_imagined(settings.model in self._imagining)
        for name, row in self._rows.items():
            row.error.say("", warns=True)
            if name not in ("count", "start_picture"):
                row.field.show_value(getattr(settings, name))  # type: ignore[attr-defined]
        self._forms.effort.show_value(effort_of(settings))
        self._forms.perceptors.show_weights(settings.perceptor_weights)
        self._forms.size.set_factor(self._factors.get(settings.model, 1))
        self._rows["start_picture"].set_shown(settings.start == "picture")
        self._show_resets()

    def _show_resets(self) -> None:
        for name, row in self._rows.items():
            if name in _DEFAULTS:
                row.set_differs(getattr(self._settings, name) != self._default(name))

        if self._settings.perceptor_weights:
            self._rows["perceptors"].set_differs(True)

    def _choose(self, name: str, value: object) -> None:
        self._change(name, {name: value})

    def _toggle_key(self, name: str, wanted: bool) -> None:
        self.key_toggled.emit(name, wanted)

    def _want_vqgans(self) -> None:
        self.models_wanted.emit("vqgan")

    def _want_clips(self) -> None:
        self.models_wanted.emit("clip")

    def _count_chosen(self, count: int) -> None:
        self.count_edited.emit(count)

    def _effort_chosen(self, effort: str) -> None:
        self.effort_chosen.emit(effort)
        self._forms.effort.show_value(effort_of(self._settings))  # whatever came of it

    def _start_chosen(self, start: str) -> None:
        if start == "picture" and self._settings.start_picture is None:
            self._forms.start.show_value(self._settings.start)
            self.start_picture_wanted.emit()
            return
        picture = self._settings.start_picture if start == "picture" else None
        self._change("start", {"start": start, "start_picture": picture})

    def _perceptors_chosen(self, names: tuple[str, ...], weights: tuple[float, ...]) -> None:
        fields = {"perceptors": names, "perceptor_weights": weights}
        changed = {n: value for n, value in fields.items() if value != getattr(self._settings, n)}
        self._change("perceptors", changed)

    def _reset(self, name: str) -> None:
        if name == "start":
            self._start_chosen(self._default(name))
        elif name == "perceptors":
            self._perceptors_chosen(_DEFAULTS[name], ())
        else:
            self._change(name, {name: _DEFAULTS[name]})

    def _default(self, name: str) -> Any:
        imagines = name == "start" and self._settings.model in self._imagining
        return "imagined" if imagines else _DEFAULTS[name]

    def _change(self, name: str, fields: dict[str, Any]) -> None:
        row = self._rows[name]
        try:
            settings = msgspec.structs.replace(self._settings, **fields)
        except RequestError as error:
            row.error.say(str(error), warns=True)
            return
        before, self._settings = self._settings, settings
        self._show()
        if settings != before:
            dragged = name if name in _DRAGGED else ""
            if fields.keys() == {"perceptor_weights"}:
                dragged = "perceptor_weights"
            self.edited.emit(fields, row.label.text(), dragged)

    def _has_errors(self) -> bool:
        return any(row.error.text() for row in self._rows.values())
