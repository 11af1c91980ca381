"""수로 따라간 한 스텝: 표의 몫을 더하면 가중치의 기울기이고, 기울기는 차분으로 잰 것과 같습니다."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from gan_docs.experiments import one_step
from gan_docs.experiments.experiment import Result
from gan_docs.losses import NON_SATURATING

RATE = 0.05


@pytest.fixture(scope="module")
def made() -> Result:
    short = replace(
        one_step.EXPERIMENT, parameters={**one_step.EXPERIMENT.parameters, "warm_up": 8}
    )
    return short.run(short, lambda step: None, {})


@pytest.fixture(scope="module")
def seen() -> one_step.Seen:
    torch.manual_seed(0)
    pair = one_step.Pair(
        nn.Sequential(nn.Flatten(), nn.Linear(64, 8), nn.Tanh(), nn.Linear(8, 1)).double(),
        nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 64), nn.Tanh()).double(),
    )
    pair.generator.append(nn.Unflatten(1, (1, 8, 8)))
    real, z = torch.randn(4, 1, 8, 8).double(), torch.randn(4, 4).double()
    return one_step.one_step(pair, real, z, RATE)


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_the_shares_add_up_to_the_slope_that_moves_the_weight(made: Result, player: str) -> None:
    weight, slope, after = (
        float(made.numbers[f"{player}_{name}"]) for name in ("weight", "slope", "weight_after")
    )
    assert made.arrays[f"{player}_parts"].sum() == pytest.approx(slope, rel=1e-3)
    assert after == pytest.approx(weight - RATE * slope, rel=1e-5)


def test_the_losses_of_the_table_are_the_cross_entropy(made: Result) -> None:
    answers, found = np.repeat([1, 0], 4), made.arrays["probabilities"]
    wanted = -np.log(np.where(answers, found, 1 - found))
    assert made.arrays["losses"] == pytest.approx(wanted, rel=1e-4)
    assert wanted.sum() / 4 == pytest.approx(made.numbers["discriminator_loss"], rel=1e-4)


def measured(seen: one_step.Seen, player: str, place: tuple[int, int]) -> float:
    """차분으로 잰, 가중치 하나의 기울기입니다."""
    up, down = (nudged(seen, player, place, by) for by in (1e-5, -1e-5))
    return (up - down) / 2e-5


def nudged(seen: one_step.Seen, player: str, place: tuple[int, int], by: float) -> float:
    """가중치 하나를 조금 바꾸어 다시 셈한 제 손실입니다. 생성기는 고친 판별기를 봅니다."""
    judged = seen.before if player == "discriminator" else seen.after
    pair = copy.deepcopy(one_step.Pair(judged.discriminator, seen.before.generator))
    layer = pair.discriminator[-1] if player == "discriminator" else pair.generator[-3]
    with torch.no_grad():
        layer.weight[place] += by
        logits = pair.judge(seen.real), pair.judge(pair.generator(seen.z))
        return float(getattr(NON_SATURATING, player)(*logits))


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_the_slope_is_what_a_nudge_measures(seen: one_step.Seen, player: str) -> None:
    found = getattr(one_step, f"{player}_weight")(seen)
    row = 8 * (found["row"] - 1) + found["column"] - 1 if player == "generator" else 0
    column, slope = found[f"{player}_neuron"], found[f"{player}_slope"]
    assert measured(seen, player, (row, column)) == pytest.approx(slope, rel=1e-5)
    wrong = measured(seen, player, (row, (column + 1) % 8))  # 다른 가중치의 기울기는 다름
    assert wrong != pytest.approx(slope, rel=1e-2)


def test_each_turn_leaves_only_its_own_slopes(seen: one_step.Seen) -> None:
    """새는 기울기를 더하면 두 차례의 기울기가 달라졌을 것입니다."""
    own = torch.cat([each.grad.flatten() for each in seen.after.discriminator.parameters()])  # type: ignore[union-attr]
    found = one_step.leaks(seen)
    assert own.norm().item() == pytest.approx(found["discriminator_own"])
    assert found["generator_leak_cosine"] < 0 < found["generator_leak"]


def test_the_movement_is_measured_between_steps() -> None:
    frames = torch.tensor([[0.0, 0.0], [1.0, 3.0], [0.0, 2.0]])
    assert one_step.moved(frames, "now") == {"moved_now": (1 + 3 + 1 + 1) / 4}
