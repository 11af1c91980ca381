"""그림: 화소를 그대로 늘어놓은 벽과, 경고 없이 저장되는 그림."""

import io

import numpy as np
import pytest
import torch

from gan_docs.drawing import pictures
from gan_docs.trainer import Step

HISTORY = [Step(number, 1.0, 2.0, 0.0, 0.0, 0.0) for number in range(1, 90)]


def test_the_wall_keeps_every_pixel() -> None:
    images = np.linspace(-1, 1, 3 * 4 * 5, dtype=np.float32).reshape(3, 1, 4, 5)
    wall = pictures.wall(images, columns=2, scale=3, gap=1)
    assert wall.shape == (3 * (2 * 4 + 1), 3 * (2 * 5 + 1), 4)
    opacity = np.round((images + 1) / 2 * 255).astype(np.uint8)
    assert np.array_equal(wall[: 3 * 4 : 3, : 3 * 5 : 3, 3], opacity[0, 0])
    assert np.array_equal(wall[3 * 5 :: 3, : 3 * 5 : 3, 3], opacity[2, 0])
    assert not wall[:, 3 * 5 : 3 * 6].any()  # 사이는 비어 있음
    same = pictures.wall(opacity, columns=2, scale=3, gap=1)  # 바이트로 담은 이미지
    assert np.array_equal(same[..., 3], wall[..., 3])
    made = torch.tensor(images, requires_grad=True)  # 방금 만든 텐서 그대로
    assert np.array_equal(pictures.wall(made, columns=2, scale=3, gap=1), wall)


def test_a_grid_and_curves_are_saved_without_a_warning() -> None:
    grid = pictures.sample_grid(np.zeros((5, 3, 8, 8)), columns=3)
    for figure in (grid, pictures.loss_curves(HISTORY, 0.693)):
        content = io.BytesIO()
        figure.savefig(content, format="png", bbox_inches="tight")
        assert content.getvalue().startswith(b"\x89PNG")


def test_the_reference_line_says_its_value_inside_the_axes() -> None:
    figure = pictures.loss_curves(HISTORY, 0.693)
    figure.canvas.draw()
    (axes,) = figure.axes
    label = next(text for text in axes.texts if "0.693" in text.get_text())
    box, frame = label.get_window_extent(), axes.get_window_extent()
    assert frame.x0 < box.x0 < box.x1 < frame.x1


@pytest.mark.parametrize(("level", "above"), [(1.2, True), (1.6, False)])
def test_the_name_of_the_reference_line_stands_where_no_curve_runs(
    level: float, above: bool
) -> None:
    curves = [np.full(30, level), np.full(30, 0.2)]
    assert pictures.roomier_above(curves, 1.386) is above


@pytest.mark.parametrize(("unit", "label"), [("nat", "손실 (nat)"), ("", "손실")])
def test_the_loss_axis_says_only_the_unit_that_it_is_given(unit: str, label: str) -> None:
    (axes,) = pictures.loss_curves(HISTORY, unit=unit).axes
    assert axes.get_ylabel() == label
    with pytest.raises(ValueError, match="기록이 비어"):
        pictures.loss_curves(HISTORY[:0], unit=unit)


@pytest.mark.parametrize("shape", [(2, 2, 4, 4), (2, 4, 4), (0, 1, 4, 4)])
def test_a_wall_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="받은 모양"):
        pictures.wall(np.zeros(shape), columns=2)
