"""Models put to use: in the painting that is shown, or in a new one where it has begun."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from studio.work.facts import Draft
from studio.work.stock import Key, Model

if TYPE_CHECKING:
    from studio.ui.window import MainWindow


class Use(QObject):
    """Changes the settings of the document as a person who uses a model means it."""

    def __init__(self, window: MainWindow, models: Mapping[Key, Model]) -> None:
        """`models`: those there are, kept up to date by whoever made it."""
        super().__init__(window)
        self._window, self._models = window, models

    @property
    def keys(self) -> tuple[Key, ...]:
        """The models that the painting is painted with, the VQGAN first."""
        settings = self._window.document.settings
        return (settings.model, "vqgan"), *((name, "clip") for name in settings.perceptors)

    def use(self, key: Key, asker: QWidget) -> None:
        """Paint with a VQGAN, or let a CLIP alone judge; a painting keeps its VQGAN: then ask."""
        is_other = key not in self.keys
        if key[1] == "vqgan" and is_other and self._window.document.has_begun:
            self._ask_to_begin(key, asker)
        else:
            self._edit((key,), self.tr("Use {name}").format(name=key[0]))

    @Slot(object)
    def use_beside(self, key: Key) -> None:
        """Let a CLIP judge beside those that do and are here."""
        here = tuple(each for each in self.keys[1:] if self.is_here(each))
        self._edit((*here, key), self.tr("Use {name} too").format(name=key[0]))

    def use_all(self, keys: tuple[Key, ...]) -> bool:
        """Use a VQGAN and CLIPs; false when the painting has begun and keeps its VQGAN."""
        if self._window.document.has_begun and keys[0] not in self.keys:
            return False
        self._edit(keys, self.tr("Use the recommended models"))
        return True

    def begin_with(self, keys: tuple[Key, ...]) -> None:
        """A new painting with these, and with prompts and settings of the one that is shown."""
        document = self._window.document
        settings = msgspec.structs.replace(document.settings, **self._fields(keys))
        self._window.files.begin(Draft(settings, dict(document.pictures)))

    def is_here(self, key: Key) -> bool:
        """Whether it can be painted with."""
        return key in self._models and self._models[key].is_here

    def _edit(self, keys: tuple[Key, ...], words: str) -> None:
        self._window.document.edit(self._fields(keys), words)
        names = " + ".join(name for name, _ in keys)
        self._window.say(self.tr("{names}: in use now.").format(names=names))

    def _ask_to_begin(self, key: Key, asker: QWidget) -> None:
        box = QMessageBox(asker)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Begin a new painting with {name}?").format(name=key[0]))
        box.setInformativeText(
            self.tr(
                "This one was begun with {model} and keeps it, as its iterations are codes of that "
                "model. A new one takes prompts and settings along."
            ).format(model=self.keys[0][0])
        )
        yes = box.addButton(self.tr("New painting"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(yes)
        box.accepted.connect(partial(self.begin_with, (key,)))
        box.finished.connect(box.deleteLater)
        box.open()

    def _fields(self, keys: tuple[Key, ...]) -> dict[str, object]:
        """The settings that name these models, at a size that fits the VQGAN."""
        fields: dict[str, object] = {}
        clips = tuple(name for name, kind in keys if kind == "clip")
        if clips:
            fields |= {"perceptors": clips, "perceptor_weights": ()}
        for name, kind in keys:
            if kind == "vqgan" and name != self.keys[0][0]:
                side = self._models[name, kind].factor or 1
                width, height = self._window.document.settings.size
                fields |= {"model": name, "size": (_fitted(width, side), _fitted(height, side))}
        return fields


def _fitted(pixels: int, side: int) -> int:
    return max(side, pixels // side * side)
