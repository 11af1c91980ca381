"""생성기가 봉우리에서 봉우리로 옮겨 다니는 학습입니다: 매끄러운 판별기와 큰 관성."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gan_docs.data import MixtureData, ring
from gan_docs.ensemble import Ensemble
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.losses import NON_SATURATING
from gan_docs.points import PointDiscriminator, PointGenerator

NOWHERE = -1


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """벌점 없이, 푸리에 특징 없이, Adam의 첫 계수를 크게 두고 모든 시드를 학습합니다."""
    chosen, data = experiment.parameters, ring()
    ensemble = Ensemble(
        partial(PointDiscriminator, chosen["hidden_size"], depth=2),
        partial(PointGenerator, chosen["hidden_size"], depth=2, start=None),
        data,
        steps=experiment.steps,
        seeds=chosen["seeds"],
        loss=NON_SATURATING,
        penalty=None,
        batch_size=chosen["batch_size"],
        learning_rate=chosen["learning_rate"],
        betas=(chosen["momentum"], 0.999),
    )
    places: list[NDArray[np.int64]] = []
    ensemble.train(on_step=watcher(places, data, chosen["every"], report))
    leading = np.stack(places, axis=1)  # (시드, 시점)
    visits = np.array([hops(row) for row in leading])
    numbers = {
        "seeds": len(leading),
        "batch_size": chosen["batch_size"],
        "momentum": chosen["momentum"],
        "learning_rate": chosen["learning_rate"],
        "every": chosen["every"],
        "hops_least": int(visits.min()),
        "hops_median": float(np.median(visits)),
        "hops_most": int(visits.max()),
    }
    return Result(numbers, {"leading": leading, "hops": visits})


def watcher(
    places: list[NDArray[np.int64]], data: MixtureData, every: int, report: Report
) -> Callable[[Ensemble], None]:
    """`every`스텝마다, 점의 4분의 3이 넘게 몰린 봉우리를 시드마다 적습니다. 없으면 `NOWHERE`."""
    centers = data.centers.numpy()

    def watch(ensemble: Ensemble) -> None:
        report(ensemble.done)
        if ensemble.done % every == 0:
            points = ensemble.sample(200, averaged=False)
            nearest = np.linalg.norm(points[:, :, None] - centers, axis=3).argmin(2)
            places.append(np.array([crowded(row, len(centers)) for row in nearest]))

    return watch


def crowded(nearest: NDArray[np.int64], modes: int) -> int:
    """4분의 3이 넘는 점에 가장 가까운 봉우리입니다."""
    counts = np.bincount(nearest, minlength=modes)
    return int(counts.argmax()) if counts.max() > 0.75 * len(nearest) else NOWHERE


def hops(leading: NDArray[np.int64]) -> int:
    """몰린 봉우리가 다른 봉우리로 바뀐 횟수입니다. 흩어진 시점은 건너뜁니다."""
    settled = leading[leading != NOWHERE]
    return int((np.diff(settled) != 0).sum())


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "hopping",
    "봉우리를 옮겨 다니는 생성기",
    run,
    steps=800,
    parameters={
        "seeds": [0, 1, 2, 3, 4],
        "hidden_size": 64,
        "batch_size": 128,
        "learning_rate": 2e-3,
        "momentum": 0.9,
        "every": 10,
    },
    cost=6,
)
