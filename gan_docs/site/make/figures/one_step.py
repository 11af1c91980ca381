"""한 스텝을 수로 따라가는 그림."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import FancyBboxPatch, Rectangle

from gan_docs.drawing import pictures
from gan_docs.drawing.palette import Palette
from gan_docs.experiments.experiment import Result
from gan_docs.site.make.figures import Figure


def show(axes: Axes, image: Any, palette: Palette, color: str, line: str) -> None:
    """이미지 한 장을 테두리에 담습니다. 획이 짙을수록 글의 색에 가깝습니다."""
    ink = LinearSegmentedColormap.from_list("ink", [palette.paper, palette.ink])
    axes.imshow(image, cmap=ink, vmin=-1, vmax=1)
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(visible=True, color=color, linestyle=line, linewidth=1.6)


# --8<-- [start:one_step_images]
def one_step_images(result: Result, palette: Palette) -> Any:
    """진짜 넷과 가짜 넷, 그리고 판별기가 처음에 매긴 로짓입니다."""
    images = result.arrays["images"][:, 0]
    logits = np.concatenate([result.arrays["real_logits"][0], result.arrays["fake_logits"][0]])
    figure = pictures.new_figure(4.4, 3.1)
    panels = figure.subplots(2, len(images) // 2).ravel()
    for place, (axes, image, logit) in enumerate(zip(panels, images, logits, strict=True)):
        fake, number = divmod(place, len(images) // 2)
        color, line = (palette.generator, "--") if fake else (palette.real, "-")
        show(axes, image, palette, color, line)
        axes.set_title(f"{'가짜' if fake else '진짜'} {number + 1}", fontsize=11, color=color)
        axes.set_xlabel(f"{logit:+.2f}", fontsize=12, color=palette.ink)
    return figure


# --8<-- [end:one_step_images]


# --8<-- [start:one_step_pixels]
def one_step_pixels(result: Result, palette: Palette) -> Any:
    """가짜 한 장, 화소마다의 기울기의 반대, 갱신한 뒤에 실제로 바뀐 양입니다."""
    numbers, arrays = result.numbers, result.arrays
    picture = int(numbers["picture"]) - 1
    image = arrays["images"][len(arrays["images"]) // 2 + picture, 0]
    changes = {
        "기울기의 반대": -arrays["pixel_slopes"][picture, 0],
        "실제로 바뀐 양": arrays["changes"][picture, 0],
    }
    figure = pictures.new_figure(4.4, 1.9)
    first, *others = figure.subplots(1, 1 + len(changes))
    show(first, image, palette, palette.generator, "--")
    first.set_title(f"가짜 {picture + 1}", fontsize=11, color=palette.generator)
    for axes, (name, change) in zip(others, changes.items(), strict=True):
        show(axes, np.full_like(image, -1), palette, palette.rule, "-")
        axes.set_title(name, fontsize=11)
        rows, columns = np.indices(change.shape)
        for sign, marker in ((1, "^"), (-1, "v")):
            chosen = sign * change > 0.02 * np.abs(change).max()
            size = 80 * np.abs(change[chosen]) / np.abs(change).max()
            color = palette.ink if sign > 0 else palette.generator
            axes.scatter(
                columns[chosen], rows[chosen], size, color=color, marker=marker, linewidths=0
            )
    corner = int(numbers["column"]) - 1.5, int(numbers["row"]) - 1.5
    for axes in (first, *others):
        axes.add_patch(
            Rectangle(corner, 1, 1, fill=False, edgecolor=palette.discriminator, linewidth=1.8)
        )
    return figure


# --8<-- [end:one_step_pixels]


# --8<-- [start:one_step_logits]
def one_step_logits(result: Result, palette: Palette) -> Any:
    """같은 이미지 여덟 장의 로짓이 두 차례를 지나며 옮겨 간 길입니다."""
    real, fake = result.arrays["real_logits"], result.arrays["fake_logits"]
    figure = pictures.new_figure(4.4, 3.4)
    axes = figure.subplots()
    axes.axhline(0, color=palette.rule, linewidth=1)
    real = np.concatenate([real, real[-1:]])  # 생성기의 차례에는 판별기가 그대로
    axes.plot(real, "o-", color=palette.real, linewidth=1.5, markersize=5)
    axes.plot(fake, "D--", color=palette.generator, linewidth=1.5, markersize=5)
    for name, values, color in (
        ("진짜", real, palette.real),
        ("가짜", fake, palette.generator),
    ):
        axes.annotate(name, (2.08, float(values[-1].mean())), color=color, va="center")
    axes.set_xticks(range(3), ["처음", "판별기의\n차례 뒤", "생성기의\n차례 뒤"])
    axes.set(xlim=(-0.15, 2.45), ylabel="로짓 (위로 갈수록 진짜 같음)")
    return figure


# --8<-- [end:one_step_logits]


# --8<-- [start:one_step_detach]
def one_step_detach(result: Result, palette: Palette) -> Any:
    """판별기의 차례에 기울기가 가는 길: detach로 끊었을 때와 끊지 않았을 때."""
    figure = pictures.new_figure(4.4, 3.0)
    cut, leaking = figure.subplots(2, 1)
    boxes = {
        "생성기": palette.generator,
        "가짜": palette.generator,
        "판별기": palette.discriminator,
    }
    for axes, whole in ((cut, False), (leaking, True)):
        axes.set(xlim=(0, 10), ylim=(0, 3.6))
        axes.set_axis_off()
        for place, (name, color) in enumerate(boxes.items()):
            box(axes, 0.2 + 2.9 * place, name, color)
        axes.text(9.35, 2.0, "손실", ha="center", va="center", fontsize=12)
        for left in (2.05, 4.95, 7.85):
            arrow(axes, left, left + 0.95, 2.0, palette.quiet)
        arrow(axes, 9.35, 1.05 if whole else 5.35, 0.75, palette.discriminator)
        axes.text(
            7.9, 0.15, "기울기", ha="center", va="center", fontsize=11, color=palette.discriminator
        )
        if not whole:
            axes.plot([5.0, 5.3], [0.3, 1.2], color=palette.ink, linewidth=2.4)
            axes.text(4.85, 0.72, "detach", ha="right", va="center", fontsize=12)
    cut.set_title("끊으면: 기울기는 판별기까지만", fontsize=12, loc="left")
    leaking.set_title(
        f"끊지 않으면: 생성기에 길이 {result.numbers['generator_leak']:.2f}의 기울기가 쌓임",
        fontsize=12,
        loc="left",
    )
    return figure


def box(axes: Axes, left: float, name: str, color: str) -> None:
    """이름을 적은 상자 하나입니다."""
    axes.add_patch(
        FancyBboxPatch(
            (left, 1.5), 1.7, 1.0, boxstyle="round,pad=0.08", facecolor="none", edgecolor=color
        )
    )
    axes.text(left + 0.85, 2.0, name, ha="center", va="center", fontsize=12, color=color)


def arrow(axes: Axes, start: float, end: float, height: float, color: str) -> None:
    """가로 화살표 하나입니다."""
    axes.annotate(
        "",
        (end, height),
        (start, height),
        arrowprops={
            "arrowstyle": "-|>",
            "color": color,
            "linewidth": 1.6,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )


# --8<-- [end:one_step_detach]

FIGURES = [
    Figure(
        "one-step-images",
        "one_step",
        "진짜 넷과 가짜 넷입니다. 아래의 수가 판별기가 매긴 로짓입니다. 아직 잘 가르지 못합니다.",
        "진짜 숫자 넷과 뭉개진 가짜 넷. 진짜와 가짜의 로짓이 모두 0에서 멀지 않다.",
        one_step_images,
        colours=128,
        claims=(
            "max(abs(each) for each in one_step.real_logits[0] + one_step.fake_logits[0]) < 1.5",
        ),
    ),
    Figure(
        "one-step-pixels",
        "one_step",
        "▲는 획을 짙게, ▼는 옅게입니다. 가운데가 손실이 바라는 쪽, 오른쪽이 실제로 바뀐 양입니다. "
        "대체로 따르지만 모두 따르지는 않습니다.",
        "가운데와 오른쪽의 세모가 많은 화소에서 같은 쪽을 보지만, 어긋난 화소도 있다.",
        one_step_pixels,
        claims=("0.5 * one_step.pixels < one_step.as_asked < one_step.pixels",),
    ),
    Figure(
        "one-step-logits",
        "one_step",
        "판별기의 차례에는 두 무리가 벌어지고, 생성기의 차례에는 가짜가 다시 쫓아 올라갑니다.",
        "진짜의 선은 판별기의 차례에 대체로 오르고, 가짜의 선은 대체로 내렸다가 생성기의 차례에 "
        "오른다.",
        one_step_logits,
        claims=(
            "mean(one_step.real_logits[1]) > mean(one_step.real_logits[0])",
            "mean(one_step.fake_logits[1]) < mean(one_step.fake_logits[0])",
            "all(b > a for a, b in zip(one_step.fake_logits[1], one_step.fake_logits[2]))",
        ),
    ),
    Figure(
        "one-step-detach",
        "one_step",
        "판별기의 차례에 기울기가 거슬러 가는 길입니다. detach가 가짜와 생성기 사이를 끊습니다.",
        "위에서는 거슬러 가던 화살표가 detach의 빗금에서 멎고, 아래에서는 생성기까지 닿는다.",
        one_step_detach,
        claims=("one_step.generator_leak > 0",),
    ),
]
