"""처음 만드는 GAN의 두 파일을 실린 그대로, 그리고 한 줄씩 바꿔 시드마다 실행합니다."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from gan_docs.data import ring
from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.judging.evaluation import evaluate_points

FILES = {"line": "docs/examples/first_gan.py", "plane": "docs/examples/first_gan_plane.py"}
MEAN, SIGMA = 2.0, 0.5  # 파일에 적은 1차원의 진짜
RADIUS, SPREAD = 2.0, 0.2  # 파일에 적은 2차원의 진짜
SEEN = 4000  # 시점마다 들여다볼 가짜의 수
LINE = torch.linspace(-1, 5, 121)[:, None]  # 1차원의 점수를 볼 자리

Snapshots = list[dict[str, NDArray[Any]]]


# --8<-- [start:run]
TURNS = ("    update_discriminator()", "    update_generator()")
CHANGES: dict[str, tuple[str, list[tuple[str, str]]]] = {  # 파일과, 바꿀 줄
    "line": ("line", []),
    "generator_first": ("line", [("\n".join(TURNS), "\n".join(reversed(TURNS)))]),
    "narrow": ("line", [("width=32", "width=2")]),
    "slow": ("line", [("lr=0.1", "lr=0.001")]),
    "fast": ("line", [("lr=0.1", "lr=1.0")]),
    "plane": ("plane", []),
    "fast_plane": ("plane", [("lr=0.1", "lr=0.3")]),
}


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """바꾼 것마다, 시드마다 파일을 처음부터 끝까지 실행합니다."""
    seeds = experiment.parameters["seeds"]
    numbers: dict[str, Number] = {"seeds": len(seeds), "lines": lines("line")}
    arrays: dict[str, NDArray[Any]] = {}
    for done, (name, (file, edits)) in enumerate(CHANGES.items()):
        runs = [execute(edited(file, edits, seed)) for seed in seeds]
        measured = measure_line(runs) if file == "line" else measure_plane(runs)
        for key, values in measured.items():
            arrays[f"{name}_{key}"] = np.array(values)
            numbers[f"{name}_{key}"] = float(np.median(values))
            numbers[f"{name}_{key}_least"], numbers[f"{name}_{key}_most"] = min(values), max(values)
        arrays |= kept(name, runs[0])
        numbers[f"{name}_steps"] = int(runs[0][-1]["step"])
        report(done + 1)
    numbers["steps_each"] = 0  # 파일마다 달라 그림마다 칸의 제목에 적음
    return Result(numbers, arrays)


def lines(file: str) -> int:
    """파일에서 글, 주석, 빈 줄을 뺀 코드의 줄 수입니다."""
    rows = (Path(__file__).parents[2] / FILES[file]).read_text("utf-8").splitlines()[1:]
    return sum(bool(row.strip()) and not row.lstrip().startswith("#") for row in rows)


def edited(file: str, edits: list[tuple[str, str]], seed: int) -> str:
    """파일의 글에서 시드와 몇 줄만 바꿉니다."""
    text = (Path(__file__).parents[2] / FILES[file]).read_text("utf-8")
    for old, new in [("manual_seed(0)", f"manual_seed({seed})"), *edits]:
        if old not in text:
            raise ValueError(f"{FILES[file]}에 바꿀 줄이 없습니다: {old}")
        text = text.replace(old, new)
    return text


def execute(text: str) -> Snapshots:
    """글을 실행하며, 화면에 적을 때마다 그 순간의 두 신경망을 들여다봅니다."""
    snapshots: Snapshots = []
    names: dict[str, Any] = {"__name__": "__main__"}
    names["print"] = lambda _: snapshots.append(look(names))
    exec(compile(text, "first_gan", "exec"), names)
    return snapshots


@torch.no_grad()
def look(names: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """생성기가 만드는 표본과 판별기의 점수입니다. 파일의 난수는 건드리지 않습니다."""
    z = torch.randn(SEEN, names["SIZE"], generator=torch.Generator().manual_seed(0))
    seen = {"step": np.array(names["step"]), "fake": names["generator"](z).numpy()}
    if names["SIZE"] == 1:
        seen["score"] = torch.sigmoid(names["discriminator"](LINE)).numpy()[:, 0]
    return seen


# --8<-- [end:run]


def measure_line(runs: list[Snapshots]) -> dict[str, list[float]]:
    """시드마다 끝에 만든 수의 평균과 표준편차입니다."""
    ends = [run[-1]["fake"] for run in runs]
    return {
        "mean": [float(end.mean()) for end in ends],
        "sigma": [float(end.std()) for end in ends],
    }


def measure_plane(runs: list[Snapshots]) -> dict[str, list[float]]:
    """시드마다 끝에 닿은 봉우리의 수와, 봉우리의 3σ 안에 든 비율입니다."""
    data = ring(radius=RADIUS, sigma=SPREAD)
    found = [evaluate_points(run[-1]["fake"], data) for run in runs]
    return {
        "modes": [float(one["strict_modes"]) for one in found],
        "quality": [float(one["high_quality"]) for one in found],
    }


def kept(name: str, snapshots: Snapshots) -> dict[str, NDArray[Any]]:
    """그림과 표가 쓸 첫 시드의 시점마다의 표본, 점수, 평균, 표준편차입니다."""
    found = {key: np.stack([one[key] for one in snapshots]) for key in snapshots[0]}
    found |= {"path": found["fake"].mean((1, 2)), "width": found["fake"].std((1, 2))}
    return {f"{name}_{key}": values.astype(np.float32) for key, values in found.items()}


EXPERIMENT = Experiment(
    "first",
    "처음 만드는 GAN",
    run,
    steps=len(CHANGES),
    parameters={"seeds": [0, 1, 2, 3, 4]},
    files=tuple(FILES.values()),
    cost=40,
)
