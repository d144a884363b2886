"""The networks of the clip package, without the rest of it.

The package itself loads torchvision and torch's compiler: a second and 0.1 GB (measured).
"""

import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec


def _load_alone(package: str, name: str) -> None:
    """Import a module of a package that is not itself imported, unless it is there."""
    around = find_spec(package)
    found = PathFinder.find_spec(name, around.submodule_search_locations if around else None)
    if name in sys.modules or found is None or found.loader is None:
        return  # and the import below says what is missing
    sys.modules[name] = module_from_spec(found)
    found.loader.exec_module(sys.modules[name])


_load_alone("clip", "clip.model")

from clip.model import (  # noqa: E402
    CLIP,
    ModifiedResNet,
    ResidualAttentionBlock,
    VisionTransformer,
)

__all__ = ["CLIP", "ModifiedResNet", "ResidualAttentionBlock", "VisionTransformer"]
