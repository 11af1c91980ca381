"""지표와 빠르기를 그린 그림."""

from __future__ import annotations

from typing import Any

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.metrics import OF_FEATURES
from gan_docs.site.make.figures import Figure

CASES = {
    "honest": "처음 보는 진짜",
    "memorised": "외운 진짜",
    "one_class": "숫자 하나만",
    "three_missing": "숫자 셋이 없음",
    "blurred": "흐린 진짜",
    "noisy": "잡음 뿌린 진짜",
}


# --8<-- [start:failures_shown]
def failures_shown(result: Result, palette: Palette) -> Any:
    """망친 방법마다 처음 열두 장입니다."""
    figure = pictures.new_figure(4.4, 2.6)
    for axes, (case, name) in zip(figure.subplots(len(CASES), 1), CASES.items(), strict=True):
        pixels = pictures.wall(
            result.arrays[case][:12], columns=12, scale=4, gap=1, palette=palette
        )
        axes.imshow(pixels, interpolation="nearest")
        axes.set_axis_off()
        axes.annotate(
            name, (-0.02, 0.5), xycoords="axes fraction", ha="right", va="center", fontsize=10
        )
    return figure


# --8<-- [end:failures_shown]


# --8<-- [start:failures_measured]
def failures_measured(result: Result, palette: Palette) -> Any:
    """칸마다 지표 하나, 줄마다 망친 방법 하나. 세로선은 처음 보는 진짜의 값입니다."""
    figure = pictures.new_figure(4.4, 7.0)
    places = list(range(len(CASES)))[::-1]
    for axes, (measure, title) in zip(
        figure.subplots(4, 2, sharey=True).ravel(), OF_FEATURES.items(), strict=True
    ):
        values = [float(result.numbers[f"{case}_{measure}"]) for case in CASES]
        axes.axvline(values[0], color=palette.real, linewidth=1)
        axes.plot(values, places, "D", color=palette.generator, markersize=5)
        axes.set_title(title, fontsize=10)
        axes.set_yticks(places, CASES.values(), fontsize=9)
        if measure == "frechet_distance":
            axes.set_xscale("log")
            axes.set_xticks([1, 10, 100], ["1", "10", "100"])
        elif measure == "kernel_distance":
            axes.set_xscale("symlog", linthresh=0.1)
            axes.set_xticks([0, 0.1, 1, 10], ["0", "0.1", "1", "10"])
            axes.minorticks_off()
        else:
            axes.set_xlim(-0.08, max(1.1, 1.1 * max(values)))
    return figure


# --8<-- [end:failures_measured]


# --8<-- [start:speed_ladder]
def speed_ladder(result: Result, palette: Palette) -> Any:
    """기본 루프를 1로 두고, 한 가지씩 더할 때의 빠르기입니다. 칸마다 신경망이 다릅니다."""
    kinds = {"points": "평면의 점", "digits": "100줄 GAN의 숫자", "hangul": "한글"}
    names = {
        "usual": "기본 루프", "one_pass": "+ 한 번에 판정", "frozen": "+ 판별기를 고정",
        "fused": "+ Adam을 한 번에", "averaged": "+ 평균 생성기", "trainer": "Trainer.train",
        "bfloat16": "+ bfloat16",
    }  # fmt: skip
    figure = pictures.new_figure(4.4, 6.6)
    places = list(range(len(names)))[::-1]
    for axes, (kind, title) in zip(figure.subplots(3, sharex=True), kinds.items(), strict=True):
        ratios = [float(result.numbers[f"{kind}_ratio_{name}"]) for name in names]
        axes.barh(places, ratios, height=0.55, color=palette.rule)
        for place, ratio in zip(places, ratios, strict=True):
            axes.annotate(
                f"{ratio:.2f}", (ratio, place), xytext=(3, 0), textcoords="offset points",
                va="center", fontsize=10,
            )  # fmt: skip
        axes.axvline(1, color=palette.quiet, linewidth=1)
        axes.set_yticks(places, names.values(), fontsize=10)
        axes.set_xlim(0, 1.25 * max(1.5, *ratios))
        axes.set_xticks([0, 1])
        axes.set_title(title, fontsize=11)
    return figure


# --8<-- [end:speed_ladder]

FIGURES = [
    Figure(
        "failures-shown",
        "failures",
        "진짜를 다섯 가지로 망쳤습니다. 눈에 바로 보이는 흠도, 보이지 않는 흠도 있습니다.",
        "외운 진짜와 처음 보는 진짜는 눈으로 가릴 수 없고, 흐림과 잡음은 한눈에 보인다.",
        failures_shown,
    ),
    Figure(
        "failures-measured",
        "failures",
        "초록 선이 처음 보는 진짜의 값입니다. 지표 하나로 모든 흠이 드러나지는 않습니다.",
        "외움은 최근접 비율만, 숫자 하나만 내는 흠은 재현율과 포괄도와 프레셰 거리만 잡아낸다.",
        failures_measured,
    ),
    Figure(
        "speed-ladder",
        "speed",
        "루프만 고쳐 평면의 점은 {{ speed.points_ratio_fused:.2f }}배, "
        "한글은 {{ speed.hangul_ratio_fused:.2f }}배가 되었습니다. "
        "bfloat16으로 계산하면 한글은 {{ speed.hangul_ratio_bfloat16:.2f }}배입니다.",
        "작은 신경망일수록 막대가 많이 길어지고, 합성곱이 큰 한글은 조금만 길어진다.",
        speed_ladder,
        claims=(
            "speed.points_ratio_fused >= 1.25",
            "min(speed.points_ratio_fused, speed.digits_ratio_fused) > speed.hangul_ratio_fused",
        ),
    ),
]
