"""신경망의 구조를 표와 그림(PNG)으로 보여 줍니다. 시스템 프로그램은 필요 없습니다."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor, nn

from gan_docs.drawing.palette import LIGHT, Palette, style
from gan_docs.files import replace
from gan_docs.summary import Part

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, MIDDLE, TEXT = 4.95, 0.87, 1.72  # 인치: 그림의 너비, 도형의 가운데, 글의 왼쪽
WORDS, LINE = 13, 0.25  # 글의 크기(휴대전화에서 11px), 줄의 간격(인치)


class Row(NamedTuple):
    """그림의 한 줄: 층 하나와 뒤따르는 정규화·활성 함수입니다."""

    title: str
    shape: tuple[int, ...]
    parameters: int
    role: str


def print_table(network: nn.Module, inputs: Sequence[Tensor]) -> None:
    """층, 출력 모양, 매개변수 수를 화면에 출력합니다. `inputs`는 흘려 볼 입력 `(B, …)`."""
    import torchinfo

    report = torchinfo.summary(
        network,
        input_data=[*inputs],
        col_names=("output_size", "num_params"),
        verbose=0,
        device="cpu",
    )
    print(re.sub(r"Units\.(\w)\w*", r"\1", str(report)))  # Units.MEGABYTES는 M으로


def name_layer(layer: nn.Module) -> str:
    """층의 이름을 우리말로 적습니다."""
    if isinstance(layer, nn.Linear):
        return f"선형층 {layer.in_features} → {layer.out_features}"
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        kind = "합성곱" if isinstance(layer, nn.Conv2d) else "전치 합성곱"
        step = f", 보폭 {layer.stride[0]}" if layer.stride[0] > 1 else ""
        return (
            f"{kind} {layer.kernel_size[0]}×{layer.kernel_size[1]}{step}, "
            f"채널 {layer.in_channels} → {layer.out_channels}"
        )
    if isinstance(layer, nn.PixelShuffle):
        return f"화소 펼치기 ×{layer.upscale_factor}"
    if isinstance(layer, nn.PixelUnshuffle):
        return f"화소 접기 ÷{layer.downscale_factor}"
    names = {
        "Flatten": "한 줄로 펴기",
        "Unflatten": "특징 맵으로 바꾸기",
        "BatchNorm2d": "배치 정규화",
        "ReplicationPad2d": "끝 줄 덧대기",
        "Crop": "남는 줄 자르기",
    }
    name = type(layer).__name__
    return names.get(name, name)


def layers_of(network: nn.Module) -> Iterator[nn.Module]:
    """더 나눌 것이 없는 층을 차례로 냅니다. 스펙트럼 정규화를 붙인 층은 한 층입니다."""
    inner = [each for name, each in network.named_children() if name != "parametrizations"]
    if not inner or isinstance(network, nn.MultiheadAttention):
        yield network
    else:
        for each in inner:
            yield from layers_of(each)


def rows_of(parts: Sequence[Part], input_shape: tuple[int, ...], count: int = 1) -> list[Row]:
    """빈 입력을 흘려 보내며 층마다 출력의 모양을 적습니다. 신경망의 상태는 그대로입니다.

    Args:
        parts: 차례로 이어진 신경망들.
        input_shape: 배치를 뺀 입력의 모양.
        count: 한 번에 흘려 볼 입력의 수.
    """
    rows: list[Row] = []
    x: Any = torch.zeros(count, *input_shape).to(next(parts[0].network.parameters()))
    for part in parts:

        def write(layer: nn.Module, _: Any, made: Any, role: str = part.role) -> None:
            add_row(rows, layer, made[0] if isinstance(made, tuple) else made, role)

        training = part.network.training
        part.network.eval()
        handles = [
            layer.register_forward_hook(write) for layer in dict.fromkeys(layers_of(part.network))
        ]
        try:
            with torch.no_grad():
                x = part.network(x)
        finally:
            for handle in handles:
                handle.remove()
            part.network.train(training)
    return rows


def add_row(rows: list[Row], layer: nn.Module, made: Tensor, role: str) -> None:
    """층 하나를 한 줄로 더합니다. 정규화와 활성 함수는 앞 층의 줄에 붙입니다."""
    title, count = name_layer(layer), sum(each.numel() for each in layer.parameters())
    kinds = nn.BatchNorm2d | nn.ReLU | nn.LeakyReLU | nn.Tanh | nn.Sigmoid
    if isinstance(layer, kinds) and rows and rows[-1].role == role:
        before = rows.pop()
        title, count = f"{before.title} · {title}", count + before.parameters
    rows.append(Row(title, tuple(made.shape[1:]), count, role))


def draw(
    parts: Sequence[Part],
    input_shape: tuple[int, ...],
    palette: Palette = LIGHT,
    *,
    count: int = 1,
) -> Figure:
    """신경망을 위에서 아래로 흐르는 그림으로 그립니다.

    Args:
        parts: 차례로 이어진 신경망들.
        input_shape: 배치를 뺀 입력의 모양.
        palette: 색.
        count: 한 번에 흘려 볼 입력의 수.

    Returns:
        층마다 출력의 모양, 이름, 매개변수 수를 적은 그림.
    """
    from matplotlib.figure import Figure

    rows = rows_of(parts, input_shape, count)
    start = Row("입력", input_shape, 0, parts[0].role)
    every = [start, *rows]
    largest = max((max(row.shape[-2:]) for row in every if len(row.shape) == 3), default=1)
    weights = {each for part in parts for each in part.network.parameters()}
    total = sum(each.numel() for each in weights)
    with style(palette):
        height = 0.95 * len(every) + 1.0
        figure = Figure(figsize=(WIDTH, height))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, WIDTH), ylim=(-height + 0.75, 0.75), aspect="equal")
        axes.axis("off")
        heading = " → ".join(part.title for part in parts)
        axes.text(0.15, 0.45, heading, fontsize=15, va="center")
        axes.text(
            WIDTH - 0.2,
            0.45,
            f"매개변수 {total:,}개",
            fontsize=WORDS,
            color=palette.quiet,
            va="center",
            ha="right",
        )
        for index, row in enumerate(every):
            y = -0.95 * index - 0.25
            draw_row(axes, row, y, largest, palette, arrow=index > 0)
    return figure


def draw_row(
    axes: Axes, row: Row, y: float, largest: int, palette: Palette, *, arrow: bool
) -> None:
    """한 줄을 그립니다: 왼쪽에 출력의 모양, 오른쪽에 층의 이름과 크기."""
    shade = getattr(palette, row.role)
    if arrow:
        axes.annotate(
            "",
            xy=(MIDDLE, y + 0.40),
            xytext=(MIDDLE, y + 0.56),
            arrowprops={"arrowstyle": "-|>", "color": palette.quiet, "lw": 1},
        )
    draw_tensor(axes, row.shape, MIDDLE, y, largest, shade, palette)
    first, *after = row.title.split(" · ")
    count = f" · 매개변수 {row.parameters:,}개" if row.parameters else ""
    lines = [first, *([" · ".join(after)] if after else [])]
    size = " × ".join(map(str, row.shape))
    for place, line in enumerate([*lines, f"{size}{count}"]):
        color = palette.quiet if place == len(lines) else palette.ink
        top = y + LINE * (len(lines) / 2 - place)
        axes.text(TEXT, top, line, fontsize=WORDS, color=color, va="center")


def draw_tensor(
    axes: Axes,
    shape: tuple[int, ...],
    x: float,
    y: float,
    largest: int,
    color: str,
    palette: Palette,
) -> None:
    """출력 하나를 그립니다: 특징 맵은 겹친 네모, 벡터는 칸을 나눈 막대."""
    from matplotlib.patches import Rectangle

    if len(shape) == 3:
        channels, height, width = shape
        planes = min(6, 1 + round(math.log2(channels)))
        tall, wide = 0.62 * height / largest, 0.62 * width / largest
        for plane in reversed(range(planes)):
            shift = 0.06 * (plane - (planes - 1) / 2)
            corner = (x - wide / 2 + shift, y - tall / 2 + shift * 0.5)
            axes.add_patch(Rectangle(corner, wide, tall, facecolor=palette.paper, edgecolor="none"))
            axes.add_patch(
                Rectangle(
                    corner,
                    wide,
                    tall,
                    facecolor=color,
                    edgecolor="none",
                    alpha=0.16 if plane else 0.4,
                )
            )
            axes.add_patch(Rectangle(corner, wide, tall, fill=False, edgecolor=color, lw=1))
        return
    cells = min(12, 1 + round(math.log2(math.prod(shape))))
    wide = 0.12 * cells
    for cell in range(cells):
        corner = (x - wide / 2 + 0.12 * cell, y - 0.06)
        axes.add_patch(Rectangle(corner, 0.12, 0.12, facecolor=color, alpha=0.3, edgecolor="none"))
        axes.add_patch(Rectangle(corner, 0.12, 0.12, fill=False, edgecolor=color, lw=1))


def save(parts: Sequence[Part], input_shape: tuple[int, ...], path: Path, count: int = 1) -> Path:
    """구조 그림을 PNG로 저장하고 그 경로를 반환합니다.

    Raises:
        OSError: 폴더에 쓸 수 없을 때.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    figure = draw(parts, input_shape, count=count)

    def write(temporary: Path) -> None:
        figure.savefig(
            temporary, dpi=150, facecolor=LIGHT.paper, format="png", metadata={"Software": None}
        )

    replace(path, write)
    return path
