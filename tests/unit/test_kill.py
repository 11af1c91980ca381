"""어느 순간에 `kill -9`를 받아도, 이어 하면 멈추지 않은 학습과 한 바이트도 다르지 않습니다."""

import json
import multiprocessing
import random
import signal
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import killing
import pytest

from gan_docs.saving import checkpoint
from gan_docs.saving.weights import HISTORY, WEIGHTS

pytestmark = pytest.mark.slow

FILES = (checkpoint.NEWEST, checkpoint.PREVIOUS, WEIGHTS, HISTORY)
FEW, MANY = (2, 3, 1), (40, 40, 20)  # 학습하다, 저장하다, 아무 때나. 많은 쪽은 --all


@pytest.fixture(scope="module")
def fork() -> Any:
    """torch를 한 번만 읽은 서버가 프로세스를 낳습니다."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["gan_docs.trainer", "gan_docs.points", "torch._dynamo"])
    return context


def start(fork: Any, function: Callable[..., None], *given: object) -> BaseProcess:
    process: BaseProcess = fork.Process(target=function, args=given, daemon=True)
    process.start()
    return process


def end(process: BaseProcess) -> int | None:
    process.join(60)
    return process.exitcode


def contents(folder: Path) -> dict[str, object]:
    """파일들의 내용입니다. safetensors가 머리말에 늘어놓는 차례만은 부를 때마다 다릅니다."""
    found: dict[str, object] = {name: (folder / name).read_bytes() for name in FILES}
    weights = (folder / WEIGHTS).read_bytes()
    end = 8 + int.from_bytes(weights[:8], "little")
    return {**found, WEIGHTS: (json.loads(weights[8:end]), weights[end:])}


def damaged(folder: Path) -> list[str]:
    """있는 체크포인트 가운데 읽지 못하는 것입니다."""
    names = (checkpoint.NEWEST, checkpoint.PREVIOUS)
    found = [folder / name for name in names if (folder / name).exists()]
    return [said for file in found if (said := checkpoint.problem(file)) is not None]


@pytest.fixture(scope="module")
def whole(fork: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("whole")
    assert end(start(fork, killing.finish, folder)) == 0
    return contents(folder)


@pytest.fixture(scope="module")
def moments(fork: Any, tmp_path_factory: pytest.TempPathFactory) -> list[bool]:
    """순간마다 저장 중인지입니다."""
    answer, ask = fork.Pipe(duplex=False)
    process = start(fork, killing.measure, tmp_path_factory.mktemp("moments"), ask)
    assert answer.poll(60)
    found: list[bool] = answer.recv()
    assert end(process) == 0
    return found


def killed_by_count(fork: Any, folder: Path, at: int, in_place: bool = False) -> None:
    assert end(start(fork, killing.die, folder, at, in_place)) == -signal.SIGKILL


def killed_by_clock(fork: Any, folder: Path, seconds: float) -> None:
    """첫 스텝에서 `seconds`초 뒤에 죽입니다. 그 전에 끝났으면 더 일찍 다시 죽입니다."""
    answer, ask = fork.Pipe(duplex=False)
    process = start(fork, killing.tell, folder, ask)
    assert answer.poll(60)
    time.sleep(seconds)
    process.kill()
    if end(process) == 0:
        for file in folder.iterdir():
            file.unlink()
        killed_by_clock(fork, folder, seconds / 2)


def test_killed_runs_end_as_if_nothing_happened(
    fork: Any, whole: dict[str, object], moments: list[bool], tmp_path: Path, wide: bool
) -> None:
    chance, numbers = random.Random(0), MANY if wide else FEW
    last = int(0.98 * len(moments))
    training = [place for place, saving in enumerate(moments[:last], 1) if not saving]
    saving = [place for place, saving in enumerate(moments[:last], 1) if saving]
    counts = chance.sample(training, numbers[0]) + chance.sample(saving, numbers[1])
    kills = [partial(killed_by_count, fork, at=at) for at in counts]
    kills += [
        partial(killed_by_clock, fork, seconds=0.1 * chance.random()) for _ in range(numbers[2])
    ]
    from_the_middle = 0
    for number, kill in enumerate(kills):
        folder = tmp_path / str(number)
        folder.mkdir()
        kill(folder=folder)
        assert damaged(folder) == []
        from_the_middle += checkpoint.exists(folder)
        assert end(start(fork, killing.finish, folder)) == 0
        assert contents(folder) == whole, f"{number}번째 죽음"
        assert sorted(file.name for file in folder.iterdir()) == sorted(FILES)
    assert from_the_middle > (70 if wide else 2)


def test_a_save_that_writes_in_place_is_caught(fork: Any, tmp_path: Path) -> None:
    """제자리에 바로 쓰는 저장은 쓰다가 죽으면 반쪽을 남깁니다."""
    answer, ask = fork.Pipe(duplex=False)
    process = start(fork, killing.measure, tmp_path / "whole", ask, True)
    assert answer.poll(60)
    saving = [place for place, saving in enumerate(answer.recv(), 1) if saving]
    assert end(process) == 0
    first_save = [place for after, place in enumerate(saving) if place - after == saving[0]]
    broken = 0
    for at in reversed(first_save[-50:]):  # 파일에 쓰는 순간은 저장의 끝에 있음
        folder = tmp_path / str(at)
        killed_by_count(fork, folder, at, True)
        if broken := len(damaged(folder)):
            break
    assert broken
