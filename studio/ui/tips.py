"""What a button says when it is pointed at: its name, the key for it, and a sentence about it."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QWidget

_SENTENCE, _KEY = "sentence", "key"


def tell(widget: QWidget, sentence: str, name: str = "") -> None:
    """Say a sentence about a widget; of a button its name and its key are said before it.

    A name that is not given is the one the button has, and is given anew when that changes.
    """
    if name:
        widget.setAccessibleName(name)
    widget.setProperty(_SENTENCE, sentence)
    _compose(widget)


def give_key(button: QAbstractButton, key: str) -> None:
    """Say which key does what the button does, such as "Ctrl+D"."""
    native = QKeySequence.SequenceFormat.NativeText
    button.setProperty(_KEY, QKeySequence(key).toString(native))
    _compose(button)


def sentence_of(widget: QWidget) -> str:
    """What is said about a widget, without name and key."""
    sentence = widget.property(_SENTENCE)
    return widget.toolTip() if sentence is None else str(sentence)


def tip(name: str, key: str, sentence: str) -> str:
    """Name, key and sentence as they are shown."""
    name = name.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")
    title = f"{name} ({key})" if key else name
    return f"{title}\n{sentence}"


def _compose(widget: QWidget) -> None:
    sentence = str(widget.property(_SENTENCE) or "")
    if isinstance(widget, QAbstractButton):
        name = widget.accessibleName() or widget.text()
        own = widget.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        sentence = tip(name, own or str(widget.property(_KEY) or ""), sentence)
    widget.setToolTip(sentence)
