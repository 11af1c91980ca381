"""ganhacks의 요령마다 시드 다섯의 점."""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.experiments.hack_loop import BASE, TRICKS
from gan_docs.site.make.advice import TITLES
from gan_docs.site.make.figures import Figure

SHOWN = {"modes": "고리: 모드 수", "distance": "숫자: 프레셰 거리"}


# --8<-- [start:hacks_measured]
def hacks_measured(result: Result, palette: Palette) -> Any:
    """줄마다 요령 하나, 점마다 시드 하나. 두 칸 모두 오른쪽이 좋고, 띠는 기본 루프의 폭입니다."""
    marks = {1: ("^", palette.real), 0: ("o", palette.quiet), -1: ("v", palette.discriminator)}
    order = ordered(result)
    figure = pictures.new_figure(3.8, 0.6 + 0.27 * len(order))
    for axes, (measure, title) in zip(
        figure.subplots(1, len(SHOWN), sharey=True), SHOWN.items(), strict=True
    ):
        rows = dict(zip(TRICKS, result.arrays[measure], strict=True))
        low, middle, high = np.percentile(rows[BASE], [25, 50, 75])
        axes.axvspan(low, high, color=palette.rule, alpha=0.45, linewidth=0)
        axes.axvline(middle, color=palette.quiet, linewidth=1)
        for place, name in enumerate(order):
            mark, color = marks[int(result.numbers[f"{name}_{measure}_verdict"])]
            beside = np.linspace(-0.18, 0.18, len(rows[name]))  # 값이 같은 시드가 겹치지 않게
            axes.plot(
                np.sort(rows[name]), place + beside, mark,
                color="none", mec=color, mfc=color if mark != "o" else "none", markersize=5,
            )  # fmt: skip
        axes.set_title(title, fontsize=10)
        axes.set_yticks(range(len(order)), [TITLES[name] for name in order], fontsize=10)
        axes.tick_params(axis="x", labelsize=10)
        axes.set_ylim(len(order) - 0.4, -0.6)
        axes.set_xlabel("좋음 →", fontsize=10, loc="right")
        if measure == "distance":
            axes.set_xscale("log")
            axes.invert_xaxis()
            axes.set_xticks([10, 30, 100, 300], ["10", "30", "100", "300"])
            axes.minorticks_off()
        else:
            axes.set_xticks([0, 4, 8])
    return figure


def ordered(result: Result) -> list[str]:
    """도움이 된 요령부터 해로운 요령까지입니다. 판정이 같으면 프레셰 거리가 작은 것부터입니다."""

    def rank(name: str) -> tuple[float, float]:
        told = sum(float(result.numbers[f"{name}_{measure}_verdict"]) for measure in SHOWN)
        return (-told, float(result.numbers[f"{name}_distance"]))

    return sorted(TRICKS, key=rank)


# --8<-- [end:hacks_measured]

FIGURES = [
    Figure(
        "hacks-measured",
        "hacks",
        "▲는 도움, ○는 가릴 수 없음, ▼는 해로움입니다. 두 칸에서 모두 도움인 요령은 없고, "
        "β1을 0.9로 되돌리는 것과 배치 정규화와 스펙트럼 정규화는 두 칸에서 모두 해롭습니다. "
        "회색 띠는 기본 루프의 폭입니다.",
        "고리의 모드 수에서는 도움인 요령이 없고, 숫자의 프레셰 거리에서는 드롭아웃이 기본 루프의 "
        "띠보다 낫다.",
        hacks_measured,
        claims=(
            "hacks.helps_modes == 0",
            "hacks.dropout_distance_verdict == 1",
            "hacks.memory_modes_verdict == hacks.memory_distance_verdict == -1",
            "hacks.batch_norm_modes_verdict == hacks.batch_norm_distance_verdict == -1",
            "hacks.spectral_modes_verdict == hacks.spectral_distance_verdict == -1",
        ),
    ),
]
