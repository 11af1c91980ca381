"""그림의 색을 줄여도 뜻을 가진 색과 비치는 바탕이 남는지 봅니다."""

import io

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import PALETTES, Palette, style
from gan_docs.site.make import painting


@pytest.mark.parametrize("scheme", PALETTES)
def test_fewer_colours_keep_the_meaning_and_the_ground(scheme: str) -> None:
    check_colours(scheme, 64)
    with pytest.raises(AssertionError):
        check_colours(scheme, 3)  # 뜻을 가진 색을 잃을 만큼 줄이면 알아챔


def check_colours(scheme: str, colours: int) -> None:
    palette: Palette = PALETTES[scheme]
    with style(palette):
        figure = pictures.new_figure(3, 2)
        axes = figure.subplots()
        axes.set_axis_off()
        named = ("generator", "discriminator", "real", "ink")
        for place, name in enumerate(named):
            axes.bar(place, 1, color=getattr(palette, name))
        whole = painting.painted(figure)
    small = painting.encode(painting.reduced(whole, palette, colours))
    assert len(small) <= len(painting.encode(whole))
    picture = Image.open(io.BytesIO(small))
    assert picture.format == "WEBP"
    pixels = np.asarray(picture.convert("RGBA"))
    assert pixels[0, 0, 3] == 0  # 바탕은 비침
    seen = pixels[pixels[..., 3] == 255][:, :3].astype(int)
    for name in named:
        wanted = np.array([round(255 * part) for part in to_rgb(getattr(palette, name))])
        assert np.abs(seen - wanted).max(1).min() <= 6, name


def test_a_picture_keeps_every_pixel() -> None:
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (40, 30, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    content = painting.encode(Image.fromarray(pixels))
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(content)).convert("RGBA")), pixels)
    assert content == painting.encode(Image.fromarray(pixels))
