"""그림을 화소로 옮겨 WebP로 적습니다."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from gan_docs.drawing.palette import Palette, style
from gan_docs.experiments.experiment import Result

DOTS_PER_INCH = 200


def paint(
    draw: Callable[[Result, Palette], Any], result: Result, palette: Palette, colours: int
) -> bytes:
    """그림 하나를 그려 WebP로 적습니다. 글꼴에 없는 글자의 경고는 오류가 됩니다."""
    with style(palette), warnings.catch_warnings():
        warnings.filterwarnings("error", "Glyph .* missing from font")
        return encode(pixels(draw(result, palette), palette, colours))


def pixels(drawn: Any, palette: Palette, colours: int) -> Image.Image:
    """배열은 그대로, Matplotlib 그림은 색의 수를 줄여 화소로 옮깁니다."""
    if isinstance(drawn, np.ndarray):
        return Image.fromarray(drawn)
    return reduced(painted(drawn), palette, colours)


def painted(drawn: Any) -> Image.Image:
    """Matplotlib 그림을 화소로 옮깁니다."""
    content = io.BytesIO()
    drawn.savefig(content, format="png", dpi=DOTS_PER_INCH)
    return Image.open(content)


def reduced(picture: Image.Image, palette: Palette, colours: int) -> Image.Image:
    """색의 수를 줄인 그림입니다. 가장자리는 바탕의 색에 섞고, 바탕은 다시 비칩니다."""
    picture = picture.convert("RGBA")
    paper = Image.new("RGBA", picture.size, palette.paper)
    paper.alpha_composite(picture)
    flat = paper.convert("RGB").quantize(
        colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    flat.info["transparency"] = flat.getpixel((0, 0))  # 구석은 늘 바탕
    return flat.convert("RGBA")


def encode(picture: Image.Image) -> bytes:
    """화소를 하나도 잃지 않는 WebP로 적습니다. 같은 그림은 같은 바이트가 됩니다."""
    content = io.BytesIO()
    picture.convert("RGBA").save(content, "WEBP", lossless=True, quality=100, method=4)
    return content.getvalue()
