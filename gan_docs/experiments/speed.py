"""왜 빠른가: 흔한 학습 고리를 한 가지씩 고치며 같은 신경망의 걸음을 잽니다."""

from __future__ import annotations

import contextlib
import copy
import io
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from gan_docs.data import ImageData, hangul
from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.losses import NON_SATURATING
from gan_docs.trainer import Trainer


# --8<-- [start:run]
class Way(NamedTuple):
    """걸음 하나를 밟는 방법입니다. 셋 모두 거짓이면 흔한 길잡이의 고리입니다."""

    one_pass: bool = False  # 진짜와 가짜를 이어 판별기를 한 번만 부름
    frozen: bool = False  # 생성기 차례에 판별기의 가중치 기울기를 구하지 않음
    fused: bool = False  # Adam의 모든 연산을 한 번에


WAYS = {
    "usual": Way(),
    "one_pass": Way(one_pass=True),
    "frozen": Way(one_pass=True, frozen=True),
    "fused": Way(one_pass=True, frozen=True, fused=True),
}


def looper(way: Way, gan: GAN, data: ImageData, batch_size: int, seed: int) -> Callable[[], None]:
    """신경망을 베껴, 부를 때마다 한 걸음씩 나아가는 함수를 만듭니다. 손실은 비포화입니다."""
    generator, discriminator = copy.deepcopy(gan.generator), copy.deepcopy(gan.discriminator)
    random = torch.Generator().manual_seed(seed)
    first, second = (
        torch.optim.Adam(network.parameters(), lr=1e-3, betas=(0.0, 0.99), fused=way.fused or None)
        for network in (discriminator, generator)
    )

    def step() -> None:
        real, _ = data.sample(batch_size, random)
        fake = generator(torch.randn(batch_size, gan.latent_size, generator=random))
        if way.one_pass:
            logits = discriminator(torch.cat([real, fake.detach()]))
            real_logits, fake_logits = logits.chunk(2)
        else:
            real_logits, fake_logits = discriminator(real), discriminator(fake.detach())
        first.zero_grad()
        NON_SATURATING.discriminator(real_logits, fake_logits).backward()
        first.step()
        discriminator.requires_grad_(not way.frozen)
        second.zero_grad()
        NON_SATURATING.generator(real_logits.detach(), discriminator(fake)).backward()
        second.step()
        discriminator.requires_grad_(True)

    return step


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """방법들을 번갈아 조금씩 돌려, 기계가 느려져도 비율은 흔들리지 않게 잽니다."""
    chosen, data = experiment.parameters, hangul()
    each, batch_size = chosen["steps_in_a_round"], chosen["batch_size"]
    torch.manual_seed(experiment.seed)
    gan = GAN(Discriminator(latent_size=128), Generator(latent_size=64))
    loops: dict[str, Callable[[], object]] = {
        name: repeated(looper(way, gan, data, batch_size, experiment.seed), each)
        for name, way in WAYS.items()
    }
    trainer = Trainer(
        copy.deepcopy(gan), data, steps=each * (chosen["rounds"] + 1), loss=NON_SATURATING,
        penalty=None, batch_size=batch_size, seed=experiment.seed,
    )  # fmt: skip
    loops["trainer"] = lambda: trainer.train(each)
    seconds = {name: np.zeros(chosen["rounds"]) for name in loops}
    for turn in range(-1, chosen["rounds"]):  # 첫 바퀴는 몸풀기라 재지 않음
        for name, loop in loops.items():
            before = time.perf_counter()
            with contextlib.redirect_stderr(io.StringIO()):  # 진행 막대는 그리되 보이지 않게
                loop()
            if turn >= 0:
                seconds[name][turn] = (time.perf_counter() - before) / each
        report((turn + 1) * each)
    numbers = {f"ratio_{name}": ratio(seconds["usual"], taken) for name, taken in seconds.items()}
    numbers["milliseconds_usual"] = 1000 * float(np.median(seconds["usual"]))
    numbers["milliseconds_fused"] = 1000 * float(np.median(seconds["fused"]))
    numbers["overhead"] = ratio(seconds["trainer"], seconds["fused"]) - 1
    return Result({**numbers, **chosen}, seconds)


def repeated(step: Callable[[], None], count: int) -> Callable[[], None]:
    """한 걸음을 `count`번 되풀이하는 함수입니다."""

    def loop() -> None:
        for _ in range(count):
            step()

    return loop


def ratio(slow: NDArray[np.float64], quick: NDArray[np.float64]) -> float:
    """바퀴마다 잰 빠르기의 비율 가운데 중앙값입니다."""
    return float(np.median(slow / quick))


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "speed",
    "왜 빠른가",
    run,
    steps=80,
    parameters={"batch_size": 64, "rounds": 10, "steps_in_a_round": 8},
    files=("gan_docs/assets/hangul.npz",),
    alone=True,
)
