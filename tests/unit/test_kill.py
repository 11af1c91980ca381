"""어느 순간에 `kill -9`를 받아도, 이어 하면 멈추지 않은 학습과 한 바이트도 다르지 않습니다.

순간은 파이썬이 함수를 부르거나 마친 횟수로 셉니다. C 함수(쓰기, fsync, 이름 바꾸기)도 셉니다.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

import pytest
import torch
from forks import asked, ended, start
from learners import make
from tqdm import tqdm

from gan_docs import Trainer
from gan_docs.saving import checkpoint
from gan_docs.saving.weights import HISTORY, WEIGHTS

pytestmark = pytest.mark.slow

CHECKPOINTS = (checkpoint.NEWEST, checkpoint.PREVIOUS)
FILES = (*CHECKPOINTS, WEIGHTS, HISTORY)
FEW, MANY = (2, 3, 1), (40, 40, 20)  # 학습하다, 저장하다, 아무 때나. 많은 쪽은 --all


def run(folder: Path, begin: Callable[[], None] = lambda: None) -> None:
    """체크포인트가 있으면 이어서, 끝까지 학습하고 저장합니다."""
    torch.set_num_threads(1)
    tqdm.set_lock(threading.RLock())  # 죽은 프로세스의 세마포어가 남지 않도록
    trainer = make(steps=24)
    if checkpoint.exists(folder):
        trainer.resume(folder)

    def watch(trainer: Trainer) -> None:
        if len(trainer.history) % 3 == 0:
            trainer.save_checkpoint(folder)

    begin()
    trainer.train(progress=False, on_step=watch)
    trainer.save(folder)


@contextmanager
def counted(at: int = 0) -> Iterator[list[bool]]:
    """부르고 마칠 때마다 세고, `at`번째에 스스로 죽습니다. 순간마다 저장 중인지를 적습니다."""
    moments: list[bool] = []
    saving, watched = 0, checkpoint.write.__code__

    def watch(frame: FrameType, event: str, argument: object) -> None:
        nonlocal saving
        if event in ("call", "return") and frame.f_code is watched:
            saving += 1 if event == "call" else -1
        moments.append(saving > 0)
        if len(moments) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)
    try:
        yield moments
    finally:
        sys.setprofile(None)


def write_in_place(folder: Path, one: checkpoint.Snapshot) -> Path:
    """다른 이름을 거치지 않고 제자리에 쓰다가 죽는, 고장 난 저장입니다."""
    content = checkpoint.encode(one)
    (folder / checkpoint.NEWEST).write_bytes(content[: len(content) // 2])
    os.kill(os.getpid(), signal.SIGKILL)
    return folder


def measure(folder: Path, answer: Connection) -> None:
    """끝까지 가며 순간마다 저장 중인지를 답합니다."""
    with counted() as moments:
        run(folder)
    answer.send(moments)


def die(folder: Path, at: int) -> None:
    with counted(at):
        run(folder)


def die_writing_in_place(folder: Path) -> None:
    checkpoint.write = write_in_place
    run(folder)


def tell(folder: Path, answer: Connection) -> None:
    """첫 스텝 직전에 알립니다: 부른 쪽이 아무 때나 죽입니다."""
    run(folder, lambda: answer.send(True))


def contents(folder: Path) -> dict[str, object]:
    """파일들의 내용입니다. safetensors가 머리말에 늘어놓는 차례만은 부를 때마다 다릅니다."""
    found: dict[str, object] = {name: (folder / name).read_bytes() for name in FILES}
    weights = (folder / WEIGHTS).read_bytes()
    end = 8 + int.from_bytes(weights[:8], "little")
    return {**found, WEIGHTS: (json.loads(weights[8:end]), weights[end:])}


def damaged(folder: Path) -> list[str]:
    """있는 체크포인트 가운데 읽지 못하는 것입니다."""
    found = [folder / name for name in CHECKPOINTS if (folder / name).exists()]
    return [said for file in found if (said := checkpoint.problem(file)) is not None]


def moments(folder: Path) -> list[bool]:
    """방해받지 않고 끝까지 간 프로세스의 순간마다, 저장 중이었는지입니다."""
    process, answer = asked(measure, folder)
    assert answer.poll(60)
    found: list[bool] = answer.recv()
    assert ended(process) == 0
    return found


def killed_by_count(folder: Path, at: int) -> None:
    assert ended(start(die, folder, at)) == -signal.SIGKILL


def killed_by_clock(folder: Path, seconds: float) -> None:
    """첫 스텝에서 `seconds`초 뒤에 죽입니다. 그 전에 끝났으면 더 일찍 다시 죽입니다."""
    process, answer = asked(tell, folder)
    assert answer.poll(60)
    time.sleep(seconds)
    process.kill()
    if ended(process) == 0:
        for file in folder.iterdir():
            file.unlink()
        killed_by_clock(folder, seconds / 2)


def test_killed_runs_end_as_if_nothing_happened(tmp_path: Path, wide: bool) -> None:
    seen = moments(tmp_path / "whole")
    whole, last = contents(tmp_path / "whole"), int(0.98 * len(seen))
    training = [place for place, saving in enumerate(seen[:last], 1) if not saving]
    saving = [place for place, saving in enumerate(seen[:last], 1) if saving]
    chance, (some, others, rest) = random.Random(0), MANY if wide else FEW
    counts = chance.sample(training, some) + chance.sample(saving, others)
    kills = [partial(killed_by_count, at=at) for at in counts]
    kills += [partial(killed_by_clock, seconds=0.1 * chance.random()) for _ in range(rest)]
    from_the_middle = 0
    for number, kill in enumerate(kills):
        folder = tmp_path / str(number)
        folder.mkdir()
        kill(folder)
        assert damaged(folder) == []
        from_the_middle += checkpoint.exists(folder)
        assert ended(start(run, folder)) == 0
        assert contents(folder) == whole, f"{number}번째 죽음"
        assert sorted(file.name for file in folder.iterdir()) == sorted(FILES)
    assert from_the_middle > (70 if wide else 2)


def test_a_save_that_writes_in_place_is_caught(tmp_path: Path) -> None:
    """제자리에 바로 쓰는 저장은 쓰다가 죽으면 반쪽을 남깁니다."""
    assert ended(start(die_writing_in_place, tmp_path)) == -signal.SIGKILL
    assert damaged(tmp_path)
