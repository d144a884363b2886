"""Pictures that come in by drop, and go out by drag and clipboard."""

from __future__ import annotations

import re
import tempfile
from contextlib import ExitStack
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QUrl
from PySide6.QtGui import QDrag, QImage, QPixmap, Qt
from PySide6.QtWidgets import QWidget

from studio import leftovers
from studio.pictures import png
from studio.pictures.decoder import ENDINGS, MIME

PROJECT = "vqproj"
QUALITY = 80
"""Qt's word for how little to compress a PNG: smaller is slower, the pixels stay the same."""
THUMB = 128


def dropped_file(data: QMimeData) -> str | None:
    """The first file among what is dropped that a person could mean."""
    known = (f".{PROJECT}", *ENDINGS)
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return next((path for path in paths if path.lower().endswith(known)), None)


def brings_picture(data: QMimeData) -> bool:
    """Whether a picture without a file is among what is dropped, in a form that is read."""
    return any(data.hasFormat(form) for form in MIME) or (data.hasImage() and not _encoded(data))


def dropped_picture(data: QMimeData) -> QImage | bytes | None:
    """That picture: encoded as it came, or as pixels where it came as those."""
    for form in MIME:
        if data.hasFormat(form):
            return bytes(data.data(form).data()) or None
    picture = data.imageData() if brings_picture(data) else None
    if isinstance(picture, QPixmap):
        picture = picture.toImage()
    return picture if isinstance(picture, QImage) and not picture.isNull() else None


def _encoded(data: QMimeData) -> bool:
    """Whether a picture is there in an encoding, which Qt would read in its own way."""
    return any(form.startswith("image/") for form in data.formats())


def holds_settings(path: str) -> bool:
    """Whether a file is a PNG that tells how it was painted; only its head is read."""
    if Path(path).suffix.lower() != ".png" or not Path(path).is_file():
        return False
    try:
        with Path(path).open("rb") as file:
            return "settings" in png.texts(file)
    except OSError:
        return False


class Outbox:
    """A folder for the files that are dragged out, which lives until it is closed."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._open = ExitStack()

    def package(self, picture: QImage, name: str) -> QMimeData:
        """A picture to give away: as pixels, and as a PNG file."""
        data = QMimeData()
        data.setImageData(picture)
        path = self._fresh() / f"{file_name(name)}.png"
        if picture.save(str(path), "PNG", QUALITY):  # type: ignore[call-overload]
            data.setUrls([QUrl.fromLocalFile(str(path))])
        return data

    def close(self) -> None:
        self._folder = None
        self._open.close()

    def _fresh(self) -> Path:
        """A folder of its own for each file: whoever took the last may still be reading it."""
        if self._folder is None:
            self._folder = self._open.enter_context(leftovers.temporary())
        return Path(tempfile.mkdtemp(dir=self._folder))


def carrying(source: QWidget, data: QMimeData, picture: QImage) -> QDrag:
    """A drag with a small picture at the cursor."""
    drag = QDrag(source)
    drag.setMimeData(data)
    ratio = source.devicePixelRatio()
    side = round(THUMB * ratio)
    thumb = picture.scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    thumb.setDevicePixelRatio(ratio)
    drag.setPixmap(QPixmap.fromImage(thumb))
    # Beside the cursor, so that the place to drop stays in sight.
    drag.setHotSpot(QPoint(-12, -12))
    return drag


def file_name(name: str) -> str:
    """A name that every file system takes."""
    plain = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "-", name).strip(" .-")
    return plain[:100] or "picture"
