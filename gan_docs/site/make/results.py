"""실험을 찾고, 키를 매기고, 돌리고, 결과를 읽습니다."""

from __future__ import annotations

import json
import pkgutil
import time
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
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


def modules(package: str) -> list[ModuleType]:
    """폴더에 놓인 모듈을 이름의 차례로 모두 부릅니다."""
    found = pkgutil.iter_modules(import_module(package).__path__)
    return [import_module(f"{package}.{name}") for name in sorted(each.name for each in found)]


@cache
def experiments() -> Mapping[str, Experiment]:
    """모든 실험을, 먼저 끝나야 하는 것부터 늘어놓습니다.

    Raises:
        ValueError: 이름이 파일과 다르거나, 없는 실험을 기다리거나, 서로를 기다릴 때.
    """
    found = {
        module.__name__.rpartition(".")[2]: module.EXPERIMENT
        for module in modules(MODULES)
        if hasattr(module, "EXPERIMENT")
    }
    for name, experiment in found.items():
        if experiment.name != name:
            raise ValueError(f"실험의 이름은 파일과 같아야 합니다: {name}.py의 {experiment.name}")
        if unknown := [need for need in experiment.needs if need not in found]:
            raise ValueError(f"실험 {name}이(가) 기다리는 실험이 없습니다: {', '.join(unknown)}")
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
    """프로세스마다 한 번만 셈한 키입니다. 결과는 일을 맡길 때의 이 키로 보관합니다."""
    return current_key(name, keys.first())


def current_key(name: str, walk: keys.Walk | None = None) -> str:
    """결과를 바꿀 수 있는 모든 것의 키를, 지금의 파일로 다시 셈합니다.

    `walk`를 주면 그것이 이미 읽은 파일은 다시 읽지 않습니다.
    """
    experiment, walk = experiments()[name], walk or keys.Walk()
    return keys.digest(
        keys.sources([f"{MODULES}.{name}"], walk),
        {"seed": experiment.seed, "steps": experiment.steps, **experiment.parameters},
        [keys.digest(keys.ROOT / file) for file in experiment.files],
        [current_key(need, walk) for need in experiment.needs],
        keys.versions((*TOOLS, *experiment.tools)),
        keys.arithmetic(),
    )


class ChangedError(RuntimeError):
    """만드는 동안 코드가 바뀌어 결과를 보관하지 않습니다."""


def check_unchanged(title: str, key: str, current: Callable[[], str]) -> None:
    """일을 맡길 때의 키가 지금도 그대로인지 확인합니다.

    Raises:
        ChangedError: 그 사이에 코드나 파일이 바뀌었을 때.
    """
    if current() != key:
        raise ChangedError(f"{title}: 만드는 동안 코드가 바뀌었습니다. 다시 빌드하세요")


def store() -> Store:
    """실험의 결과를 보관하는 곳입니다."""
    return Store(cache_folder("results"))


def missing() -> list[str]:
    """아직 돌리지 않은 실험의 이름입니다."""
    return [name for name in experiments() if store().find(name, key(name)) is None]


def run(name: str, ordered: Mapping[str, str], report: Report) -> None:
    """실험을 돌려, 일을 맡길 때 셈한 키(`ordered`)로 보관합니다. 이미 있으면 그대로 둡니다.

    Raises:
        ChangedError: 그 사이에 코드나 파일이 바뀌었을 때. 결과는 남지 않습니다.
    """
    experiment, key = experiments()[name], ordered[name]

    def write(folder: Path) -> None:
        check_unchanged(experiment.title, key, lambda: current_key(name))  # 읽은 코드가 맡긴 코드
        made = measured.inherited(name, key)
        wall, processor = time.perf_counter(), time.process_time()
        if made and experiment.alone:
            numbers, arrays = measured.whole(made)
        else:
            needs = {need: result(need, ordered[need]) for need in experiment.needs}
            numbers, arrays = checked(experiment.run(experiment, report, needs))
        times = (time.process_time() - processor, time.perf_counter() - wall)
        if made:
            numbers = measured.settled(numbers, made)
            times = (made["cpu_seconds"], made["wall_seconds"])
        record = Record(
            name, experiment.title, key, experiment.seed, experiment.steps, *times, dict(numbers)
        )
        # save는 배열의 메모리를 그대로 적으므로, 한 열만 본 배열은 값을 모아야 함
        whole = {name: np.asarray(array, order="C") for name, array in arrays.items()}
        (folder / ARRAYS).write_bytes(save(whole))
        (folder / RECORD).write_text(json.dumps(record._asdict(), ensure_ascii=False), "utf-8")
        check_unchanged(experiment.title, key, lambda: current_key(name))

    store().make(name, key, write)


def checked(result: Any) -> Result:
    """실험이 낸 것의 수를 페이지에 적을 수 있는지 확인합니다.

    Raises:
        TypeError: `Result`가 아니거나, 수가 파이썬의 정수, 실수, 글이 아닐 때.
    """
    if not isinstance(result, Result):
        raise TypeError(f"run은 Result(수, 배열)을 내야 합니다: 받은 값 {result!r:.60}")
    for name, value in result.numbers.items():
        if not isinstance(value, int | float | str):
            kind = type(value).__name__
            raise TypeError(
                f"수 {name}은(는) int, float, str 가운데 하나여야 합니다: 받은 값 {kind}"
            )
    return result


def load(name: str) -> Record:
    """보관한 기록을 읽습니다. 제목은 키에 들지 않으므로 지금의 것입니다.

    Raises:
        FileNotFoundError: 아직 돌리지 않았을 때.
    """
    stored = json.loads((_whole(store().root, name, key(name)) / RECORD).read_text("utf-8"))
    return Record(**{**stored, "title": experiments()[name].title})


def result(name: str, key_ordered: str | None = None) -> Result:
    """보관한 수와 배열을 읽습니다. 일을 맡길 때의 키가 없으면 이 프로세스가 셈한 키를 씁니다."""
    folder = _whole(store().root, name, key_ordered or key(name))
    stored = json.loads((folder / RECORD).read_text("utf-8"))
    return Result(stored["numbers"], load_file(folder / ARRAYS))


def numbers(record: Record) -> Mapping[str, Any]:
    """페이지가 인용할 수 있는 수입니다: 실험의 수와 시드, 스텝, 시간."""
    times = {"cpu_seconds": record.cpu_seconds, "wall_seconds": record.wall_seconds}
    return {"seed": record.seed, "steps": record.steps, **times, **record.numbers}


@cache
def _whole(root: Path, name: str, key: str) -> Path:
    # 파일의 sha256은 프로세스마다 한 번만 확인
    folder = Store(root).find(name, key)
    if folder is None:
        raise FileNotFoundError(
            f"실험 {name}의 결과가 없습니다: python -m gan_docs.site가 만듭니다"
        )
    return folder
