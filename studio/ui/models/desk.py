"""Models on their way to the painting: the window of models, what is suggested, and what lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Slot

from studio.ui.models.lacks import LACKS, LackNotice
from studio.ui.models.use import Use
from studio.ui.models.window import ModelsWindow
from studio.ui.models.words import Words
from studio.ui.notices import Answer, Notice
from studio.work.stock import AT_WORK, Key, Lack, Model, Stock

if TYPE_CHECKING:
    from studio.ui.window import MainWindow

ARRIVED = "arrived"


class ModelsDesk(QObject):
    """Opens the window of models, and tells what happens to them where a person sees it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._downloads = window, window.studio.downloads
        self._words, self._lack_notice = Words(self), LackNotice(self)
        self._models: dict[Key, Model] = {}
        self._use = Use(window, self._models)
        self._shown: ModelsWindow | None = None
        self._stock: Stock | None = None
        self._wish: tuple[Key, ...] = ()
        """Those to be used once they are all here."""
        self._arrived: tuple[Key, ...] = ()
        self._lacks: Sequence[Lack] = ()
        self._connect()

    def _connect(self) -> None:
        window, downloads = self._window, self._downloads
        downloads.stock.connect(self._show_stock)
        downloads.changed.connect(self._show_model)
        downloads.arrived.connect(self._greet)
        window.studio.lacks.connect(self._take_lacks)
        downloads.said.connect(window.say)
        downloads.refused.connect(self._tell_refused)
        downloads.taking_in.connect(self._say_taking_in)
        window.document.settings_shown.connect(self._show_use)
        window.notices.answered.connect(self._answered)
        window.status.downloads_clicked.connect(self.show)
        window.docks.settings.models_wanted.connect(self.show_kind)
        suggestion = window.welcome.suggestion
        suggestion.wanted.connect(self._get_recommended)
        suggestion.more_wanted.connect(self.show)
        suggestion.dismissed.connect(self._suggest_no_more)

    @property
    def shown(self) -> ModelsWindow | None:
        """The window of models, once it was opened."""
        return self._shown

    @Slot()
    def show(self) -> None:
        """The window of models, to the front."""
        self._open()

    @Slot(str)
    def show_kind(self, kind: str) -> None:
        """The same, with what the painting uses of a kind chosen."""
        window = self._open()
        for key in self._use.keys:
            if key[1] == kind and key in self._models:
                window.choose(key)
                return

    def show_model(self, key: Key) -> None:
        """The same, with this model chosen."""
        self._open().choose(key)

    def use(self, key: Key) -> None:
        """Paint with a model that is here."""
        self._use.use(key, self._window)

    def _open(self) -> ModelsWindow:
        if self._shown is None:
            self._shown = self._made()
        self._downloads.look()
        self._shown.come()
        return self._shown

    def _made(self) -> ModelsWindow:
        window, downloads = ModelsWindow(self._window), self._downloads
        window.uses_plain_dialogs = self._window.uses_plain_dialogs
        window.get_wanted.connect(downloads.get)
        window.pause_wanted.connect(downloads.pause)
        window.cancel_wanted.connect(downloads.cancel)
        window.verify_wanted.connect(downloads.verify)
        window.remove_wanted.connect(downloads.remove)
        window.import_wanted.connect(downloads.take_in)
        window.import_stop_wanted.connect(downloads.stop_taking_in)
        window.use_wanted.connect(self._use_from_window)
        window.add_wanted.connect(self._use.use_beside)
        window.recommended_wanted.connect(self._get_recommended)
        window.training_wanted.connect(self._window.training.show)
        window.set_in_use(self._use.keys)
        if self._stock is not None:
            models = tuple(self._models[model.key] for model in self._stock.models)
            window.set_stock(replace(self._stock, models=models))
        window.suggestion.show_models(self._pair, in_use=self._uses_pair)
        return window

    # News

    @Slot(object)
    def _show_stock(self, stock: Stock) -> None:
        self._stock = stock
        self._models.clear()
        self._models.update({model.key: model for model in stock.models})
        if self._shown is not None:
            self._shown.set_stock(stock)
        self._forget_arrived()
        self._show_downloads()
        self._show_lacks()

    @Slot(object)
    def _show_model(self, model: Model) -> None:
        before = self._models.get(model.key)
        self._models[model.key] = model
        if self._shown is not None:
            self._shown.show_model(model)
        self._show_downloads()
        if before is None or before.state != model.state:
            self._show_lacks()

    @Slot(object)
    def _greet(self, model: Model) -> None:
        """A model has come."""
        self._models[model.key] = model
        if model.key in self._wish:
            if all(self._use.is_here(key) for key in self._wish):
                self._use_wish()
        elif model.key not in self._use.keys and not self._window.training.tells_of(model.key):
            # else the notice of what lacks goes, or that of the training comes: that is enough
            self._arrived = (model.key,)
            text = self.tr("{title} is here.").format(title=self._words.title(model))
            use = Answer("use", self.tr("Use it"), self._words.kind(model))
            self._window.notices.tell(Notice(ARRIVED, "models", text, (use,)))

    @Slot(list)
    def _tell_refused(self, sentences: Sequence[str]) -> None:
        """Say why files were not taken in, or models not removed."""
        shown = self._shown
        if shown is not None and shown.isVisible():
            shown.tell(sentences)
        else:
            self._window.say(" ".join(sentences))

    @Slot(str)
    def _say_taking_in(self, name: str) -> None:
        text = self.tr("Taking in {name}…").format(name=name) if name else ""
        if self._shown is not None:
            self._shown.show_taking_in(text)

    def _forget_arrived(self) -> None:
        """Tell of an arrival no more when it is in use, or gone."""
        arrived = self._arrived
        if set(arrived) <= set(self._use.keys) or not all(map(self._use.is_here, arrived)):
            self._window.notices.take_back(ARRIVED)

    def _show_downloads(self) -> None:
        going = [model for model in self._models.values() if model.state in AT_WORK]
        total = sum(model.bytes or 0 for model in going)
        done = sum(min(model.done, model.bytes or 0) for model in going)
        self._window.status.show_downloads(len(going), done / total if total else 0.0)
        self._suggest()

    # What is suggested

    @property
    def _pair(self) -> list[Model]:
        return [model for model in self._models.values() if model.is_recommended]

    @property
    def _uses_pair(self) -> bool:
        return {model.key for model in self._pair} <= set(self._use.keys)

    def _suggest(self) -> None:
        pair, uses = self._pair, self._uses_pair
        wanted = pair if self._window.preferences.suggest_models else []
        self._window.welcome.suggestion.show_models(wanted, in_use=uses)
        if self._shown is not None:
            self._shown.suggestion.show_models(pair, in_use=uses)

    @Slot()
    def _suggest_no_more(self) -> None:
        window = self._window
        window.use(msgspec.structs.replace(window.preferences, suggest_models=False))
        self._suggest()

    @Slot()
    def _get_recommended(self) -> None:
        self._wish = tuple(model.key for model in self._pair)
        missing = [key for key in self._wish if not self._use.is_here(key)]
        for key in missing:
            self._downloads.get(key)
        if not missing:
            self._use_wish()

    def _use_wish(self) -> None:
        self._arrived, self._wish = self._wish, ()
        if self._use.use_all(self._arrived):
            return
        new = Answer(
            "new",
            self.tr("New painting with them"),
            self.tr("This painting keeps its VQGAN; prompts and settings are taken along"),
        )
        text = self.tr("The recommended models are here.")
        self._window.notices.tell(Notice(ARRIVED, "models", text, (new,)))

    # What lacks

    @Slot(object)
    def _take_lacks(self, lacks: Sequence[Lack]) -> None:
        before, self._lacks = self._lacks, lacks
        if before and not lacks and self._window.document.contents is not None:
            self._window.say(self.tr("All models of this painting are here; paint on."))
        self._show_lacks()

    def _show_lacks(self) -> None:
        if not self._lacks:
            self._window.notices.take_back(LACKS)
            return
        lack = self._lacks[0]
        notice = self._lack_notice.of(lack, self._models.get((lack.name, lack.kind)))
        self._window.notices.tell(notice)

    # What a person wants

    @Slot(str, str)
    def _answered(self, notice: str, answer: str) -> None:
        if notice == ARRIVED:
            self._window.notices.take_back(ARRIVED)
            if answer == "new":
                self._use.begin_with(self._arrived)
            else:
                self._use.use(self._arrived[0], self._window)
        elif notice == LACKS and self._lacks:
            self._remedy(self._lacks[0], answer)

    def _remedy(self, lack: Lack, answer: str) -> None:
        if answer == "get":
            self._get((lack.name, lack.kind))
        elif answer == "import":
            self._open().ask_files()
        else:
            self._open().search.setText({"vqgan": "VQGAN", "clip": "CLIP"}[lack.kind])

    def _get(self, key: Key) -> None:
        """Get a model; what nobody can check is asked about first."""
        if self._models[key].needs_trust:
            window = self._open()
            window.choose(key)
            window.get(key)
        else:
            self._downloads.get(key)

    @Slot(object)
    def _use_from_window(self, key: Key) -> None:
        self._use.use(key, self._shown or self._window)

    @Slot()
    def _show_use(self) -> None:
        if self._shown is not None:
            self._shown.set_in_use(self._use.keys)
        self._forget_arrived()
        self._suggest()
