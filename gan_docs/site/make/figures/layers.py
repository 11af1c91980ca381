"""층을 하나씩 바꾼 짧은 학습과, 화소 펼치기의 그림."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.site.make.figures import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = 8


# --8<-- [start:pixel_shuffle]
def pixel_shuffle(result: Result, palette: Palette) -> Any:
    """왼쪽은 2×2 채널 네 장, 오른쪽은 그것을 펼친 4×4 한 장입니다. 같은 글자가 같은 채널입니다."""
    figure = pictures.new_figure(4.4, 2.1)
    axes = figure.subplots()
    shades = (0.1, 0.3, 0.5, 0.7)  # 채널마다의 짙기. 글자도 함께 적음
    for channel, name in enumerate("abcd"):
        for place in range(4):
            row, column = divmod(place, 2)
            down, right = divmod(channel, 2)
            text = f"{name}{place + 1}"
            cell(axes, 2.4 * right + column, 2.4 * down + row, text, shades[channel], palette)
            spread = 6.6 + 2 * column + right, 0.2 + 2 * row + down
            cell(axes, *spread, text, shades[channel], palette)
    axes.annotate("", (6.3, 2.2), (4.8, 2.2), arrowprops={"arrowstyle": "->", "color": palette.ink})
    for left in (0, 2):
        for top in (0, 2):
            frame(axes, 6.6 + left, 0.2 + top, palette)
    axes.text(2.2, 4.9, "2×2 채널 네 장", ha="center", va="center")
    axes.text(8.6, 4.9, "4×4 채널 한 장", ha="center", va="center")
    axes.set(xlim=(-0.2, 10.8), ylim=(5.3, -0.2))
    axes.set_aspect("equal")
    axes.set_axis_off()
    return figure


def cell(axes: Axes, x: float, y: float, text: str, shade: float, palette: Palette) -> None:
    """화소 하나: 채널의 짙기로 칠하고 이름을 적습니다."""
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle((x, y), 1, 1, facecolor=(palette.generator, 0.5 * shade), edgecolor=palette.rule)
    )
    axes.text(x + 0.5, y + 0.52, text, ha="center", va="center")


def frame(axes: Axes, x: float, y: float, palette: Palette) -> None:
    """같은 자리에서 온 네 화소를 두르는 테두리입니다."""
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x, y), 2, 2, fill=False, edgecolor=palette.ink, linewidth=1.4))


# --8<-- [end:pixel_shuffle]


# --8<-- [start:layers_start]
def layers_start(result: Result, palette: Palette) -> Any:
    """키우는 방법마다, 학습하지 않은 생성기가 만든 이미지 넷과 바둑판 무늬의 몫입니다."""
    names = {
        "pixel": "PixelShuffle",
        "icnr": "PixelShuffle,\n네 채널을 같게",
        "transposed": "전치 합성곱,\n커널 4",
        "transposed_odd": "전치 합성곱,\n커널 3",
        "nearest": "되풀이 +\n합성곱",
    }
    figure = pictures.new_figure(4.4, 3.9)
    for axes, (key, name) in zip(figure.subplots(len(names), 1), names.items(), strict=True):
        images = result.arrays[f"shown_start_{key}"]
        share = float(np.median(result.arrays[f"start_{key}"]))
        axes.imshow(pictures.wall(images, columns=4, scale=4, palette=palette))
        axes.set_axis_off()
        for x, text, side in ((-0.04, name, "right"), (1.04, f"{share:.1%}", "left")):
            axes.text(x, 0.5, text, ha=side, va="center", transform=axes.transAxes)
    figure.set_layout_engine("none")  # 맞추면 양쪽의 글이 잘림
    return figure


# --8<-- [end:layers_start]


def letter_rows(result: Result, palette: Palette, names: Mapping[str, str]) -> Any:
    """이름마다 한 줄씩, 첫 시드가 만든 글자를 나란히 놓습니다."""
    figure = pictures.new_figure(4.4, 0.84 * len(names))
    panels = figure.subplots(len(names), 1, squeeze=False).ravel()
    for axes, (key, name) in zip(panels, names.items(), strict=True):
        images = result.arrays[f"shown_{key}"][:COLUMNS]
        letters = pictures.wall(images, columns=COLUMNS, scale=4, palette=palette)
        axes.imshow(letters)
        axes.set_title(name, loc="left", fontsize=11, pad=3)
        axes.set_axis_off()
    return figure


# --8<-- [start:layers_doublings]
def layers_doublings(result: Result, palette: Palette) -> Any:
    """키우는 방법만 바꾼 세 생성기입니다."""
    names = {"pixel": "PixelShuffle", "transposed": "전치 합성곱", "nearest": "되풀이 + 합성곱"}
    return letter_rows(result, palette, names)


# --8<-- [end:layers_doublings]


# --8<-- [start:layers_generator]
def layers_generator(result: Result, palette: Palette) -> Any:
    """생성기에서 층을 하나씩 뺐습니다."""
    names = {"pixel": "그대로", "without_norm": "배치 정규화 없이", "without_tanh": "Tanh 없이"}
    return letter_rows(result, palette, names)


# --8<-- [end:layers_generator]


# --8<-- [start:layers_discriminator]
def layers_discriminator(result: Result, palette: Palette) -> Any:
    """판별기의 활성 함수만 바꿨습니다."""
    return letter_rows(result, palette, {"pixel": "LeakyReLU", "relu": "ReLU"})


# --8<-- [end:layers_discriminator]


# --8<-- [start:distance_rows]
def distance_rows(result: Result, palette: Palette) -> Any:
    """진짜, 두 거리로 학습한 생성기, 같은 스텝 수의 GAN입니다."""
    names = {
        "real": "진짜",
        "paired": "무작위로 짝지은 진짜와의 거리",
        "nearest": "가장 가까운 진짜와의 거리",
        "gan": "GAN",
    }
    return letter_rows(result, palette, names)


# --8<-- [end:distance_rows]

FIGURES = [
    Figure(
        "pixel-shuffle",
        None,
        "채널 네 장의 같은 자리에 있던 네 화소가 2×2로 모입니다. 새로 계산하는 값은 없습니다.",
        "a1, b1, c1, d1이 왼쪽 위의 2×2 칸에 모인다.",
        pixel_shuffle,
    ),
    Figure(
        "layers-start",
        "layers",
        "학습하기 전의 생성기입니다. 오른쪽은 바둑판 무늬의 몫(시드 다섯의 중앙값)이며, 아래의 "
        "되풀이와 네 채널을 같게 한 것에만 무늬가 없습니다.",
        "PixelShuffle과 전치 합성곱은 바둑판 무늬로 시작하고, 네 채널을 같게 하거나 "
        "되풀이해 키우면 무늬 없이 시작한다.",
        layers_start,
        one_seed=True,
        claims=(
            "max(max(layers.start_icnr), max(layers.start_nearest)) < 0.01",
            "min(layers.start_pixel) > 0.02 and min(layers.start_transposed) > 0.02",
            "min(layers.start_transposed_odd) > 0.02",
        ),
    ),
    Figure(
        "layers-doublings",
        "layers",
        "{{ layers.steps_each }}스텝을 학습하면 바둑판 무늬는 어느 방법에도 남지 않습니다.",
        "세 줄 모두 가나다라로 읽히고 바둑판 무늬가 보이지 않는다.",
        layers_doublings,
        one_seed=True,
        claims=(
            "max(max(layers.phase_pixel), max(layers.phase_transposed), "
            "max(layers.phase_nearest)) < 0.02",
        ),
    ),
    Figure(
        "layers-generator",
        "layers",
        "배치 정규화를 빼면 글자가 서로 닮고, Tanh를 빼면 바탕이 얼룩집니다.",
        "배치 정규화가 없는 줄은 획이 뭉쳐 서로 닮았고, Tanh가 없는 줄은 바탕이 얼룩졌다.",
        layers_generator,
        one_seed=True,
        claims=(
            "max(layers.spread_without_norm) < min(layers.spread_pixel)",
            "min(layers.grey_without_tanh) > max(layers.grey_pixel)",
        ),
    ),
    Figure(
        "layers-discriminator",
        "layers",
        "판별기의 활성 함수를 ReLU로 바꾸어도 이 짧은 학습에서는 나빠지지 않습니다.",
        "두 줄 모두 가나다라로 읽힌다.",
        layers_discriminator,
        one_seed=True,
        claims=("layers.agreement_relu_median >= layers.agreement_pixel_median - 0.05",),
    ),
    Figure(
        "distance-rows",
        "distance",
        "화소의 거리만 줄이면 흐린 평균이나 똑같은 글자가 나옵니다. 판별기와 겨룬 GAN만 여러 "
        "글씨체를 만듭니다.",
        "무작위로 짝지은 거리는 흐린 글자를, 가장 가까운 진짜와의 거리는 똑같은 글자를 만들고, "
        "GAN은 굵기가 다른 글자를 만든다.",
        distance_rows,
        one_seed=True,
        claims=(
            "max(distance.spread_paired) < 0.3 and max(distance.spread_nearest) < 0.3",
            "min(distance.spread_gan) > 0.4",
        ),
    ),
]
