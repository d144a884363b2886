"""The layouts of published models: which shape a YAML or the tensors themselves tell of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import yaml
from torch import Tensor

from studio.core import tokens
from studio.engine.archives import AGAIN, shown
from studio.engine.perceptor import CLIPConfig
from studio.engine.vqgan import VQGANConfig
from studio.errors import RequestError

Form = TypeVar("Form")
VQGANS: dict[str, Literal["vq", "gumbel"]] = {
    "taming.models.vqgan.VQModel": "vq",
    "taming.models.vqgan.GumbelVQ": "gumbel",
}
"""What a YAML's `target` may be, and the kind it stands for. Nothing of that name is imported."""
NET2NET = "taming.models.cond_transformer.Net2NetTransformer"
"""A transformer over a VQGAN, which is its first stage."""
FIRST_STAGE = "first_stage_model."
VQGAN_PARTS = ("encoder.", "decoder.", "quantize.", "quant_conv.", "post_quant_conv.")
LEFT_OUT = {"quantize.used"}
"""Codes that another numbering keeps; ours is that of the codebook."""
CLIP_EXTRAS = {"input_resolution", "context_length", "vocab_size"}
LARGEST_CONFIG = 2**20
"""Bytes; the list of all tokens that a CLIP could keep has a third of it."""
LARGEST_YAML = 2**15
"""Bytes; published ones have two or three thousand, and YAML is read slowly."""
DEEPEST = 32
ASSUMED_RESOLUTION = 256
"""Only says on which level attention sits, which the tensors tell anyway."""


class _Target(msgspec.Struct):
    target: str
    params: dict[str, Any] = {}


class _Document(msgspec.Struct):
    model: _Target


class _Net2Net(msgspec.Struct):
    first_stage_config: _Target


class _Layers(msgspec.Struct, forbid_unknown_fields=True):
    """taming's ddconfig. What is not ours to choose is here to be checked."""

    ch: int
    ch_mult: tuple[int, ...]
    num_res_blocks: int
    attn_resolutions: tuple[int, ...]
    resolution: int
    z_channels: int
    out_ch: int = 3
    in_channels: int = 3
    double_z: bool = False
    resamp_with_conv: bool = True
    give_pre_end: bool = False
    dropout: float = 0.0

    def __post_init__(self) -> None:
        if (self.in_channels, self.out_ch) != (3, 3):
            raise ValueError(f"it paints {self.out_ch} channels, and pictures have 3")
        if self.double_z or self.give_pre_end or not self.resamp_with_conv:
            raise ValueError("it is no VQGAN of taming's published kinds")


class _Params(msgspec.Struct):
    """A VQModel's or GumbelVQ's parameters; its losses and schedules only train."""

    embed_dim: int
    n_embed: int
    ddconfig: _Layers


def vqgan_config(path: Path) -> VQGANConfig:
    """The shape that a published YAML, or a JSON of ours, tells of.

    Raises RequestError for anything else, naming what is wrong with it.
    """
    try:
        data = short(path)
        if data.lstrip()[:1] == b"{":
            return msgspec.json.decode(data, type=VQGANConfig)
        return _of_model(_taken(_plain(data), _Document).model)
    except (OSError, ValueError, TypeError, yaml.YAMLError, RecursionError) as error:
        raise _unusable(path, error) from error


def clip_config(path: Path) -> CLIPConfig:
    """The shape that a JSON of ours tells of. Raises RequestError for anything else."""
    try:
        return msgspec.json.decode(short(path), type=CLIPConfig)
    except (OSError, ValueError, RecursionError) as error:
        raise _unusable(path, error) from error


def short(path: Path) -> bytes:
    """A config's bytes. Raises ValueError for what is no file, or too long for one."""
    if not path.is_file():
        raise ValueError("there is no such file")
    with path.open("rb") as file:
        data = file.read(LARGEST_CONFIG + 1)
    if len(data) > LARGEST_CONFIG:
        raise ValueError("it is far too long for a config")
    return data


def _unusable(path: Path, error: Exception) -> RequestError:
    reason = shown(" ".join(str(error).split()) or type(error).__name__)
    return RequestError(
        f"The config {path} cannot be used ({reason}); "
        "give the one that was published with the weights."
    )


def _plain(data: bytes) -> object:
    """YAML as tables, lists and texts, from which `_of_model` makes numbers where it wants some.

    YAML itself makes numbers of much: 1:30 is ninety, and a long row of such takes for ever. An
    alias is refused, of which a few can stand for endless text, and so is endless depth.
    """
    if len(data) > LARGEST_YAML:
        raise ValueError("it is far too long for a config")
    depth = 0
    for event in yaml.parse(data, yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ValueError("it is nested too deeply for a config")
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("it repeats itself by aliases, which no published config does")
    return yaml.load(data, yaml.BaseLoader)


def _taken(value: object, form: type[Form]) -> Form:
    """A part of the YAML as what it should be; its texts stand for numbers, too."""
    return msgspec.convert(value, form, strict=False)


def _of_model(model: _Target) -> VQGANConfig:
    if model.target == NET2NET:
        model = _taken(model.params, _Net2Net).first_stage_config
    if model.target not in VQGANS:
        known = ", ".join([*VQGANS, NET2NET])
        raise ValueError(f"its target {model.target!r} is none of {known}")
    params = _taken(model.params, _Params)
    layers = params.ddconfig
    return VQGANConfig(
        ch=layers.ch,
        ch_mult=layers.ch_mult,
        num_res_blocks=layers.num_res_blocks,
        attn_resolutions=layers.attn_resolutions,
        resolution=layers.resolution,
        z_channels=layers.z_channels,
        embed_dim=params.embed_dim,
        codes=params.n_embed,
        kind=VQGANS[model.target],
    )


def vqgan_part(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The VQGAN among the tensors: without losses, averages, optimizers and transformers."""
    within = FIRST_STAGE if any(name.startswith(FIRST_STAGE) for name in tensors) else ""
    bare = {name[len(within) :]: t for name, t in tensors.items() if name.startswith(within)}
    return {
        name: tensor
        for name, tensor in bare.items()
        if name.startswith(VQGAN_PARTS) and name not in LEFT_OUT
    }


def vqgan_shape(path: Path, tensors: Mapping[str, Tensor]) -> VQGANConfig:
    """The shape that the tensors of a VQGAN tell of.

    They tell all of it but the groups of its norms, which are taming's 32 in every published one.
    Raises RequestError when they do not.
    """
    try:
        return _vqgan_shape({name: tuple(tensor.shape) for name, tensor in tensors.items()})
    except (KeyError, IndexError, ValueError, TypeError, ZeroDivisionError) as error:
        raise RequestError(
            f"The shape of the VQGAN in {path} cannot be told from its weights; "
            "give the YAML that was published with them (--config)."
        ) from error


def _vqgan_shape(shapes: Mapping[str, tuple[int, ...]]) -> VQGANConfig:
    ch = shapes["encoder.conv_in.weight"][0]
    levels = _count(shapes, r"encoder\.down\.(\d+)\.")
    attentive = {int(m[1]) for n in shapes if (m := re.match(r"encoder\.down\.(\d+)\.attn\.", n))}
    gumbel = "quantize.proj.weight" in shapes
    book = shapes["quantize.embed.weight" if gumbel else "quantize.embedding.weight"]
    wide = [shapes[f"encoder.down.{level}.block.0.conv1.weight"][0] for level in range(levels)]
    return VQGANConfig(
        ch=ch,
        ch_mult=tuple(width // ch for width in wide),
        num_res_blocks=_count(shapes, r"encoder\.down\.0\.block\.(\d+)\."),
        attn_resolutions=tuple(ASSUMED_RESOLUTION >> level for level in sorted(attentive)),
        resolution=ASSUMED_RESOLUTION,
        z_channels=shapes["encoder.conv_out.weight"][0],
        embed_dim=book[1],
        codes=book[0],
        kind="gumbel" if gumbel else "vq",
    )


def clip_part(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The CLIP among the tensors, without the sizes that OpenAI's archives keep beside it."""
    return {name: tensor for name, tensor in tensors.items() if name not in CLIP_EXTRAS}


def clip_shape(path: Path, tensors: Mapping[str, Tensor]) -> CLIPConfig:
    """The shape that the tensors of a CLIP tell of, as `clip.model.build_model` reads it.

    Raises RequestError when they do not, or when they tell of another way to read text.
    """
    try:
        shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        config = _clip_shape(shapes)
        words = shapes["token_embedding.weight"][0]
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise RequestError(
            f"{path} is not a CLIP as OpenAI published them; name one of those, or {AGAIN}."
        ) from error
    if (config.context_length, words) != (tokens.CONTEXT, config.vocab_size):
        raise RequestError(
            f"The CLIP {path} reads {config.context_length} of {words} tokens, and texts here are "
            f"{tokens.CONTEXT} of {config.vocab_size}; name one that OpenAI published, "
            "or put the JSON of its config beside it."
        )
    return config


def _clip_shape(shapes: Mapping[str, tuple[int, ...]]) -> CLIPConfig:
    layers: int | tuple[int, int, int, int]
    patch: int | None = None
    if "visual.proj" in shapes:
        layers = _count(shapes, r"visual\.transformer\.resblocks\.(\d+)\.")
        width, _, _, patch = shapes["visual.conv1.weight"]
        resolution = patch * _root(shapes["visual.positional_embedding"][0] - 1)
    else:
        one, two, three, four = (_count(shapes, rf"visual\.layer{n}\.(\d+)\.") for n in range(1, 5))
        layers = (one, two, three, four)
        width = shapes["visual.layer1.0.conv1.weight"][0]
        resolution = 32 * _root(shapes["visual.attnpool.positional_embedding"][0] - 1)
    return CLIPConfig(
        embed_dim=shapes["text_projection"][1],
        image_resolution=resolution,
        vision_layers=layers,
        vision_width=width,
        vision_patch_size=patch,
        transformer_width=shapes["ln_final.weight"][0],
        transformer_layers=_count(shapes, r"transformer\.resblocks\.(\d+)\."),
        context_length=shapes["positional_embedding"][0],
    )


def _count(names: Mapping[str, object], pattern: str) -> int:
    found = len({match[1] for name in names if (match := re.match(pattern, name))})
    if not found:
        raise ValueError("a part is missing")
    return found


def _root(square: int) -> int:
    root = round(square**0.5)
    if root * root != square:
        raise ValueError("its places are no square")
    return root
