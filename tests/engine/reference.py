"""Painting restated slowly and plainly: taming's and clip's own modules, loops and formulae."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping, Sequence

import clip
import numpy as np
import torch
from clip.model import CLIP
from numpy.typing import NDArray
from taming.modules.diffusionmodules.model import Decoder, Encoder
from taming.modules.vqvae.quantize import GumbelQuantize, VectorQuantizer2
from torch import Tensor, nn
from torch.nn.functional import normalize

from studio.core.settings import Prompt, Settings
from studio.engine.cutouts import coverage, look
from studio.engine.guidance import Target
from studio.engine.painter import generator
from studio.engine.perceptor import DEVIATION, MEAN, Perceptor
from studio.engine.recipes import RECIPES
from studio.engine.regions import Look, frame_of, looks
from studio.engine.views import Views
from studio.engine.vqgan import VQGAN


class Taming(nn.Module):
    """A VQGAN of taming's modules, with the weights of ours."""

    def __init__(self, ours: VQGAN) -> None:
        super().__init__()
        config = ours.config
        shape = {
            "ch": config.ch,
            "out_ch": 3 * config.patch**2,
            "ch_mult": config.ch_mult,
            "num_res_blocks": config.num_res_blocks,
            "attn_resolutions": config.attn_resolutions,
            "in_channels": 3 * config.patch**2,
            "resolution": config.resolution,
            "z_channels": config.z_channels,
        }
        with contextlib.redirect_stdout(io.StringIO()):
            self.encoder, self.decoder = Encoder(double_z=False, **shape), Decoder(**shape)
        self.quantize: VectorQuantizer2 | GumbelQuantize
        into = config.embed_dim
        if config.kind == "gumbel":
            into = config.z_channels
            self.quantize = GumbelQuantize(config.z_channels, config.embed_dim, config.codes)
        else:
            self.quantize = VectorQuantizer2(config.codes, config.embed_dim, beta=0.25)
        self.quant_conv = nn.Conv2d(config.z_channels, into, 1)
        self.post_quant_conv = nn.Conv2d(config.embed_dim, config.z_channels, 1)
        self.load_state_dict(ours.state_dict())
        self.eval().requires_grad_(False)

    def hidden(self, picture: Tensor) -> Tensor:
        """What the quantizer is given."""
        return self.quant_conv(self.encoder(picture))

    def decode(self, quantized: Tensor) -> Tensor:
        return self.decoder(self.post_quant_conv(quantized))


class GELU(nn.Module):
    """x times the share of a normal distribution below x (arXiv:1606.08415)."""

    def forward(self, x: Tensor) -> Tensor:
        if x.requires_grad:
            x.register_hook(Tensor.contiguous)  # torch 2.14 goes on wrongly from other strides
        return x * (1 + torch.erf(x / 2**0.5)) / 2


def clips_own(ours: Perceptor) -> CLIP:
    """The clip package's CLIP with the weights of ours."""
    config = ours.config
    theirs = CLIP(
        embed_dim=config.embed_dim,
        image_resolution=config.image_resolution,
        vision_layers=config.vision_layers,
        vision_width=config.vision_width,
        vision_patch_size=config.vision_patch_size,
        context_length=config.context_length,
        vocab_size=config.vocab_size,
        transformer_width=config.transformer_width,
        transformer_heads=config.transformer_width // 64,
        transformer_layers=config.transformer_layers,
    )
    if config.activation == "gelu":
        for module in theirs.visual.modules():
            for name, child in module.named_children():
                if isinstance(child, nn.ReLU):
                    setattr(module, name, GELU())
    theirs.load_state_dict(ours.clip.state_dict())
    return theirs.eval().requires_grad_(False)


def embedded_pictures(model: CLIP, pictures: Tensor) -> Tensor:
    mean, deviation = torch.tensor(MEAN)[:, None, None], torch.tensor(DEVIATION)[:, None, None]
    return normalize(model.encode_image((pictures - mean) / deviation), dim=-1)


def embedded_text(model: CLIP, text: str) -> Tensor:
    return normalize(model.encode_text(clip.tokenize(text)), dim=-1)


def as_tensor(pixels: NDArray[np.uint8]) -> Tensor:
    """(H, W, 3) or (H, W) -> (1, 3 or 1, H, W) in 0..1."""
    picture = torch.from_numpy(pixels).float() / 255
    return picture[None, None] if pixels.ndim == 2 else picture.permute(2, 0, 1)[None]


class Loss:
    """The loss of an iteration, for its prompts one by one, as a function of the latents."""

    def __init__(
        self,
        vqgan: VQGAN,
        perceptors: Mapping[str, Perceptor],
        pictures: Mapping[str, NDArray[np.uint8]],
        settings: Settings,
        start: Tensor,
        iteration: int = 0,
    ) -> None:
        self.vqgan, self.settings, self.start = Taming(vqgan), settings, start
        self.clips = [clips_own(perceptors[name]) for name in settings.perceptors]
        self.resolutions = [perceptors[name].resolution for name in settings.perceptors]
        self.pictures = {name: as_tensor(pixels) for name, pixels in pictures.items()}
        recipe = RECIPES[settings.preset]
        self.targets = [
            Target(
                prompt.weight if prompt.on else 0.0,
                mask=None if prompt.mask is None else self.pictures[prompt.mask],
                frame=None if prompt.mask is None else frame_of(pictures[prompt.mask]),
            )
            for prompt in settings.prompts
        ]
        drawn = looks(
            self.targets,
            settings.cutouts,
            settings.size,
            max(self.resolutions),
            recipe,
            generator(settings.seed, iteration),
            veil=recipe.veil_in(iteration),
        )
        self.looks = {row: each for each in drawn for row in each.rows}

    def __call__(self, z: Tensor) -> tuple[list[Tensor], Tensor]:
        """Loss of each prompt, and the sum of all with the pull to the start."""
        picture = self._picture(z)
        losses = [
            self._of_prompt(prompt, picture, self.looks[row])
            for row, prompt in enumerate(self.settings.prompts)
        ]
        pull = self.settings.start_weight * ((z - self.start) ** 2).mean() / 2
        return losses, sum(losses, pull)

    def _picture(self, z: Tensor) -> Tensor:
        quantized, _, _ = self.vqgan.quantize(z)
        picture = (self.vqgan.decode(quantized) + 1) / 2
        clamped = picture.detach().clamp(0, 1)
        outside = picture.detach() - clamped
        through = clamped + (picture - picture.detach())
        if through.requires_grad:
            # the step goes against the gradient: so above 1 a positive one leads back inside
            through.register_hook(lambda gradient: gradient * (gradient * outside >= 0))
        return through

    def _of_prompt(self, prompt: Prompt, picture: Tensor, seen: Look) -> Tensor:
        terms, counts = [], []
        if seen.mask is not None:  # outside it is shown, and cannot be changed
            picture = seen.mask * picture + (1 - seen.mask) * picture.detach()
        for view in (seen.views.part(k, k + 1) for k in range(len(seen.views))):
            counts.append(self._count(prompt, view))
            counts_of_clips = self.settings.perceptor_weights or [1.0] * len(self.clips)
            weighed = zip(counts_of_clips, self._distances(prompt, picture, view), strict=True)
            distance = sum(count * far for count, far in weighed) / sum(counts_of_clips)
            signed = distance if prompt.weight >= 0 else -distance
            if prompt.stop is not None and signed <= prompt.stop:
                signed = signed.detach()
            terms.append(abs(prompt.weight) * signed)
        total = sum(count * term for count, term in zip(counts, terms, strict=True))
        return total / sum(counts)

    def _count(self, prompt: Prompt, view: Views) -> Tensor:
        if prompt.mask is None:
            return torch.ones(())
        return coverage(self.pictures[prompt.mask], view)[0]

    def _distances(self, prompt: Prompt, picture: Tensor, view: Views) -> Sequence[Tensor]:
        """Half the squared angle between what each CLIP sees and what it should."""
        found = []
        for model, resolution in zip(self.clips, self.resolutions, strict=True):
            seen = embedded_pictures(model, look(picture, view, resolution))[0]
            if prompt.picture is not None:
                shown = look(self.pictures[prompt.picture], view, resolution)
                wanted = embedded_pictures(model, shown)[0]
            elif prompt.noise is not None:
                drawn = torch.randn(len(seen), generator=generator(prompt.noise))
                wanted = drawn / drawn.norm()
            else:
                wanted = embedded_text(model, prompt.text)[0]
            chord = (seen - wanted).norm()
            found.append(2 * torch.arcsin(chord / 2) ** 2)
        return found
