"""손실과 점수, 평면의 점을 그린 그림."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gan_docs import drawing
from gan_docs.experiments.experiment import Result
from gan_docs.losses import LOSSES
from gan_docs.palette import Palette
from gan_docs.site.figures import Figure


# --8<-- [start:hangul_curves]
def hangul_curves(result: Result, palette: Palette) -> Any:
    """한글 GAN의 두 손실과 기준선 ln 2입니다."""
    figure = drawing.new_figure(6.4, 3.2)
    drawing.draw_losses(figure.subplots(), result.arrays["losses"][:, :2], math.log(2), palette)
    return figure


# --8<-- [end:hangul_curves]


# --8<-- [start:hangul_scores]
def hangul_scores(result: Result, palette: Palette) -> Any:
    """시점마다 판별기가 진짜와 가짜에 매긴 점수의 분포입니다."""
    scores, steps = result.arrays["scores"], result.arrays["watched"]
    figure = drawing.new_figure(6.4, 3.2)
    for axes, (real, fake), step in zip(figure.subplots(2, 3).ravel(), scores, steps, strict=True):
        edges = np.linspace(min(real.min(), fake.min()), max(real.max(), fake.max()) + 1e-6, 30)
        axes.hist(real, edges, histtype="stepfilled", color=palette.real, alpha=0.35)
        axes.hist(fake, edges, histtype="step", color=palette.generator, linestyle="--")
        axes.set_title(f"{step:,}걸음", fontsize=9)
        axes.set_yticks([])
    return figure


# --8<-- [end:hangul_scores]


# --8<-- [start:generator_slopes]
def generator_slopes(result: Result, palette: Palette) -> Any:
    """가짜의 로짓에 따른 생성기 손실의 기울기를 두 손실에서 견줍니다."""
    logits, _, minimax, _, non_saturating = result.arrays["curves"]
    figure = drawing.new_figure(6.4, 3.0)
    axes = figure.subplots()
    axes.plot(logits, abs(minimax), color=palette.quiet)
    axes.plot(logits, abs(non_saturating), color=palette.generator, linestyle=(0, (4, 1.5)))
    axes.annotate("미니맥스", (4, 0.93), color=palette.quiet, ha="center")
    axes.annotate("비포화", (-4, 0.93), color=palette.generator, ha="center", va="top")
    axes.set_xlabel("가짜의 로짓")
    axes.set_ylabel("기울기의 크기")
    return figure


# --8<-- [end:generator_slopes]


# --8<-- [start:ring_losses]
def ring_losses(result: Result, palette: Palette) -> Any:
    """손실마다 생성기가 찍은 점입니다. 초록 동그라미가 진짜의 봉우리입니다."""
    figure = drawing.new_figure(6.4, 2.5)
    for axes, (name, loss) in zip(figure.subplots(1, 3), LOSSES.items(), strict=True):
        points = result.arrays[f"points_{name.replace('-', '_')}"][:600]
        drawing.draw_points(axes, points, result.arrays["real"], palette)
        axes.set_title(loss.name, fontsize=11)
    return figure


# --8<-- [end:ring_losses]


# --8<-- [start:ring_curves]
def ring_curves(result: Result, palette: Palette) -> Any:
    """손실마다 두 참가자의 손실 곡선입니다."""
    figure = drawing.new_figure(6.4, 6.0)
    references = (2 * math.log(2), 2 * math.log(2), math.log(2))
    rows = zip(figure.subplots(3, 1, sharex=True), LOSSES.items(), references, strict=True)
    for axes, (name, loss), reference in rows:
        losses = result.arrays[f"losses_{name.replace('-', '_')}"]
        drawing.draw_losses(axes, losses, reference, palette)
        axes.set_title(loss.name, fontsize=11, loc="left")
    return figure


# --8<-- [end:ring_curves]


# --8<-- [start:three_faces]
def three_faces(result: Result, palette: Palette) -> Any:
    """건강, 붕괴, 판별기 승리: 왼쪽은 손실, 오른쪽은 그때 생성기가 찍은 점."""
    figure = drawing.new_figure(6.4, 6.6)
    rows = figure.subplots(3, 2, width_ratios=(2, 1))
    cases = {"healthy": "건강", "collapse": "붕괴", "win": "판별기 승리"}
    for (curve, plane), (case, name) in zip(rows, cases.items(), strict=True):
        losses = result.arrays[f"losses_{case}"]
        drawing.draw_losses(curve, losses, 2 * math.log(2), palette)
        curve.set_title(name, fontsize=11, loc="left")
        points = result.arrays[f"points_{case}"][:600]
        drawing.draw_points(plane, points, result.arrays["real"], palette)
        plane.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.6))
    return figure


# --8<-- [end:three_faces]

FIGURES = [
    Figure(
        "hangul-curves",
        "hangul",
        "두 손실은 ln 2를 사이에 두고 팽팽합니다. 어느 쪽도 끝까지 이기지 못합니다.",
        "판별기의 손실은 기준선 아래, 생성기의 손실은 위에서 오르내린다.",
        hangul_curves,
    ),
    Figure(
        "hangul-scores",
        "hangul",
        "판별기의 점수입니다. 초록으로 칠한 것이 진짜, 파란 파선이 가짜입니다.",
        "시점마다 진짜와 가짜의 점수가 얼마나 겹치는지 보여 주는 여섯 분포.",
        hangul_scores,
    ),
    Figure(
        "generator-slopes",
        "equilibrium",
        "판별기가 가짜를 확신하면 미니맥스의 기울기는 사라지고 비포화의 기울기는 커집니다.",
        "로짓이 작을 때 미니맥스의 기울기는 0에, 비포화의 기울기는 1에 가깝다.",
        generator_slopes,
    ),
    Figure(
        "ring-losses",
        "ring",
        "손실만 바꾸어 고리를 배웠습니다. 봉우리 사이에 흘린 점의 수가 다릅니다.",
        "세 손실 모두 여덟 봉우리를 찾았지만 사이에 흘린 점이 다르다.",
        ring_losses,
    ),
    Figure(
        "ring-curves",
        "ring",
        "같은 고리를 배우는 동안의 손실입니다. 선의 높이만으로는 표본의 질을 알 수 없습니다.",
        "세 손실의 곡선이 저마다의 기준선 곁에서 움직인다.",
        ring_curves,
    ),
    Figure(
        "curves",
        "curves",
        "위에서부터 건강, 붕괴, 판별기 승리입니다. 손실과 표본을 함께 보아야 셋이 갈립니다.",
        "건강한 학습만 고리를 채우고, 붕괴는 한 점에 모이며, 진 생성기는 고리를 벗어난다.",
        three_faces,
    ),
]
