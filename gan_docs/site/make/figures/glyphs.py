"""글자와 숫자를 늘어놓은 그림."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_docs.data import SYLLABLES
from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.site.make.figures import WATCHED, Figure


def unpacked(images: Any) -> Any:
    """0–255로 보관한 이미지를 [-1, 1]로 되돌립니다."""
    return np.asarray(images, dtype=np.float32) / 127.5 - 1


# --8<-- [start:noise_to_hangul]
def noise_to_hangul(result: Result, palette: Palette) -> Any:
    """스텝마다 한 줄: 같은 잠재 벡터가 글자가 되어 갑니다."""
    shown = np.isin(result.arrays["watched"], WATCHED)
    chosen = unpacked(result.arrays["frames"][shown, :14]).reshape(-1, 1, 28, 28)
    return pictures.wall(chosen, columns=14, scale=2, gap=3, palette=palette)


# --8<-- [end:noise_to_hangul]


# --8<-- [start:hangul_samples]
def hangul_samples(result: Result, palette: Palette) -> Any:
    """종류를 차례로 돌며 만든 표본의 처음 여덟 줄입니다."""
    samples = unpacked(result.arrays["samples"][: 8 * len(SYLLABLES)])
    return pictures.wall(samples, columns=len(SYLLABLES), scale=2, gap=3, palette=palette)


# --8<-- [end:hangul_samples]


# --8<-- [start:hangul_neighbours]
def hangul_neighbours(result: Result, palette: Palette) -> Any:
    """윗줄은 만든 글자, 아랫줄은 심판의 눈에 가장 가까운 배운 글자입니다."""
    pairs = np.concatenate([result.arrays["shown"], result.arrays["nearest"]])
    return pictures.wall(pairs, columns=len(SYLLABLES), scale=2, gap=3, palette=palette)


# --8<-- [end:hangul_neighbours]


# --8<-- [start:hangul_real]
def hangul_real(result: Result, palette: Palette) -> Any:
    """글자마다 진짜 다섯 장을 세로로 모읍니다."""
    labels = result.arrays["real_labels"]
    places = np.stack([np.flatnonzero(labels == label)[:5] for label in range(len(SYLLABLES))])
    real = unpacked(result.arrays["real"][places.T.ravel()])
    return pictures.wall(real, columns=len(SYLLABLES), scale=2, gap=3, palette=palette)


# --8<-- [end:hangul_real]


# --8<-- [start:hangul_reading]
def hangul_reading(result: Result, palette: Palette) -> Any:
    """지정한 글자로 읽힌 비율을 글자마다 점으로 찍습니다."""
    shares = result.arrays["by_syllable"]
    figure = pictures.new_figure(4.4, 2.4)
    axes = figure.subplots()
    axes.vlines(range(len(shares)), 0.5, shares, color=palette.rule, linewidth=1)
    axes.plot(shares, "D", color=palette.generator)
    axes.set_xticks(range(len(shares)), SYLLABLES)
    axes.set_ylim(0.5, 1.03)
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
        "같은 잠재 벡터 열넷이 잡음에서 가나다라가 됩니다. 한 줄이 한 시점입니다.",
        "위 줄의 잡음이 아래 줄로 갈수록 또렷한 한글이 된다.",
        noise_to_hangul,
        1.0,
    ),
    Figure(
        "hangul-samples",
        "hangul",
        "생성기가 만든 글자입니다. 줄마다 잠재 벡터가 달라 글씨체도 다릅니다.",
        "만든 글자 열네 가지가 모두 읽히고, 줄마다 글씨체가 다르다.",
        hangul_samples,
        1.0,
    ),
    Figure(
        "hangul-unconditional",
        "hangul_unconditional",
        "이름표 없이 학습한 생성기입니다. 고를 수는 없지만 열네 글자가 섞여 나옵니다.",
        "글자의 차례가 뒤섞인 벽. 읽히는 글자 사이에 두 글자가 섞인 것도 있다.",
        hangul_samples,
        1.0,
    ),
    Figure(
        "hangul-neighbours",
        "reading",
        "윗줄이 만든 글자, 아랫줄이 가장 가까운 학습한 글자입니다. 닮았지만 베끼지는 않았습니다.",
        "위아래의 글자가 같은 음절이지만 획의 굵기와 자리가 다르다.",
        hangul_neighbours,
        1.0,
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
    ),
]
