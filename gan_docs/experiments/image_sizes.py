"""이미지의 크기마다 한 스텝의 시간과 메모리를 잽니다. 기본 설정 그대로 스레드 하나로 학습합니다."""

from __future__ import annotations

import inspect
import multiprocessing
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path

import torch

from gan_docs.data import ImageData
from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.trainer import Trainer

STATUS = Path("/proc/self/status")
PEAK = "VmHWM:"  # 프로세스가 지금까지 가장 많이 쓴 메모리. 단위 kB
Size = tuple[int, int, int]  # 가로, 세로, 채널


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """크기마다 새 프로세스에서 몇 스텝을 학습합니다. 앞의 크기가 쓴 메모리가 섞이지 않게 합니다."""
    chosen = experiment.parameters
    planned = inspect.signature(Trainer).parameters["steps"].default
    numbers: dict[str, Number] = {"timed": chosen["timed"], "planned": planned}
    for size, batch in chosen["sizes"]:
        seconds, megabytes, parameters = apart(tuple(size), batch, chosen["timed"])
        name = "x".join(map(str, size))
        numbers |= {
            f"batch_{name}": batch,
            f"seconds_{name}": seconds,
            f"megabytes_{name}": megabytes,
            f"parameters_{name}": parameters,
        }
    return Result(numbers, {})


def apart(size: Size, batch: int, timed: int) -> tuple[float, float, int]:
    """새 프로세스에서 재어 한 스텝의 초, 가장 많이 쓴 메모리의 MB, 매개변수의 수를 받습니다."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=measure, args=(there, size, batch, timed))
    process.start()
    there.close()  # 죽으면 기다리지 않고 알아채도록
    answer: tuple[float, float, int] = here.recv()
    process.join()
    return answer


def measure(answer: Connection, size: Size, batch: int, timed: int) -> None:
    """한 스텝으로 몸을 풀고, 이어지는 스텝 가운데 가장 빠른 것을 냅니다."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    generator = Generator(*size)
    gan = GAN(Discriminator(*size), generator)
    # 시간과 메모리는 무엇이 그려져 있는지에 매이지 않음
    noise = ImageData("noise", 2 * torch.rand(batch, *generator.shape) - 1, None, ())
    trainer = Trainer(gan, noise, steps=timed + 1, batch_size=batch)
    seconds = []
    for _ in range(timed + 1):
        before = time.perf_counter()
        trainer.train(1, progress=False)
        seconds.append(time.perf_counter() - before)
    count = sum(parameter.numel() for parameter in gan.parameters())
    answer.send((min(seconds[1:]), peak_megabytes(), count))


def peak_megabytes() -> float:
    """이 프로세스가 가장 많이 쓴 메모리입니다. PyTorch를 읽어 들인 것도 들어 있습니다."""
    [row] = [row for row in STATUS.read_text().splitlines() if row.startswith(PEAK)]
    return int(row.split()[1]) / 1000


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "image_sizes",
    "이미지의 크기와 비용",
    run,
    parameters={
        "timed": 3,
        "sizes": [
            [[28, 28, 1], 64],
            [[32, 32, 3], 64],
            [[64, 64, 1], 64],
            [[64, 64, 3], 64],
            [[96, 64, 3], 64],
            [[128, 128, 3], 64],
            [[256, 256, 3], 16],
        ],
    },
    alone=True,
    cost=60,
)
