"""손실과 점수, 평면의 점을 그린 그림."""

from __future__ import annotations

import math
from itertools import cycle
from typing import Any

import numpy as np

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.losses import LOSSES
from gan_docs.site.make.figures import WATCHED, Figure

TOP = 4  # 세 얼굴의 손실을 그릴 가장 높은 값
LINES = ("-", (0, (4, 1.5)), (0, (5, 1, 1, 1)), (0, (1, 1.2)))
# 기울기 곡선에서 이름을 적을 자리: 다른 선과 겹치지 않는 곳. 없는 손실은 제 선 위에 적음
PLACES = {
    LOSSES["minimax"].name: (3.4, 0.78),
    LOSSES["non-saturating"].name: (-7.7, 0.78),
    LOSSES["least-squares"].name: (-1.1, 2.3),
    LOSSES["hinge"].name: (-7.7, 1.1),
}


# --8<-- [start:hangul_curves]
def hangul_curves(result: Result, palette: Palette) -> Any:
    """한글 GAN의 두 손실과 기준선 ln 2입니다."""
    figure = pictures.new_figure(4.4, 3.2)
    losses = result.arrays["losses"][:, :2]
    pictures.draw_losses(figure.subplots(), losses, math.log(2), palette, unit="nat")
    return figure


# --8<-- [end:hangul_curves]


# --8<-- [start:hangul_progress]
def hangul_progress(result: Result, palette: Palette) -> Any:
    """판별기가 진짜를 알아볼 확률과, 같은 글자들이 배운 글자까지 떨어진 거리입니다."""
    seen = result.arrays
    late = seen["watched"] >= 300  # 그 앞은 글자가 되기 전
    figure = pictures.new_figure(4.4, 4.2)
    rows = figure.subplots(2, sharex=True)
    for axes, name, title, color, line, mark in (
        (rows[0], "auc", "판별기의 AUC (0.5면 구분 못 함)", palette.discriminator, "-", "s"),
        (
            rows[1],
            "ratio",
            "글자의 최근접 비율 (낮을수록 배운 글자에 가까움)",
            palette.generator,
            (0, (4, 1.5)),
            "D",
        ),
    ):
        axes.plot(
            seen["watched"][late], seen[name][late], color=color, linestyle=line, marker=mark,
            markersize=4, linewidth=1.6,
        )  # fmt: skip
        axes.set_title(title, fontsize=11, loc="left")
    rows[0].set_ylim(0.5, 0.8)
    rows[1].set_ylim(0.8, 1.3)
    rows[1].set_xlabel("스텝")
    return figure


# --8<-- [end:hangul_progress]


# --8<-- [start:hangul_scores]
def hangul_scores(result: Result, palette: Palette) -> Any:
    """시점마다 판별기가 진짜와 가짜에 매긴 점수의 분포입니다."""
    shown = np.isin(result.arrays["watched"], WATCHED)
    scores = result.arrays["scores"][shown]
    figure = pictures.new_figure(4.4, 4.2)
    panels = figure.subplots(3, 2, sharex=True).ravel()  # 눈금이 같아야 견줄 수 있음
    low, high = np.quantile(scores, (0.002, 0.998))
    edges = np.linspace(low, high, 60)
    for axes, (real, fake), step in zip(panels, scores, WATCHED, strict=True):
        axes.hist(real, edges, histtype="stepfilled", color=palette.real, alpha=0.35)
        axes.hist(fake, edges, histtype="step", color=palette.generator, linestyle="--")
        axes.set_title(f"{step:,}스텝", fontsize=11)
        axes.set_yticks([])
    for axes in panels[-2:]:
        axes.set_xlabel("로짓")
    return figure


# --8<-- [end:hangul_scores]


# --8<-- [start:generator_slopes]
def generator_slopes(result: Result, palette: Palette) -> Any:
    """가짜의 로짓에 따른 기울기의 크기를 모든 생성기 손실에서 견줍니다."""
    logits = result.arrays["logits"]
    curves: list[tuple[Any, list[str]]] = []  # 같은 선을 그리는 손실은 이름을 나란히 적음
    for loss, slopes in zip(LOSSES.values(), result.arrays["slopes"], strict=True):
        same = [names for drawn, names in curves if np.allclose(drawn, slopes)]
        same[0].append(loss.name) if same else curves.append((slopes, [loss.name]))
    colors = (palette.quiet, palette.generator, palette.ink, palette.ink)
    figure = pictures.new_figure(4.4, 3.4)
    axes = figure.subplots()
    for (slopes, names), color, line in zip(curves, cycle(colors), cycle(LINES)):
        axes.plot(logits, slopes, color=color, linestyle=line, linewidth=1.8)
        place = PLACES.get(names[0], (1.5, float(np.interp(1.5, logits, slopes))))
        axes.annotate(" · ".join(names), place, color=color)
    axes.set(xlabel="가짜의 로짓", ylabel="기울기의 크기", xlim=(-8, 8), ylim=(0, 2.6))
    axes.set_yticks([0, 1, 2])
    return figure


# --8<-- [end:generator_slopes]


# --8<-- [start:three_faces]
def three_faces(result: Result, palette: Palette) -> Any:
    """건강, 붕괴, 판별기 승리: 왼쪽은 같은 눈금의 손실, 오른쪽은 그때 생성기가 찍은 점."""
    figure = pictures.new_figure(4.2, 5.6)
    rows = figure.subplots(3, 2, width_ratios=(5, 3))
    cases = {"healthy": "건강", "collapse": "붕괴", "win": "판별기 승리"}
    for (curve, plane), (case, name) in zip(rows, cases.items(), strict=True):
        draw_face(curve, result.arrays[f"losses_{case}"], palette)
        curve.set_title(name, fontsize=11, loc="left")
        points = result.arrays[f"points_{case}"][:600]
        pictures.draw_points(plane, points, result.arrays["real"], palette)
        plane.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.6))
    rows[-1][0].set_xlabel("스텝")
    return figure


def draw_face(axes: Any, losses: Any, palette: Palette) -> None:
    """두 손실을 기준선 둘과 함께 그립니다. 눈금을 벗어난 손실은 끝의 값을 이름 곁에 적습니다."""
    names = ("판별기", "생성기")
    colors, lines = (palette.discriminator, palette.generator), ("-", (0, (4, 1.5)))
    window = len(losses) // 20  # 잡음이 파선의 틈을 메우지 않을 만큼
    for name, color, line, values in zip(names, colors, lines, losses.T, strict=True):
        shown = pictures.smooth(np.asarray(values, np.float64), window)
        axes.plot(np.arange(len(shown)) + window, shown, color=color, linestyle=line, linewidth=1.6)
        over = shown[-1] > TOP
        label, height = (f"{name} {shown[-1]:.0f}", TOP) if over else (name, shown[-1])
        axes.annotate(
            label, (1.03, height), color=color, va="center", xycoords=axes.get_yaxis_transform(),
            annotation_clip=False,
        )  # fmt: skip
    undecided = {"ln 2": math.log(2), "2 ln 2": 2 * math.log(2)}
    for value in undecided.values():
        axes.axhline(value, color=palette.rule, linewidth=1, zorder=0)
    axes.set_yticks([0, *undecided.values(), TOP], ["0", *undecided, f"{TOP} nat"])
    axes.set(ylim=(-0.15, TOP), xlim=(0, len(losses)))


# --8<-- [end:three_faces]

FIGURES = [
    Figure(
        "hangul-curves",
        "hangul",
        "판별기의 손실은 {{ progress.highest_step:, }}스텝 무렵의 "
        "{{ progress.highest_loss:.2f }}에서 {{ progress.last_loss:.2f }}까지 내려갑니다. "
        "판별기가 이기고 있습니다.",
        "판별기의 손실은 기준선 아래로 내려가고, 생성기의 손실은 위에 있다.",
        hangul_curves,
        claims=(
            "progress.last_loss < progress.highest_loss - 0.05",
            "hangul.last_loss < 0.693",
        ),
    ),
    Figure(
        "hangul-progress",
        "progress",
        "판별기가 진짜를 더 잘 알아보게 된 뒤에도 글자는 앞의 시점보다 배운 글자에 가깝습니다.",
        "위의 AUC는 앞의 구간보다 뒤의 구간에서 높고, 아래의 최근접 비율은 앞보다 뒤에서 낮다.",
        hangul_progress,
        claims=(
            "progress.late_auc > progress.early_auc",
            "progress.late_ratio < progress.early_ratio",
        ),
    ),
    Figure(
        "hangul-scores",
        "hangul",
        "판별기의 점수입니다. 초록으로 칠한 것이 진짜, 파란 파선이 가짜입니다. 갈라졌다가 겹치고, "
        "끝에 다시 조금 갈라집니다.",
        "진짜와 가짜의 점수가 처음에는 갈라지고, 가운데에는 겹치고, 끝에는 조금 갈라진다.",
        hangul_scores,
        element="training-scrubber",
        claims=(
            "max(progress.auc) > 0.95 > 0.65 > progress.early_auc",
            "progress.late_auc > progress.early_auc + 0.03",
        ),
    ),
    Figure(
        "generator-slopes",
        "equilibrium",
        "생성기가 지고 있는 왼쪽에서 미니맥스의 기울기만 사라집니다. "
        "최소제곱은 그림 밖까지 커집니다. 상대론적은 진짜의 로짓이 0일 때입니다.",
        "로짓이 작을 때 미니맥스의 기울기는 0에, 비포화와 상대론적, 힌지와 바서슈타인의 "
        "기울기는 1에 가깝고, 최소제곱의 기울기는 로짓에서 1까지의 거리만큼 크다.",
        generator_slopes,
        claims=(
            "equilibrium.slope_minimax < 0.01",
            "0.9 < equilibrium.slope_non_saturating <= equilibrium.slope_hinge == 1",
            "equilibrium.slope_least_squares > 2.6",
        ),
    ),
    Figure(
        "curves",
        "curves",
        "세 경우를 같은 눈금에 그렸습니다. 판별기는 2 ln 2에, 생성기는 ln 2에 가까울수록 서로 "
        "구분하지 못합니다.",
        "건강한 학습만 고리를 채우고, 붕괴는 한 점에 모이며, 진 생성기는 고리를 벗어난다.",
        three_faces,
        claims=(
            "curves.modes_healthy == 8 and curves.modes_collapse == 1",
            "curves.quality_win < 0.1",
        ),
    ),
]
