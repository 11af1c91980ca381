"""그림: 표본을 늘어놓은 벽, 손실 곡선, 평면의 점."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gan_docs.drawing.palette import LIGHT, Palette, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Pixels = NDArray[np.uint8]


# --8<-- [start:wall]
def wall(
    images: Any,
    columns: int,
    *,
    scale: int = 2,
    gap: int = 2,
    palette: Palette = LIGHT,
    ink: bool = True,
) -> Pixels:
    """이미지를 한 장의 그림으로 늘어놓습니다. 화소는 흐리지 않고 정수배로 키웁니다.

    Args:
        images: 값이 [-1, 1]인 이미지. 모양 `(N, C, H, W)`. 배열 또는 텐서. uint8이면 값 0–255.
        columns: 한 줄에 놓을 수.
        scale: 화소 하나를 몇 화소로 키울지.
        gap: 이미지 사이의 간격. 키우기 전의 화소 수.
        palette: 흑백 이미지의 획에 입힐 색. 종이는 투명합니다.
        ink: 흑백에서 +1이 무엇인지. 글자면 참(획), 사진이면 거짓(흰색).

    Returns:
        투명도를 가진 그림. 모양 `(높이, 너비, 4)`, 값 0–255.

    Raises:
        ValueError: 이미지의 모양이 다르거나 줄의 수가 1보다 작을 때.
    """
    array = _as_array(images)
    if array.dtype == np.uint8:
        array = array / 127.5 - 1
    array = array.astype(np.float32)
    if array.ndim != 4 or array.shape[1] not in (1, 3) or len(array) == 0:
        raise ValueError(f"이미지의 모양은 (N, 1 또는 3, H, W)여야 합니다: 받은 모양 {array.shape}")
    if columns < 1 or scale < 1:
        raise ValueError(f"columns와 scale은 1 이상이어야 합니다: 받은 값 {columns}, {scale}")
    if array.shape[1] == 1 and not ink:
        array = array.repeat(3, axis=1)  # 색이 있는 것처럼: 획의 색을 입히지 않음
    count, _, height, width = array.shape
    rows = -(-count // columns)
    canvas = np.zeros(
        (rows * (height + gap) - gap, columns * (width + gap) - gap, 4), dtype=np.uint8
    )
    for place, image in enumerate(array):
        row, column = divmod(place, columns)
        top, left = row * (height + gap), column * (width + gap)
        canvas[top : top + height, left : left + width] = _colored(image, palette)
    return canvas.repeat(scale, axis=0).repeat(scale, axis=1)


# --8<-- [end:wall]


def sample_grid(
    images: Any, columns: int = 8, *, palette: Palette = LIGHT, ink: bool = True
) -> Figure:
    """이미지를 늘어놓은 그림을 만듭니다. 노트북에서 바로 보입니다.

    Args:
        images: 값이 [-1, 1]인 이미지. 모양 `(N, C, H, W)`. uint8이면 값 0–255.
        columns: 한 줄에 놓을 수.
        palette: 획에 입힐 색.
        ink: 흑백에서 +1이 무엇인지. 글자면 참(획), 사진이면 거짓(흰색).

    Returns:
        Matplotlib의 그림.
    """
    pixels = wall(images, columns, scale=4, palette=palette, ink=ink)
    height, width = pixels.shape[:2]
    with style(palette):
        figure = new_figure(6.4, 6.4 * height / width)
        figure.set_layout_engine("none")  # 자리를 직접 정함
        axes = figure.add_axes((0, 0, 1, 1))
        axes.imshow(pixels, interpolation="nearest")
        axes.set_axis_off()
    return figure


# --8<-- [start:loss_curves]
def loss_curves(
    history: Sequence[Any],
    reference: float = 0.0,
    *,
    unit: str = "",
    palette: Palette = LIGHT,
) -> Figure:
    """판별기와 생성기의 손실이 스텝에 따라 어떻게 변했는지 그립니다.

    Args:
        history: `Trainer.train`이 반환한 기록.
        reference: 구분하지 못할 때의 손실. 0이면 기준선을 그리지 않습니다.
        unit: 손실의 단위. 교차 엔트로피로 잰 손실만 `"nat"`이고, 점수를 바로 쓰는 손실은 없습니다.
        palette: 판별기는 빨간 실선, 생성기는 파란 파선.

    Returns:
        Matplotlib의 그림.

    Raises:
        ValueError: 기록이 비었을 때.
    """
    if not history:
        raise ValueError("기록이 비어 그릴 것이 없습니다: 먼저 학습하세요")
    with style(palette):
        figure = new_figure(6.4, 3.2)
        draw_losses(
            figure.subplots(),
            np.array([[step.discriminator_loss, step.generator_loss] for step in history]),
            reference,
            palette,
            unit=unit,
        )
    return figure


# --8<-- [end:loss_curves]


def draw_losses(
    axes: Axes, losses: Any, reference: float, palette: Palette, *, unit: str = ""
) -> None:
    """두 손실의 이동 평균을 그리고 곡선 끝에 이름을 적습니다.

    Args:
        axes: 그릴 자리.
        losses: 판별기와 생성기의 손실. 모양 `(스텝, 2)`.
        reference: 구분하지 못할 때의 손실. 0이면 그리지 않습니다.
        palette: 색.
        unit: 손실의 단위. 없으면 적지 않습니다.
    """
    from matplotlib.patheffects import withStroke

    losses = np.asarray(losses, dtype=np.float64)
    window = max(1, len(losses) // 60)
    curves = [smooth(losses[:, column], window) for column in range(2)]
    if reference:
        above = roomier_above(curves, reference)
        axes.axhline(reference, color=palette.rule, linewidth=1)
        label = axes.annotate(
            f"구분 못 함 {reference:.3f}", (0.5, reference), color=palette.quiet, fontsize=11,
            xycoords=axes.get_yaxis_transform(), xytext=(0, 3 if above else -3),
            textcoords="offset points", ha="center", va="bottom" if above else "top",
        )  # fmt: skip
        label.set_path_effects([withStroke(linewidth=3, foreground=palette.paper)])  # 곡선이 지나도
    steps = np.arange(len(curves[0])) + window
    axes.plot(steps, curves[0], color=palette.discriminator, linewidth=1.6)
    axes.plot(steps, curves[1], color=palette.generator, linewidth=1.6, linestyle=(0, (4, 1.5)))
    upper = int(curves[1][-1] >= curves[0][-1])  # 끝에서 위에 있는 쪽의 이름을 위에
    for column, (name, color) in enumerate(
        (("판별기", palette.discriminator), ("생성기", palette.generator))
    ):
        axes.annotate(
            name, (steps[-1], curves[column][-1]), color=color,
            xytext=(5, 5 if column == upper else -9),
            textcoords="offset points", annotation_clip=False,
        )  # fmt: skip
    axes.set_xlabel("스텝")
    axes.set_ylabel(f"손실 ({unit})" if unit else "손실")
    axes.margins(x=0)


def roomier_above(curves: list[NDArray[np.float64]], reference: float) -> bool:
    """기준선의 이름을 놓을 가운데에서, 곡선이 선의 위보다 아래에 가까운지입니다."""
    middles = [curve[len(curve) // 3 : 2 * len(curve) // 3 + 1] for curve in curves]
    away = 0.1 * max(reference, *(float(curve.max()) for curve in middles))
    above, below = (
        min(float(np.abs(middle - reference - side * away).min()) for middle in middles)
        for side in (1, -1)
    )
    return above >= below


def smooth(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """`window`스텝의 이동 평균입니다. 길이는 `window - 1`만큼 짧아집니다."""
    return np.convolve(values, np.ones(window) / window, mode="valid")


def draw_points(axes: Axes, fake: Any, real: Any, palette: Palette) -> None:
    """평면의 진짜는 동그라미로, 가짜는 마름모로 찍습니다. 둘의 모양은 `(N, 2)`."""
    real, fake = _as_array(real), _as_array(fake)
    axes.scatter(
        real[:, 0], real[:, 1], s=26, facecolors="none", edgecolors=palette.real, linewidths=1.2
    )
    axes.scatter(
        fake[:, 0], fake[:, 1], s=7, marker="D", color=palette.generator, alpha=0.5, linewidths=0
    )
    axes.set_aspect("equal")
    axes.set_axis_off()


def new_figure(width: float, height: float) -> Figure:
    """화면 장치에 매이지 않는 그림을 만듭니다. 크기의 단위는 인치."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _as_array(values: Any) -> NDArray[Any]:
    """배열이나 텐서를 배열로 옮깁니다. 텐서에 기울기가 붙었거나 GPU에 있어도 됩니다."""
    return np.asarray(values.detach().cpu() if hasattr(values, "detach") else values)


def _colored(image: NDArray[np.float32], palette: Palette) -> Pixels:
    """이미지 `(C, H, W)`를 RGBA `(H, W, 4)`로. 흑백은 획의 짙기가 불투명도."""
    from matplotlib.colors import to_rgb

    value = np.clip((image + 1) / 2, 0, 1).transpose(1, 2, 0)
    if value.shape[2] == 1:
        ink = np.broadcast_to(np.array(to_rgb(palette.ink)), (*value.shape[:2], 3))
        value = np.concatenate([ink, value], axis=2)
    else:
        value = np.concatenate([value, np.ones_like(value[..., :1])], axis=2)
    return np.round(255 * value).astype(np.uint8)
