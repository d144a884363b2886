"""Projects and pictures as files: opened, saved, exported and taken in, without losing any work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from studio import places
from studio.cli.outputs import KINDS
from studio.core.settings import Prompt
from studio.pictures.decoder import ENDINGS
from studio.pictures.keeping import LARGEST
from studio.ui.canvas import DropUse
from studio.ui.document import Document
from studio.ui.images import encoded
from studio.work.easel import is_untitled, untitled_folder
from studio.work.facts import Contents, Draft, Read
from studio.work.studio import Studio

if TYPE_CHECKING:
    from studio.ui.window import MainWindow

PROJECTS = "*.vqproj"
PICTURES = " ".join(f"*{ending}" for ending in ENDINGS)
WRITTEN = " ".join(f"*{ending}" for ending in KINDS)


class Files(QObject):
    """Asks where to, and sees that nothing unsaved goes without a question."""

    def __init__(self, window: MainWindow, studio: Studio, document: Document) -> None:
        super().__init__(window)
        self._window, self._studio, self._document = window, studio, document
        self._then: Callable[[], None] | None = None
        self._folder = places.projects()
        self._film_folder: Path | None = None
        self._path: Path | None = None
        studio.picture_read.connect(self._take_in)
        studio.opened.connect(self._opened)
        studio.closed.connect(self._go_on)

    # Projects

    @Slot()
    def new(self) -> None:
        """An empty canvas."""
        self._leave(self._window.show_empty)

    @Slot()
    def open(self) -> None:
        """Ask for a project and open it."""
        dialog = self._file_dialog(self.tr("Open a project"), self.tr("Projects"), PROJECTS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._open_chosen)
        dialog.open()

    def open_path(self, path: Path) -> None:
        """Open a project; of an example, an untitled copy."""
        contents = self._document.contents
        if contents is not None and contents.path == path.resolve():
            self._window.show_canvas()
        elif path.parent == places.examples() and path.name.startswith("Example "):
            self._leave(lambda: self._studio.open_copy(path), closing=False)
        else:
            self._leave(lambda: self._studio.open(path), closing=False)

    def begin(self, draft: Draft) -> None:
        """A new painting with these settings, in place of the one that is shown."""
        self._leave(lambda: self._window.begin(draft))

    @Slot()
    def close(self) -> None:
        """Back to the first page."""
        self._leave(self._window.show_welcome)

    def before_quitting(self, quit: Callable[[], None]) -> bool:
        """Whether the window may close now; otherwise `quit` is called once it may."""
        if not self._is_unsaved():
            return True
        self._ask_to_keep(quit)
        return False

    @Slot()
    def save(self) -> None:
        """Say that this is how it should be; untitled work is given a name."""
        if self._document.contents is None:
            self._window.say(self.tr("There is nothing to save yet; paint something first."))
        elif self._document.contents.untitled:
            self.save_as()
        else:
            self._document.undo.setClean()
            self._window.say(self.tr("Saved; what is painted is always kept at once."))

    @Slot()
    def save_as(self) -> None:
        """Ask for a name and keep the project under it."""
        self._ask_where(self.tr("Save the project as"), self._save_as_chosen)

    @Slot()
    def save_copy(self) -> None:
        """Ask for a name and write a copy under it."""
        self._ask_where(self.tr("Save a copy as"), self._save_copy_chosen)

    # Pictures

    @Slot()
    def export_picture(self) -> None:
        """Ask for a name and write the picture shown."""
        if not self._document.length:
            self._window.say(self.tr("There is no picture yet; paint something first."))
            return
        dialog = self._file_dialog(self.tr("Export the picture"), self.tr("Pictures"), WRITTEN)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.selectFile(f"{self._name()} {max(self._document.position, 0)}.png")
        dialog.fileSelected.connect(self._export_chosen)
        dialog.open()

    def ask_film(self, ending: str, chosen: Callable[[str], None], parent: QWidget | None) -> None:
        """Ask for a name for a film, or for the folder of its pictures where there is no ending."""
        endings = f"*{ending}" if ending else "*"
        dialog = self._file_dialog(
            self.tr("Export the film"), self.tr("Films"), endings, parent=parent
        )
        if self._film_folder is not None and self._film_folder.is_dir():
            dialog.setDirectory(str(self._film_folder))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending.removeprefix("."))
        dialog.selectFile(f"{self._name()}{ending}")
        dialog.fileSelected.connect(self._keep_folder)
        dialog.fileSelected.connect(chosen)
        dialog.open()

    def ask_sound(
        self, endings: str, chosen: Callable[[str], None], parent: QWidget | None
    ) -> None:
        """Ask for a sound file."""
        dialog = self._file_dialog(
            self.tr("Choose a sound file"), self.tr("Sounds"), endings, parent=parent
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(chosen)
        dialog.open()

    @Slot()
    def add_prompt_picture(self) -> None:
        """Ask for a picture that the painting should look like."""
        self._ask_picture(self._prompt_chosen)

    @Slot()
    def choose_start_picture(self) -> None:
        """Ask for a picture to begin with."""
        self._ask_picture(self._start_chosen)

    @Slot(str, object)
    def drop_file(self, path: str, use: DropUse) -> None:
        """A file was dropped on the canvas."""
        if use is DropUse.OPEN:
            self.open_path(Path(path))
        else:
            self._studio.read_picture(Path(path), use.name)

    @Slot(object, object)
    def drop_picture(self, picture: QImage | bytes, use: DropUse) -> None:
        """A picture without a file was dropped on the canvas."""
        if isinstance(picture, bytes):
            self._studio.read_pixels(picture, use.name)
        elif picture.width() * picture.height() > LARGEST:
            self._window.say(self.tr("What was dropped is too large; make it smaller."))
        else:
            self._studio.read_pixels(encoded(picture), use.name)

    @Slot(object)
    def _take_in(self, read: Read) -> None:
        document = self._document
        if read.use == DropUse.RESTORE.name:
            if read.settings is None:
                self._window.say(
                    self.tr("This picture does not say how it was painted; nothing is restored.")
                )
            else:
                self.begin(Draft(read.settings, read.pictures))
            return
        document.add_picture(read.sha256, read.data)
        if read.use == DropUse.PROMPT.name:
            prompts = (*document.prompts, Prompt(picture=read.sha256))
            document.edit({"prompts": prompts}, self.tr("Add an image prompt"))
        elif document.has_begun:
            start = {"start": "picture", "start_picture": read.sha256}
            settings = msgspec.structs.replace(document.settings, **start)
            self.begin(Draft(settings, {read.sha256: read.data}))
        else:
            fields = {"start": "picture", "start_picture": read.sha256}
            document.edit(fields, self.tr("Start from a picture"))

    # Questions

    def _is_unsaved(self) -> bool:
        contents = self._document.contents
        return contents is not None and contents.untitled and self._document.length > 0

    def _leave(self, then: Callable[[], None], *, closing: bool = True) -> None:
        """Close the project, unless its person wants to stay, and do the next thing."""
        if self._is_unsaved():
            self._ask_to_keep(then)
        elif self._document.contents is not None and closing:
            self._then = then
            self._studio.close_project()
        else:
            then()

    def _ask_to_keep(self, then: Callable[[], None]) -> None:
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Keep this painting?"))
        box.setInformativeText(self.tr("It has no name yet. Discarded, it is gone for good."))
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        self._then = then
        box.finished.connect(self._keep_answered)
        box.finished.connect(box.deleteLater)
        box.open()

    @Slot(int)
    def _keep_answered(self, answer: int) -> None:
        buttons = QMessageBox.StandardButton
        if answer == buttons.Discard.value:
            self._studio.close_project(discard=True)
        elif answer == buttons.Save.value:
            self.save_as()
        else:
            self._then = None

    @Slot()
    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()

    @Slot(object)
    def _opened(self, contents: Contents) -> None:
        """When the project has another name now, what waited for that goes on."""
        before, self._path = self._path, contents.path
        if contents.other_project or contents.path == before:
            return
        self._document.undo.setClean()
        if self._then is not None:
            self._studio.close_project()

    # Dialogs

    def _file_dialog(
        self, title: str, kind: str, endings: str, parent: QWidget | None = None
    ) -> QFileDialog:
        folder = self._folder if self._folder.is_dir() else Path.home()
        dialog = QFileDialog(parent or self._window, title, str(folder), f"{kind} ({endings})")
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog, self._window.uses_plain_dialogs)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _ask_where(self, title: str, chosen: Callable[[str], None]) -> None:
        if self._document.contents is None:
            self._window.say(self.tr("There is nothing to save yet; paint something first."))
            return
        places.projects().mkdir(parents=True, exist_ok=True)
        dialog = self._file_dialog(title, self.tr("Projects"), PROJECTS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("vqproj")
        dialog.selectFile(f"{self._name()}.vqproj")
        dialog.fileSelected.connect(chosen)
        dialog.rejected.connect(self._forget_then)
        dialog.open()

    def ask_picture(self, chosen: Callable[[str], None]) -> None:
        """Ask for a picture's file."""
        self._ask_picture(chosen)

    def ask_mask(self, name: str, chosen: Callable[[str], None]) -> None:
        """Ask where a mask goes as a picture."""
        dialog = self._file_dialog(self.tr("Save the mask"), self.tr("Pictures"), "*.png")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.selectFile(f"{name}.png")
        dialog.fileSelected.connect(chosen)
        dialog.open()

    def _ask_picture(self, chosen: Callable[[str], None]) -> None:
        dialog = self._file_dialog(self.tr("Choose a picture"), self.tr("Pictures"), PICTURES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(chosen)
        dialog.open()

    def _name(self) -> str:
        contents = self._document.contents
        if contents is not None and not contents.untitled:
            return contents.path.stem
        label = self._document.prompts[0].label if self._document.prompts else ""
        return (
            "".join(c if c.isalnum() or c in " -" else " " for c in label)[:60].strip()
            or "painting"
        )

    @Slot(str)
    def _keep_folder(self, path: str) -> None:
        """For the next film; projects have a folder of their own."""
        self._film_folder = Path(path).parent

    @Slot()
    def _forget_then(self) -> None:
        self._then = None

    @Slot(str)
    def _open_chosen(self, path: str) -> None:
        self._folder = Path(path).parent
        self.open_path(Path(path))

    @Slot(str)
    def _save_as_chosen(self, path: str) -> None:
        self._folder = Path(path).parent
        if is_untitled(Path(path)):
            self._window.say(
                self.tr("{folder} is for work without a name; choose another folder.").format(
                    folder=untitled_folder()
                )
            )
            return
        # the dialog has asked before it lets a file be replaced
        self._studio.save_as(Path(path), replace=True)

    @Slot(str)
    def _save_copy_chosen(self, path: str) -> None:
        self._folder = Path(path).parent
        self._studio.save_copy(Path(path), replace=True)

    @Slot(str)
    def _export_chosen(self, path: str) -> None:
        document = self._document
        about = self._window.preferences.picture_settings_in_png
        self._studio.export_picture(document.take, document.position, Path(path), about=about)

    @Slot(str)
    def _prompt_chosen(self, path: str) -> None:
        self._studio.read_picture(Path(path), DropUse.PROMPT.name)

    @Slot(str)
    def _start_chosen(self, path: str) -> None:
        self._studio.read_picture(Path(path), DropUse.START.name)
