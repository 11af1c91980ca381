"""학습하는 프로세스를 정해진 순간에 죽입니다. `test_kill`이 부릅니다.

순간은 파이썬이 함수를 부르거나 마친 횟수로 셉니다. C 함수(쓰기, fsync, 이름 바꾸기)도 셉니다.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

import torch
from tqdm import tqdm

from gan_docs import GAN, Trainer, data
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.saving import checkpoint

STEPS, EVERY = 24, 3


def make() -> Trainer:
    torch.set_num_threads(1)
    tqdm.set_lock(threading.RLock())  # 죽은 프로세스의 세마포어가 남지 않도록
    torch.manual_seed(0)
    gan = GAN(PointDiscriminator(4, 1), PointGenerator(4, 1))
    return Trainer(gan, data.ring(), steps=STEPS, batch_size=4, seed=1)


def run(folder: Path, begin: Callable[[], None] = lambda: None) -> None:
    """체크포인트가 있으면 이어서, 끝까지 학습하고 저장합니다."""
    trainer = make()
    if checkpoint.exists(folder):
        trainer.resume(folder)

    def watch(trainer: Trainer) -> None:
        if len(trainer.history) % EVERY == 0:
            trainer.save_checkpoint(folder)

    begin()
    trainer.train(progress=False, on_step=watch)
    trainer.save(folder)


@contextmanager
def counted(at: int = 0) -> Iterator[list[tuple[int, bool]]]:
    """부르고 마칠 때마다 세고, `at`번째에 스스로 죽습니다. 그 순간이 저장 중인지도 적습니다."""
    moments: list[tuple[int, bool]] = []
    saving, count = 0, 0

    def watch(frame: FrameType, event: str, argument: object) -> None:
        nonlocal saving, count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
        if event in ("call", "return") and frame.f_code is checkpoint.write.__code__:
            saving += 1 if event == "call" else -1
        if not at:
            moments.append((count, saving > 0))

    sys.setprofile(watch)
    try:
        yield moments
    finally:
        sys.setprofile(None)


def write_in_place(folder: Path, one: checkpoint.Snapshot) -> Path:
    """다른 이름을 거치지 않고 제자리에 두 번에 나누어 쓰는, 고장 난 저장입니다."""
    content, file = checkpoint.encode(one), folder / checkpoint.NEWEST
    folder.mkdir(exist_ok=True)
    with file.open("wb", buffering=0) as opened:
        opened.write(content[: len(content) // 2])
        opened.write(content[len(content) // 2 :])
    return file


def choose(in_place: bool) -> None:
    if in_place:
        checkpoint.write = write_in_place


def finish(folder: Path) -> None:
    run(folder)


def measure(folder: Path, answer: Connection, in_place: bool = False) -> None:
    """끝까지 가며 순간마다 저장 중인지를 답합니다."""
    choose(in_place)
    with counted() as moments:
        run(folder)
    answer.send([saving for _, saving in moments])


def die(folder: Path, at: int, in_place: bool = False) -> None:
    choose(in_place)
    with counted(at):
        run(folder)


def tell(folder: Path, answer: Connection) -> None:
    """첫 스텝 직전에 알립니다: 부른 쪽이 아무 때나 죽입니다."""
    run(folder, lambda: answer.send(True))
