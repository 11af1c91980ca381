"""같은 커밋, 같은 날짜, 같은 잰 시간이면 어디에서 빌드하든 한 바이트도 다르지 않습니다."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from toy import Toy, digests

DATE = {"SOURCE_DATE_EPOCH": "1566259200", "GAN_DOCS_SITE_URL": "https://gan.example/"}
HERE = {"PYTHONHASHSEED": "1", "TZ": "Asia/Seoul", "LC_ALL": "C.UTF-8"}
THERE = {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "POSIX"}
NOTEBOOK = """import matplotlib.pyplot as plt
from gan_docs.palette import style
with style():
    plt.figure(figsize=(3, 2))
    plt.plot([1, 3, 2])
    plt.title('제목')
    plt.show()"""
TIMED = {"build.json", "build/index.html", "index.html"}  # 잰 시간을 적은 파일


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def built(folder: Path, environment: Mapping[str, str], mask: int = 0o022, **page: str) -> Toy:
    """빈 보관 폴더에서 빌드한 작은 사이트입니다."""
    with umask(mask):
        toy = Toy(folder, folder.parent / f"{folder.name} cache", folder.parent / "log", 0.3)
        toy.notebook(NOTEBOOK)
        for name, body in page.items():
            toy.write(f"{name}.md", body)
        done = toy.make(**DATE | environment)
    assert done.returncode == 0, done.stdout
    return toy


def different(one: Toy, other: Toy) -> set[str]:
    """두 사이트에서 한쪽에만 있거나 내용이 다른 파일입니다."""
    first, second = digests(one.site), digests(other.site)
    assert len(first) > 50
    return {name for name in first | second if first.get(name) != second.get(name)}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    return built(tmp_path_factory.mktemp("here") / "site", HERE)


def test_two_clean_builds_are_the_same_to_the_byte(here: Toy, tmp_path: Path) -> None:
    measured = {"GAN_DOCS_MEASURED": str(here.site / "build.json")}
    there = built(tmp_path / "다른 자리 there", THERE | measured, 0o077)
    assert different(here, there) == set()
    assert there.trained() == {"first": 1, "second": 1, "third": 1}  # 시계만 다시 재지 않음
    again = built(tmp_path / "again", THERE | measured | {"SOURCE_DATE_EPOCH": "1700000000"})
    assert "sitemap.xml" in different(here, again)  # 날짜가 다르면 알아챔


def test_only_measured_times_differ_when_measured_again(here: Toy, tmp_path: Path) -> None:
    there = built(tmp_path / "there", THERE)
    found = different(here, there)
    assert found >= TIMED
    rest = {
        name for name in found - TIMED if not name.startswith(("assets/figures/clock", "search/"))
    }
    assert not {name for name in rest if not name.startswith("assets/share/")}
    experiments = [
        json.loads((toy.site / "build.json").read_text("utf-8"))["experiments"]
        for toy in (here, there)
    ]
    for one, other in zip(*experiments, strict=True):
        assert one["key"] == other["key"]
        assert one["numbers"]["seconds"] != other["numbers"]["seconds"]
        assert one["numbers"]["mean"] == other["numbers"]["mean"]


def test_an_order_that_hangs_on_the_hash_seed_is_seen(tmp_path: Path) -> None:
    page = "# 쪽\n\n```python\nprint(set('가나다라마바사'))\n```\n\n```output\n```\n"
    one = built(tmp_path / "one", HERE, flaw=page)
    measured = {"GAN_DOCS_MEASURED": str(one.site / "build.json")}
    other = built(tmp_path / "other", THERE | measured, flaw=page)
    assert "flaw/index.html" in different(one, other)
