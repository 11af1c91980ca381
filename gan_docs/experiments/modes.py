"""평면의 모든 학습에서 봉우리를 셉니다: 시드의 중앙값과 가장 나쁜 값."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from gan_docs.data import MixtureData, ring
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.ring import mixture
from gan_docs.judging.evaluation import evaluate_points


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """실험마다 시드마다의 점을 세어 표의 한 줄로 모읍니다."""
    numbers: dict[str, float] = {}
    arrays: dict[str, NDArray[np.float64]] = {}
    random = np.random.default_rng(experiment.seed)
    for name in ("ring", "grid"):
        data = mixture(name)
        centers = data.centers.numpy()[random.integers(len(data.centers), size=2500)]
        real = centers + data.sigma * random.normal(size=centers.shape)
        add(f"{name}_real", real[None], data, numbers, arrays)
        add(name, needs[name].arrays["points"], data, numbers, arrays)
    for name in ("losses", "collapse"):
        for key, points in needs[name].arrays.items():
            if key.startswith("points_"):
                add(f"{name}_{key.removeprefix('points_')}", points, ring(), numbers, arrays)
    return Result(numbers, arrays)


def add(
    name: str,
    points: NDArray[np.float64],
    data: MixtureData,
    numbers: dict[str, float],
    arrays: dict[str, NDArray[np.float64]],
) -> None:
    """시드마다의 지표를 적습니다. `points`의 모양은 `(시드, N, 2)`."""
    rows = [{**evaluate_points(each, data), "spread": spread(each, data)} for each in points]
    for measure in rows[0]:
        values = np.array([row[measure] for row in rows], dtype=float)
        arrays[f"{name}_{measure}"] = values
        numbers[f"{name}_{measure}"] = float(np.median(values))
        numbers[f"{name}_{measure}_least"] = float(values.min())
        numbers[f"{name}_{measure}_most"] = float(values.max())


def spread(points: NDArray[np.float64], data: MixtureData) -> float:
    """봉우리 안(3σ)에 든 점이 가운데에서 떨어진 거리의 제곱평균제곱근입니다. 단위 σ."""
    centers = data.centers.numpy()
    distance = np.linalg.norm(points[:, None] - centers[None], axis=2).min(1) / data.sigma
    inside = distance[distance <= 3]
    return float(np.sqrt(np.mean(inside**2))) if len(inside) else 0.0


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "modes", "봉우리의 수", run, needs=("ring", "grid", "losses", "collapse"), cost=2
)
