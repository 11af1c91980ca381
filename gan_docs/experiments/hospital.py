"""건강한 루프와 환자들을 시드 다섯으로 학습하고, 아픈 자리에서 이어서 고칩니다."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.hospital_cases import (
    CASES,
    FILE,
    HARMLESS,
    OUTPUTS,
    SILENT,
    UNSEEN,
    program,
    source,
)
from gan_docs.metrics import mode_statistics

SIGMA = 0.15  # 건강한 루프의 고리와 같음
LAST = 50  # 끝의 손실은 마지막 이만큼의 평균
MOMENTS = 6
SHOWN = 150
Networks = tuple[nn.Module, nn.Module]


class Course(NamedTuple):
    """시드 하나의 경과입니다."""

    networks: Networks
    losses: NDArray[np.float32]  # (스텝, 2)
    points: NDArray[np.float32]  # 시점마다의 점 (시점, 2000, 2)
    accuracy: NDArray[np.float32]  # 생성기 차례에 판별기가 가짜를 가짜로 본 비율


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """건강한 학습과 환자마다, 아픈 학습과 그 자리에서 고쳐 이어 한 학습을 잽니다."""
    chosen = experiment.parameters
    seeds, steps = chosen["seeds"], chosen["steps_each"]
    healthy = program(source())
    numbers: dict[str, Any] = {"seeds": len(seeds), "steps_each": steps}
    arrays: dict[str, NDArray[Any]] = {"real": centers()}
    done = counter(report)
    patients = {"healthy": (), **CASES, **UNSEEN, **SILENT, **OUTPUTS}
    for name, changes in patients.items():
        sick = program(source(changes))
        before = [followed(sick, begun(sick, seed), steps, seed, done) for seed in seeds]
        keep(name, before, numbers, arrays)
        if name == "healthy":
            arrays["watched"] = np.stack([watched(one) for one in before])
        if name in CASES:
            more = 0 if name == "eval" else steps  # 표본만 아픈 환자는 다시 배우지 않음
            after = [
                followed(healthy, moved(healthy, one.networks), more, seed, done)
                for seed, one in zip(seeds, before, strict=True)
            ]
            keep(f"{name}_cured", after, numbers, arrays)
    for name, changes in HARMLESS.items():
        numbers[f"{name}_difference"] = difference(healthy, program(source(changes)))
    return Result(numbers, arrays)


# --8<-- [end:run]


def begun(case: SimpleNamespace, seed: int) -> Networks:
    """시드를 정하고 두 신경망을 만듭니다."""
    torch.manual_seed(seed)
    networks: Networks = case.networks()
    return networks


def moved(healthy: SimpleNamespace, sick: Networks) -> Networks:
    """아픈 학습의 가중치를 건강한 루프의 신경망에 옮깁니다. 최적화기는 새것입니다."""
    networks: Networks = healthy.networks()
    for new, old in zip(networks, sick, strict=True):
        new.load_state_dict(old.state_dict())
    return networks


def followed(
    case: SimpleNamespace, networks: Networks, steps: int, seed: int, done: Callable[[], None]
) -> Course:
    """학습하며 손실을 적고, 여섯 시점에 점을 찍습니다. 배우지 않아도 점은 찍습니다."""
    losses, points, accuracy = [], [], []
    training = case.train(*networks, steps)
    for step, each in enumerate(training, start=1):
        losses.append(each)
        accuracy.append(float((training.gi_frame.f_locals["fake_logits"] < 0).float().mean()))
        if step % (steps // MOMENTS) == 0:
            points.append(sampled(case, networks[0], seed))
        done()
    points = points or [sampled(case, networks[0], seed)]
    return Course(
        networks, np.array(losses, np.float32), np.stack(points), np.array(accuracy, np.float32)
    )


def sampled(case: SimpleNamespace, generator: nn.Module, seed: int) -> NDArray[np.float32]:
    """조건마다 천 점입니다. 학습의 난수는 그대로 둡니다."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1000 + seed)
        made: Tensor = torch.cat([case.sample(generator, 1000, side) for side in (1.0, -1.0)])
    return torch.nan_to_num(made, 0.0, 0.0, 0.0).numpy()


def centers() -> NDArray[np.float64]:
    """봉우리의 가운데입니다."""
    angle = (np.arange(8) + 0.5) * math.pi / 4
    return 2 * np.stack([np.cos(angle), np.sin(angle)], 1)


def judged(points: NDArray[np.float32]) -> tuple[int, float, float]:
    """찾은 봉우리, 봉우리 안에 든 비율, 조건을 따른 비율입니다."""
    statistics = mode_statistics(points, centers(), SIGMA)
    followed_ = (points[:1000, 1] > 0).mean() / 2 + (points[1000:, 1] < 0).mean() / 2
    return statistics.strict_modes, statistics.high_quality, float(followed_)


def well(modes: int, quality: float, agreement: float) -> bool:
    """건강의 기준: 여덟 봉우리를 모두, 절반 넘게 봉우리 안에, 조건을 95% 넘게."""
    return modes == 8 and quality > 0.5 and agreement > 0.95


def keep(
    name: str, courses: list[Course], numbers: dict[str, Any], arrays: dict[str, NDArray[Any]]
) -> None:
    """시드마다의 값과 그 중앙값, 첫 시드의 곡선과 점을 남깁니다."""
    ends = [judged(one.points[-1]) for one in courses]
    numbers[f"{name}_well"] = sum(well(*end) for end in ends)
    columns = {
        key: np.array(values)
        for key, values in zip(
            ("modes", "quality", "agreement"), zip(*ends, strict=True), strict=True
        )
    }
    if len(courses[0].losses):
        last = np.stack([one.losses[-LAST:].mean(0) for one in courses])
        columns |= {"discriminator": last[:, 0], "generator": last[:, 1]}
    for key, values in columns.items():
        arrays[f"seeds_{name}_{key}"] = values.astype(np.float64)
        numbers[f"{name}_{key}"] = float(np.median(values))
    if name.endswith("_cured"):  # 그림은 아픈 학습만 보임
        return
    arrays[f"losses_{name}"] = courses[0].losses
    arrays[f"accuracy_{name}"] = courses[0].accuracy
    points = courses[0].points.reshape(-1, 2, 1000, 2)
    arrays[f"points_{name}"] = np.ascontiguousarray(points[:, :, :SHOWN])


def difference(healthy: SimpleNamespace, other: SimpleNamespace, steps: int = 10) -> float:
    """같은 시드로 조금 학습한 두 루프의 손실이 가장 크게 다른 만큼입니다."""
    losses = [torch.tensor(list(case.train(*begun(case, 0), steps))) for case in (healthy, other)]
    return float((losses[0] - losses[1]).abs().max())


def watched(course: Course) -> NDArray[np.float64]:
    """시점마다 판별기와 생성기의 손실(앞선 스텝들의 평균)과 봉우리 안에 든 비율. `(시점, 3)`."""
    losses = np.split(course.losses, len(course.points))
    return np.array(
        [
            [*each.mean(0), judged(points)[1]]
            for each, points in zip(losses, course.points, strict=True)
        ]
    )


def counter(report: Report) -> Callable[[], None]:
    """모든 학습의 스텝을 이어서 셉니다."""
    steps: Iterator[int] = iter(range(1, 1 << 62))
    return lambda: report(next(steps))


SEEDS, STEPS = [0, 1, 2, 3, 4], 300
ONCE = (*UNSEEN, *SILENT, *OUTPUTS)
TRAININGS = 1 + 2 * len(CASES) - 1 + len(ONCE)  # eval은 다시 배우지 않음

EXPERIMENT = Experiment(
    "hospital",
    "GAN 병원",
    run,
    steps=TRAININGS * len(SEEDS) * STEPS,
    parameters={"seeds": SEEDS, "steps_each": STEPS},
    files=(FILE,),
    cost=150,
)
