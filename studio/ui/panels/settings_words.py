"""What the choices of the settings are called, and a line on what each does to the picture."""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.core.efforts import Effort
from studio.core.settings import Optimizer, Preset, Start


class SettingsWords(QObject):
    """A QObject only so that its words are translated."""

    def efforts(self) -> list[tuple[Effort, str, str]]:
        """Value, words and a line for each effort: what it does, and what that costs."""
        return [
            (
                "draft",
                self.tr("Draft"),
                self.tr("A quick look in bold steps: about a fifth of the time of Balanced."),
            ),
            (
                "balanced",
                self.tr("Balanced"),
                self.tr("What most pictures need."),
            ),
            (
                "finest",
                self.tr("Finest"),
                self.tr("More looks in smaller steps: two to three times as long as Balanced."),
            ),
        ]

    def starts(self) -> list[tuple[Start, str, str]]:
        """Value, words and a line for each start."""
        return [
            (
                "imagined",
                self.tr("Imagined"),
                self.tr("A whole picture of the prompt, which is then painted over."),
            ),
            ("codes", self.tr("Random codes"), self.tr("A patchwork of everything the model has.")),
            ("fractal", self.tr("Clouds"), self.tr("Soft colours in clouds of all sizes.")),
            ("gradient", self.tr("Gradient"), self.tr("One colour that turns into another.")),
            ("picture", self.tr("Picture"), self.tr("An init image that is painted over.")),
        ]

    def presets(self) -> list[tuple[Preset, str, str]]:
        """Value, words and a line for each way of taking cutouts."""
        return [
            (
                "studio",
                self.tr("Studio"),
                self.tr("Mostly whole views, a few details: keeps the composition together."),
            ),
            (
                "nerdyrodent",
                self.tr("nerdyrodent"),
                self.tr("The whole picture, tilted, tinted and partly blotted out each time."),
            ),
            (
                "crowson",
                self.tr("Crowson"),
                self.tr("Upright square crops of every size and nothing else: busy, repeating."),
            ),
            (
                "pixray",
                self.tr("pixray"),
                self.tr("Zoomed crops, and wide views set on a random grey."),
            ),
            (
                "pytti",
                self.tr("pytti"),
                self.tr("Turned crops of mixed sizes, some mirrored, often partly blotted out."),
            ),
        ]

    def optimizers(self) -> list[tuple[Optimizer, str, str]]:
        """Value, words and a line for each optimizer."""
        return [
            ("adam", "Adam", self.tr("Quick and steady: the usual choice.")),
            ("adamw", "AdamW", self.tr("Adam that also draws the latents towards zero.")),
            ("radam", "RAdam", self.tr("Adam that begins with careful steps.")),
            ("adagrad", "Adagrad", self.tr("Steps that become smaller and smaller.")),
            ("rmsprop", "RMSprop", self.tr("Restless steps that react at once.")),
        ]
