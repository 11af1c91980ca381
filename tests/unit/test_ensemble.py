"""한꺼번에 돌린 시드마다의 결과가 `Trainer`로 하나씩 돌린 것과 같은지.

배정밀도로 견줍니다. 단정밀도에서는 기울기가 0인 편향이 반올림의 부호를 따라 움직여,
힌지와 바서슈타인의 점수가 통째로 밀리기 때문입니다.
`check_…`는 모듈을 받습니다. 같은 확인에 고장 낸 모듈을 주어 알아채는지도 봅니다.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from test_mutations import mutated

from gan_docs import GAN, Trainer, data, ensemble
from gan_docs.losses import LOSSES, PENALTIES, RELATIVISTIC, toward_one
from gan_docs.points import PointDiscriminator, PointGenerator

RING = data.ring()
STEPS = 24
CLOSE = 1e-9  # 배정밀도에서 반올림의 차례만 다를 때의 차이
SINGLE = 1e-4  # 단정밀도에서 50걸음 뒤의 차이
SEEDS = [3, 0]
EVERYTHING = {"gain": 2.0, "start": 0.5, "waves": 3}


@pytest.fixture(autouse=True)
def double() -> Iterator[None]:
    """배정밀도로 계산합니다."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def discriminator(gain: float = 1.0, waves: int = 0, pack: int = 1) -> PointDiscriminator:
    return PointDiscriminator(8, 2, gain=gain, waves=waves, pack=pack)


def make(
    ensembles: Any = ensemble,
    *,
    gain: float = 1.0,
    start: float | None = 0.7,
    waves: int = 0,
    pack: int = 1,
    **others: Any,
) -> ensemble.Ensemble:
    chosen = {"steps": STEPS, "seeds": SEEDS, "batch_size": 16, "penalty": (1.0, 0.1), **others}
    made: ensemble.Ensemble = ensembles.Ensemble(
        partial(discriminator, gain, waves, pack),
        partial(PointGenerator, 8, 2, start=start, gain=gain),
        RING,
        pack=pack,
        **chosen,
    )
    return made


def one_by_one(
    seed: int, *, gain: float = 1.0, start: float | None = 0.7, waves: int = 0, **others: Any
) -> Trainer:
    """시드 하나를 `Trainer`로 학습합니다."""
    torch.manual_seed(seed)
    gan = GAN(discriminator(gain, waves), PointGenerator(8, 2, start=start, gain=gain))
    chosen = {"steps": STEPS, "batch_size": 16, "penalty": (1.0, 0.1), "averaging": 0.99, **others}
    trainer = Trainer(gan, RING, seed=seed, learning_rate=1e-3, **chosen)
    trainer.train(progress=False)
    return trainer


def far(one: Any, other: Any) -> float:
    return float(np.abs(np.asarray(one) - np.asarray(other)).max())


@contextmanager
def refused(kind: type[Exception], said: str) -> Iterator[None]:
    """`pytest.raises`와 같되, 오류가 없으면 `AssertionError`를 냅니다."""
    try:
        yield
    except kind as error:
        assert said in str(error), error
    else:
        raise AssertionError(f"{kind.__name__}이(가) 없습니다")


def check_members(ensembles: Any, tolerance: float = CLOSE, **chosen: Any) -> None:
    """시드마다 손실, 평균 생성기의 점, 지금 생성기의 점이 하나씩 돌린 것과 같습니다."""
    chosen = chosen or EVERYTHING
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
            assert far(found[place], points) < tolerance


@pytest.mark.parametrize("regularizer", [None, "r1", "r2", "r1-and-r2"])
@pytest.mark.parametrize("name", LOSSES)
def test_a_member_is_the_trainer_of_its_seed(name: str, regularizer: str | None) -> None:
    penalty: dict[str, Any] = {"penalty": None}
    if regularizer:
        penalty = {"regularizer": PENALTIES[regularizer]}
    check_members(ensemble, loss=LOSSES[name], **penalty)


@pytest.mark.parametrize(
    "network",
    [{"start": None}, {"gain": 4.0}, {"waves": 5}, {**EVERYTHING, "start": None}],
    ids=str,
)
def test_a_member_is_the_trainer_whatever_its_network(network: dict[str, Any]) -> None:
    check_members(ensemble, **network)


def test_a_member_is_the_trainer_in_single_precision_too() -> None:
    torch.set_default_dtype(torch.float32)
    check_members(ensemble, SINGLE, steps=50, batch_size=32)


def check_independence(ensembles: Any) -> None:
    """혼자 돌리든, 여럿과 돌리든, 차례를 바꾸든 한 시드의 결과는 같습니다."""
    points = {}
    for seeds in ([0, 1, 2], [2, 0], [1]):
        together = make(ensembles, seeds=seeds)
        together.train()
        points[tuple(seeds)] = dict(zip(seeds, together.sample(20), strict=True))
    first = points[0, 1, 2]
    assert far(first[2], points[2, 0][2]) < CLOSE
    assert far(first[0], points[2, 0][0]) < CLOSE
    assert far(first[1], points[1,][1]) < CLOSE
    assert far(first[0], first[1]) > 1e-3


def check_gradients(ensembles: Any) -> None:
    """시드마다의 기울기는 혼자 학습할 때의 크기 그대로입니다. Adam의 ε이 크기를 봅니다."""
    together, single = make(ensembles, seeds=[1, 0, 2]), make(ensembles, seeds=[0])
    for made in (together, single):
        made.step()
    for stack, alone in (
        (together.discriminator, single.discriminator),
        (together.generator, single.generator),
    ):
        for parameter, wanted in zip(stack.parameters, alone.parameters, strict=True):
            assert parameter.grad is not None
            assert wanted.grad is not None
            assert far(parameter.grad[1], wanted.grad[0]) < 1e-12
    largest = max(p.grad.abs().max().item() for p in single.generator.parameters)  # type: ignore[union-attr]
    assert largest > 1e-3


def check_packing(ensembles: Any) -> None:
    """판별기는 이웃한 점 넷을 이은 벡터를 보고, 묶음마다 로짓 하나를 냅니다."""
    together = make(ensembles, pack=4)
    points = torch.arange(2 * 16 * 2.0).reshape(2, 16, 2)
    joined = together.packed(points)
    assert joined.shape == (2, 4, 8)
    for member in range(2):
        for row in range(4):
            neighbours = [points[member, 4 * row + place] for place in range(4)]
            assert torch.equal(joined[member, row], torch.cat(neighbours))
    logits = together.step()
    assert [each.shape for each in logits] == [(2, 4)] * 4
    for member, seed in enumerate(SEEDS):
        torch.manual_seed(seed)
        judge = discriminator(pack=4)
        real, _ = RING.sample(16, torch.Generator().manual_seed(seed))
        wanted = judge(torch.stack([real[4 * row : 4 * row + 4].flatten() for row in range(4)]))
        assert far(logits.real[member], wanted.detach()) < 1e-12
    together.train()
    assert np.isfinite(together.sample(5)).all()


def check_schedule(ensembles: Any) -> None:
    """학습률은 절반부터 코사인을 따라 줄고, 계획한 걸음에서 멈춥니다."""
    together, rates = make(ensembles, steps=8), list[float]()
    other = make(ensembles, steps=8)
    losses = together.train(
        watch_every=3,
        on_step=lambda each: rates.append(each.optimizers[1].param_groups[0]["lr"]),
    )
    fall = [0.5 * (1 + math.cos(math.pi * (2 * done / 8 - 1))) for done in range(4, 8)]
    assert rates == pytest.approx([1e-3] * 4 + [1e-3 * each for each in fall])
    assert (together.done, losses.shape) == (8, (2, 2, 2))
    parts = [other.train(5, watch_every=3), other.train(watch_every=3)]  # 나누어 돌려도 같음
    assert np.array_equal(np.concatenate(parts, axis=1), losses)
    assert np.array_equal(other.sample(5), together.sample(5))
    assert together.train().shape == (2, 0, 2)
    for steps in (1, 2):
        with refused(ValueError, "8걸음에서 0걸음이 남았습니다"):
            together.train(steps)


def check_stop(ensembles: Any) -> None:
    """손실이 유한하지 않으면 적을 차례나 마지막 걸음에서 멈춥니다."""
    broken = RELATIVISTIC._replace(generator=lambda real, fake: (fake * math.nan).mean())
    for watch_every, told in ((1, 1), (3, 3), (100, 5)):
        made = make(ensembles, steps=5, loss=broken)
        with refused(FloatingPointError, f"{told}걸음에서 손실이 유한하지"):
            made.train(watch_every=watch_every)


def check_randomness(ensembles: Any) -> None:
    """만들고 학습하고 뽑아도 밖의 난수는 그대로입니다."""
    torch.manual_seed(7)
    before = torch.get_rng_state()
    made = make(ensembles, steps=2)
    made.train()
    made.sample(3)
    assert torch.equal(torch.get_rng_state(), before)


CHECKS = [
    check_members,
    check_independence,
    check_gradients,
    check_packing,
    check_schedule,
    check_stop,
    check_randomness,
]


@pytest.mark.parametrize("check", CHECKS)
def test_the_ensemble_keeps_its_promises(check: Callable[[Any], None]) -> None:
    check(ensemble)


FIRST, SECOND = "(members * total).backward()  # ", "(members * total).backward()\n        self"
JOINED = "points.reshape(len(points), -1, self.pack * points.shape[2])"
STRIDED = "points.reshape(len(points), self.pack, -1, 2).transpose(1, 2).flatten(2)"


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        (FIRST, "total.backward()  # ", check_gradients),
        (SECOND, "total.backward()\n        self", check_gradients),
        (FIRST, "total.backward()  # ", check_members),
        (SECOND, "total.backward()\n        self", check_members),
        ("self.optimizers[0].zero_grad()", "pass", check_members),
        ("self.optimizers[1].zero_grad()", "pass", check_members),
        ("if self.loss.paired:", "if False:", check_members),
        ("self.loss.generator(*after)", "self.loss.generator(real, fake)", check_members),
        ("x = self.gain * inputs", "x = inputs", check_members),
        ("self.start * inputs + x", "inputs + x", check_members),
        ("with_waves(x, self.directions)", "with_waves(inputs, self.directions)", check_members),
        ("x, weight), 0.2)", "x, weight), 0.1)", check_members),
        ("total + gamma * self", "total + self", check_members),
        ("averaged, current, 1 - kept", "averaged, current, kept", check_members),
        ("(1 + self.done) / (10 + self.done)", "1.0", check_members),
        ("self.average if averaged else", "self.generator if averaged else", check_members),
        (
            "random in self.randoms:",
            "random in self.randoms[:1] * len(self.seeds):",
            check_independence,
        ),
        ("torch.manual_seed(seed)\n", "pass\n", check_independence),
        (JOINED, STRIDED, check_packing),
        ("done, members = self.done / self.steps", "done, members = 0.0", check_schedule),
        ("if count > left:", "if False:", check_schedule),
        ("self.done % watch_every == 0", "self.done % 2 == 0", check_schedule),
        ("if watched or turn == count - 1:", "if watched:", check_stop),
        ("if not np.isfinite(rows).all():", "if False:", check_stop),
        ("with torch.random.fork_rng(devices=[]):", "if True:", check_randomness),
    ],
)
def test_a_broken_ensemble_is_caught(old: str, new: str, check: Callable[[Any], None]) -> None:
    copy = mutated(ensemble, [(old, new)])
    with pytest.raises(AssertionError):
        check(copy)


def test_the_penalty_toward_one_trains_every_member() -> None:
    made = make(loss=LOSSES["wasserstein"], penalty=(10.0, 10.0), regularizer=toward_one)
    weights = made.discriminator.parameters[::2]  # 마지막 편향은 두 점수의 차이에서 지워짐
    before = [weight.detach().clone() for weight in weights]
    assert np.isfinite(made.train(watch_every=1)).all()
    for was, now in zip(before, weights, strict=True):
        assert (was != now).flatten(1).any(1).all()


def test_the_samples_share_their_latent_vectors() -> None:
    made = make(seeds=[4, 4, 5])
    points = made.sample(6, seed=2)
    assert points.shape == (3, 6, 2)
    assert np.array_equal(points[0], points[1])
    z = torch.randn(6, 2, generator=torch.Generator().manual_seed(2))
    assert far(points[2], 0.7 * z) < 1e-12  # 학습하기 전에는 start * z
    assert not np.array_equal(points, made.sample(6, seed=3))


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"seeds": []}, ValueError, "seeds.*받은 값 없음"),
        ({"seeds": [0, -1]}, ValueError, "seeds.*받은 값 -1"),
        ({"seeds": [0.5]}, TypeError, "seeds.*받은 값 0.5"),
        ({"steps": 0}, ValueError, "steps.*받은 값 0"),
        ({"steps": 2.0}, TypeError, "steps.*받은 값 2.0"),
        ({"steps": True}, TypeError, "steps.*받은 값 True"),
        ({"batch_size": 1}, ValueError, "batch_size.*받은 값 1"),
        ({"batch_size": "16"}, TypeError, "batch_size.*받은 값 '16'"),
        ({"pack": 0}, ValueError, "pack.*받은 값 0"),
        ({"batch_size": 18, "pack": 4}, ValueError, "pack의 배수.*18, 4"),
    ],
)
def test_a_bad_choice_is_refused(given: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        make(**given)


@pytest.mark.parametrize("gain", [0.0, -1.0, math.inf, math.nan])
@pytest.mark.parametrize("network", [PointDiscriminator, PointGenerator])
def test_a_gain_that_is_not_positive_is_refused(network: Any, gain: float) -> None:
    with pytest.raises(ValueError, match=f"gain.*0 초과의 유한한 수.*받은 값 {gain}"):
        network(gain=gain)
    assert network(4, 1, gain=0.5).gain == 0.5


@pytest.mark.parametrize("frequency", [0.0, math.nan])
def test_a_frequency_that_is_not_positive_is_refused(frequency: float) -> None:
    with pytest.raises(ValueError, match=f"frequency.*받은 값 {frequency}"):
        PointDiscriminator(waves=2, frequency=frequency)


def test_a_discriminator_of_another_pack_is_refused() -> None:
    with pytest.raises(ValueError, match="판별기의 pack은 2이어야 합니다: 받은 값 1"):
        ensemble.Ensemble(PointDiscriminator, PointGenerator, RING, steps=1, seeds=[0], pack=2)


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"steps": 0}, ValueError, "steps.*받은 값 0"),
        ({"steps": 1.0}, TypeError, "steps.*받은 값 1.0"),
        ({"watch_every": 0}, ValueError, "watch_every.*받은 값 0"),
    ],
)
def test_a_bad_way_of_training_is_refused(
    given: dict[str, Any], error: type[Exception], said: str
) -> None:
    made = make()
    with pytest.raises(error, match=said):
        made.train(**given)
    assert made.done == 0
