"""평면의 모든 학습에서 봉우리를 셉니다: 시드의 중앙값과 가장 나쁜 값."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from gan_docs.data import MixtureData, ring
from gan_docs.experiments import losses as of_losses
from gan_docs.experiments import trapped
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.ring import mixture
from gan_docs.judging.evaluation import evaluate_points

BETWEEN = 15  # 봉우리 사이에 있다고 볼 거리. 단위 σ


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
    numbers |= over_losses(numbers, arrays)
    late = needs["collapse"].arrays["losses_penalty"][:, -50:, 1].mean(1)
    numbers["counted_penalty"] = float(np.median(trapped.counted(late, len(ring().centers))))
    return Result(numbers, arrays)


def add(
    name: str,
    points: NDArray[np.float64],
    data: MixtureData,
    numbers: dict[str, float],
    arrays: dict[str, NDArray[np.float64]],
) -> None:
    """시드마다의 지표를 적습니다. `points`의 모양은 `(시드, N, 2)`."""
    rows = [
        {
            **evaluate_points(each, data),
            "spread": spread(each, data),
            "between": float((distances(each, data) > BETWEEN).mean()),
            "radius": float(np.median(np.linalg.norm(each, axis=1))),
        }
        for each in points
    ]
    for measure in rows[0]:
        values = np.array([row[measure] for row in rows], dtype=float)
        arrays[f"{name}_{measure}"] = values
        numbers[f"{name}_{measure}"] = float(np.median(values))
        numbers[f"{name}_{measure}_least"] = float(values.min())
        numbers[f"{name}_{measure}_most"] = float(values.max())


def spread(points: NDArray[np.float64], data: MixtureData) -> float:
    """봉우리 안(3σ)에 든 점이 가운데에서 떨어진 거리의 제곱평균제곱근입니다. 단위 σ."""
    distance = distances(points, data)
    inside = distance[distance <= 3]
    return float(np.sqrt(np.mean(inside**2))) if len(inside) else 0.0


def distances(points: NDArray[np.float64], data: MixtureData) -> NDArray[np.float64]:
    """점마다 가장 가까운 봉우리의 가운데까지의 거리입니다. 단위 σ, 모양 `(N,)`."""
    found = np.linalg.norm(points[:, None] - data.centers.numpy()[None], axis=2).min(1)
    return np.asarray(found / data.sigma, dtype=np.float64)


def over_losses(
    numbers: Mapping[str, float], arrays: Mapping[str, NDArray[np.float64]]
) -> dict[str, float]:
    """손실을 견준 줄을 벌점이 없는 것과 있는 것으로 나누어 셉니다."""

    def found(key: str, measure: str) -> float:
        return numbers[f"losses_{key}_{measure}"]

    pairs = of_losses.rows(of_losses.PARAMETERS)
    bare = [found(key, "strict_modes") for key, (_, penalty) in pairs.items() if not penalty]
    cured = [found(key, "strict_modes") for key, (_, penalty) in pairs.items() if penalty]
    names = [key.removesuffix("_alone") for key, (_, penalty) in pairs.items() if not penalty]
    # 벌점 없이도 점의 절반이 넘게 봉우리에 앉은 손실
    clear = [name for name in names if found(f"{name}_alone", "high_quality") > 0.5]
    radius = arrays["losses_wasserstein_alone_radius"]
    return {
        "bare_rows": len(bare),
        "bare_strict_most": max(bare),
        "cured_rows": len(cured),
        "cured_strict_least": min(cured),
        "cured_full": sum(value == len(ring().centers) for value in cured),
        "clear_losses": len(clear),
        "clear_least": min((found(f"{name}_alone", "high_quality") for name in clear), default=0),
        "cured_clear_most": max(found(f"{name}_penalty", "high_quality") for name in names),
        "wasserstein_stayed": int(((0.9 < radius) & (radius < 1.1)).sum()),
    }


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "modes", "봉우리의 수", run, needs=("ring", "grid", "losses", "collapse"), cost=2
)
