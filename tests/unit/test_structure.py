"""구조 그림: 글과 도형이 잘리거나 겹치지 않는지."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from torch import nn

from gan_docs import Discriminator, Generator
from gan_docs.drawing import structure
from gan_docs.summary import Part


def cut(width: int, channels: int, classes: int) -> list[str]:
    """두 신경망을 이은 그림에서, 오른쪽 끝을 넘거나 도형을 덮은 글입니다."""
    generator = Generator(width, width, channels, classes=classes)
    discriminator = Discriminator(width, width, channels, classes=classes)
    networks = [
        Part("생성기", "generator", nn.Sequential(*generator.model().children())),
        Part("판별기", "discriminator", nn.Sequential(*discriminator.model().children())),
    ]
    figure = structure.draw(networks, (generator.latent_size + classes,))
    renderer = FigureCanvasAgg(figure).get_renderer()
    (axes,) = figure.axes
    shapes = max(patch.get_window_extent(renderer).x1 for patch in axes.patches)
    found = []
    for text in axes.texts:
        box = text.get_window_extent(renderer)
        beside = text.get_position()[0] == structure.TEXT
        if box.x1 > figure.bbox.x1 or (beside and box.x0 < shapes):
            found.append(text.get_text())
    return found


@pytest.mark.parametrize(("width", "channels", "classes"), [(28, 1, 14), (64, 3, 10)])
def test_nothing_is_cut_off(width: int, channels: int, classes: int) -> None:
    assert cut(width, channels, classes) == []


def test_a_narrow_picture_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "WIDTH", 4.3)
    assert any("보폭 2" in text for text in cut(28, 1, 0))
    monkeypatch.setattr(structure, "WIDTH", 6.0)
    monkeypatch.setattr(structure, "TEXT", 1.2)
    assert len(cut(28, 1, 0)) > 10
