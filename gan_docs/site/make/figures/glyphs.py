"""글자와 숫자를 늘어놓은 그림."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import to_rgb

from gan_docs.data import SYLLABLES
from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.site.make.figures import WATCHED, Figure


# --8<-- [start:noise_to_hangul]
def noise_to_hangul(result: Result, palette: Palette) -> Any:
    """스텝마다 한 줄: 같은 잠재 벡터가 글자가 되어 갑니다."""
    shown = np.isin(result.arrays["watched"], WATCHED)
    chosen = result.arrays["frames"][shown, :14].reshape(-1, 1, 28, 28)
    return pictures.wall(chosen, columns=14, scale=2, gap=3, palette=palette)


# --8<-- [end:noise_to_hangul]


# --8<-- [start:hangul_samples]
def hangul_samples(result: Result, palette: Palette) -> Any:
    """종류를 차례로 돌며 만든 처음 여덟 줄입니다. 심판이 다르게 읽은 글자에는 밑줄을 긋습니다."""
    seen = result.arrays
    drawn = pictures.wall(seen["shown"], columns=len(SYLLABLES), scale=2, gap=3, palette=palette)
    red = np.array([*(255 * np.array(to_rgb(palette.discriminator))), 255])
    for place in np.flatnonzero(seen["shown_read"] != seen["shown_labels"]):
        row, column = divmod(int(place), len(SYLLABLES))
        top, left = 2 * (31 * row + 28), 2 * 31 * column  # 칸은 28화소에 간격 3화소, 두 배로 키움
        drawn[top : top + 4, left : left + 56] = red
    return drawn


# --8<-- [end:hangul_samples]


# --8<-- [start:hangul_unconditional]
def hangul_unconditional(result: Result, palette: Palette) -> Any:
    """이름표 없이 만든 표본의 처음 여덟 줄입니다."""
    samples = result.arrays["samples"][: 8 * len(SYLLABLES)]
    return pictures.wall(samples, columns=len(SYLLABLES), scale=2, gap=3, palette=palette)


# --8<-- [end:hangul_unconditional]


# --8<-- [start:hangul_neighbours]
def hangul_neighbours(result: Result, palette: Palette) -> Any:
    """만든 처음 열네 자의 짝을, 가까운 것부터 두 줄로 나눕니다."""
    return pairs(result.arrays["usual"], result.arrays["usual_ratio"], palette)


# --8<-- [end:hangul_neighbours]


# --8<-- [start:hangul_closest]
def hangul_closest(result: Result, palette: Palette) -> Any:
    """만든 글자 모두의 짝 가운데 가장 가까운 열넷입니다."""
    return pairs(result.arrays["pairs"], result.arrays["pair_ratio"], palette)


# --8<-- [end:hangul_closest]


# --8<-- [start:gan100_closest]
def gan100_closest(result: Result, palette: Palette) -> Any:
    """만든 숫자 모두의 짝 가운데 가장 가까운 열입니다."""
    return pairs(result.arrays["pairs"], result.arrays["pair_ratio"], palette, columns=5)


# --8<-- [end:gan100_closest]


def pairs(images: Any, ratios: Any, palette: Palette, columns: int = 7) -> Any:
    """줄마다 위가 만든 것, 아래가 가장 가까운 배운 것이고, 그 아래가 거리의 비입니다."""
    rows = -(-len(ratios) // columns)
    figure = pictures.new_figure(4.4, 1.4 * rows * 7 / columns)
    for row, panel in enumerate(np.ravel(figure.subplots(rows, 1))):
        shown = slice(row * columns, (row + 1) * columns)
        part = images[:, shown]
        stacked = part.reshape(-1, *images.shape[2:])
        side = images.shape[-1]
        wall = pictures.wall(stacked, columns=columns, scale=4, gap=side // 8, palette=palette)
        panel.imshow(wall, interpolation="nearest")
        panel.spines[:].set_visible(False)
        step = 4 * (side + side // 8)
        panel.set_xticks(
            [step * column + 2 * side for column in range(columns)],
            [f"{ratio:.2f}" for ratio in ratios[shown]], fontsize=11,
        )  # fmt: skip
        panel.set_yticks([2 * side, step + 2 * side], ["만듦", "배움"], fontsize=11)
        panel.tick_params(length=0)
    return figure


# --8<-- [start:hangul_real]
def hangul_real(result: Result, palette: Palette) -> Any:
    """글자마다 진짜 다섯 장을 세로로 모읍니다."""
    labels = result.arrays["real_labels"]
    places = np.stack([np.flatnonzero(labels == label)[:5] for label in range(len(SYLLABLES))])
    real = result.arrays["real"][places.T.ravel()]
    return pictures.wall(real, columns=len(SYLLABLES), scale=2, gap=3, palette=palette)


# --8<-- [end:hangul_real]


# --8<-- [start:hangul_reading]
def hangul_reading(result: Result, palette: Palette) -> Any:
    """지정한 글자로 읽힌 비율을 글자마다 점으로 찍습니다."""
    shares = result.arrays["by_syllable"]
    figure = pictures.new_figure(4.4, 2.4)
    axes = figure.subplots()
    axes.vlines(range(len(shares)), 0, shares, color=palette.rule, linewidth=1)
    axes.plot(shares, "D", color=palette.generator)
    axes.set_xticks(range(len(shares)), SYLLABLES)
    axes.set_ylim(0, 1.05)
    axes.set_ylabel("읽힌 비율")
    return figure


# --8<-- [end:hangul_reading]


# --8<-- [start:gan100_digits]
def gan100_digits(result: Result, palette: Palette) -> Any:
    """100줄 GAN이 만든 숫자 100자입니다."""
    return pictures.wall(result.arrays["shown"], columns=10, scale=1, gap=4, palette=palette)


# --8<-- [end:gan100_digits]

FIGURES = [
    Figure(
        "noise-to-hangul",
        "hangul",
        "같은 잠재 벡터 열넷이 잡음에서 가나다라가 됩니다. 한 줄이 한 시점입니다. "
        "진짜 글자로만 배운 분류기는 마지막 줄의 열넷 가운데 {{ reading.hero_read }}자를 "
        "지정한 대로 읽습니다.",
        "위 줄의 잡음이 아래 줄로 갈수록 또렷한 한글이 된다. "
        "마지막 줄의 열넷 가운데 {{ reading.hero_read }}자가 지정한 대로 읽힌다.",
        noise_to_hangul,
        1.0,
        claims=("reading.hero_read >= 12",),
    ),
    Figure(
        "hangul-samples",
        "reading",
        "생성기가 만든 글자입니다. 줄마다 잠재 벡터가 달라 글씨체도 다릅니다. "
        "{{ reading.shown }}자 가운데 심판이 다르게 읽은 "
        "{{ reading.shown_misread }}자에는 밑줄을 그었습니다.",
        "만든 글자 {{ reading.shown }}자 가운데 {{ reading.shown_read }}자가 지정한 대로 읽히고, "
        "줄마다 글씨체가 다르다.",
        hangul_samples,
        1.0,
        claims=("reading.shown_read >= 0.9 * reading.shown",),
    ),
    Figure(
        "hangul-unconditional",
        "hangul_unconditional",
        "이름표 없이 학습한 생성기입니다. 고를 수는 없지만 열네 글자가 섞여 나옵니다.",
        "글자의 차례가 뒤섞인 벽. 읽히는 글자 사이에 두 글자가 섞인 것도 있다.",
        hangul_unconditional,
        1.0,
        claims=("reading.unconditional_smallest_class > 0",),
    ),
    Figure(
        "hangul-neighbours",
        "reading",
        "만든 처음 열네 자와 그 짝입니다. 수는 둘 사이의 거리를, 처음 보는 글꼴이 배운 글자까지 "
        "떨어진 평균 거리로 나눈 것입니다.",
        "짝은 대개 같은 음절이지만 획의 굵기와 자리가 다르다.",
        hangul_neighbours,
        claims=("0.5 < median(reading.usual_ratio) < 1.2",),
    ),
    Figure(
        "hangul-closest",
        "reading",
        "만든 {{ reading.samples:, }}자 가운데 배운 글자에 가장 가까운 열넷입니다. "
        "가장 가까운 짝도 비율이 {{ reading.closest_ratio:.2f }}입니다.",
        "짝끼리 거의 같은 모양이지만 화소까지 같은 것은 없다.",
        hangul_closest,
        claims=("reading.closest_ratio > 0.1",),
    ),
    Figure(
        "hangul-real",
        "hangul",
        "생성기가 배운 진짜 글자입니다. 뽑을 때마다 조금씩 변형합니다(증강).",
        "여러 글꼴의 진짜 글자 열네 가지.",
        hangul_real,
        1.0,
    ),
    Figure(
        "hangul-reading",
        "reading",
        "심판이 지정한 글자로 읽은 비율은 {{ reading.conditional_label_agreement:.1%}}입니다.",
        "글자마다 읽힌 비율이 {{ reading.worst_agreement:.0%}} 이상이다.",
        hangul_reading,
    ),
    Figure(
        "gan100-digits",
        "gan100",
        "100줄 GAN이 만든 숫자입니다. 열 가지가 모두 나옵니다.",
        "만든 숫자 100자에 0부터 9까지 모두 있다.",
        gan100_digits,
        1.0,
        one_seed=True,
        claims=("gan100_reading.least_smallest_class > 0",),
    ),
    Figure(
        "gan100-closest",
        "gan100_reading",
        "만든 {{ gan100_reading.made:, }}자 가운데 배운 숫자에 가장 가까운 열입니다. "
        "가장 가까운 짝의 비율은 {{ gan100_reading.closest_ratio:.2f }}입니다.",
        "짝끼리 매우 닮았지만 획의 짙기가 화소마다 조금씩 다르다.",
        gan100_closest,
        claims=("gan100_reading.closest_ratio > 0.1",),
    ),
]
