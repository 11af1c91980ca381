"""한꺼번에 돌린 시드마다의 결과가 `Trainer`로 하나씩 돌린 것과 같은지.

배정밀도로 견줍니다. 단정밀도에서는 기울기가 0인 편향이 반올림의 부호를 따라 움직여,
힌지와 바서슈타인의 점수가 통째로 밀리기 때문입니다.
`check_…`는 모듈을 받습니다. 같은 확인에 고장 낸 모듈을 주어 알아채는지도 봅니다.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from learners import EACH, PAIRS, RING
from spoiled import mutated

from gan_docs import GAN, Trainer, ensemble, turns
from gan_docs.gan import pack_neighbours
from gan_docs.losses import LOSSES, PENALTIES, R1_AND_R2, RELATIVISTIC, TOWARD_ONE
from gan_docs.points import PointDiscriminator, PointGenerator

pytestmark = pytest.mark.usefixtures("double")

CLOSE = 1e-9  # 배정밀도에서 반올림의 차례만 다를 때의 차이
SINGLE = 1e-4  # 단정밀도에서 50스텝 뒤의 차이
SEEDS = [3, 0]
GENTLE = R1_AND_R2.with_strength(1.0, 0.1)
EVERYTHING = {"gain": 2.0, "start": 0.5, "waves": 3}


def networks(
    gain: float = 1.0, start: float | None = 0.7, waves: int = 0, pack: int = 1, **others: Any
) -> tuple[Callable[[], Any], Callable[[], Any], dict[str, Any]]:
    """두 신경망을 만드는 함수와 나머지 설정입니다."""
    chosen = {"steps": 24, "batch_size": 16, "penalty": GENTLE, **others}
    discriminator = partial(PointDiscriminator, 8, 2, gain=gain, waves=waves, pack=pack)
    return discriminator, partial(PointGenerator, 8, 2, start=start, gain=gain), chosen


def make(ensembles: Any = ensemble, **given: Any) -> ensemble.Ensemble:
    discriminator, generator, chosen = networks(**given)
    made: ensemble.Ensemble = ensembles.Ensemble(
        discriminator, generator, RING, **{"seeds": SEEDS, **chosen}
    )
    return made


def one_by_one(seed: int, **given: Any) -> Trainer:
    """시드 하나를 `Trainer`로 학습합니다."""
    discriminator, generator, chosen = networks(**given)
    torch.manual_seed(seed)
    gan = GAN(discriminator(), generator())
    trainer = Trainer(gan, RING, seed=seed, learning_rate=1e-3, averaging=0.99, **chosen)
    trainer.train(progress=False)
    return trainer


def far(one: Any, other: Any) -> float:
    return float(np.abs(np.asarray(one) - np.asarray(other)).max())


def check_members(ensembles: Any, tolerance: float = CLOSE, **chosen: Any) -> float:
    """시드마다 손실, 평균 생성기의 점, 지금 생성기의 점이 하나씩 돌린 것과 같습니다.

    Returns:
        점에서 가장 큰 차이.
    """
    chosen, worst = chosen or EVERYTHING, 0.0
    together = make(ensembles, **chosen)
    losses = together.train(watch_every=1)
    assert losses.shape == (len(SEEDS), together.steps, 2)
    for place, seed in enumerate(SEEDS):
        trainer = one_by_one(seed, **chosen)
        wanted = np.array([step[1:3] for step in trainer.history], np.float32)
        assert far(losses[place], wanted) <= max(tolerance, 1e-6)  # 손실은 단정밀도로 적음
        for averaged in (True, False):
            points, _ = trainer.sample(20, seed=9, averaged=averaged)
            found = together.sample(20, seed=9, averaged=averaged)
            worst = max(worst, far(found[place], points))
    assert worst < tolerance
    return worst


# 여느 때에는 손실마다 벌점 하나와, 묶은 것은 처음과 끝의 손실만. 넓게는 모두
CHOSEN = [*((*pair, 1) for pair in EACH), (*EACH[0], 4), (*EACH[-1], 4)]
CASES = [
    pytest.param(*case, marks=() if case in CHOSEN else pytest.mark.wide)
    for case in ((*pair, pack) for pack in (1, 4) for pair in PAIRS)
]


@pytest.mark.parametrize(("name", "penalty", "pack"), CASES)
def test_a_member_is_the_trainer_of_its_seed(name: str, penalty: str | None, pack: int) -> None:
    chosen = None if penalty is None else PENALTIES[penalty].with_strength(1.0, 0.1)
    worst = check_members(ensemble, loss=LOSSES[name], penalty=chosen, pack=pack)
    print(f"쌓은 시드, {name}, {penalty}, pack {pack}: {worst:.1e}")


@pytest.mark.parametrize(
    "network",
    [{"start": None}, {"gain": 4.0}, {"waves": 5}, EVERYTHING, {**EVERYTHING, "start": None}],
    ids=str,
)
def test_a_member_is_the_trainer_whatever_its_network(network: dict[str, Any]) -> None:
    check_members(ensemble, **network)


def test_a_member_is_the_trainer_in_single_precision_too() -> None:
    torch.set_default_dtype(torch.float32)
    check_members(ensemble, SINGLE, steps=50, batch_size=32)


def test_names_and_default_strengths_are_those_of_the_trainer() -> None:
    check_members(ensemble, loss="wasserstein", penalty="toward-one", pack=2)
    assert make(penalty="toward-one").penalty == TOWARD_ONE
    with pytest.raises(ValueError, match=r"loss.*hinge.*가운데 하나.*받은 값 'hinged'"):
        make(loss="hinged")


def check_schedule(ensembles: Any) -> None:
    """적으라는 간격마다 적고, 계획한 스텝에서 멈춥니다. 나누어 돌려도 같습니다."""
    together, other = make(ensembles, steps=8), make(ensembles, steps=8)
    losses = together.train(watch_every=3)
    assert (together.done, losses.shape) == (8, (2, 2, 2))
    parts = [other.train(5, watch_every=3), other.train(watch_every=3)]
    assert np.array_equal(np.concatenate(parts, axis=1), losses)
    assert np.array_equal(other.sample(5), together.sample(5))
    assert together.train().shape == (2, 0, 2)
    with pytest.raises(ValueError, match="8스텝에서 0스텝이 남았습니다"):
        together.train(1)


def check_stop(ensembles: Any) -> None:
    """손실이 유한하지 않으면 적을 차례나 마지막 스텝에서 멈춥니다."""
    broken = RELATIVISTIC._replace(generator=lambda real, fake: (fake * math.nan).mean())
    for watch_every, told in ((1, 1), (3, 3), (100, 5)):
        made = make(ensembles, steps=5, loss=broken)
        with pytest.raises(FloatingPointError, match=f"{told}스텝에서 손실이 유한하지"):
            made.train(watch_every=watch_every)


def check_randomness(ensembles: Any) -> None:
    """만들고 학습하고 뽑아도 밖의 난수는 그대로입니다."""
    torch.manual_seed(7)
    before = torch.get_rng_state()
    made = make(ensembles, steps=2)
    made.train()
    made.sample(3)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("check", [check_schedule, check_stop, check_randomness])
def test_the_ensemble_keeps_its_promises(check: Callable[[Any], None]) -> None:
    check(ensemble)


MIXING = partial(check_members, penalty=TOWARD_ONE, loss=LOSSES["wasserstein"])
PACKING = partial(check_members, pack=4)
SHARES = "torch.stack([torch.rand(count, generator=random) for random in self.randoms])"
ONE_SHARE = "torch.rand(count, generator=self.randoms[0]).expand(len(self.seeds), -1)"
AXIS = "            axis=1,\n        )\n        averaged"
# 오류가 있어야 할 곳에 없으면 `pytest.raises`가 `Failed`를 냄
CAUGHT = (AssertionError, RuntimeError, pytest.fail.Exception)


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        (AXIS, "        )\n        averaged", check_members),
        ("self.loss.generator(*after)", "self.loss.generator(real, fake)", check_members),
        ("x = self.gain * inputs", "x = inputs", check_members),
        ("self.start * inputs + x", "inputs + x", check_members),
        ("with_waves(x, self.directions)", "with_waves(inputs, self.directions)", check_members),
        ("x, weight), 0.2)", "x, weight), 0.1)", check_members),
        ("self.averaging, self.done)", "self.averaging, self.done + 1)", check_members),
        ("self.average if averaged else", "self.generator if averaged else", check_members),
        ("random in self.randoms:", "random in self.randoms[:1] * 2:", check_members),
        ("torch.manual_seed(seed)\n", "pass\n", check_members),
        ("done = self.done / self.steps", "done = 0.0", check_members),
        (SHARES, ONE_SHARE, MIXING),
        (SHARES, f"{SHARES}.flip(1)", MIXING),
        ("pack_neighbours(real, ", "pack_neighbours(real.flip(1), ", PACKING),
        ("if count > left:", "if False:", check_schedule),
        ("self.done % watch_every == 0", "self.done % 2 == 0", check_schedule),
        ("if watched or turn == count - 1:", "if watched:", check_stop),
        ("if not np.isfinite(rows).all():", "if False:", check_stop),
        ("with torch.random.fork_rng(devices=[]):", "if True:", check_randomness),
    ],
)
def test_a_broken_ensemble_is_caught(old: str, new: str, check: Callable[[Any], None]) -> None:
    copy = mutated(ensemble, old, new)
    with pytest.raises(CAUGHT):
        check(copy)


def test_the_gradient_of_a_mean_over_seeds_is_caught() -> None:
    """시드의 수를 곱하지 않으면 기울기가 그만큼 작아집니다. Adam의 ε이 크기를 봅니다."""
    copy = mutated(ensemble)
    copy.turns = mutated(turns, "math.prod(real.shape[:axis])", "1")  # type: ignore[attr-defined]
    with pytest.raises(AssertionError):
        check_members(copy)


def test_neighbours_are_packed() -> None:
    for axis, shape in ((0, (16, 2)), (1, (2, 16, 2)), (0, (16, 3, 4, 4))):
        images = torch.arange(float(math.prod(shape))).reshape(shape)
        joined = pack_neighbours(images, 4, axis)
        assert torch.equal(pack_neighbours(images, 1, axis), images)
        for row in range(4):
            neighbours = images.narrow(axis, 4 * row, 4).unbind(axis)
            assert torch.equal(joined.select(axis, row), torch.cat(neighbours, axis))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"seeds": []}, "seeds.*받은 값 없음"),
        ({"seeds": [0, -1]}, "seeds의 시드.*받은 값 -1"),
        ({"steps": 0}, "steps.*받은 값 0"),
        ({"batch_size": 1}, "batch_size.*받은 값 1"),
        ({"batch_size": 18, "pack": 4}, "pack의 배수.*18, 4"),
        ({"learning_rate": 0.0}, "learning_rate.*받은 값 0.0"),
        ({"seeds": [2**63]}, "seeds의 시드.*받은 값 9223372036854775808"),
        ({"betas": (0.0, 1.0)}, "betas의 계수.*받은 값 1.0"),
    ],
)
def test_a_bad_choice_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make(**given)


@pytest.mark.parametrize("given", ["steps", "watch_every"])
def test_a_bad_way_of_training_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=f"{given}.*받은 값 0"):
        make().train(**{given: 0})
