"""How a picture fills a frame of another size or shape."""

from __future__ import annotations

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from studio.core.film import Fit
from studio.errors import RequestError

LANCZOS = Image.Resampling.LANCZOS
BEHIND_SIDE = 48
"""Pixels along the longer side at which what lies behind bars is blurred: it is that soft."""
BEHIND_LIGHT = 0.6
"""Its light, so that the picture itself stands out."""


def frame_size(
    picture: tuple[int, int], wanted: tuple[int, int] | None, fit: Fit, *, even: bool
) -> tuple[int, int]:
    """The size of a frame for a picture of a size.

    With the fit "whole" the picture becomes as large as fits the wanted size. Sides that follow
    from the picture are rounded down to even ones if they must be. Raises RequestError when a
    wanted side is odd and must not be.
    """
    if wanted is not None and fit != "whole":
        if even and (wanted[0] % 2 or wanted[1] % 2):
            better = tuple(side + side % 2 for side in wanted)
            raise RequestError(
                f"A film of this kind cannot be {wanted[0]}x{wanted[1]}: its sides must be even. "
                f"Ask for {better[0]}x{better[1]}, or for a GIF, WebP or folder."
            )
        return wanted
    width, height = picture
    if wanted is not None:
        if wanted[0] * height <= wanted[1] * width:
            width, height = wanted[0], max(1, round(height * wanted[0] / width))
        else:
            width, height = max(1, round(width * wanted[1] / height)), wanted[1]
    if not even:
        return width, height
    return max(2, width - width % 2), max(2, height - height % 2)


def fitted(picture: Image.Image, size: tuple[int, int], fit: Fit) -> Image.Image:
    """A picture (RGB) as a frame of a size: scaled, within blurred bars, or cropped (Lanczos)."""
    if picture.size == size:
        return picture
    if fit == "whole":
        return picture.resize(size, LANCZOS)
    if fit == "crop":
        return ImageOps.fit(picture, size, LANCZOS)
    inside = ImageOps.contain(picture, size, LANCZOS)
    if inside.size == size:
        return inside
    frame = _behind(picture, size)
    frame.paste(inside, ((size[0] - inside.width) // 2, (size[1] - inside.height) // 2))
    return frame


def _behind(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture enlarged over the whole frame, blurred and darkened."""
    scale = BEHIND_SIDE / max(size)
    small = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    blurred = ImageOps.fit(picture, small, LANCZOS).filter(ImageFilter.GaussianBlur(2))
    return ImageEnhance.Brightness(blurred.resize(size, Image.Resampling.BICUBIC)).enhance(
        BEHIND_LIGHT
    )
