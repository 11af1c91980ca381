"""처음 만드는 GAN의 분포와 점."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.experiments.first import LINE, MEAN, RADIUS, SIGMA
from gan_docs.site.make.figures import Figure

WIDTH = 0.08  # 표본을 밀도로 펼 때의 너비
DASHES = (0, (4, 1.5))
SHOWN = (0, 50, 100, 400)
CHANGED = {"generator_first": "생성기 먼저", "narrow": "너비 2", "fast": "학습률 1.0"}


# --8<-- [start:densities]
def densities(fake: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """자리마다 진짜의 밀도 p, 가짜의 밀도 q, 가장 좋은 판별기 p / (p + q)입니다."""
    place = LINE.numpy()[:, 0]

    def bell(distance: NDArray[Any], sigma: float) -> NDArray[Any]:
        return np.asarray(np.exp(-0.5 * (distance / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi)))

    real = bell(place - MEAN, SIGMA)
    made = bell(place[:, None] - fake[None, :, 0], WIDTH).mean(1)
    total = real + made
    best = np.where(total > 0.01, real / np.maximum(total, 1e-9), np.nan)  # 아무도 없는 곳은 비움
    return real, made, best


# --8<-- [end:densities]


# --8<-- [start:first_line]
def first_line(result: Result, palette: Palette) -> Any:
    """네 시점의 진짜와 가짜의 밀도, 판별기의 점수, 가장 좋은 판별기의 점수입니다."""
    steps, place = list(result.arrays["line_step"]), LINE.numpy()[:, 0]
    figure = pictures.new_figure(4.4, 4.6)
    panels = figure.subplots(2, 2, sharex=True, sharey=True).ravel()
    for axes, step in zip(panels, SHOWN, strict=True):
        row = steps.index(step)
        real, made, best = densities(result.arrays["line_fake"][row])
        axes.fill_between(place, real, color=palette.real, alpha=0.3, linewidth=0)
        axes.plot(place, made, color=palette.generator, linestyle=DASHES, linewidth=1.8)
        axes.plot(place, best, color=palette.quiet, linestyle=":", linewidth=1.8)
        axes.plot(
            place, result.arrays["line_score"][row], color=palette.discriminator, linewidth=1.8
        )
        axes.set(title=f"{step}스텝", ylim=(0, 1.25), xlim=(-1, 5), yticks=[0, 0.5, 1])
    first = panels[0]
    first.annotate("가짜 q", (0.15, 1.1), color=palette.generator)
    first.annotate("진짜 p", (2.5, 0.62), color=palette.real)
    first.annotate("D*", (3.7, 1.04), color=palette.quiet)
    first.annotate("판별기 D", (2.9, 0.28), color=palette.discriminator)
    figure.supxlabel("수", color=palette.quiet, fontsize=11)
    return figure


# --8<-- [end:first_line]


# --8<-- [start:first_plane]
def first_plane(result: Result, palette: Palette) -> Any:
    """네 시점에 생성기가 찍은 점과, 초록 동그라미로 표시한 진짜의 봉우리입니다."""
    steps = result.arrays["plane_step"]
    figure = pictures.new_figure(4.4, 4.6)
    for axes, row in zip(figure.subplots(2, 2).ravel(), (0, 1, 2, -1), strict=True):
        draw_ring(axes, result.arrays["plane_fake"][row], palette)
        axes.set_title(f"{steps[row]:,.0f}스텝")
    return figure


def draw_ring(axes: Any, fake: NDArray[np.float32], palette: Palette) -> None:
    """고리의 봉우리와 가짜 600점을 그립니다."""
    angle = np.arange(8) * np.pi / 4
    centers = RADIUS * np.stack([np.cos(angle), np.sin(angle)], 1)
    pictures.draw_points(axes, fake[:600], centers, palette)
    axes.set(xlim=(-3, 3), ylim=(-3, 3))


# --8<-- [end:first_plane]


# --8<-- [start:first_changed]
def first_changed(result: Result, palette: Palette) -> Any:
    """한 줄을 바꾼 네 학습의 끝입니다. 앞의 셋은 1차원, 마지막은 2차원입니다."""
    figure = pictures.new_figure(4.4, 4.6)
    panels, place = figure.subplots(2, 2).ravel(), LINE.numpy()[:, 0]
    for axes, (name, title) in zip(panels, CHANGED.items(), strict=False):
        real, made, _ = densities(result.arrays[f"{name}_fake"][-1])
        axes.fill_between(place, real, color=palette.real, alpha=0.3, linewidth=0)
        axes.plot(place, made, color=palette.generator, linestyle=DASHES, linewidth=1.8)
        axes.set(title=title, ylim=(0, 1.25), xlim=(-1, 5), yticks=[])
    draw_ring(panels[-1], result.arrays["fast_plane_fake"][-1], palette)
    panels[-1].set_title("2차원, 학습률 0.3")
    return figure


# --8<-- [end:first_changed]

FIGURES = [
    Figure(
        "first-line",
        "first",
        "가짜의 무리 q가 진짜의 무리 p로 옮겨 갑니다. 가운데는 곧 겹치지만 모양은 끝까지 다릅니다.",
        "처음에는 0 근처에 몰린 가짜가 2 근처의 진짜와 떨어져 있고, 끝에는 두 무리가 겹친다.",
        first_line,
        one_seed=True,
        claims=("abs(first.line_path[0] - 2) > 1.5", "abs(first.line_path[-1] - 2) < 0.3"),
    ),
    Figure(
        "first-plane",
        "first",
        "한곳에 뭉친 가짜가 여덟 봉우리로 나뉘어 모입니다.",
        "처음에는 가짜가 가운데의 한 점에 뭉쳐 있고, 끝에는 여덟 동그라미마다 가짜가 모여 있다.",
        first_plane,
        one_seed=True,
        claims=("first.plane_modes == 8", "first.plane_width[0] < 0.5"),
    ),
    Figure(
        "first-changed",
        "first",
        "생성기를 먼저 고쳐도 두 무리는 겹칩니다. 너비를 2로 줄이거나 학습률을 10배로 키우면 좁게 "
        "몰리고, 2차원의 학습률을 3배로 키우면 봉우리를 잃습니다.",
        "생성기를 먼저 고친 칸에서만 가짜의 무리가 진짜의 무리와 겹친다.",
        first_changed,
        one_seed=True,
        claims=(
            "first.generator_first_sigma_least > 0.4",
            "first.narrow_width[-1] < 0.25 and first.fast_width[-1] < 0.25",
            "first.fast_plane_modes < 8",
        ),
    ),
]
