"""평면의 고리와 격자에서 생성기가 찍은 점."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.losses import LOSSES
from gan_docs.site.make.figures import Figure

SHOWN = 600
ENDS = {"alone": "벌점 없음", "penalty": "벌점"}
WINDOW = {"xlim": (-1.5, 1.5), "ylim": (-1.5, 1.5)}


# --8<-- [start:losses_points]
def losses_points(result: Result, palette: Palette) -> Any:
    """줄마다 손실 하나, 칸마다 시드 하나: 손실마다 윗줄은 벌점 없이, 아랫줄은 벌점과 함께."""
    keys = [(loss, name.replace("-", "_"), end) for name, loss in LOSSES.items() for end in ENDS]
    seeds = len(result.arrays[f"points_{keys[0][1]}_{keys[0][2]}"])
    figure = pictures.new_figure(4.2, 0.84 * len(keys))
    for row, (loss, name, end) in zip(figure.subplots(len(keys), seeds), keys, strict=True):
        clouds = result.arrays[f"points_{name}_{end}"][:, :SHOWN]
        for seed, (axes, points) in enumerate(zip(row, clouds, strict=True)):
            pictures.draw_points(axes, points, result.arrays["real"], palette)
            axes.set(**WINDOW)
            if (loss, name, end) == keys[0]:
                axes.set_title(f"시드 {seed}", fontsize=11)
        label = f"{loss.name}\n{ENDS[end]}"
        row[0].annotate(label, (-0.1, 0.5), xycoords="axes fraction", ha="right", va="center")
    return figure


# --8<-- [end:losses_points]


# --8<-- [start:losses_traded]
def losses_traded(result: Result, palette: Palette) -> Any:
    """모든 손실의 모든 시드: 채운 봉우리의 수와 3σ 안의 비율. 빈 것은 벌점이 없는 학습입니다."""
    figure = pictures.new_figure(4.2, 3.6)
    axes = figure.subplots()
    shift = np.random.default_rng(0)
    for end, title in ENDS.items():
        keys = [f"losses_{name.replace('-', '_')}_{end}" for name in LOSSES]
        modes = np.concatenate([result.arrays[f"{key}_strict_modes"] for key in keys])
        clear = np.concatenate([result.arrays[f"{key}_high_quality"] for key in keys])
        places = modes + shift.uniform(-0.2, 0.2, len(modes))  # 겹친 점이 보이게 조금 흩음
        face = palette.paper if end == "alone" else palette.generator
        axes.plot(places, 100 * clear, "D", color=palette.generator, mfc=face, markersize=6)
        high = end == "alone"
        axes.annotate(
            f"{title}: 적은 봉우리에 또렷하게" if high else f"{title}: 많은 봉우리에 흐리게",
            (2.6, 96) if high else (8.3, 58), color=palette.ink, ha="left" if high else "right",
        )  # fmt: skip
    axes.set(xlabel="채운 봉우리 (10% 기준, 여덟 가운데)", ylabel="3σ 안에 든 점 (%)")
    axes.set(xlim=(-0.5, 8.5), ylim=(-4, 106), xticks=range(9))
    return figure


# --8<-- [end:losses_traded]


# --8<-- [start:mixture_points]
def mixture_points(result: Result, palette: Palette) -> Any:
    """시드마다 한 칸: 생성기가 찍은 점과 초록 동그라미로 표시한 진짜의 봉우리입니다."""
    seeds = result.arrays["points"]
    rows = math.ceil(len(seeds) / 3)
    figure = pictures.new_figure(4.4, 1.7 * rows)
    panels = figure.subplots(rows, 3, squeeze=False).ravel()
    for seed, (axes, points) in enumerate(zip(panels, seeds, strict=False)):
        pictures.draw_points(axes, points, result.arrays["real"], palette)
        axes.set(title=f"시드 {seed}", xlim=(-1.25, 1.25), ylim=(-1.25, 1.25))
    for axes in panels[len(seeds) :]:
        axes.set_axis_off()
    return figure


# --8<-- [end:mixture_points]

FIGURES = [
    Figure(
        "losses-points",
        "losses",
        "손실마다 윗줄은 벌점 없이, 아랫줄은 R₁ + R₂와 함께 배운 시드 다섯입니다. 벌점을 더하면 "
        "어느 손실이든 고리에 퍼지지만, 봉우리(모드) 사이에도 점이 남습니다.",
        "벌점 없이는 대개 몇 봉우리에 모이거나 고리를 벗어나고, 벌점과 함께는 고리에 퍼진다.",
        losses_points,
        claims=(
            "modes.bare_strict_most < modes.cured_strict_least",
            "modes.losses_non_saturating_penalty_between > 0.1",
        ),
    ),
    Figure(
        "losses-traded",
        "modes",
        "벌점은 봉우리를 늘리는 대신 또렷함을 내줍니다. 마름모 하나가 손실 하나의 시드 하나이고, "
        "왼쪽 아래는 어느 봉우리에도 앉지 못한 학습입니다.",
        "벌점이 없는 마름모는 왼쪽에서 위아래로 흩어지고, 벌점이 있는 마름모는 오른쪽 절반의 "
        "가운데 아래에 모인다.",
        losses_traded,
        claims=(
            "modes.bare_strict_most < modes.cured_strict_least",
            "modes.cured_clear_most < 0.5",
            "modes.clear_losses >= 3",
        ),
    ),
    Figure(
        "ring-points",
        "ring",
        "시드 다섯 모두 여덟 봉우리를 찾고, 봉우리 사이에는 거의 찍지 않습니다.",
        "다섯 칸 모두 여덟 동그라미 안에 점이 모여 있다.",
        mixture_points,
        claims=("modes.ring_strict_modes_least == 8 and modes.ring_between_most < 0.1",),
    ),
    Figure(
        "grid-points",
        "grid",
        "시드 다섯 모두 스물다섯 봉우리를 균등하게 채웁니다.",
        "다섯 칸 모두 스물다섯 동그라미 안에 점이 모여 있다.",
        mixture_points,
        claims=("modes.grid_strict_modes_least == 25 and modes.grid_reverse_kl_most < 0.04",),
    ),
]
