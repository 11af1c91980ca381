"""무너지는 생성기와, 그때 판별기가 매긴 점수를 그린 그림."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.collapse import CHANGES
from gan_docs.experiments.experiment import Result
from gan_docs.experiments.hopping import NOWHERE
from gan_docs.site.make.figures import Figure

WINDOW = {"xlim": (-1.5, 1.5), "ylim": (-1.5, 1.5)}


# --8<-- [start:collapse_watched]
def collapse_watched(result: Result, palette: Palette) -> Any:
    """줄마다 바꾼 조건 하나, 칸마다 시점 하나: 붕괴가 가장 또렷한 시드의 생성기가 찍은 점입니다."""
    figure = pictures.new_figure(4.2, 1.3 * len(CHANGES))
    rows = figure.subplots(len(CHANGES), len(result.arrays["watched"]))
    for axes, step in zip(rows[0], result.arrays["watched"], strict=True):
        axes.set_title(f"{step:,}스텝", fontsize=11)
    for row, (key, change) in zip(rows, CHANGES.items(), strict=True):
        watched = result.arrays[f"watched_{key}"][:, int(result.numbers["shown"])]
        for axes, points in zip(row, watched, strict=True):
            pictures.draw_points(axes, points, result.arrays["real"], palette)
            axes.set(**WINDOW)
        row[0].annotate(
            change.name,
            (-0.05, 0.5),
            xycoords="axes fraction",
            rotation=90,
            ha="right",
            va="center",
        )
    return figure


# --8<-- [end:collapse_watched]


# --8<-- [start:collapse_valleys]
def collapse_valleys(result: Result, palette: Palette) -> Any:
    """고리를 한 바퀴 도는 로짓: 동그라미는 봉우리, 마름모는 모든 가짜가 갇힌 봉우리입니다."""
    seed = int(result.numbers["shown"])
    logits = result.arrays["ring_plain"][seed]
    angles = np.arange(len(logits)) * 360 / len(logits)
    modes = np.arange(0, len(logits), len(logits) // len(result.arrays["real"]))
    stuck = int(result.arrays["shares_plain"][seed].argmax())
    figure = pictures.new_figure(4.2, 3.0)
    axes = figure.subplots()
    axes.axhline(0, color=palette.rule, linewidth=1)
    axes.plot(angles, logits, color=palette.discriminator, linewidth=1.4)
    axes.plot(angles[modes], logits[modes], "o", mfc=palette.paper, mec=palette.real, markersize=7)
    axes.plot(angles[modes][stuck], logits[modes][stuck], "D", color=palette.generator)
    axes.annotate(
        "모든 가짜", (angles[modes][stuck], logits[modes][stuck]), color=palette.generator,
        xytext=(0, 10), textcoords="offset points", ha="center", va="bottom",
    )  # fmt: skip
    axes.annotate(
        "진짜만 있는 봉우리", (angles[modes][0], logits[modes][0]), color=palette.real,
        xytext=(2, 8), textcoords="offset points", va="bottom",
    )  # fmt: skip
    axes.set(xlabel="고리 위의 각도(도)", ylabel="판별기의 로짓", xticks=(0, 90, 180, 270))
    axes.margins(y=0.14)
    return figure


# --8<-- [end:collapse_valleys]


# --8<-- [start:hopping_modes]
def hopping_modes(result: Result, palette: Palette) -> Any:
    """시드마다 한 칸: 점의 4분의 3이 넘게 몰린 봉우리의 번호. 흩어진 시점은 비웁니다."""
    leading, every = result.arrays["leading"], int(result.numbers["every"])
    figure = pictures.new_figure(4.2, 0.9 * len(leading) + 0.4)
    panels = figure.subplots(len(leading), 1, sharex=True, sharey=True)
    steps = every * np.arange(1, leading.shape[1] + 1)
    for seed, (axes, modes) in enumerate(zip(panels, leading, strict=True)):
        settled = modes != NOWHERE
        axes.plot(steps[settled], modes[settled], color=palette.rule, linewidth=1)
        axes.plot(steps[settled], modes[settled], "D", color=palette.generator, markersize=4)
        axes.set(yticks=(), xlim=(0, steps[-1]), ylim=(-1, 8))
        axes.set_ylabel(f"시드 {seed}", rotation=0, ha="right", va="center")
    panels[-1].set_xlabel("스텝")
    return figure


# --8<-- [end:hopping_modes]
FIGURES = [
    Figure(
        "collapse-watched",
        "collapse",
        "시드 {{ collapse.shown }}의 생성기가 네 시점에 찍은 점입니다. 붕괴한 생성기는 한 "
        "봉우리(모드)에 갇히고, 벌점을 더한 두 줄은 고리를 따라 퍼집니다.",
        "붕괴는 한 봉우리에 갇히고 짝짓기는 몇 봉우리를 잇는 데에 그치며, 묶어 보기는 고리 전체에 "
        "흐리게 퍼지고, 벌점이 든 두 줄은 고리를 채운다.",
        collapse_watched,
        claims=(
            "collapse.share > 0.9",
            "modes.collapse_pairing_strict_modes <= 3",
            "min(modes.collapse_penalty_modes_least, modes.collapse_both_modes_least) >= 7",
        ),
    ),
    Figure(
        "collapse-valleys",
        "collapse",
        "판별기의 로짓을 고리를 따라 한 바퀴 그렸습니다(시드 {{ collapse.shown }}). "
        "가짜가 갇힌 봉우리만 낮고, 다른 봉우리로 가는 길은 골짜기입니다.",
        "일곱 봉우리의 로짓은 높은데 가짜가 모인 봉우리만 낮고, 그 양옆은 더 깊은 골짜기이다.",
        collapse_valleys,
        claims=("collapse.valley < collapse.own < 0 < collapse.others_least",),
    ),
    Figure(
        "hopping-modes",
        "hopping",
        "칸의 높이는 고리를 도는 여덟 봉우리입니다. 한 봉우리에 몰린 점들이 함께 다음 봉우리로 "
        "옮겨 다닙니다.",
        "다섯 시드 모두 마름모가 처음 절반 동안 여덟 높이를 오르내리고, 그 뒤에는 흩어져 사라진다.",
        hopping_modes,
        claims=(
            "hopping.hops_least >= 3",
            "all(row[-1] == -1 for row in hopping.leading)",
        ),
    ),
]
