"""Installing models: fetched or found, recognised, converted, and put on the person's shelf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from studio.apart import Apart, Reading
from studio.errors import RequestError, StudioError
from studio.models import shelf, store
from studio.models.catalogue import Kind, Published, published
from studio.models.fetch import PATIENCE, Patience, fetch
from studio.models.part import alone, sha256_of, to_its_end
from studio.models.speed import Progress, Told
from studio.models.store import Installed

CONFIGS = (".yaml", ".yml")
BESIDE = (".json", ".md", ".txt")
"""What lies beside weights and is not taken for any."""
NAMELESS = ("last", "model", "checkpoint", "checkpoints", "ckpts", "vqgan", "clip")
"""Names of files and folders that say nothing; there the folder above has the name."""


@dataclass(frozen=True)
class Brought:
    """What came of importing a file or folder."""

    installed: tuple[Installed, ...]
    refused: tuple[str, ...]
    """One sentence on each file that was not taken."""


def needs_trust(model: Published) -> bool:
    """Whether nobody has published the sha256 of a download, or of its yaml file."""
    sources = (model.source,) if model.config is None else (model.source, model.config)
    return any(source.sha256 is None for source in sources)


def check_trust(model: Published) -> None:
    """Raise RequestError for a model that needs trust."""
    if needs_trust(model):
        raise RequestError(
            f"Nobody has published the sha256 of {model.name}, so that nothing can tell whether "
            "what comes is genuine; --trust fetches it all the same."
        )


async def download(
    model: Published,
    *,
    trust: bool = False,
    keep: bool = False,
    told: Told = lambda _: None,
    patience: Patience = PATIENCE,
) -> Installed:
    """Fetch a published model, convert it and put it on the shelf; at once if it is there already.

    Cancelling it is a pause: what has come so far stays, and the next call goes on from there. The
    checkpoint is deleted when it is converted, unless `keep` says otherwise; the sha256 of what
    came is remembered beside the weights. `told` is called in the loop's own thread, but with
    phase "checking" from a thread of the pool.

    Raises RequestError without `trust` when nobody can say whether what comes is genuine, and as
    `fetch` and the conversion do.
    """
    there = {(each.name, each.kind): each for each in store.installed()}
    if (model.name, model.kind) in there:
        return there[model.name, model.kind]
    if not trust:
        check_trust(model)
    folder, checkpoint = shelf.folder_of(model.name), shelf.checkpoint_of(model)
    with _named(model), _at_work(folder, model.kind):
        config = None
        if model.config is not None:
            config = shelf.config_of(model)
            await fetch(model.config, config, patience=patience)
        sha256 = await fetch(model.source, checkpoint, told=told, patience=patience)
        size = checkpoint.stat().st_size
        told(Progress("converting", size, size, None, None, ""))
        try:
            async with Apart(load_engine) as aside:
                installed = await _convert(aside, checkpoint, config, model.kind, sha256, folder)
        except RequestError:
            if model.sha256 is None:  # or it would be taken for the right one for ever
                _delete(checkpoint, config)
            raise
        if not keep:
            _delete(checkpoint, config)
        return installed


@contextmanager
def _named(model: Published) -> Iterator[None]:
    """A block whose errors say which model they are about."""
    try:
        yield
    except StudioError as error:
        raise type(error)(f"{model.name}: {error}") from error


async def bring_in(
    path: Path,
    *,
    config: Path | None = None,
    name: str | None = None,
    told: Callable[[Path], None] = lambda _: None,
) -> Brought:
    """Install weights that are on this machine already: a file, or all that a folder holds.

    They are recognised by what is inside, and published ones known by their sha256; files stay
    where they are. `told` hears of each file as it is taken up. A yaml file beside it of the same
    name, or called config or model, is its config, unless `config` is given.

    Raises RequestError when there is no such file, or `config` or `name` are given for several.
    What is wrong with the files of a folder is told in what is returned; with one, it is raised.
    """
    files = _files(path)
    if len(files) != 1 and (config is not None or name is not None):
        raise RequestError(f"{path} holds {len(files)} files; give --config and --name for one.")
    installed, refused = [], []
    async with Apart(load_engine) as aside:
        for file in files:
            told(file)
            try:
                installed.append(await _bring_in(aside, file, config, name))
            except StudioError as error:
                if path == file:
                    raise
                refused.append(str(error))
    return Brought(tuple(installed), tuple(refused))


async def _bring_in(aside: Apart, file: Path, config: Path | None, name: str | None) -> Installed:
    reading = Reading.of(file)
    kind = await aside.call(reading, kind_of, file)  # quick, where hashing many films would not be
    if kind is None:
        raise RequestError(f"{file} holds neither a VQGAN nor a CLIP that can be read.")
    sha256 = await aside.call(reading, sha256_of, file)
    known = next((model for model in published() if model.sha256 == sha256), None)
    if kind == "clip" and config is not None:
        raise RequestError(f"{file} is a CLIP, which has no yaml file; leave --config out.")
    if name is None:
        name = _name_of(file) if known is None else known.name
    folder = shelf.folder_of(name)
    if (problem := taken(name, kind, sha256)) is not None:
        raise RequestError(
            f"{problem}; give this another name (--name, or the file's own), or remove that one "
            "first."
        )
    with _at_work(folder, kind):
        beside = config or _config_beside(file)
        installed = await _convert(aside, file, beside, kind, sha256, folder)
        if file.name == installed.weights.name:  # a model as the program keeps it
            await to_its_end(lambda: shelf.carry(file.parent, installed))
        return installed


async def _convert(
    aside: Apart, checkpoint: Path, config: Path | None, kind: Kind, sha256: str, folder: Path
) -> Installed:
    fresh = shelf.fresh(folder, kind)
    reading = Reading.of(checkpoint)
    await aside.call(reading, convert, kind, checkpoint, config, fresh)
    fresh_sha256 = await aside.call(reading, sha256_of, fresh)
    return await to_its_end(lambda: shelf.place(folder, kind, fresh_sha256, sha256))


@contextmanager
def _at_work(folder: Path, kind: Kind) -> Iterator[None]:
    """A block in which nobody else installs into a folder, and after which nothing is left over."""
    try:
        with alone(folder / kind):
            yield
    finally:
        shelf.sweep(folder, kind)


def load_engine() -> None:
    """Load torch, for reading only: more threads would take more memory than files need."""
    import torch

    from studio.engine import weights as weights

    torch.set_num_threads(1)


def kind_of(path: Path) -> Kind | None:
    """Which kind of model the weights of a file are; None when of neither. Loads torch."""
    from studio.engine import weights

    return weights.recognise(path)


def convert(kind: Kind, checkpoint: Path, config: Path | None, out: Path) -> None:
    """Convert a checkpoint to the program's own form at `out`. Loads torch, and the checkpoint.

    Raises RequestError for a checkpoint that is refused.
    """
    from studio.engine import weights

    if kind == "vqgan":
        weights.convert_vqgan(checkpoint, config, out)
    else:
        weights.convert_clip(checkpoint, out)


def _files(path: Path) -> list[Path]:
    """The files that may be weights."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        if path.exists():
            raise RequestError(f"{path} is neither a file nor a folder; name one with weights.")
        raise RequestError(f"There is no file or folder {path}.")
    ours = [path / f"{kind}.safetensors" for kind in get_args(Kind)]
    ours = [file for file in ours if file.is_file() and file.with_suffix(".json").is_file()]
    if ours:  # a model as the program keeps it; what else lies there is what it was made of
        return ours
    beside = (*CONFIGS, *BESIDE)
    found = [each for each in sorted(path.rglob("*")) if each.is_file()]
    files = [file for file in found if file.suffix.lower() not in beside and file.name[0] != "."]
    if not files:
        raise RequestError(f"The folder {path} holds no file that could be weights.")
    return files


def _config_beside(file: Path) -> Path | None:
    places = [file.with_suffix(ending) for ending in CONFIGS]
    places += [
        file.with_name(f"{stem}{ending}") for stem in ("config", "model") for ending in CONFIGS
    ]
    return next((place for place in places if place.is_file() and place != file), None)


def _name_of(file: Path) -> str:
    names = (file.stem, *(folder.name for folder in file.resolve().parents))
    return next((name for name in names if name.lower() not in NAMELESS), file.stem)


def taken(name: str, kind: Kind, sha256: str = "") -> str | None:
    """Why a new model cannot have this name: it stands for one model only, or a published one.

    `sha256` is of the file that it is made from; a published model may have its own name.
    """
    what = "VQGAN" if kind == "vqgan" else "CLIP"
    folder = store.folder_name(name).casefold()  # many disks tell no Ab from aB
    if any(
        (store.folder_name(each.name).casefold(), each.kind) == (folder, kind)
        for each in store.installed()
    ):
        return f"There is a {what} {name} already"
    for model in published():
        if store.folder_name(model.name).casefold() == folder and (
            model.kind != kind or model.sha256 not in (None, sha256)
        ):
            return f"{name} is the name of a published model, and this is another"
    return None


def _delete(checkpoint: Path, config: Path | None) -> None:
    checkpoint.unlink(missing_ok=True)
    if config is not None:
        config.unlink(missing_ok=True)
