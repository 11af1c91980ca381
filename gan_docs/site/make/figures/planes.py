"""평면의 고리와 격자에서 생성기가 찍은 점."""

from __future__ import annotations

import math
from typing import Any

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
    """손실마다 첫 시드의 생성기가 찍은 점입니다. 왼쪽은 벌점 없이, 오른쪽은 벌점과 함께."""
    rows = math.ceil(len(LOSSES) / 2)
    figure = pictures.new_figure(4.4, 0.1 + 1.5 * rows)
    pairs = figure.subplots(rows, 4, squeeze=False).reshape(-1, 2)  # (손실, 벌점)
    for pair, (name, loss) in zip(pairs, LOSSES.items(), strict=False):
        for axes, (end, title) in zip(pair, ENDS.items(), strict=True):
            points = result.arrays[f"points_{name.replace('-', '_')}_{end}"][0][:SHOWN]
            pictures.draw_points(axes, points, result.arrays["real"], palette)
            axes.set(title=f"{loss.name}\n{title}", **WINDOW)
    for axes in pairs[len(LOSSES) :].ravel():
        axes.set_axis_off()
    return figure


# --8<-- [end:losses_points]


# --8<-- [start:collapse_watched]
def collapse_watched(result: Result, palette: Palette) -> Any:
    """줄마다 바꾼 조건 하나, 칸마다 시점 하나: 첫 시드의 생성기가 그때 찍은 점입니다."""
    names = {
        "plain": "붕괴", "pairing": "+ 짝짓기", "packing": "+ 묶어 보기",
        "penalty": "+ 벌점", "both": "+ 둘 다",
    }  # fmt: skip
    figure = pictures.new_figure(4.4, 5.8)
    rows = figure.subplots(len(names), 4)
    for row, (key, name) in zip(rows, names.items(), strict=True):
        moments = zip(row, result.arrays[f"watched_{key}"], result.arrays["watched"], strict=True)
        for axes, points, step in moments:
            pictures.draw_points(axes, points, result.arrays["real"], palette)
            axes.set(**WINDOW)
            if key == "plain":
                axes.set_title(f"{step:,}스텝", fontsize=10)
        row[0].annotate(
            name, (-0.05, 0.5), xycoords="axes fraction", rotation=90, ha="right", va="center"
        )
    return figure


# --8<-- [end:collapse_watched]


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
        "벌점이 없으면 어느 손실이든 봉우리(모드)를 잃습니다. 벌점을 더하면 모두 고리를 채웁니다.",
        "어느 손실이든 벌점 없이는 몇 봉우리에 모이고, 벌점과 함께는 여덟 봉우리에 퍼진다.",
        losses_points,
    ),
    Figure(
        "collapse-watched",
        "collapse",
        "붕괴한 생성기는 한 봉우리에 갇힙니다. 벌점을 더한 두 줄만 여덟 봉우리에 닿습니다.",
        "짝짓기는 몇 봉우리에 갇히고 묶어 보기는 흩어지며, 벌점이 든 두 줄만 고리를 채운다.",
        collapse_watched,
    ),
    Figure(
        "ring-points",
        "ring",
        "시드 다섯 모두 여덟 봉우리를 찾고, 봉우리 사이에는 거의 찍지 않습니다.",
        "다섯 칸 모두 여덟 동그라미 안에 점이 모여 있다.",
        mixture_points,
    ),
    Figure(
        "grid-points",
        "grid",
        "시드 다섯 모두 스물다섯 봉우리를 균등하게 채웁니다.",
        "다섯 칸 모두 스물다섯 동그라미 안에 점이 모여 있다.",
        mixture_points,
    ),
]
