"""모드 붕괴의 실험: 견줄 조건이 공평한지, 갇힌 것을 바르게 재는지."""

import math
from functools import partial

import numpy as np
import pytest
import torch

from gan_docs.data import ring
from gan_docs.ensemble import Ensemble
from gan_docs.experiments import hopping, trapped
from gan_docs.experiments.collapse import CHANGES, Change
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.site.make import tables


def length(change: Change) -> float:
    """푸리에 특징의 방향 하나의 평균 길이입니다."""
    network = PointDiscriminator(1, 1, change.pack, waves=20_000, frequency=change.frequency)
    return float(network.directions.norm(dim=0).square().mean().sqrt())


def test_packing_is_compared_fairly() -> None:
    torch.manual_seed(0)
    plain, control, packing = (CHANGES[name] for name in ("plain", "control", "packing"))
    assert packing.batch_size // packing.pack == plain.batch_size
    assert length(packing) == pytest.approx(length(plain), rel=0.02)
    assert length(packing._replace(frequency=plain.frequency)) > 1.9 * length(plain)
    assert packing._replace(name=control.name, pack=1) == control


def test_a_row_tells_what_differs_and_the_first_row_tells_all() -> None:
    assert tables.conditions(CHANGES["plain"]) == [
        "비포화",
        "벌점 없음",
        "주파수 4",
        "배치 128",
        "점을 1개씩",
    ]
    assert tables.conditions(CHANGES["packing"]) == ["주파수 2", "배치 512", "점을 4개씩"]
    assert tables.conditions(CHANGES["both"]) == ["상대론적", "벌점 R₁ + R₂"]


@pytest.mark.parametrize("modes", [1, 2, 8])
def test_the_trapped_modes_are_counted_from_the_best_answer(modes: int) -> None:
    answer = (1 / 8) / (1 / 8 + 1 / modes)
    assert trapped.counted(np.array([-math.log(answer)]), 8) == pytest.approx(modes)


def test_the_way_out_is_the_lower_of_the_two_walls() -> None:
    logits = np.full(8 * trapped.AROUND, 5.0)
    middle = trapped.AROUND // 2
    logits[2 * trapped.AROUND + middle] = -3  # 둘째와 셋째 봉우리 사이
    logits[1 * trapped.AROUND + middle] = -9
    assert trapped.pass_height(logits, 2) == -3
    assert trapped.pass_height(logits, 1) == 5  # 한쪽이 트여 있음
    logits[-middle] = -7  # 마지막과 처음 사이
    logits[middle] = -2
    assert trapped.pass_height(logits, 0) == -2


def test_the_view_is_what_the_networks_say() -> None:
    data = ring()
    ensemble = Ensemble(
        partial(PointDiscriminator, 8, 1), partial(PointGenerator, 8, 1), data,
        steps=1, seeds=[0, 1],
    )  # fmt: skip
    seen = trapped.view(ensemble, data)
    at_modes = ensemble.discriminator(data.centers.expand(2, -1, -1)).detach()
    assert seen.ring[:, :: trapped.AROUND] == pytest.approx(at_modes.numpy(), abs=1e-5)
    points = torch.from_numpy(ensemble.sample(500, averaged=False)[1])
    near = (points[:, None] - data.centers).norm(dim=2) < 15 * data.sigma
    assert seen.shares[1] == pytest.approx(near.double().mean(0).numpy())
    step = 1e-3 * torch.eye(2)
    slopes = [
        (ensemble.discriminator((points + each).expand(2, -1, -1))[1]
         - ensemble.discriminator((points - each).expand(2, -1, -1))[1]).detach() / 2e-3
        for each in step
    ]  # fmt: skip
    assert seen.slopes[1] == pytest.approx(torch.stack(slopes).norm(dim=0).mean().item(), rel=0.01)


def test_hops_are_counted_between_the_moments_that_are_settled() -> None:
    away = hopping.NOWHERE
    assert hopping.hops(np.array([away, 3, 3, away, 3, 4, away, 7, 7, away])) == 2
    assert hopping.hops(np.array([away, away])) == 0
    assert hopping.crowded(np.array([5, 5, 5, 5, 0]), 8) == 5
    assert hopping.crowded(np.array([5, 5, 5, 0]), 8) == away
