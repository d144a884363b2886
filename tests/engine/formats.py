"""Weight files as others write them, of next to no size: from taming's, clip's and Lightning's own.

taming's VQModel, GumbelVQ and Net2NetTransformer no longer import with today's Lightning, so their
constructors are restated here; the modules in them, and so the names and shapes, are taming's.
"""

from __future__ import annotations

import contextlib
import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
import torchvision
import yaml
from clip.model import CLIP, convert_weights
from pytorch_lightning.callbacks import ModelCheckpoint
from taming.modules.diffusionmodules.model import Decoder, Encoder
from taming.modules.discriminator.model import NLayerDiscriminator, weights_init
from taming.modules.vqvae.quantize import GumbelQuantize, VectorQuantizer2
from torch import Tensor, nn
from torch.utils.data import DataLoader

SMALL = {
    "double_z": False,
    "z_channels": 8,
    "resolution": 32,
    "in_channels": 3,
    "out_ch": 3,
    "ch": 32,
    "ch_mult": [1, 2],
    "num_res_blocks": 1,
    "attn_resolutions": [16],
    "dropout": 0.0,
}
F8 = SMALL | {"ch_mult": [1, 1, 2, 2], "attn_resolutions": [4]}


class Loss(nn.Module):
    """As VQLPIPSWithDiscriminator, with a VGG of the same kind in place of the downloaded one."""

    def __init__(self, *, small: bool = True) -> None:
        super().__init__()
        vgg = nn.Sequential(nn.Conv2d(3, 4, 3)) if small else torchvision.models.vgg16().features
        self.perceptual_loss = nn.ModuleDict({"net": vgg}).requires_grad_(False)
        self.logvar = nn.Parameter(torch.zeros(()))
        depth = {"ndf": 4, "n_layers": 1} if small else {"ndf": 64, "n_layers": 3}
        self.discriminator = NLayerDiscriminator(**depth).apply(weights_init)


class VQModel(pl.LightningModule):
    """taming.models.vqgan.VQModel, trained by two optimizers as it is."""

    def __init__(
        self,
        ddconfig: dict[str, Any],
        n_embed: int = 24,
        embed_dim: int = 6,
        *,
        small: bool = True,
    ) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.save_hyperparameters()
        z_channels = ddconfig["z_channels"]
        with contextlib.redirect_stdout(io.StringIO()):
            self.encoder, self.decoder = Encoder(**ddconfig), Decoder(**ddconfig)
        self.loss = Loss(small=small)
        self.quantize: nn.Module = VectorQuantizer2(n_embed, embed_dim, beta=0.25)
        self.quant_conv = nn.Conv2d(z_channels, embed_dim, 1)
        self.post_quant_conv = nn.Conv2d(embed_dim, z_channels, 1)

    def hidden(self, picture: Tensor) -> Tensor:
        return self.quant_conv(self.encoder(picture))

    def decode(self, quantized: Tensor) -> Tensor:
        return self.decoder(self.post_quant_conv(quantized))

    def painting(self) -> list[nn.Parameter]:
        return [p for name, p in self.named_parameters() if not name.startswith("loss.")]

    def training_step(self, batch: Tensor, _: int) -> None:
        for optimizer in self.optimizers():
            optimizer.zero_grad()
            distance = sum(p.square().sum() for g in optimizer.param_groups for p in g["params"])
            self.manual_backward(distance)
            optimizer.step()
        self.log("val/rec_loss", distance)

    def configure_optimizers(self) -> tuple[list[torch.optim.Optimizer], list[object]]:
        adam = {"lr": 4.5e-6, "betas": (0.5, 0.9)}
        critic = self.loss.discriminator.parameters()
        return [torch.optim.Adam(self.painting(), **adam), torch.optim.Adam(critic, **adam)], []


class GumbelVQ(VQModel):
    """taming.models.vqgan.GumbelVQ."""

    def __init__(self, ddconfig: dict[str, Any], n_embed: int = 24, embed_dim: int = 8) -> None:
        super().__init__(ddconfig, n_embed, embed_dim)
        self.quantize = GumbelQuantize(ddconfig["z_channels"], embed_dim, n_embed, kl_weight=1e-8)


class Net2Net(nn.Module):
    """taming.models.cond_transformer.Net2NetTransformer; its GPT wants a package of its own."""

    def __init__(self, first_stage: VQModel, condition: VQModel) -> None:
        super().__init__()
        self.first_stage_model, self.cond_stage_model = first_stage, condition
        self.transformer = nn.ModuleDict(
            {"tok_emb": nn.Embedding(24, 8), "head": nn.Linear(8, 24, bias=False)}
        )


def filled(build: Callable[[], nn.Module]) -> Any:
    """A model with weights that leave nothing out, the same each time: torch seeds by chance."""
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(4)  # with which no code is a near tie
        model = build()
        for tensor in model.state_dict().values():
            if tensor.ndim == 1 and tensor.is_floating_point():
                tensor += 0.2 * (torch.rand_like(tensor) - 0.5)
    return model.eval()


def trained(model: VQModel, folder: Path) -> Path:
    """The checkpoint that Lightning's ModelCheckpoint leaves after a step of training."""
    keeper = ModelCheckpoint(folder, monitor="val/rec_loss", save_top_k=1, save_last=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer = pl.Trainer(
            accelerator="cpu",
            max_steps=2,
            callbacks=[keeper],
            logger=False,
            enable_progress_bar=False,
            enable_model_summary=False,
        )
        trainer.fit(model.train(), DataLoader(torch.zeros(1, 1)))
    model.eval()
    return folder / "last.ckpt"


def as_old_lightning(checkpoint: Path, out: Path) -> Path:
    """The same as Lightning 1.0 wrote it, with which the published models were trained."""
    found = torch.load(checkpoint, weights_only=False)
    (state,) = found["callbacks"].values()
    old = {
        "epoch": 17,
        "global_step": 250_001,
        "pytorch-lightning_version": "1.0.8",
        "callbacks": {
            ModelCheckpoint: {
                "monitor": "val/rec_loss",
                "best_model_score": torch.tensor(0.3),
                "best_model_path": state["best_model_path"],
                "current_score": torch.tensor(0.3),
                "dirpath": Path(state["dirpath"]),
            }
        },
        "optimizer_states": found["optimizer_states"],
        "lr_schedulers": [],
        "state_dict": found["state_dict"],
        "hparams_name": "kwargs",
        "hyper_parameters": found["hyper_parameters"],
    }
    torch.save(old, out)
    return out


def vqgan_yaml(
    out: Path,
    layers: dict[str, Any],
    target: str = "taming.models.vqgan.VQModel",
    *,
    n_embed: int = 24,
    embed_dim: int = 6,
) -> Path:
    """The config as it was published, with all that only training needs."""
    return _written(out, {"model": _model(layers, target, n_embed, embed_dim)})


def net2net_yaml(out: Path, layers: dict[str, Any]) -> Path:
    """The same within that of a Net2NetTransformer."""
    first = _model(layers, "taming.models.vqgan.VQModel", 24, 6)
    params = {
        "cond_stage_key": "segmentation",
        "transformer_config": {
            "target": "taming.modules.transformer.mingpt.GPT",
            "params": {"vocab_size": 24, "block_size": 16, "n_layer": 1},
        },
        "first_stage_config": first,
        "cond_stage_config": first | {"target": "taming.models.vqgan.VQSegmentationModel"},
    }
    target = "taming.models.cond_transformer.Net2NetTransformer"
    model = {"base_learning_rate": 4.5e-06, "target": target, "params": params}
    return _written(out, {"model": model})


def _written(out: Path, document: dict[str, Any]) -> Path:
    # by way of JSON, so that what is there twice is written twice and not as an alias
    out.write_text(yaml.safe_dump(json.loads(json.dumps(document))))
    return out


def _model(layers: dict[str, Any], target: str, n_embed: int, embed_dim: int) -> dict[str, Any]:
    loss = "taming.modules.losses.vqperceptual.VQLPIPSWithDiscriminator"
    params: dict[str, Any] = {
        "embed_dim": embed_dim,
        "n_embed": n_embed,
        "monitor": "val/rec_loss",
        "ddconfig": layers,
        "lossconfig": {"target": loss, "params": {"disc_start": 250001, "disc_weight": 0.8}},
    }
    if target.endswith("GumbelVQ"):
        params |= {
            "kl_weight": 1.0e-08,
            "temperature_scheduler_config": {
                "target": "taming.lr_scheduler.LambdaWarmUpCosineScheduler",
                "params": {"warm_up_steps": 0, "lr_min": 1.0e-06},
            },
        }
    return {"base_learning_rate": 4.5e-06, "target": target, "params": params}


def as_openai_wrote(model: CLIP, out: Path) -> Path:
    """A CLIP in half precision as a TorchScript archive with its sizes as buffers."""
    sizes = {
        "input_resolution": model.visual.input_resolution,
        "context_length": model.context_length,
        "vocab_size": model.vocab_size,
    }
    del model.context_length, model.vocab_size
    for name, size in sizes.items():
        model.register_buffer(name, torch.tensor(size))
    convert_weights(model)
    side = sizes["input_resolution"]
    picture, text = torch.rand(1, 3, side, side), torch.zeros(1, 77, dtype=torch.int64)
    asked = {"forward": (picture, text), "encode_image": picture, "encode_text": text}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.trace_module(model.eval(), asked, check_trace=False).save(out)
    return out
