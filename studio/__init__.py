"""VQGAN-CLIP Studio: paint pictures from prompts and keep every iteration."""

import os

# torch's threads otherwise spin while they wait, which is 12 times slower beside one busy program
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__version__ = "0.1.0"
