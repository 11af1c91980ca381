"""여러 빌드가 한꺼번에 돌거나 아무 때나 끊겨도 결과는 하나이고, 반쪽은 남지 않습니다."""

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from reduced import ended
from toy import DATED, Toy, digests, leftovers

from gan_docs.site.make import store

ONCE = {"first": 1, "second": 1, "third": 1, "clock": 1}
LOCK = 'with filelock.FileLock(place / f"{key}.lock"):'
FOLLOW = "    threading.Thread(target=follow, daemon=True).start()\n"
LONGEST = 6.0  # 온전한 빌드가 걸릴 만큼의 초


@pytest.mark.parametrize("count", [2, pytest.param(4, marks=pytest.mark.wide)])
def test_builds_at_once_train_each_experiment_once(
    tmp_path: Path, undisturbed: Toy, count: int
) -> None:
    toys = [Toy(tmp_path / f"site{number}", 2.0) for number in range(count)]
    toys[0].borrow(undisturbed)  # 보관하는 폴더는 함께 씀
    processes = [toy.start(**DATED) for toy in toys]
    for done in [ended(process) for process in processes]:
        assert done.returncode == 0, done.stdout
    assert toys[0].trained() == ONCE
    sites = [digests(toy.site) for toy in toys]
    assert len(sites[0]) > 50
    assert all(site == sites[0] for site in sites)
    assert leftovers(tmp_path / "cache") == []


def test_without_the_lock_experiments_are_trained_twice(tmp_path: Path) -> None:
    toys = [Toy(tmp_path / name, 20.0).only("first") for name in ("one", "two")]
    for toy in toys:
        toy.edit("site/make/store.py", LOCK, "if True:")
    processes = [toy.start_training() for toy in toys]
    while toys[0].trained()["first"] < 2:
        assert all(process.poll() is None for process in processes)
        time.sleep(0.02)
    for process in processes:
        bury(process)


def disturb(toys: list[Toy], environment: dict[str, str], luck: random.Random) -> int:
    """빌드를 모두 시작하고 저마다 다른 때에 죽입니다. 죽인 수를 돌려줍니다."""
    started, kills = time.monotonic(), 0
    moments = sorted(luck.uniform(0.1, LONGEST) for _ in toys)
    processes = [toy.start(**environment) for toy in toys]
    for process, moment in zip(processes, moments, strict=True):
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, moment - time.monotonic() + started))
        if process.poll() is None:
            kills += 1
            alone = luck.random() < 0.3  # 가끔은 낳은 프로세스를 남겨 둠
            (os.kill if alone else os.killpg)(process.pid, signal.SIGKILL)
            process.wait()
    for process in processes:
        bury(process)
    return kills


def bury(process: subprocess.Popen[str]) -> None:
    """빌드와 그것이 남긴 프로세스를 모두 죽이고, 사라질 때까지 기다립니다."""
    with suppress(ProcessLookupError):
        while True:
            os.killpg(process.pid, signal.SIGKILL)
            process.poll()
            time.sleep(0.02)
    process.communicate()


def age(cache: Path) -> None:
    """한 시간 뒤의 빌드인 것처럼, 남은 파일의 때를 되돌립니다."""
    then = time.time() - 2 * store.OLD_SECONDS
    for file in map(Path, leftovers(cache)):
        if file.is_file():
            os.utime(file, (then, then))


@pytest.mark.timeout(1800)
def test_a_build_after_kills_equals_an_undisturbed_one(
    tmp_path: Path, undisturbed: Toy, wide: bool
) -> None:
    assert undisturbed.trained() == ONCE
    record = str(undisturbed.site / "build.json")
    measured = {**DATED, "GAN_DOCS_MEASURED": record, "HOME": ""}
    luck = random.Random(7)
    for number in range(4 if wide else 1):
        base = tmp_path / str(number)
        toys = [Toy(base / name) for name in ("one", "two")]
        toys[0].borrow(undisturbed)
        for toy in toys:
            toy.notebook()
        kills = 0
        while kills < (5 if wide else 3):
            kills += disturb(toys, measured, luck)
        age(base / "cache")
        done = toys[0].build(**measured)
        assert done.returncode == 0, done.stdout
        assert digests(toys[0].site) == digests(undisturbed.site)
        assert leftovers(base / "cache") == []


def alive(process: subprocess.Popen[str]) -> bool:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 0)
        return True
    return False


@pytest.mark.parametrize("whole", [True, pytest.param(False, marks=pytest.mark.wide)])
def test_a_killed_build_leaves_no_process_and_the_next_build_clears_the_rest(
    tmp_path: Path, whole: bool
) -> None:
    toy = Toy(tmp_path / "site", 20.0).only("first")
    if not whole:
        toy.edit("site/make/schedule.py", FOLLOW, "    assert follow\n")
        toy.edit("site/make/schedule.py", "sweep(prepare_cache())", "prepare_cache()")
    process = toy.until("first", toy.start_training())
    process.kill()
    process.wait()
    end = time.monotonic() + (20 if whole else 1)
    while alive(process) and time.monotonic() < end:
        time.sleep(0.05)
    left = alive(process)
    bury(process)
    assert left is not whole
    assert [Path(name).name[:8] for name in leftovers(toy.cache)][:1] == [".making-"]
    toy.seconds = 0.3
    assert toy.train().returncode == 0
    assert toy.trained()["first"] == 2  # 끝나지 않은 것은 처음부터 다시
    assert (leftovers(toy.cache) == []) is whole
