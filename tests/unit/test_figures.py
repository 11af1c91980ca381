"""그림: 색을 줄여도 뜻이 남는지, 표를 따르는지, 이름이 겹치면 멈추는지."""

import io

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import PALETTES, Palette, style
from gan_docs.experiments.experiment import Result
from gan_docs.losses import LOSSES, MINIMAX
from gan_docs.site.make import figures, painting
from gan_docs.site.make.figures import curves, planes


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
    pixels = np.random.default_rng(0).integers(0, 256, (40, 30, 3), dtype=np.uint8)
    content = painting.encode(Image.fromarray(pixels))
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(content)).convert("RGB")), pixels)


def test_a_figure_of_all_losses_follows_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LOSSES, "one-more", MINIMAX._replace(name="하나 더"))
    random = np.random.default_rng(0)
    arrays = {
        f"points_{name.replace('-', '_')}_{end}": random.normal(size=(5, 9, 2))
        for name in LOSSES
        for end in planes.ENDS
    }
    points = Result({}, {**arrays, "real": random.normal(size=(8, 2))})
    slopes = np.linspace(0, 1, len(LOSSES))[:, None] * np.ones(3)
    lines = Result({}, {"logits": np.linspace(-8, 8, 3), "slopes": slopes})
    for draw, result in ((planes.losses_points, points), (curves.generator_slopes, lines)):
        drawn = draw(result, PALETTES["light"])
        words = [text.get_text() for axes in drawn.axes for text in (axes.title, *axes.texts)]
        assert [word for word in words if "하나 더" in word]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "이름이 같은 그림이 둘"),
        ({"name": "새것", "experiment": "없음"}, "없음이\\(가\\) 없습니다"),
        ({"name": "새것", "alt": " "}, "그림 새것의 그림말이나 대체 글\\(alt\\)이 없습니다"),
        ({"name": "새것", "caption": "`z`를 옮깁니다."}, "Markdown을 쓰지 않습니다: 받은 표시 `"),
        ({"name": "새것", "alt": "**굵은** 획"}, "받은 표시 \\*\\*"),
    ],
)
def test_a_figure_that_cannot_be_is_told_before_any_training(
    change: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curves, "FIGURES", [*curves.FIGURES, curves.FIGURES[0]._replace(**change)])
    with pytest.raises(figures.FigureError, match=message):
        figures.figures.__wrapped__()
