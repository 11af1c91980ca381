"""한 줄 위의 진짜와 가짜를 그린 그림."""

from __future__ import annotations

from typing import Any

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.site.make.figures import Figure


# --8<-- [start:best_answer]
def best_answer(result: Result, palette: Palette) -> Any:
    """위는 진짜와 가짜의 밀도, 아래는 그 비로 정해지는 가장 좋은 판별기의 답입니다."""
    arrays, numbers = result.arrays, result.numbers
    figure = pictures.new_figure(4.4, 4.2)
    above, below = figure.subplots(2, 1, sharex=True)
    above.fill_between(arrays["x"], arrays["real"], color=palette.real, alpha=0.25, linewidth=0)
    above.plot(arrays["x"], arrays["real"], color=palette.real)
    above.plot(arrays["x"], arrays["fake"], color=palette.generator, linestyle="--")
    above.annotate("진짜 p", (-1.2, 0.3), color=palette.real, ha="right")
    above.annotate("가짜 q", (3.2, 0.3), color=palette.generator)
    above.set(ylabel="밀도", yticks=[0, 0.2, 0.4], ylim=(0, 0.45))
    below.axhline(0.5, color=palette.rule, linewidth=1)
    below.plot(arrays["x"], arrays["best"], color=palette.discriminator, linewidth=1.8)
    for name in ("real", "between", "fake"):
        x, best = float(numbers[f"x_{name}"]), float(numbers[f"best_{name}"])
        for axes in (above, below):
            axes.axvline(x, color=palette.rule, linewidth=1, linestyle=":")
        below.plot(x, best, "o", color=palette.discriminator, markersize=6)
        below.annotate(f"{best:.2f}", (x + 0.15, best + 0.05))
    below.annotate("D*", (-3.4, 0.86), color=palette.discriminator)
    below.set(
        xlabel="x", ylabel="진짜일 확률", xlim=(-3.6, 5.6), ylim=(0, 1.08), yticks=[0, 0.5, 1]
    )
    return figure


# --8<-- [end:best_answer]


# --8<-- [start:overlap_lost]
def overlap_lost(result: Result, palette: Palette) -> Any:
    """길이가 1인 두 균등분포를 떨어뜨릴 때의 발산과 거리입니다."""
    shifts = result.arrays["shifts"]
    figure = pictures.new_figure(4.4, 3.0)
    axes = figure.subplots()
    axes.axvline(1, color=palette.rule, linewidth=1, linestyle=":")
    axes.plot(shifts, result.arrays["wasserstein_path"], color=palette.ink, linestyle="--")
    axes.plot(shifts, result.arrays["jsd_path"], color=palette.discriminator, linewidth=1.8)
    axes.annotate("바서슈타인 거리", (0.94, 1.2), ha="right")
    axes.annotate("JSD (nat)", (1.5, 0.77), color=palette.discriminator)
    axes.annotate("여기부터 겹치지 않음", (1.05, 0.08), color=palette.quiet)
    axes.set(xlabel="가짜를 민 거리", xlim=(0, shifts[-1]), ylim=(0, 2.1), yticks=[0, 1, 2])
    return figure


# --8<-- [end:overlap_lost]

FIGURES = [
    Figure(
        "best-answer",
        "overlap",
        "가장 좋은 판별기의 답은 그 자리에서 진짜가 차지하는 몫입니다. 두 밀도가 같은 곳에서는 "
        "1/2입니다.",
        "진짜가 많은 왼쪽에서 D*는 1에 가깝고, 두 밀도가 만나는 곳에서 0.5, 가짜가 많은 오른쪽에서 "
        "0에 가깝다.",
        best_answer,
        claims=(
            "abs(overlap.best_between - 0.5) < 1e-9",
            "overlap.best_real > 0.8 > 0.2 > overlap.best_fake",
        ),
    ),
    Figure(
        "overlap-lost",
        "overlap",
        "두 분포가 겹치지 않게 되면 JSD는 ln 2에서 멈추고, 바서슈타인 거리는 계속 자랍니다.",
        "민 거리가 1을 넘으면 JSD의 선은 평평하고 바서슈타인 거리의 선은 계속 오른다.",
        overlap_lost,
        claims=(
            "overlap.jsd_near < overlap.jsd_far",
            "len([each for each in overlap.jsd_path if abs(each - overlap.jsd_far) < 1e-9]) > 50",
            "overlap.wasserstein_far > overlap.wasserstein_near",
        ),
    ),
]
