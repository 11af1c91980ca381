"""두 프로세스가 나누어 배운 것을 혼자 배운 것과 견줍니다. `test_distributed`가 부릅니다."""

import math
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor

from gan_docs import GAN, Discriminator, Generator, Trainer, data
from gan_docs.cli.parser import main
from gan_docs.data import Batch, Data
from gan_docs.losses import LOSSES, PENALTIES
from gan_docs.machines import sharing
from gan_docs.machines.sharing import SharedGAN
from gan_docs.machines.team import Team, meet
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.saving import state
from gan_docs.shared_trainer import SharedTrainer

STEPS, BATCH = 20, 8


class Case(NamedTuple):
    kind: str
    loss: str
    penalty: str | None
    dtype: str = "float64"
    epsilon: float = 1e-8  # Adam의 분모에 더하는 수
    fault: str | None = None
    precision: str = "float32"
    pack: int = 1


class Cast(NamedTuple):
    """데이터를 기본 자료형으로 바꾸어 내놓습니다."""

    inner: Data

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.inner.class_names

    def digest(self) -> str:
        return self.inner.digest()

    def sample(self, count: int, generator: torch.Generator) -> Batch:
        images, labels = self.inner.sample(count, generator)
        return images.to(torch.get_default_dtype()), labels


def make(case: Case, team: Team | None = None, start: int = 0) -> Trainer:
    torch.set_default_dtype(getattr(torch, case.dtype))
    torch.manual_seed(start)
    chosen: dict[str, Any] = {
        "steps": STEPS,
        "batch_size": BATCH,
        "seed": 2,
        "loss": LOSSES[case.loss],
        "penalty": None,
        "precision": case.precision,
    }
    if case.penalty is not None:
        chosen["penalty"] = PENALTIES[case.penalty].with_strength(1.0, 0.1)
    if case.kind == "points":
        gan = GAN(PointDiscriminator(8, 2, pack=case.pack), PointGenerator(8, 2, start=None))
        source: Data = data.ring()
    else:
        size: dict[str, int] = {"latent_size": 4, "classes": 10 if case.kind == "labelled" else 0}
        gan = GAN(Discriminator(8, 8, **size), Generator(8, 8, **size))
        source = data.digits(8, 8)
    shared = None if team is None else SharedTrainer(gan, Cast(source), team, **chosen)
    trainer = shared or Trainer(gan, Cast(source), **chosen)
    for optimizer in (trainer.discriminator_optimizer, trainer.generator_optimizer):
        optimizer.param_groups[0]["eps"] = case.epsilon
    return trainer


def no_average(network: torch.nn.Module, **_: object) -> torch.nn.Module:
    return network


def judge_unwrapped(gan: SharedGAN, images: Tensor, labels: Tensor | None = None) -> Tensor:
    return GAN.judge(gan, images, labels)


def same_noise(trainer: SharedTrainer, count: int) -> Tensor:
    return Trainer.latent_vectors(trainer, count).chunk(2)[0]


def same_real(trainer: SharedTrainer) -> Batch:
    images, labels = Trainer.real_batch(trainer)
    return images.chunk(2)[0], None if labels is None else labels.chunk(2)[0]


def own_mix(trainer: SharedTrainer, count: int) -> Tensor:
    return Trainer.mixing_shares(trainer, count // trainer.team.size)


def mean_without_slopes(team: Team, tensor: Tensor) -> Tensor:
    mean = tensor.detach().clone()
    dist.all_reduce(mean)
    return mean / team.size


FAULTS: dict[str, tuple[object, str, object]] = {
    "기울기를 평균 내지 않음": (sharing, "DistributedDataParallel", no_average),
    "감싸지 않은 판별기로 배움": (SharedGAN, "judge", judge_unwrapped),
    "두 프로세스가 같은 잠재 벡터를 씀": (SharedTrainer, "latent_vectors", same_noise),
    "두 프로세스가 같은 진짜를 봄": (SharedTrainer, "real_batch", same_real),
    "섞는 비율을 제 몫만큼만 뽑음": (SharedTrainer, "mixing_shares", own_mix),
    "배치 정규화를 따로 잼": (sharing, "share_statistics", lambda gan, team: None),
    "통계의 기울기가 흐르지 않음": (Team, "mean", mean_without_slopes),
}


def difference(one: Trainer, other: Trainer) -> float:
    """두 학습기의 모든 수에서 가장 큰 차이입니다. 난수의 상태는 같아야 합니다."""
    pairs = state.collect(one).tensors, state.collect(other).tensors
    worst = 0.0
    for name, tensor in pairs[0].items():
        if tensor.is_floating_point():
            gap = (tensor - pairs[1][name]).abs()
            worst = max(worst, *gap.flatten().tolist(), 0.0)
        else:
            assert torch.equal(tensor, pairs[1][name]), name
    return worst


def compare(case: Case, team: Team) -> float:
    """나누어 배운 것과 순위 0이 혼자 배운 것의 차이입니다. 다른 순위는 0을 냅니다."""
    place, name, wrong = FAULTS[case.fault] if case.fault else (Team, "share", Team.share)
    right = getattr(place, name)
    setattr(place, name, wrong)
    try:
        shared = make(case, team)
        shared.train(progress=False)
    finally:
        setattr(place, name, right)
    if team.rank:
        return 0.0
    torch.manual_seed(0)
    alone = make(case)
    alone.train(progress=False)
    torch.manual_seed(0)
    return difference(shared, alone)


def change_the_number(case: Case, team: Team, folder: Path) -> float:
    """둘이 열 스텝, 하나가 이어 열 스텝 배운 것과 하나가 모두 배운 것의 차이입니다."""
    shared = make(case, team)
    shared.train(STEPS // 2, progress=False)
    shared.save_checkpoint(folder)
    if team.rank:
        return 0.0
    one = make(case, start=9)
    one.resume(folder)
    one.train(progress=False)
    alone = make(case)
    alone.train(progress=False)
    return difference(one, alone)


def grow_the_number(case: Case, team: Team, folder: Path) -> float:
    """하나가 열 스텝, 둘이 이어 열 스텝 배운 것과 하나가 모두 배운 것의 차이입니다."""
    alone = make(case)
    alone.train(STEPS // 2, progress=False)
    if team.rank == 0:
        alone.save_checkpoint(folder)
    shared = make(case, team, start=9)
    shared.resume(folder)
    shared.train(progress=False)
    alone.train(progress=False)
    return difference(shared, alone)


def break_one(case: Case, team: Team) -> float:
    """셋째 스텝에서 순위 1의 손실만 NaN이 되면, 두 프로세스가 몇 스텝까지 갔는지입니다."""
    shared = make(case, team)
    right = shared.loss.discriminator

    def wrong(real: Tensor, fake: Tensor) -> Tensor:
        broken = team.rank == 1 and len(shared.history) == 2
        return right(real, fake) * (math.nan if broken else 1)

    shared.loss = shared.loss._replace(discriminator=wrong)
    try:
        shared.train(progress=False)
    except FloatingPointError:
        return float(len(shared.history))
    return math.inf


def join(rank: int, size: int, place: Path) -> Team:
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    torch.set_num_threads(1)
    meet(60, init_method=f"file://{place}", rank=rank, world_size=size)
    return Team(rank, size)


def work(
    rank: int, size: int, place: Path, answer: Connection, tasks: list[tuple[Any, ...]]
) -> None:
    """일들을 차례로 하고, 답을 하나씩 보냅니다."""
    team = join(rank, size, place)
    for function, *given in tasks:
        run: Callable[..., float] = function
        try:
            found: float | str = run(given[0], team, *given[1:])
        except Exception as error:
            found = f"{type(error).__name__}: {error}"
        answer.send(found)
    dist.barrier()
    dist.destroy_process_group()


def command(rank: int, port: int, errors: Path, arguments: list[str]) -> None:
    """`torchrun`이 부른 것처럼 명령줄을 부르고, 그 종료 코드로 끝납니다."""
    os.environ |= {
        "GLOO_SOCKET_IFNAME": "lo",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": "2",
    }
    with errors.open("w", encoding="utf-8") as sys.stderr:
        sys.exit(main(arguments))
