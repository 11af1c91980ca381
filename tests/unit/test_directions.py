"""잠재 공간의 방향과 걷기, 판별기의 점수를 재는 함수를 손으로 센 값과 견줍니다."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from spoiled import mutated

from gan_docs.experiments import explorer, ranks, walk


def check_purity(module: Any) -> None:
    """첫 방향은 4 가운데 3을, 둘째는 2 가운데 2를 제 것에서 바꿉니다."""
    effects = np.array([[-3.0, 1.0], [0.0, 2.0]])
    assert module.purest(np.stack([effects, 2 * effects])).tolist() == [[0.75, 1], [0.75, 1]]


def check_arc(module: Any) -> None:
    start, end = torch.tensor([[3.0, 0.0]]), torch.tensor([[0.0, 5.0]])
    share = torch.tensor([[0.0], [1 / 3], [1.0]])
    walked = module.arc(start, end, share)
    assert walked[[0, 2]].flatten().tolist() == pytest.approx([3, 0, 0, 5], abs=1e-6)
    assert walked[1].norm().item() == pytest.approx(3 + 2 / 3)
    assert math.degrees(math.atan2(walked[1, 1], walked[1, 0])) == pytest.approx(30, abs=1e-3)


def check_above(module: Any) -> None:
    real, fake = np.array([1.0, 3.0, 5.0]), np.array([0.0, 4.0])
    assert module.above(real, fake) == 4 / 6


CASES = [
    (explorer, check_purity, "/ whole.sum(-1)", "/ whole.max(-1)"),
    (walk, check_arc, "torch.lerp(*lengths, share)", "lengths[0]"),
    (walk, check_arc, "(share * angle).sin()", "share"),
    (ranks, check_above, "mannwhitneyu(first, second)", "mannwhitneyu(second, first)"),
]


@pytest.mark.parametrize(("module", "check", "old", "new"), CASES)
def test_what_is_counted_by_hand_is_counted_and_a_flaw_is_seen(
    module: Any, check: Callable[[Any], None], old: str, new: str
) -> None:
    check(module)
    with pytest.raises(AssertionError):
        check(mutated(module, old, new))
