"""여러 빌드가 한꺼번에 돌고, 아무 때나 끊기고, 낯선 자리에서 돌아도 결과는 하나입니다."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import filelock
import pytest
from toy import Toy, digests, leftovers

from gan_docs.site.make import store

DATE = {"SOURCE_DATE_EPOCH": "1566259200"}
ONCE = {"first": 1, "second": 1, "third": 1, "clock": 1}
KILLS = 20
KILLS_IN_A_ROUND = 5
LOCK = 'with filelock.FileLock(place / f"{key}.lock"):'
GUARD = """
import sys

LOCAL = ("127.0.0.1", "localhost", "::1")


def watch(event, arguments):
    if event == "socket.getaddrinfo" and arguments[0] not in (None, *LOCAL):
        raise PermissionError(f"바깥에 물었습니다: {arguments[0]}")
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        if arguments[1][0] not in LOCAL:
            raise PermissionError(f"바깥에 물었습니다: {arguments[1]}")


sys.addaudithook(watch)
"""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    """아무 일 없이 빌드한 사이트입니다."""
    base = tmp_path_factory.mktemp("undisturbed")
    toy = Toy(base / "site", base / "cache", base / "log")
    done = toy.make(**DATE)
    assert done.returncode == 0, done.stdout
    assert toy.trained() == ONCE
    return toy


@pytest.fixture
def measured(undisturbed: Toy) -> dict[str, str]:
    """시간은 아무 일 없던 빌드가 잰 것을 쓰게 하는 환경 변수입니다."""
    return {**DATE, "GAN_DOCS_MEASURED": str(undisturbed.site / "build.json")}


def together(tmp_path: Path, count: int, flaw: str | None = None) -> list[Toy]:
    """빈 보관 폴더 하나를 함께 쓰는 빌드 여럿을 한꺼번에 돌립니다."""
    toys = [
        Toy(tmp_path / f"site{number}", tmp_path / "cache", tmp_path / "log", 4.0)
        for number in range(count)
    ]
    for toy in toys:
        if flaw:
            toy.edit("site/store.py", LOCK, flaw)
    processes = [toy.start(**DATE) for toy in toys]
    said = [process.communicate()[0] for process in processes]
    for process, words in zip(processes, said, strict=True):
        assert process.returncode == 0, words
    return toys


@pytest.mark.parametrize("count", [2, 4])
def test_builds_at_once_train_each_experiment_once(tmp_path: Path, count: int) -> None:
    toys = together(tmp_path, count)
    assert toys[0].trained() == ONCE
    sites = [digests(toy.site) for toy in toys]
    assert len(sites[0]) > 50
    assert all(site == sites[0] for site in sites)
    assert leftovers(tmp_path / "cache") == []


def test_without_the_lock_experiments_are_trained_twice(tmp_path: Path) -> None:
    toys = together(tmp_path, 2, "if True:")
    assert toys[0].trained()["first"] == 2


class Killer:
    """빌드를 시작하고, 정해지지 않은 때에 죽입니다."""

    def __init__(self, seed: int, longest: float) -> None:
        self.random, self.longest, self.kills = random.Random(seed), longest, 0

    def disturb(self, toys: list[Toy], environment: dict[str, str]) -> None:
        """빌드를 모두 시작하고 저마다 다른 때에 죽입니다."""
        started = time.monotonic()
        moments = sorted(self.random.uniform(0.1, self.longest) for _ in toys)
        processes = [toy.start(**environment) for toy in toys]
        for process, moment in zip(processes, moments, strict=True):
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, moment - time.monotonic() + started))
            if process.poll() is None:
                self.kills += 1
                alone = self.random.random() < 0.3  # 가끔은 낳은 프로세스를 남겨 둠
                (os.kill if alone else os.killpg)(process.pid, signal.SIGKILL)
                process.wait()
        for process in processes:
            bury(process)
            process.communicate()


def bury(process: subprocess.Popen[str]) -> None:
    """빌드가 남긴 프로세스를 모두 죽이고, 사라질 때까지 기다립니다."""
    with suppress(ProcessLookupError):
        while True:
            os.killpg(process.pid, signal.SIGKILL)
            time.sleep(0.02)


def age(cache: Path) -> None:
    """한 시간 뒤의 빌드인 것처럼, 남은 파일의 때를 되돌립니다."""
    for name in leftovers(cache):
        if Path(name).is_file():
            age_file(Path(name))


def age_file(file: Path) -> None:
    then = time.time() - 2 * store.OLD_SECONDS
    os.utime(file, (then, then))


@pytest.mark.timeout(1800)
def test_a_build_after_kills_equals_an_undisturbed_one(
    tmp_path: Path, undisturbed: Toy, measured: dict[str, str]
) -> None:
    wanted = digests(undisturbed.site)
    started = time.monotonic()
    calm = Toy(tmp_path / "calm", tmp_path / "calm cache", tmp_path / "calm log")
    assert calm.make(**measured).returncode == 0
    killer = Killer(7, time.monotonic() - started)
    rounds = 0
    while killer.kills < KILLS:
        rounds += 1
        base = tmp_path / str(rounds)
        toys = [Toy(base / name, base / "cache", base / "log") for name in ("one", "two")]
        before = killer.kills
        while killer.kills < before + KILLS_IN_A_ROUND:
            killer.disturb(toys, measured)
        age(base / "cache")
        done = toys[0].make(**measured)
        assert done.returncode == 0, done.stdout
        assert digests(toys[0].site) == wanted
        assert leftovers(base / "cache") == []
    assert rounds == KILLS // KILLS_IN_A_ROUND


@pytest.fixture
def cut(tmp_path: Path) -> Callable[..., Toy]:
    """첫 실험이 도는 동안 죽은 빌드입니다. 반쯤 쓴 것이 남아 있습니다."""

    def cut(*edits: tuple[str, str, str]) -> Toy:
        toy = Toy(tmp_path / "site", tmp_path / "cache", tmp_path / "log", 20.0)
        for edit in edits:
            toy.edit(*edit)
        process = toy.start(**DATE)
        while toy.trained().total() < 2:
            assert process.poll() is None
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        bury(process)
        assert [Path(name).name[:8] for name in leftovers(toy.cache)][:1] == [".making-"]
        toy.seconds = 0.3
        return toy

    return cut


def test_the_next_build_clears_what_a_killed_one_left(cut: Callable[..., Toy]) -> None:
    toy = cut()
    done = toy.make(**DATE)
    assert done.returncode == 0, done.stdout
    assert leftovers(toy.cache) == []
    assert toy.trained()["first"] == 2  # 끝나지 않은 것은 처음부터 다시


def test_leftovers_that_nobody_clears_are_seen(cut: Callable[..., Toy]) -> None:
    toy = cut(
        ("site/build.py", "    sweep(prepare_cache())\n", ""),
        ("site/html/book.py", "sweep(prepare_cache())", "prepare_cache()"),
    )
    assert toy.make(**DATE).returncode == 0
    assert leftovers(toy.cache)


def test_what_another_build_is_making_is_left(tmp_path: Path) -> None:
    place = tmp_path / "results" / "first"
    unfinished = place / ".making-abc-1"
    unfinished.mkdir(parents=True)
    young, old = place.parent / ".young.txt", place.parent / ".old.txt"
    for file in (young, old):
        file.touch()
    age_file(old)
    with filelock.FileLock(place / "abc.lock"):
        store.sweep(tmp_path)
        assert unfinished.is_dir()
    assert young.exists() and not old.exists()
    store.sweep(tmp_path)
    assert not unfinished.exists()


def alive(process: subprocess.Popen[str]) -> bool:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 0)
        return True
    return False


@pytest.mark.parametrize("followed", [True, False])
def test_a_killed_build_leaves_no_process_behind(tmp_path: Path, followed: bool) -> None:
    toy = Toy(tmp_path / "site", tmp_path / "cache", tmp_path / "log", 20.0)
    if not followed:
        start = "    threading.Thread(target=follow, daemon=True).start()\n"
        toy.edit("site/build.py", start, "    assert follow\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "gan_docs.site"], cwd=toy.folder, env=toy.environment(),
        stderr=subprocess.DEVNULL, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    while toy.trained().total() < 2:
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    end = time.monotonic() + (20 if followed else 3)
    while alive(process) and time.monotonic() < end:
        time.sleep(0.05)
    left = alive(process)
    bury(process)
    assert left is not followed


def cut_short(folder: Path) -> None:
    file = folder / "arrays.safetensors"
    file.write_bytes(file.read_bytes()[:-1])


def lost(folder: Path) -> None:
    (folder / "record.json").unlink()


def without_sums(folder: Path) -> None:
    (folder / "checksums.json").write_text("{}", "utf-8")


def other_sums(folder: Path) -> None:
    (folder / "checksums.json").write_text("[1]", "utf-8")


def became_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("폴더가 아님", "utf-8")


@pytest.fixture(scope="module")
def damaged_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toy]:
    base = tmp_path_factory.mktemp("damaged")
    toy = Toy(base / "site", base / "cache", base / "log", 0.3)
    assert toy.make(**DATE).returncode == 0
    yield toy


@pytest.mark.parametrize("damage", [cut_short, lost, without_sums, other_sums, became_a_file])
def test_only_a_damaged_result_is_made_again(
    damaged_once: Toy, damage: Callable[[Path], None]
) -> None:
    toy = damaged_once
    before = toy.trained()
    site = digests(toy.site)
    (folder,) = (each for each in (toy.cache / "results" / "second").iterdir() if each.is_dir())
    damage(folder)
    done = toy.make(**DATE)
    assert done.returncode == 0, done.stdout
    assert toy.trained() - before == {"second": 1}
    changed = {name for name, value in digests(toy.site).items() if site[name] != value}
    assert changed <= {"build.json", "build/index.html", "search/search_index.json"}  # 걸린 시간


def test_a_build_with_nothing_to_train_clears_too(damaged_once: Toy) -> None:
    toy = damaged_once
    (toy.cache / "outputs" / "stdout" / ".making-abc-1").mkdir()
    assert toy.make(**DATE).returncode == 0
    assert leftovers(toy.cache) == []


def nowhere(place: Path) -> dict[str, str]:
    return {}


def no_home(place: Path) -> dict[str, str]:
    return {"HOME": ""}


def closed_home(place: Path) -> dict[str, str]:
    return {"HOME": "/proc"}


def no_network(place: Path) -> dict[str, str]:
    (place / "guard").mkdir()
    (place / "guard" / "sitecustomize.py").write_text(GUARD, "utf-8")
    return {"PYTHONPATH": str(place / "guard")}


@pytest.mark.parametrize("strange", [nowhere, no_home, closed_home, no_network])
def test_a_strange_place_builds_the_same_site(
    strange: Callable[[Path], dict[str, str]],
    tmp_path: Path,
    undisturbed: Toy,
    measured: dict[str, str],
) -> None:
    toy = Toy(tmp_path / "빈칸과 한글 folder", tmp_path / "보관 cache", tmp_path / "log", 0.3)
    done = toy.make(**measured, **strange(tmp_path))
    assert done.returncode == 0, done.stdout
    assert digests(toy.site) == digests(undisturbed.site)


def test_a_notebook_runs_where_the_home_is_closed(tmp_path: Path) -> None:
    toy = Toy(tmp_path / "site", tmp_path / "cache", tmp_path / "log", 0.3)
    toy.notebook("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    done = toy.make(**DATE, **closed_home(tmp_path))
    assert done.returncode == 0, done.stdout
    assert len(list((toy.site / "assets" / "notebook").glob("*.png"))) == 1


def test_a_build_that_asks_the_network_is_seen(tmp_path: Path) -> None:
    environment = {**os.environ, **no_network(tmp_path)}
    ask = "import urllib.request; urllib.request.urlopen('http://gan.example')"
    done = subprocess.run(
        [sys.executable, "-c", ask], env=environment, capture_output=True, encoding="utf-8"
    )
    assert "바깥에 물었습니다: gan.example" in done.stderr
