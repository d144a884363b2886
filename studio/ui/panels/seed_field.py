"""The seed of a painting, with dice and a lock."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.ui.panels.buttons import IconButton
from studio.ui.panels.seeds import SeedEdit, fresh_seed


class SeedField(QWidget):
    """A number, dice that roll another one, and a lock that keeps it for new paintings."""

    chosen = Signal(object)
    lock_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seed = SeedEdit(self)
        self._seed.setAccessibleName(self.tr("Seed"))
        self._seed.setToolTip(
            self.tr("Where chance begins: the same seed and settings paint the same picture again")
        )
        self._seed.chosen.connect(self.chosen)
        self._dice = IconButton(
            "dice", self.tr("Roll a seed"), self.tr("Roll another seed now, for another picture")
        )
        self._dice.clicked.connect(self._roll)
        self._lock = IconButton("lock", "", "")
        self._lock.setCheckable(True)
        self._lock.toggled.connect(self._toggled)
        self.setFocusProxy(self._seed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._seed, 1)
        row.addWidget(self._dice)
        row.addWidget(self._lock)
        self._show_lock()

    @property
    def locked(self) -> bool:
        """Whether a new painting keeps the seed."""
        return self._lock.isChecked()

    def set_locked(self, locked: bool) -> None:
        """Show the lock closed or open without telling of it."""
        self._lock.blockSignals(True)
        self._lock.setChecked(locked)
        self._lock.blockSignals(False)
        self._show_lock()

    def show_value(self, seed: int) -> None:
        """Show a seed without telling of it."""
        self._seed.show_value(seed)

    def _roll(self) -> None:
        self._seed.choose(fresh_seed())

    def _toggled(self, locked: bool) -> None:
        self._show_lock()
        self.lock_changed.emit(locked)

    def _show_lock(self) -> None:
        if self.locked:
            self._lock.show_icon("lock")
            self._lock.name(
                self.tr("Unlock the seed"), self.tr("Each new painting keeps this seed; unlock it")
            )
        else:
            self._lock.show_icon("unlock")
            self._lock.name(
                self.tr("Lock the seed"),
                self.tr("Each new painting rolls a seed of its own; keep this one instead"),
            )
