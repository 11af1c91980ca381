"""같은 커밋, 같은 날짜, 같은 잰 시간이면 어디에서 빌드하든 한 바이트도 다르지 않습니다."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from toy import Toy, digests

from gan_docs.site.make import store

THERE = {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "POSIX"}
SETTINGS = '    os.environ["MPLCONFIGDIR"] = str(root.absolute() / "matplotlib")\n'
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


def different(one: Toy, other: Toy) -> set[str]:
    """두 사이트에서 한쪽에만 있거나 내용이 다른 파일입니다."""
    first, second = digests(one.site), digests(other.site)
    assert len(first) > 50
    return {name for name in first | second if first.get(name) != second.get(name)}


def home(place: Path) -> Path:
    """그림을 다르게 그리게 하는 설정이 든 홈 폴더입니다."""
    settings = {
        ".config/matplotlib/matplotlibrc": "lines.linewidth: 9\n",
        ".ipython/profile_default/startup/wide.py": (
            "import matplotlib\nmatplotlib.rcParams['lines.linewidth'] = 9\n"
        ),
    }
    for name, text in settings.items():
        (place / name).parent.mkdir(parents=True)
        (place / name).write_text(text, "utf-8")
    return place


def guarded(place: Path) -> str:
    """바깥에 물으면 멈추는 파이썬의 폴더입니다."""
    place.mkdir()
    (place / "sitecustomize.py").write_text(GUARD, "utf-8")
    return str(place)


def test_a_build_far_away_is_the_same_to_the_byte(undisturbed: Toy, tmp_path: Path) -> None:
    strange = {"HOME": str(home(tmp_path)), "PYTHONPATH": guarded(tmp_path / "guard")}
    measured = {"GAN_DOCS_MEASURED": str(undisturbed.site / "build.json")}
    before = os.umask(0o077)
    toy = Toy(tmp_path / "빈칸과 한글 folder" / "site", 0.3)
    there = toy.publish(**THERE, **measured, **strange)
    os.umask(before)
    assert different(undisturbed, there) == set()
    assert there.trained() == {"first": 1, "second": 1, "third": 1}  # 시계만 다시 재지 않음


def test_a_build_that_asks_the_network_is_seen(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": guarded(tmp_path / "guard")}
    ask = "import urllib.request; urllib.request.urlopen('http://gan.example')"
    done = subprocess.run(
        [sys.executable, "-c", ask], env=environment, capture_output=True, encoding="utf-8"
    )
    assert "바깥에 물었습니다: gan.example" in done.stderr


@pytest.mark.wide  # 견주는 눈의 시험이라 넓게 볼 때에만
def test_what_hangs_on_the_date_or_the_home_is_seen(undisturbed: Toy, tmp_path: Path) -> None:
    toy = Toy(tmp_path / "other").borrow(undisturbed, "results", "figures", "outputs")
    toy.edit("site/make/storage.py", SETTINGS, "")
    other_date = {"SOURCE_DATE_EPOCH": "1700000000", "HOME": str(home(tmp_path))}
    found = different(undisturbed, toy.publish(**THERE, **other_date))
    assert "sitemap.xml" in found
    assert len([name for name in found if name.startswith("assets/notebook/")]) == 2


def unsealed(cache: Path) -> set[str]:
    """내용의 sha256과 함께 있지 않은 보관한 것의 갈래입니다. 수식은 온전히 쓴 낱낱의 파일입니다."""
    kept = [file for file in cache.rglob("*") if file.is_file() and file.suffix != ".lock"]
    loose = [file for file in kept if not (file.parent / store.CHECKSUMS).is_file()]
    return {file.relative_to(cache).parts[0] for file in loose} - {"formulas", "matplotlib"}


def test_everything_kept_has_its_sums(undisturbed: Toy, tmp_path: Path) -> None:
    cache = shutil.copytree(undisturbed.cache, tmp_path / "cache")
    assert {"results", "figures", "outputs", "notebooks", "fonts"} <= set(os.listdir(cache))
    assert unsealed(cache) == set()
    (cache / "fonts/loose").touch()
    assert unsealed(cache) == {"fonts"}


COUNTS, PINS = "    numbers = {", '    os.environ["OMP_NUM_THREADS"] = str(THREADS)\n'


@pytest.mark.parametrize("pinned", [True, pytest.param(False, marks=pytest.mark.wide)])
def test_an_experiment_counts_with_one_thread_whatever_the_shell_says(
    tmp_path: Path, pinned: bool
) -> None:
    toy = Toy(tmp_path / "site", 0.1).only("first")
    threads = f'{COUNTS}"threads": __import__("torch").get_num_threads(), '
    toy.edit("experiments/first.py", COUNTS, threads)
    if not pinned:
        toy.edit("site/make/schedule.py", PINS, "")
    done = toy.train(OMP_NUM_THREADS="2")
    assert done.returncode == 0, done.stdout
    [record] = (toy.cache / "results/first").glob("*/record.json")
    assert json.loads(record.read_text("utf-8"))["numbers"]["threads"] == (1 if pinned else 2)
