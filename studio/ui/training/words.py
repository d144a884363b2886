"""How trainings are told of: losses, parts, times, sizes and states."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject

from studio.ui.status import duration
from studio.work.stock import Model
from studio.work.training_facts import Part, TrainingNews, Unfinished

DOT = " · "
LOSSES = ("l1", "perceptual", "codebook", "commitment", "adversarial", "clip", "variation")
"""Those that have a weight, as they stand in the form."""


class TrainingWords(QObject):
    """Sentences about trainings, in the language of the window."""

    def losses(self) -> dict[str, tuple[str, str]]:
        """A title and a line about each loss, and about what else is drawn as a curve."""
        return {
            "l1": (self.tr("Pixels (L1)"), self.tr("How far colours are off, pixel by pixel")),
            "perceptual": (
                self.tr("Perceptual"),
                self.tr("How far it is off in what CLIP sees: edges, textures, shapes"),
            ),
            "codebook": (
                self.tr("Codebook"),
                self.tr("Draws the codebook vectors to what the pictures need"),
            ),
            "commitment": (
                self.tr("Commitment"),
                self.tr("Holds the encoder to the codebook; beta in the paper"),
            ),
            "adversarial": (
                self.tr("Adversarial"),
                self.tr("A discriminator learns to tell it from real pictures: sharpness"),
            ),
            "clip": (
                self.tr("CLIP score"),
                self.tr("CLIP should find the caption in it, or else the original"),
            ),
            "variation": (
                self.tr("Variation"),
                self.tr("Smooths: less difference between neighbouring pixels"),
            ),
            "loss": (self.tr("All together"), self.tr("The losses, each times its weight")),
            "psnr": (
                self.tr("PSNR, held out"),
                self.tr("How well pictures are given back that it never learned from; up is good"),
            ),
            "codes_used": (
                self.tr("Codes in use"),
                self.tr("Share of the codebook that pictures need"),
            ),
            "perplexity": (
                self.tr("Perplexity"),
                self.tr("Codes in use, counted by how evenly; up is good"),
            ),
        }

    def parts(self) -> list[tuple[str, str, str]]:
        """What can be trained: value, words and a line about it."""
        return [
            ("whole", self.tr("Whole"), self.tr("Encoder, codebook and decoder: learns the most")),
            (
                "decoder",
                self.tr("Decoder"),
                self.tr("Codes keep their meaning; only how they are drawn is learned"),
            ),
            (
                "codebook",
                self.tr("Codebook"),
                self.tr("Only the vectors move, to where these pictures need them"),
            ),
        ]

    def part(self, part: Part) -> str:
        """What is trained, in a line."""
        return next(about for value, _, about in self.parts() if value == part)

    def facts(self, model: Model) -> str:
        """What one wants to know of a model to begin with, in a line."""
        parts = []
        if model.factor is not None:
            parts.append(self.tr("f{factor}").format(factor=model.factor))
        if model.codes is not None:
            parts.append(self.tr("{codes} codes").format(codes=model.codes))
        if model.disk:
            parts.append(self.size(model.disk))
        return DOT.join(parts)

    def size(self, number: int) -> str:
        """Bytes as people read them."""
        for power, unit in ((1e9, self.tr("{n} GB")), (1e6, self.tr("{n} MB"))):
            if number >= power:
                digits = 1 if number < 10 * power else 0
                return unit.format(n=f"{number / power:.{digits}f}")
        return self.tr("{n} kB").format(n=max(1, round(number / 1e3)))

    def state(self, news: TrainingNews) -> str:
        """What is up with a training, in a few words."""
        match news.state:
            case "preparing":
                ready = self.tr("Getting ready…")
                return self.tr("Getting the pictures ready…") if news.steps else ready
            case "training":
                return self.tr("Training")
            case "pausing":
                return self.tr("Pausing after this step…")
            case "paused":
                return self.tr("Paused. What it has learned is kept.")
            case "judging":
                return self.tr("Judging it by pictures that it never learned from…")
            case "done":
                return self.tr("Done")
            case "failed":
                return self.tr("Interrupted. What it has learned is kept.")
            case "discarded":
                return self.tr("Discarded")

    def way(self, news: TrainingNews) -> str:
        """How far it is: steps, pace and time left."""
        if not news.steps:
            return ""
        if news.state == "preparing":
            return f"{news.step / news.steps:.0%}"
        parts = [self.tr("step {n} of {count}").format(n=news.step, count=news.steps)]
        if news.state == "training" and news.rate > 0:
            parts.append(self._pace(news.rate))
        if news.state == "training" and news.left is not None:
            parts.append(self.tr("{time} left").format(time=duration(news.left)))
        return DOT.join(parts)

    def short(self, news: TrainingNews) -> str:
        """The same for the status bar."""
        if news.state in ("paused", "pausing", "failed"):
            return self.tr("{name}: training paused").format(name=news.name)
        if news.state == "judging":
            return self.tr("{name}: judging").format(name=news.name)
        if news.state == "preparing" or not news.steps:
            return self.tr("{name}: getting ready").format(name=news.name)
        share = f"{news.step / news.steps:.0%}"
        if news.left is None:
            return self.tr("Training {name}: {share}").format(name=news.name, share=share)
        return self.tr("Training {name}: {share}, {time} left").format(
            name=news.name, share=share, time=duration(news.left)
        )

    def unfinished(self, one: Unfinished) -> str:
        """How far an unfinished training had come, and when."""
        done = self.tr("step {n} of {count}").format(n=one.step, count=one.steps)
        if not one.steps:
            done = self.tr("its pictures were not ready yet")
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.when))
        return DOT.join((done, str(one.order.folder), when))

    def _pace(self, rate: float) -> str:
        if rate >= 1:
            return self.tr("{rate} steps/s").format(rate=f"{rate:.1f}")
        return self.tr("{seconds} s/step").format(seconds=f"{1 / rate:.1f}")
