"""실험을 찾고, 열쇠를 매기고, 돌리고, 결과를 읽습니다."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from safetensors.numpy import load_file, save

from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.site.make import keys, measured
from gan_docs.site.make.storage import cache_folder
from gan_docs.site.make.store import Store

MODULES = "gan_docs.experiments"
TOOLS = (*keys.TOOLS, "scikit-learn", "safetensors")
RECORD, ARRAYS = "record.json", "arrays.safetensors"


class Record(NamedTuple):
    """끝난 실험의 기록입니다."""

    name: str
    title: str
    key: str
    seed: int
    steps: int
    cpu_seconds: float
    wall_seconds: float
    numbers: dict[str, Number]


@cache
def experiments() -> Mapping[str, Experiment]:
    """모든 실험을, 먼저 끝나야 하는 것부터 늘어놓습니다.

    Raises:
        ValueError: 없는 실험을 기다리거나 서로를 기다릴 때.
    """
    folder = keys.ROOT / "gan_docs" / "experiments"
    names = sorted(file.stem for file in folder.glob("*.py"))
    found = {
        name: import_module(f"{MODULES}.{name}").EXPERIMENT
        for name in names
        if name not in ("__init__", "experiment")
    }
    order: dict[str, Experiment] = {}
    while len(order) < len(found):
        ready = [
            name
            for name, experiment in found.items()
            if name not in order and all(need in order for need in experiment.needs)
        ]
        if not ready:
            raise ValueError(f"기다리는 실험이 끝날 수 없습니다: {sorted(found.keys() - order)}")
        order.update((name, found[name]) for name in ready)
    return order


@cache
def key(name: str) -> str:
    """실험의 결과를 바꿀 수 있는 모든 것의 열쇠입니다."""
    experiment = experiments()[name]
    return keys.digest(
        keys.sources([f"{MODULES}.{name}"]),
        {"seed": experiment.seed, "steps": experiment.steps, **experiment.parameters},
        [keys.digest(keys.ROOT / file) for file in experiment.files],
        [key(need) for need in experiment.needs],
        keys.versions((*TOOLS, *experiment.tools)),
        keys.THREADS,
    )


def store() -> Store:
    """실험의 결과를 보관하는 곳입니다."""
    return Store(cache_folder("results"))


def missing() -> list[str]:
    """아직 돌리지 않은 실험의 이름입니다."""
    return [name for name in experiments() if store().find(name, key(name)) is None]


def run(name: str, report: Report) -> Record:
    """실험을 돌려 보관합니다. 이미 있으면 읽기만 합니다."""
    experiment = experiments()[name]

    def write(folder: Path) -> None:
        made = measured.inherited(name, key(name))
        wall, processor = time.perf_counter(), time.process_time()
        if made and experiment.alone:
            numbers, arrays = measured.whole(made)
        else:
            needs = {need: result(need) for need in experiment.needs}
            numbers, arrays = experiment.run(experiment, report, needs)
        times = (time.process_time() - processor, time.perf_counter() - wall)
        if made:
            numbers = measured.settled(numbers, made)
            times = (made["cpu_seconds"], made["wall_seconds"])
        record = Record(
            name, experiment.title, key(name), experiment.seed, experiment.steps,
            *times, dict(numbers),
        )  # fmt: skip
        (folder / ARRAYS).write_bytes(save(arrays))
        (folder / RECORD).write_text(json.dumps(record._asdict(), ensure_ascii=False), "utf-8")

    store().make(name, key(name), write)
    return load(name)


def load(name: str) -> Record:
    """보관한 기록을 읽습니다.

    Raises:
        FileNotFoundError: 아직 돌리지 않았을 때.
    """
    return Record(**json.loads((_folder(name) / RECORD).read_text("utf-8")))


def result(name: str) -> Result:
    """보관한 수와 배열을 읽습니다."""
    return Result(load(name).numbers, load_file(_folder(name) / ARRAYS))


def numbers(record: Record) -> Mapping[str, Any]:
    """쪽이 인용할 수 있는 수입니다: 실험의 수와 시드, 걸음, 시간."""
    times = {"cpu_seconds": record.cpu_seconds, "wall_seconds": record.wall_seconds}
    return {"seed": record.seed, "steps": record.steps, **times, **record.numbers}


def _folder(name: str) -> Path:
    return _whole(store().root, name, key(name))


@cache
def _whole(root: Path, name: str, key: str) -> Path:
    # 파일의 sha256은 프로세스마다 한 번만 확인
    folder = Store(root).find(name, key)
    if folder is None:
        raise FileNotFoundError(
            f"실험 {name}의 결과가 없습니다: python -m gan_docs.site가 만듭니다"
        )
    return folder
