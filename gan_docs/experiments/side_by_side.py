"""두 코어를 쓰는 두 방법을 견줍니다: 학습 하나에 스레드 둘, 스레드 하나씩인 학습 둘."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping
from functools import partial
from multiprocessing.connection import Connection

import torch

from gan_docs.data import hangul, ring
from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.timing import timed, times_faster
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.trainer import Trainer


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """프로세스 둘을 띄워 두고, 혼자 시키기와 함께 시키기를 번갈아 잽니다."""
    chosen = experiment.parameters
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe() for _ in range(2)]
    plan = (dict(chosen["steps_in_a_round"]), chosen["rounds"] + 1, experiment.seed)
    processes = [context.Process(target=work, args=(there, *plan)) for _, there in pipes]
    for process in processes:
        process.start()
    for _, there in pipes:
        there.close()  # 하나가 죽으면 기다리지 않고 알아채도록
    both = [here for here, _ in pipes]
    numbers: dict[str, float] = {"rounds": chosen["rounds"], "cores": 2}
    for kind in chosen["steps_in_a_round"]:
        ways: dict[str, Callable[[], object]] = {
            "one_thread": partial(ask, both[:1], kind, 1),
            "two_threads": partial(ask, both[:1], kind, 2),
            "side_by_side": partial(ask, both, kind, 1),
        }
        found = timed(ways, chosen["rounds"], experiment.seed)
        alone, threads, pair = (found[way] for way in ways)
        numbers[f"{kind}_gain_two_threads"] = times_faster(alone, threads)
        # 나란히 돌린 둘은 그 사이에 두 배의 스텝을 학습함
        numbers[f"{kind}_gain_side_by_side"] = 2 * times_faster(alone, pair)
    for here in both:
        here.send(None)
    for process in processes:
        process.join()
    return Result(numbers, {})


def ask(workers: list[Connection], kind: str, threads: int) -> None:
    """한 바퀴를 시키고, 시킨 모두가 끝나기를 기다립니다."""
    for worker in workers:
        worker.send((kind, threads))
    for worker in workers:
        worker.recv()


def work(orders: Connection, steps_in_a_round: dict[str, int], rounds: int, seed: int) -> None:
    """시키는 종류의 학습을 한 바퀴씩 이어 갑니다."""
    torch.manual_seed(seed)
    # 한 바퀴에 시킬 수 있는 일은 셋
    learners = {
        kind: learner(kind, 3 * rounds * steps, seed) for kind, steps in steps_in_a_round.items()
    }
    while order := orders.recv():
        kind, threads = order
        torch.set_num_threads(threads)
        learners[kind].train(steps_in_a_round[kind], progress=False)
        orders.send("끝")


def learner(kind: str, steps: int, seed: int) -> Trainer:
    """평면의 점이나 한글을 배우는 학습기입니다. 설정은 기본값 그대로입니다."""
    if kind == "points":
        return Trainer(GAN(PointDiscriminator(), PointGenerator()), ring(), steps=steps, seed=seed)
    gan = GAN(Discriminator(latent_size=128), Generator(latent_size=64))
    return Trainer(gan, hangul(), steps=steps, seed=seed)


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "side_by_side",
    "스레드 둘과 프로세스 둘",
    run,
    parameters={"rounds": 9, "steps_in_a_round": {"points": 30, "hangul": 2}},
    files=("gan_docs/assets/hangul.npz",),
    alone=True,
    cost=20,
)
