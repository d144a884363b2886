"""How models are told of: sizes, facts, and what is up with one."""

from __future__ import annotations

from PySide6.QtCore import QObject

from studio.ui.status import duration
from studio.work.stock import Model

DOT = " · "


class Words(QObject):
    """Sentences about models, in the language of the window."""

    def size(self, number: int | None) -> str:
        """Bytes as people read them: 980 MB, 1.3 GB."""
        if number is None:
            return self.tr("size unknown")
        if number >= 999.5e6:
            return self.tr("{n} GB").format(n=f"{number / 1e9:.1f}")
        if number >= 0.95e6 or number == 0:
            digits = 1 if 0 < number < 9.95e6 else 0
            return self.tr("{n} MB").format(n=f"{number / 1e6:.{digits}f}")
        return self.tr("{n} kB").format(n=f"{number / 1e3:.0f}")

    def title(self, model: Model) -> str:
        """What it is called."""
        return model.title or model.name

    def kind(self, model: Model) -> str:
        """What it is for."""
        if model.kind == "vqgan":
            return self.tr("A VQGAN, which paints")
        return self.tr("A CLIP, which judges what is painted")

    def facts(self, model: Model) -> str:
        """What one wants to know before getting it, in a line."""
        parts = []
        if model.title and model.title != model.name:
            parts.append(model.name)
        if model.factor is not None and f"f{model.factor}" not in model.name:
            parts.append(self.tr("f{factor}").format(factor=model.factor))
        if model.codes is not None and str(model.codes) not in model.name:
            parts.append(self.tr("{codes} codes").format(codes=model.codes))
        if model.side is not None:
            parts.append(self.tr("looks at {side} px").format(side=model.side))
        if model.memory is not None:
            parts.append(self.tr("needs {memory}").format(memory=self.memory(model, short=True)))
        if model.needs_trust and not model.is_here:
            parts.append(self.tr("nobody can check it: its SHA-256 is not known"))
        return DOT.join(parts)

    def memory(self, model: Model, *, short: bool = False) -> str:
        """What it takes while it works; short for a line with other facts."""
        if model.memory is None:
            return ""
        small, large = (self.size(each) for each in model.memory)
        if short:
            return self.tr("{small} at 256 px, {large} at 512 px").format(small=small, large=large)
        return self.tr("about {small} at 256x256, {large} at 512x512").format(
            small=small, large=large
        )

    def training(self, model: Model) -> str:
        """What a model that was trained here has learned from."""
        if model.card is None:
            return ""
        return self.tr("from {source}, on {learned} pictures in {steps} steps").format(
            source=model.card.source, learned=model.card.learned, steps=model.card.steps
        )

    def figures(self, model: Model) -> str:
        """How well it gives pictures back, a line for each figure; of a CLIP there are others."""
        card = model.card
        if card is None:
            return ""
        names = {
            "psnr": (self.tr("PSNR {before} → {after} dB"), 2),
            "ssim": (self.tr("SSIM {before} → {after}"), 3),
            "l1": (self.tr("L1 {before} → {after}"), 4),
            "frechet": (self.tr("Fréchet distance {before} → {after}"), 4),
            "perplexity": (self.tr("Codebook perplexity {before} → {after}"), 0),
            "first": (self.tr("Captions found at once {before} → {after}"), 2),
        }
        return "\n".join(
            line.format(
                before=f"{card.before[name]:.{digits}f}", after=f"{card.after[name]:.{digits}f}"
            )
            for name, (line, digits) in names.items()
            if name in card.before and name in card.after
        )

    def state(self, model: Model) -> str:
        """What is up with it, in a few words."""
        match model.state:
            case "offered":
                return self.tr("Can be had")
            case "waiting":
                return self.tr("Waiting for a server…")
            case "getting":
                return self._pace(model)
            case "paused":
                return self.tr("Paused at {done}").format(done=self.done(model))
            case "checking":
                return self.tr("Checking…")
            case "converting":
                return self.tr("Converting…")
            case "failed":
                return self.tr("Did not work")
            case "here":
                return self.tr("Here, {size}").format(size=self.size(model.disk))
            case "damaged":
                return self.tr("Damaged")

    def done(self, model: Model) -> str:
        """How much of a download is here."""
        if model.share is None:
            return self.size(model.done)
        return f"{model.share:.0%}"

    def _pace(self, model: Model) -> str:
        parts = [self.done(model)]
        if model.speed > 0:
            parts.append(self.tr("{size}/s").format(size=self.size(round(model.speed))))
        if model.left is not None:
            parts.append(self.tr("{time} left").format(time=duration(model.left)))
        return DOT.join(parts)
