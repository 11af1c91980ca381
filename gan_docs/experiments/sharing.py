"""여러 대에서 학습하기: 한 프로세스와 두 프로세스의 빠르기, 그리고 여덟 대와 예순네 대의 계획."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist

from gan_docs.data import hangul, ring
from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.timing import timed, times_faster
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.machines.team import Team, meet
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.shared_trainer import SharedTrainer
from gan_docs.trainer import Trainer


def trainer(kind: str, batch_size: int, team: Team, seed: int, steps: int = 1000) -> Trainer:
    """혼자면 여느 학습기를, 여럿이면 나누어 배우는 학습기를 만듭니다."""
    torch.manual_seed(seed)
    if kind == "points":
        gan, data = GAN(PointDiscriminator(), PointGenerator()), ring()
    else:
        gan = GAN(Discriminator(latent_size=128), Generator(latent_size=64))
        data = hangul()  # type: ignore[assignment]
    chosen: dict[str, Any] = {"steps": steps, "batch_size": batch_size, "seed": seed}
    if team.size == 1:
        return Trainer(gan, data, **chosen)
    return SharedTrainer(gan, data, team, **chosen)


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """두 프로세스를 낳아 잰 빠르기와, 식으로 셈한 계획입니다."""
    chosen = experiment.parameters
    context = multiprocessing.get_context("spawn")
    answer, ask = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "store")
        processes = [
            context.Process(target=work, args=(rank, place, dict(chosen), experiment.seed, ask))
            for rank in range(2)
        ]
        for process in processes:
            process.start()
        ask.close()  # 둘이 죽으면 기다리지 않고 알아채도록
        numbers: dict[str, float] = answer.recv()
        for process in processes:
            process.join()
    return Result({**numbers, **plans(chosen, needs["networks"].numbers)}, {})


def work(rank: int, place: str, chosen: dict[str, Any], seed: int, answer: Connection) -> None:
    """혼자 배우기와 나누어 배우기를 번갈아 재고, 순위 0이 답합니다."""
    torch.set_num_threads(1)
    meet(chosen["patience"], init_method=f"file://{place}", rank=rank, world_size=2)
    alone, both = Team(), Team(rank, 2)
    ways = {"alone": (alone, 1), "shared": (both, 1), "doubled": (both, 2)}
    numbers: dict[str, float] = {"batch_size": chosen["batch_size"], "rounds": chosen["rounds"]}
    for kind, steps in chosen["steps_in_a_round"].items():
        runs: dict[str, Callable[[], object]] = {}
        for name, (team, times) in ways.items():
            learner = trainer(kind, times * chosen["batch_size"], team, seed)
            idle = team.size == 1 and rank > 0  # 하나가 혼자 배우는 동안 다른 하나는 쉼
            runs[name] = (lambda: None) if idle else repeated(learner, steps)
        seconds = timed(runs, chosen["rounds"], seed, ready=dist.barrier)
        taken = float(np.median(seconds["alone"]))
        numbers[f"{kind}_images_alone"] = chosen["batch_size"] * steps / taken
        numbers[f"{kind}_ratio_shared"] = times_faster(seconds["alone"], seconds["shared"])
        # 둘이 저마다 배치를 맡으면 그 사이에 두 배의 이미지를 배움
        numbers[f"{kind}_ratio_doubled"] = 2 * times_faster(seconds["alone"], seconds["doubled"])
    numbers["steps_compared"] = chosen["steps_compared"]
    numbers["difference"] = difference(both, chosen, seed, epsilon=1e-8)
    numbers["difference_damped"] = difference(both, chosen, seed, epsilon=1e-4)
    if rank == 0:
        answer.send(numbers)
    dist.barrier()
    dist.destroy_process_group()


def repeated(learner: Trainer, steps: int) -> Callable[[], object]:
    """`steps`스텝을 더 학습하는 함수입니다."""
    return lambda: learner.train(steps, progress=False)


def difference(team: Team, chosen: Mapping[str, Any], seed: int, epsilon: float) -> float:
    """나누어 배운 판별기와 혼자 배운 판별기의 가중치에서 가장 큰 차이입니다. 데이터는 점입니다."""
    weights = []
    for each in (team, Team()):
        learner = trainer("points", chosen["batch_size"], each, seed, chosen["steps_compared"])
        for optimizer in (learner.discriminator_optimizer, learner.generator_optimizer):
            optimizer.param_groups[0]["eps"] = epsilon
        learner.train(progress=False)
        weights.append([each.detach() for each in learner.gan.discriminator.parameters()])
    return max(float((a - b).abs().max()) for a, b in zip(*weights, strict=True))


# --8<-- [end:run]


# --8<-- [start:plan]
def plans(chosen: Mapping[str, Any], counts: Mapping[str, Any]) -> dict[str, float]:
    """GPU의 수와 모델의 크기마다, 한 스텝에 주고받는 바이트와 그 시간입니다."""
    numbers: dict[str, float] = {
        "large_parameters": chosen["large_parameters"],
        "compute_milliseconds": 1e3 * chosen["compute_seconds"],
        "messages": chosen["messages"],
    }
    sizes = {"small": int(counts["gan_parameters"]), "large": chosen["large_parameters"]}
    for count, link in chosen["links"].items():
        size = int(count)
        numbers[f"bandwidth_{size}"] = link["bandwidth"] / 1e9
        numbers[f"latency_{size}"] = 1e6 * link["latency"]
        for name, parameters in sizes.items():
            moved = ring_bytes(size, 4 * parameters)
            seconds = moved / link["bandwidth"] + ring_delay(
                size, chosen["messages"], link["latency"]
            )
            numbers[f"{name}_megabytes_{size}"] = moved / 1e6
            numbers[f"{name}_milliseconds_{size}"] = 1e3 * seconds
            compute = chosen["compute_seconds"]
            numbers[f"{name}_efficiency_{size}"] = compute / (compute + seconds)
    return numbers


def ring_bytes(size: int, whole: float) -> float:
    """링 올리듀스로 평균 낼 때 하나가 보내는 바이트입니다. 수가 늘어도 두 배를 넘지 않습니다."""
    return 2 * (size - 1) / size * whole


def ring_delay(size: int, messages: int, latency: float) -> float:
    """링을 두 바퀴 도는 동안 기다리는 초입니다. 평균의 횟수와 프로세스의 수에 비례합니다."""
    return messages * 2 * (size - 1) * latency


# --8<-- [end:plan]

EXPERIMENT = Experiment(
    "sharing",
    "여러 대에서 학습하기",
    run,
    parameters={
        "batch_size": 64,
        "rounds": 9,
        "steps_in_a_round": {"points": 20, "hangul": 2},
        "steps_compared": 20,
        "patience": 120,
        "large_parameters": 100_000_000,
        "compute_seconds": 0.1,
        # 판별기와 생성기의 기울기, 배치 정규화 두 층의 평균과 분산을 앞뒤로, 기록, 멈춤 신호
        "messages": 2 + 2 * 2 * 2 + 2,
        "links": {
            "8": {"bandwidth": 450e9, "latency": 5e-6},  # 한 대 안: NVLink
            "64": {"bandwidth": 50e9, "latency": 10e-6},  # 여덟 대 사이: GPU마다 400 Gb/s
        },
    },
    needs=("networks",),
    files=("gan_docs/assets/hangul.npz",),
    alone=True,
    cost=40,
)
