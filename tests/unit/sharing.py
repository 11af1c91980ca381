"""두 프로세스가 나누어 배운 것을 혼자 배운 것과 견줍니다. `test_distributed`가 부릅니다."""

import functools
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import learners
import torch
import torch.distributed as dist
from learners import DIGITS, RING, straight
from torch import Tensor

from gan_docs import GAN, Trainer
from gan_docs.augmentation import Augment, draw_changes
from gan_docs.cli.parser import main
from gan_docs.data import Batch, ImageData
from gan_docs.losses import LOSSES, PENALTIES
from gan_docs.machines import sharing
from gan_docs.machines.sharing import SharedGAN
from gan_docs.machines.team import Team, meet
from gan_docs.saving import state
from gan_docs.shared_trainer import SharedTrainer

STEPS = 12


class Case(NamedTuple):
    kind: str
    loss: str
    penalty: str | None
    dtype: str = "float64"
    epsilon: float = 1e-8  # Adam의 분모에 더하는 수
    fault: str | None = None
    precision: str = "float32"
    pack: int = 1
    augmented: bool = False
    turns: int = 1  # 한 스텝에 판별기의 차례


class Cast(ImageData):
    """이미지를 기본 자료형으로 바꾸어 내놓습니다."""

    def sample(self, count: int, generator: torch.Generator) -> Batch:
        images, labels = super().sample(count, generator)
        return images.to(torch.get_default_dtype()), labels


def make(case: Case, team: Team | None = None, start: int = 0) -> Trainer:
    torch.set_default_dtype(getattr(torch, case.dtype))
    made: Any = Trainer if team is None else functools.partial(SharedTrainer, team=team)
    penalty = None if case.penalty is None else PENALTIES[case.penalty].with_strength(1.0, 0.1)
    trainer = learners.make(
        case.kind,
        start,
        made,
        case.pack,
        data=RING if case.kind == "points" else Cast(**vars(DIGITS)),
        steps=STEPS,
        seed=2,
        batch_size=8,
        loss=LOSSES[case.loss],
        penalty=penalty,
        augment=Augment(flip=0.5) if case.augmented else None,
        precision=case.precision,
        discriminator_steps=case.turns,
    )
    for optimizer in (trainer.discriminator_optimizer, trainer.generator_optimizer):
        optimizer.param_groups[0]["eps"] = case.epsilon
    return trainer


def same_noise(trainer: SharedTrainer, count: int) -> Tensor:
    return Trainer.latent_vectors(trainer, count).chunk(2)[0]


def own_mix(trainer: SharedTrainer, count: int) -> Tensor:
    return Trainer.mixing_shares(trainer, count // trainer.team.size)


def same_changes(trainer: SharedTrainer) -> Tensor:
    return Trainer.augmenting_numbers(trainer).chunk(2)[0]


def own_changes(trainer: SharedTrainer) -> Tensor:
    return draw_changes(trainer.batch_size // trainer.team.size, trainer.random)


def mean_without_slopes(team: Team, tensor: Tensor) -> Tensor:
    mean = tensor.detach().clone()
    dist.all_reduce(mean)
    return mean / team.size


FAULTS: dict[str, tuple[Any, str, object]] = {
    "기울기를 평균 내지 않음": (sharing, "DistributedDataParallel", lambda network, **_: network),
    "감싸지 않은 판별기로 배움": (SharedGAN, "judge", GAN.judge),
    "두 프로세스가 같은 잠재 벡터를 씀": (SharedTrainer, "latent_vectors", same_noise),
    "섞는 비율을 제 몫만큼만 뽑음": (SharedTrainer, "mixing_shares", own_mix),
    "두 프로세스가 이미지를 똑같이 바꿈": (SharedTrainer, "augmenting_numbers", same_changes),
    "바꿀 수를 제 몫만큼만 뽑음": (SharedTrainer, "augmenting_numbers", own_changes),
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


@functools.cache
def alone(case: Case) -> Trainer:
    return straight(make(case))


def compare(case: Case, team: Team) -> float:
    """나누어 배운 것과 순위 0이 혼자 배운 것의 차이입니다. 다른 순위는 0을 냅니다."""
    fault = FAULTS[case.fault] if case.fault else (Team, "share", Team.share)
    with mock.patch.object(*fault):
        shared = straight(make(case, team))
    if team.rank:
        return 0.0
    return difference(shared, alone(case._replace(fault=None)))


def hand_over(case: Case, team: Team, folder: Path, fewer: bool) -> float:
    """둘이 절반, 하나가 절반(또는 거꾸로) 배운 것과 하나가 모두 배운 것의 차이입니다."""
    first = make(case, team if fewer else None)
    first.train(STEPS // 2, progress=False)
    if fewer or team.rank == 0:
        first.save_checkpoint(folder)
    if fewer and team.rank:
        return 0.0
    second = make(case, None if fewer else team, start=9)
    second.resume(folder)
    return difference(straight(second), alone(case))


def work(rank: int, place: Path, tasks: list[tuple[Any, ...]], answer: Connection) -> None:
    """둘 가운데 하나로 일들을 차례로 하고, 답을 하나씩 보냅니다."""
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    torch.set_num_threads(1)
    meet(60, init_method=f"file://{place}", rank=rank, world_size=2)
    for function, case, *given in tasks:
        run: Callable[..., float] = function
        try:
            found: float | str = run(case, Team(rank, 2), *given)
        except Exception as error:
            found = f"{type(error).__name__}: {error}"
        answer.send(found)
    dist.barrier()
    dist.destroy_process_group()


def command(rank: int, port: int, errors: Path, arguments: list[str]) -> None:
    """`torchrun`이 부른 것처럼 명령줄을 부르고, 하는 말은 파일에 적고, 그 종료 코드로 끝납니다."""
    os.environ |= {
        "GLOO_SOCKET_IFNAME": "lo",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": "2",
    }
    with errors.open("w", encoding="utf-8") as sys.stderr:
        sys.stdout = sys.stderr
        sys.exit(main(arguments))
