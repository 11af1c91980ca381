"""지표와 빠르기를 그린 그림."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter

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

# 지표의 좋은 쪽: 왼쪽, 오른쪽, 또는 진짜의 값에 가까운 쪽
BETTER = {
    "frechet_distance": "← 좋음",
    "kernel_distance": "← 좋음",
    "precision": "좋음 →",
    "recall": "좋음 →",
    "density": "좋음 →",
    "coverage": "좋음 →",
    "nearest_neighbour_ratio": "(0이면 베낌)",
    "closer_share": "← 좋음",
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
            name, (-0.02, 0.5), xycoords="axes fraction", ha="right", va="center", fontsize=11
        )
    return figure


# --8<-- [end:failures_shown]


# --8<-- [start:failures_measured]
def failures_measured(result: Result, palette: Palette) -> Any:
    """칸마다 지표 하나, 줄마다 망친 방법 하나. 세로선은 처음 보는 진짜의 값입니다."""
    figure = pictures.new_figure(4.4, 8.4)
    places = list(range(len(CASES)))[::-1]
    for axes, (measure, title) in zip(
        figure.subplots(4, 2, sharey=True).ravel(), OF_FEATURES.items(), strict=True
    ):
        values = [float(result.numbers[f"{case}_{measure}"]) for case in CASES]
        axes.axvline(values[0], color=palette.real, linewidth=1)
        axes.plot(values, places, "D", color=palette.generator, markersize=5)
        axes.set_title(f"{title}\n{BETTER[measure]}", fontsize=11)
        axes.set_yticks(places, CASES.values(), fontsize=11)
        if measure == "frechet_distance":
            axes.set_xscale("log")
            axes.set_xticks([1, 10, 100], ["1", "10", "100"])
        elif measure == "kernel_distance":
            axes.set_xscale("symlog", linthresh=0.1)
            axes.set_xticks([0, 0.1, 1, 10], ["0", "0.1", "1", "10"])
            axes.set_xlim(-0.08, 40)
            axes.minorticks_off()
        else:
            axes.set_xlim(-0.08, max(1.1, 1.1 * max(values)))
    return figure


# --8<-- [end:failures_measured]


# --8<-- [start:sizes_compared]
def sizes_compared(result: Result, palette: Palette) -> Any:
    """표본의 수마다 되풀이한 값을 점으로, 중앙값을 선으로. 위는 프레셰 거리, 아래는 커널 거리."""
    seen = result.arrays
    figure = pictures.new_figure(4.4, 5.0)
    rows = figure.subplots(2, sharex=True)
    for axes, name, title in zip(
        rows, ("frechet", "kernel"), ("프레셰 거리", "커널 거리"), strict=True
    ):
        for who, label, color, mark, line in (
            ("real", "진짜와 진짜", palette.real, "o", "-"),
            ("made", "진짜와 만든 글자", palette.generator, "D", (0, (4, 1.5))),
        ):
            values = seen[f"{name}_{who}"]
            middle = np.median(values, axis=0)
            axes.plot(seen["sizes"], middle, color=color, linestyle=line, linewidth=1.5)
            axes.plot(
                np.broadcast_to(seen["sizes"], values.shape).ravel(), values.ravel(), mark,
                color=color, markersize=4, alpha=0.5, markeredgewidth=0,
            )  # fmt: skip
            place = (3500, float(np.interp(3500, seen["sizes"], middle)))
            axes.annotate(
                label, place, xytext=(0, 8 if who == "made" else -16), color=color, fontsize=11,
                textcoords="offset points", ha="center",
            )  # fmt: skip
        axes.axhline(0, color=palette.rule, linewidth=1)
        axes.set_title(f"{title} (0에 가까울수록 가까움)", fontsize=11, loc="left")
    rows[1].set_xlabel("견준 표본의 수")
    rows[1].set_xticks(seen["sizes"], [f"{size:,}" for size in seen["sizes"]])
    return figure


# --8<-- [end:sizes_compared]


# --8<-- [start:balls_drawn]
def balls_drawn(result: Result, palette: Palette) -> Any:
    """왼쪽은 진짜의 공에 든 가짜, 오른쪽은 가짜의 공에 든 진짜입니다."""
    from matplotlib.patches import Circle

    seen, numbers = result.arrays, result.numbers
    real, fake = seen["real"], seen["fake"]
    figure = pictures.new_figure(4.4, 8.2)
    looks = {
        "real": {"marker": "o", "color": palette.real, "s": 34},
        "fake": {"marker": "D", "color": palette.generator, "s": 26},
    }
    panels = zip(
        figure.subplots(2, 1),
        (
            (real, seen["real_radii"], palette.real, fake, "진짜의 공", "정밀도 {precision:.2f} · "
             "밀도 {density:.2f} · 포괄도 {coverage:.2f}"),
            (fake, seen["fake_radii"], palette.generator, real, "가짜의 공", "재현율 {recall:.2f}"),
        ),
        strict=True,
    )  # fmt: skip
    for axes, (middles, radii, color, others, name, words) in panels:
        distance = np.linalg.norm(others[:, None] - middles[None], axis=2)
        inside = (distance < radii).any(1)
        for middle, radius in zip(middles, radii, strict=True):
            axes.add_patch(Circle(middle, radius, facecolor=color, alpha=0.10, edgecolor="none"))
            axes.add_patch(Circle(middle, radius, fill=False, edgecolor=color, linewidth=0.6))
        for who, points in (("real", real), ("fake", fake)):
            filled = inside if points is others else np.ones(len(points), bool)
            axes.scatter(*points[filled].T, linewidths=0, zorder=3, **looks[who])
            look = {**looks[who], "color": "none"}
            axes.scatter(*points[~filled].T, edgecolors=looks[who]["color"], zorder=3, **look)
        axes.set(xlim=(-2.4, 5.8), ylim=(-2.6, 5.6), aspect="equal")
        axes.set_axis_off()
        axes.set_title(f"{name}: {words.format(**numbers)}", fontsize=11, loc="left")
    return figure


# --8<-- [end:balls_drawn]


# --8<-- [start:labels_compared]
def labels_compared(result: Result, palette: Palette) -> Any:
    """시드마다 점 하나: 위는 이름표를 준 학습, 아래는 주지 않은 학습입니다."""
    figure = pictures.new_figure(4.4, 2.6)
    names = {"coverage": "포괄도 (좋음 →)", "smallest_class": "가장 드문 글자 (좋음 →)"}
    for axes, (measure, title) in zip(
        figure.subplots(1, 2, sharey=True), names.items(), strict=True
    ):
        for place, who in ((1, "with"), (0, "without")):
            values = result.arrays[f"{who}_end_averaged_{measure}_by_seed"]
            axes.plot(
                values, np.full(len(values), place), "D", color=palette.generator, alpha=0.7,
                markersize=6, markeredgewidth=0,
            )  # fmt: skip
        axes.set_yticks([1, 0], ["이름표 있음", "이름표 없음"], fontsize=11)
        axes.set_ylim(-0.6, 1.6)
        axes.set_title(title, fontsize=11)
        axes.xaxis.set_major_formatter(PercentFormatter(1))
        axes.set_xlim(left=-0.005 if measure == "smallest_class" else -0.04)
        axes.xaxis.set_major_locator(MaxNLocator(3))
    return figure


# --8<-- [end:labels_compared]


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
                va="center", fontsize=11,
            )  # fmt: skip
        axes.axvline(1, color=palette.quiet, linewidth=1)
        axes.set_yticks(places, names.values(), fontsize=11)
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
        claims=(
            "failures.blurred_nearest_neighbour_ratio > 1.3",
            "failures.noisy_nearest_neighbour_ratio > 1.3",
        ),
    ),
    Figure(
        "failures-measured",
        "failures",
        "초록 선이 처음 보는 진짜의 값이고, 선에서 먼 마름모가 드러난 흠입니다. "
        "모든 흠을 드러내는 지표는 없습니다.",
        "외움은 맨 아래의 두 비율만 잡아내고, "
        "숫자 하나만 내는 흠은 두 거리와 재현율과 포괄도에서 드러난다.",
        failures_measured,
        claims=(
            "failures.memorised_nearest_neighbour_ratio < 0.01",
            "failures.memorised_closer_share > 0.9",
            "failures.one_class_kernel_distance > 10 * failures.honest_kernel_distance",
            "abs(failures.honest_nearest_neighbour_ratio - 1) < 0.1",
            "failures.memorised_frechet_distance < failures.honest_frechet_distance",
            "failures.one_class_precision > 0.85 and failures.one_class_density > 0.8",
            "failures.one_class_recall < 0.05 and failures.one_class_coverage < 0.2",
            "failures.noisy_recall > 0.85 and failures.noisy_coverage < 0.7",
            "min(failures.one_class_frechet_distance, failures.blurred_frechet_distance)"
            " > 10 * failures.honest_frechet_distance",
            "failures.three_missing_smallest_class < 0.01",
        ),
    ),
    Figure(
        "sizes",
        "sizes",
        "같은 진짜끼리도 표본이 {{ sizes.few }}장이면 프레셰 거리가 "
        "{{ sizes.frechet_real_few:.2f }}, {{ sizes.many:, }}장이면 "
        "{{ sizes.frechet_real_many:.2f }}입니다. "
        "커널 거리는 흔들려도 0 둘레에 머뭅니다.",
        "표본이 늘면 프레셰 거리의 두 선은 함께 내려가고, 커널 거리는 내려가지 않고 덜 흔들린다.",
        sizes_compared,
        claims=(
            "sizes.frechet_real_few > 5 * sizes.frechet_real_many",
            "abs(sizes.kernel_real_few) < 0.06 and abs(sizes.kernel_real_many) < 0.03",
        ),
    ),
    Figure(
        "balls",
        "balls",
        "위는 진짜마다, 아래는 가짜마다 {{ balls.neighbours }}번째 이웃까지 닿는 공입니다. "
        "속이 찬 점은 상대의 공에 든 것입니다.",
        "홀로 떨어진 진짜의 큰 공이 동떨어진 가짜를 품고, "
        "흩어진 가짜의 큰 공이 진짜를 모두 품는다.",
        balls_drawn,
        claims=("balls.precision > 0.8", "balls.recall == 1", "balls.coverage < 0.75"),
    ),
    Figure(
        "labels",
        "labels",
        "{{ labels.side }}×{{ labels.side }} 한글을 {{ labels.steps_each }}스텝만 배운 "
        "시드 {{ labels.seeds }}개입니다. 이름표가 없으면 아직 몇 글자밖에 쓰지 못합니다.",
        "이름표를 준 세 학습은 모두 오른쪽에, 주지 않은 세 학습은 모두 0 곁에 있다.",
        labels_compared,
        claims=(
            "min(labels.with_end_averaged_coverage_by_seed)"
            " > 3 * max(labels.without_end_averaged_coverage_by_seed)",
            "max(labels.without_end_averaged_smallest_class_by_seed) < 0.01",
        ),
    ),
    Figure(
        "speed-ladder",
        "speed",
        "루프만 고쳐 평면의 점은 {{ speed.points_ratio_fused:.2f }}배, "
        "한글은 {{ speed.hangul_ratio_fused:.2f }}배가 되었습니다. "
        "bfloat16으로 계산하면 한글은 {{ speed.hangul_ratio_bfloat16:.2f }}배입니다.",
        "작은 두 신경망은 막대가 많이 길어지고, 합성곱이 큰 한글은 조금만 길어진다.",
        speed_ladder,
        claims=(
            "speed.hangul_ratio_fused > 1",
            "min(speed.points_ratio_fused, speed.digits_ratio_fused) > speed.hangul_ratio_fused",
        ),
    ),
]
