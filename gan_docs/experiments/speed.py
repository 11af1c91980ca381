"""왜 빠른가: 기본 학습 루프를 한 가지씩 고치며 같은 신경망의 스텝을 잽니다."""

from __future__ import annotations

import contextlib
import copy
import io
import runpy
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import softplus

from gan_docs import turns
from gan_docs.averaging import follow
from gan_docs.data import Data, digits, hangul, ring
from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.gan100 import FILE
from gan_docs.experiments.timing import timed, times_faster
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.losses import NON_SATURATING
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.trainer import Trainer


# --8<-- [start:run]
class Way(NamedTuple):
    """스텝 하나를 계산하는 방법입니다. 모두 거짓이면 튜토리얼의 기본 루프입니다."""

    one_pass: bool = False  # 진짜와 가짜를 이어 판별기를 한 번만 부름
    frozen: bool = False  # 생성기 차례에 판별기의 가중치 기울기를 구하지 않음
    fused: bool = False  # Adam의 모든 연산을 한 번에
    averaged: bool = False  # 평균 생성기까지


WAYS = {
    "usual": Way(),
    "one_pass": Way(one_pass=True),
    "frozen": Way(one_pass=True, frozen=True),
    "fused": Way(one_pass=True, frozen=True, fused=True),
    "averaged": Way(one_pass=True, frozen=True, fused=True, averaged=True),
}


def looper(way: Way, gan: GAN, data: Data, batch_size: int, seed: int) -> Callable[[], None]:
    """신경망을 베껴, 부를 때마다 한 스텝씩 나아가는 함수를 만듭니다. 손실은 비포화입니다."""
    gan = copy.deepcopy(gan)
    average: list[Tensor] = [each.detach().clone() for each in gan.generator.parameters()]
    current: list[Tensor] = list(gan.generator.parameters())
    stream = torch.Generator().manual_seed(seed)
    first, second = (
        torch.optim.Adam(network.parameters(), lr=1e-3, betas=turns.BETAS, fused=way.fused or None)
        for network in (gan.discriminator, gan.generator)
    )

    def step() -> None:
        real, _ = data.sample(batch_size, stream)
        fake = gan.generate(torch.randn(batch_size, gan.latent_size, generator=stream))
        if way.one_pass:
            judged = turns.discriminator_turn(gan.judge, real, fake, NON_SATURATING)
            turns.descend(first, judged.loss)
        else:
            judge_apart(gan, first, real, fake)
        with turns.frozen(first) if way.frozen else contextlib.nullcontext():
            answer = turns.generator_turn(gan.judge, real, fake, NON_SATURATING)
            turns.descend(second, answer.loss)
        if way.averaged:
            follow(average, current, averaging=0.999, count=10**6)

    return step


def judge_apart(gan: GAN, optimizer: torch.optim.Optimizer, real: Tensor, fake: Tensor) -> None:
    """DCGAN 튜토리얼처럼 진짜와 가짜를 따로 판정하고 따로 역전파합니다."""
    optimizer.zero_grad()
    softplus(-gan.judge(real)).mean().backward()
    softplus(gan.judge(fake.detach())).mean().backward()
    optimizer.step()


def contests() -> dict[str, tuple[GAN, Data]]:
    """작은 것부터 셋: 평면의 점, 100줄 GAN의 숫자, 한글."""
    script = runpy.run_path(str(Path(__file__).parents[2] / FILE))
    reader = nn.Sequential(nn.Flatten(), script["network"](64, 1))
    writer = nn.Sequential(
        script["network"](script["LATENT_SIZE"], 64), nn.Tanh(), nn.Unflatten(1, (1, 8, 8))
    )
    return {
        "points": (GAN(PointDiscriminator(), PointGenerator()), ring()),
        "digits": (GAN(reader, writer), digits(8, 8)),
        "hangul": (GAN(Discriminator(latent_size=128), Generator(latent_size=64)), hangul()),
    }


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """방법들을 번갈아 조금씩 돌려, 기계가 느려져도 비율은 흔들리지 않게 잽니다."""
    chosen = experiment.parameters
    torch.manual_seed(experiment.seed)
    numbers: dict[str, float] = {
        name: chosen[name] for name in ("batch_size", "rounds", "steps_compared")
    }
    arrays = {}
    pairs = contests()
    for turn, (kind, (gan, data)) in enumerate(pairs.items()):
        each = chosen["steps_in_a_round"][kind]
        trainers = {
            name: trainer(gan, data, each, chosen, experiment.seed, precision)
            for name, precision in (("trainer", "float32"), ("bfloat16", "bfloat16"))
        }
        seconds = race(gan, data, trainers, each, chosen, experiment.seed)
        numbers[f"{kind}_gap"] = loss_gap(
            trainers["trainer"], trainers["bfloat16"], chosen["steps_compared"]
        )
        report((turn + 1) * experiment.steps // len(pairs))
        for name, taken in seconds.items():
            numbers[f"{kind}_ratio_{name}"] = times_faster(seconds["usual"], taken)
            arrays[f"{kind}_{name}"] = taken
        numbers[f"{kind}_milliseconds_usual"] = 1000 * float(np.median(seconds["usual"]))
        numbers[f"{kind}_milliseconds_fused"] = 1000 * float(np.median(seconds["fused"]))
        numbers[f"{kind}_gain_bfloat16"] = times_faster(seconds["trainer"], seconds["bfloat16"])
        numbers[f"{kind}_overhead"] = times_faster(seconds["trainer"], seconds["averaged"]) - 1
    return Result(numbers, arrays)


def trainer(
    gan: GAN, data: Data, each: int, chosen: Mapping[str, int], seed: int, precision: str
) -> Trainer:
    """신경망을 베껴, 루프들과 같은 손실로 배우는 학습기를 만듭니다."""
    return Trainer(
        copy.deepcopy(gan), data, steps=each * (chosen["rounds"] + 1), loss=NON_SATURATING,
        penalty=None, batch_size=chosen["batch_size"], seed=seed, precision=precision,
    )  # fmt: skip


def race(
    gan: GAN,
    data: Data,
    trainers: Mapping[str, Trainer],
    each: int,
    chosen: Mapping[str, int],
    seed: int,
) -> dict[str, NDArray[np.float64]]:
    """방법마다 한 스텝에 걸린 초를 바퀴마다 잽니다. 모양은 저마다 `(바퀴,)`."""
    loops: dict[str, Callable[[], object]] = {
        name: repeated(looper(way, gan, data, chosen["batch_size"], seed), each)
        for name, way in WAYS.items()
    }
    loops |= {name: partial(learner.train, each) for name, learner in trainers.items()}
    with contextlib.redirect_stderr(io.StringIO()):  # 진행 막대는 그리되 보이지 않게
        found = timed(loops, chosen["rounds"], seed)
    return {name: seconds / each for name, seconds in found.items()}


def loss_gap(one: Trainer, other: Trainer, steps: int) -> float:
    """처음 `steps`스텝의 판별기 손실이 둘 사이에 얼마나 다른지, 그 비의 평균입니다."""
    pairs = list(zip(one.history, other.history, strict=True))[:steps]
    gaps = [
        abs(a.discriminator_loss - b.discriminator_loss) / a.discriminator_loss for a, b in pairs
    ]
    return sum(gaps) / len(gaps)


def repeated(step: Callable[[], None], count: int) -> Callable[[], None]:
    """한 스텝을 `count`번 되풀이하는 함수입니다."""

    def loop() -> None:
        for _ in range(count):
            step()

    return loop


# --8<-- [end:run]

ROUNDS, STEPS_IN_A_ROUND = 20, {"points": 30, "digits": 20, "hangul": 2}
EXPERIMENT = Experiment(
    "speed",
    "왜 빠른가",
    run,
    steps=(ROUNDS + 1) * sum(STEPS_IN_A_ROUND.values()),
    parameters={
        "batch_size": 64,
        "rounds": ROUNDS,
        "steps_in_a_round": STEPS_IN_A_ROUND,
        "steps_compared": 20,
    },
    files=("gan_docs/assets/hangul.npz", FILE),
    alone=True,
    cost=60,
)
