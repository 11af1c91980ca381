"""병원의 환자마다 손실 곡선과, 시점마다 생성기가 찍은 점."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.site.make.figures import Draw, Figure

TOP = 6.0  # 이보다 높은 손실은 그림 밖
EDGE = 2.9  # 그림에 보이는 자리의 끝
SHOWN = 32  # 점이 많으면 그림이 무거움
MOMENTS = (0, 2, 5)  # 여섯 시점 가운데 그릴 것


# --8<-- [start:patient]
def patient(case: str) -> Draw:
    """위는 첫 시드의 손실, 아래는 세 시점에 찍은 점입니다. 조건 1은 마름모, -1은 빈 세모."""

    def draw(result: Result, palette: Palette) -> Any:
        figure = pictures.new_figure(4.4, 3.5)
        rows = figure.subplot_mosaic([["losses"] * 3, [*MOMENTS]], height_ratios=(1, 1))
        losses = result.arrays[f"losses_{case}"]
        pictures.draw_losses(rows["losses"], losses, 2 * math.log(2), palette)
        rows["losses"].set_ylim(0, min(TOP, max(1.6, 1.1 * float(losses[10:].max()))))
        rows["losses"].axhline(math.log(2), color=palette.rule, linewidth=1, linestyle="--")
        moments = result.arrays[f"points_{case}"]
        for place in MOMENTS:
            draw_sides(rows[place], moments[place], result.arrays["real"], palette)
            rows[place].set_title(f"{len(losses) * (place + 1) // len(moments)}스텝", fontsize=11)
        return figure

    draw.__name__ = patient.__name__
    return draw


def draw_sides(axes: Any, sides: Any, real: Any, palette: Palette) -> None:
    """두 조건의 점과 진짜의 봉우리입니다. 그림 밖으로 나간 점은 비율로 적습니다."""
    shown = sides[:, :SHOWN]
    axes.scatter(*real.T, s=26, facecolors="none", edgecolors=palette.real, linewidths=1.2)
    axes.scatter(*shown[0].T, s=7, marker="D", color=palette.generator, linewidths=0)
    axes.scatter(
        *shown[1].T, s=12, marker="v", facecolors="none", edgecolors=palette.generator,
        linewidths=0.7,
    )  # fmt: skip
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE))
    outside = float((np.abs(sides).max(axis=-1) > EDGE).mean())
    if outside > 0.02:
        axes.annotate(
            f"밖에 {outside:.0%}", (0.5, 0), xycoords="axes fraction", ha="center", va="top",
            color=palette.quiet,
        )  # fmt: skip


# --8<-- [end:patient]


# --8<-- [start:when_to_stop]
def when_to_stop(result: Result, palette: Palette) -> Any:
    """건강한 다섯 시드의 판별기 손실과 봉우리 안에 든 비율을 같은 시점에 놓습니다."""
    figure = pictures.new_figure(4.4, 3.4)
    upper, lower = figure.subplots(2, 1, sharex=True)
    seeds = result.arrays["watched"]  # (시드, 시점, 3)
    steps = (
        len(result.arrays["losses_healthy"]) // seeds.shape[1] * np.arange(1, seeds.shape[1] + 1)
    )
    for watched in seeds:
        upper.plot(steps, watched[:, 0], color=palette.discriminator, marker="o", markersize=3)
        lower.plot(
            steps, 100 * watched[:, 2], color=palette.generator, linestyle="--", marker="D",
            markersize=3,
        )  # fmt: skip
    upper.set(ylim=(0, 1.5), ylabel="판별기 손실 (nat)")
    lower.set(ylim=(0, 100), ylabel="봉우리 안 (%)", xlabel="스텝")
    return figure


# --8<-- [end:when_to_stop]


def seen(name: str, case: str, caption: str, alt: str, *claims: str) -> Figure:
    """환자의 그림입니다. 이름과 그림말은 원인을 말하지 않습니다."""
    return Figure(
        f"hospital-{name}", "hospital", caption, alt, patient(case), colours=20, one_seed=True,
        claims=claims,
    )  # fmt: skip


FIGURES = [
    seen(
        "healthy", "healthy",
        "건강한 학습: 두 손실은 제 기준선 가까이에서 마주 보고, 점은 여덟 봉우리로 모입니다.",
        "두 손실이 기준선 가까이에 머물고, 점이 여덟 동그라미를 채우며 조건을 따른다.",
        "hospital.healthy_well >= hospital.seeds - 1",
        "abs(hospital.healthy_discriminator - 1.386) < 0.2",
        "abs(hospital.healthy_generator - 0.693) < 0.2",
    ),
    seen(
        "1", "slow",
        "판별기의 손실은 {{ hospital.slow_discriminator:.2f }}까지 내려가고 "
        "생성기의 손실은 {{ hospital.slow_generator:.1f }}까지 오릅니다. 점은 제자리입니다.",
        "판별기의 손실은 0에 가깝고 생성기의 손실은 오르며, 점은 처음 자리에 머문다.",
        "hospital.slow_discriminator < 0.5", "hospital.slow_generator > 2",
    ),
    seen(
        "2", "tanh",
        "판별기가 이기고, 점은 보이지 않는 네모의 가장자리에서 멈춥니다.",
        "판별기의 손실은 0에 가깝고, 점은 봉우리에 닿지 못한 채 네모의 가장자리에 모인다.",
        "hospital.tanh_discriminator < 0.5", "hospital.tanh_modes == 0",
    ),
    seen(
        "3", "collapse",
        "판별기의 손실이 기준선에서 내려앉고, 점은 봉우리 안에 모이지만 빈 봉우리가 남습니다.",
        "판별기의 손실은 기준선과 0의 사이, 생성기의 손실은 그보다 높고, 빈 봉우리가 있다.",
        "hospital.collapse_discriminator < hospital.healthy_discriminator",
        "hospital.seeds_collapse_modes[0] < 8",
    ),
    seen(
        "5", "hopping",
        "두 손실은 건강한 학습보다도 기준선에 가깝습니다. 점은 시점마다 다른 곳에 있습니다.",
        "두 손실이 기준선에 붙어 있지만, 점은 한두 곳에 모여 시점마다 자리를 옮긴다.",
        "abs(hospital.hopping_discriminator - 1.386) < abs(hospital.healthy_discriminator - 1.386)",
        "hospital.hopping_modes <= 3",
    ),
    seen(
        "6", "zero_grad",
        "판별기의 손실은 2 ln 2보다 높고 생성기의 손실은 ln 2보다 낮습니다.",
        "판별기의 손실은 기준선 위에서 출렁이고 생성기의 손실은 그 아래이며, 점은 흩어진다.",
        "hospital.zero_grad_discriminator > 1.386", "hospital.zero_grad_generator < 0.693",
    ),
    seen(
        "7", "frozen",
        "두 손실이 매끄럽게 기준선에서 멀어집니다. 점은 봉우리를 지나 달아납니다.",
        "판별기의 손실은 천천히 오르고 생성기의 손실은 천천히 내려가며, 점은 그림 밖으로 나간다.",
        "hospital.frozen_discriminator > 1.386", "hospital.frozen_generator < 0.693",
    ),
    seen(
        "8", "labels",
        "두 손실이 함께 0으로 내려가고, 점은 어느 봉우리에도 없습니다.",
        "두 손실이 모두 0에 가깝고, 점은 봉우리에서 먼 곳에 있다.",
        "max(hospital.labels_discriminator, hospital.labels_generator) < 0.1",
        "hospital.labels_modes == 0",
    ),
    seen(
        "9", "detach",
        "손실은 잔잔한데 끝까지 배워도 여덟 봉우리를 채우지 못합니다.",
        "판별기의 손실이 기준선보다 낮은 데에서 잔잔하고, 점은 몇 봉우리만 채운다.",
        "hospital.detach_modes < 8",
        "hospital.detach_discriminator < hospital.healthy_discriminator",
    ),
    seen(
        "10", "scale",
        "두 손실은 기준선에 붙어 있고, 점은 작은 고리를 그립니다.",
        "두 손실이 기준선에 붙어 있지만, 점은 봉우리보다 안쪽에 작은 고리를 그린다.",
        "abs(hospital.scale_discriminator - 1.386) < 0.1", "hospital.scale_modes == 0",
    ),
    seen(
        "11", "eval",
        "손실은 건강한 학습과 같은데, 점은 조건을 따르지 않고 봉우리에서도 벗어납니다.",
        "손실은 건강하지만, 마름모와 세모가 같은 자리에 겹쳐 있다.",
        "hospital.losses_eval == hospital.losses_healthy", "hospital.eval_agreement < 0.7",
    ),
    seen(
        "12", "momentum",
        "손실은 건강한 학습과 같은데, eval()로 뽑은 점은 봉우리에 덜 모입니다.",
        "손실은 건강하지만, 점이 봉우리 사이에 더 많이 흩어져 있다.",
        "hospital.losses_momentum == hospital.losses_healthy",
        "hospital.momentum_quality < hospital.healthy_quality",
    ),
    seen(
        "13", "rate",
        "처음의 손실은 그림 밖까지 튀었다가 가라앉고, 점은 봉우리와 상관없이 퍼집니다.",
        "처음 몇 스텝의 손실이 그림 밖까지 튀고, 점은 줄무늬처럼 퍼진다.",
        "max(each[0] for each in hospital.losses_rate) > 20",
        "hospital.rate_quality < hospital.healthy_quality",
    ),
    seen(
        "14", "sigmoid",
        "판별기의 손실은 {{ hospital.sigmoid_discriminator:.2f }}에서 거의 움직이지 않습니다. "
        "점은 멀쩡해 보입니다.",
        "두 손실이 기준선에 붙어 거의 움직이지 않고, 점은 여덟 봉우리에 있다.",
        "min(each[0] for each in hospital.losses_sigmoid) > 1.006",
    ),
    seen(
        "15", "condition",
        "손실도 봉우리도 건강한데, 마름모와 세모가 위아래에 섞여 있습니다.",
        "점이 여덟 봉우리를 채우지만, 두 조건의 점이 위아래에 섞여 있다.",
        "hospital.condition_modes == 8", "abs(hospital.condition_agreement - 0.5) < 0.1",
    ),
    seen(
        "exercise-1", "wrong_turn",
        "판별기의 손실이 내려가고, 점은 세 시점에 똑같은 자리에 있습니다.",
        "판별기의 손실은 0으로 가고, 점은 세 시점 모두 같은 자리에 있다.",
        "hospital.wrong_turn_discriminator < 0.5",
    ),
    seen(
        "exercise-2", "wrong_owner",
        "점은 거의 같은 자리인데, 판별기는 이기지 못합니다.",
        "점은 처음 자리에 있는데 판별기의 손실이 0으로 가지 않는다.",
        "hospital.wrong_owner_discriminator > hospital.wrong_turn_discriminator",
    ),
    seen(
        "exercise-3", "no_zero",
        "판별기의 손실이 기준선 아래에서 출렁이고, 점은 멀리까지 흩어집니다.",
        "판별기의 손실이 낮고 생성기의 손실이 높으며, 점이 그림 밖까지 흩어진다.",
        "hospital.no_zero_discriminator < hospital.healthy_discriminator",
    ),
    Figure(
        "hospital-stop", "hospital",
        "판별기의 손실은 거의 그대로인데, 봉우리 안에 든 점은 계속 늘어납니다. "
        "선 하나가 시드 하나입니다.",
        "위의 손실은 다섯 시드 모두 평평하고, 아래의 비율은 오른쪽으로 갈수록 높다.",
        when_to_stop,
        claims=(
            "median(each[5][2] for each in hospital.watched) "
            "> median(each[1][2] for each in hospital.watched)",
        ),
    ),
]  # fmt: skip
