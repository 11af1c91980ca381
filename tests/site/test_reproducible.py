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
from gan_docs.drawing.palette import style
with style():
    plt.figure(figsize=(3, 2))
    plt.plot([1, 3, 2])
    plt.title('제목')
    plt.show()"""
TIMED = {  # 잰 시간을 적은 파일
    "build.json",
    "build/index.html",
    "index.html",
    "notebooks/index-executed.ipynb",
    "notebooks/index.ipynb",
    "search/search_index.json",
}
SETTINGS = '    os.environ["MPLCONFIGDIR"] = str(root.absolute() / "matplotlib")\n'


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def built(
    folder: Path,
    environment: Mapping[str, str],
    mask: int = 0o022,
    flaws: tuple[tuple[str, str, str], ...] = (),
    **page: str,
) -> Toy:
    """빈 보관 폴더에서 빌드한 작은 사이트입니다."""
    with umask(mask):
        toy = Toy(folder, folder.parent / f"{folder.name} cache", folder.parent / "log", 0.3)
        toy.notebook(NOTEBOOK)
        for flaw in flaws:
            toy.edit(*flaw)
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


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    return built(tmp_path_factory.mktemp("here") / "site", HERE)


def test_two_clean_builds_are_the_same_to_the_byte(here: Toy, tmp_path: Path) -> None:
    measured = {"GAN_DOCS_MEASURED": str(here.site / "build.json"), "HOME": str(home(tmp_path))}
    there = built(tmp_path / "다른 자리 there", THERE | measured, 0o077)
    assert different(here, there) == set()
    assert there.trained() == {"first": 1, "second": 1, "third": 1}  # 시계만 다시 재지 않음
    again = built(tmp_path / "again", THERE | measured | {"SOURCE_DATE_EPOCH": "1700000000"})
    assert "sitemap.xml" in different(here, again)  # 날짜가 다르면 알아챔


def test_only_measured_times_differ_when_measured_again(here: Toy, tmp_path: Path) -> None:
    there = built(tmp_path / "there", THERE)
    assert different(here, there) == TIMED
    experiments = [
        json.loads((toy.site / "build.json").read_text("utf-8"))["experiments"]
        for toy in (here, there)
    ]
    for one, other in zip(*experiments, strict=True):
        assert one["key"] == other["key"]
        assert one["numbers"]["seconds"] != other["numbers"]["seconds"]
        assert one["numbers"]["mean"] == other["numbers"]["mean"]


def test_what_hangs_on_the_hash_seed_or_the_home_is_seen(tmp_path: Path) -> None:
    page = "# 페이지\n\n```python\nprint(set('가나다라마바사'))\n```\n\n```output\n```\n"
    one = built(tmp_path / "one", HERE, flaw=page)
    measured = {"GAN_DOCS_MEASURED": str(one.site / "build.json"), "HOME": str(home(tmp_path))}
    flaws = (("site/storage.py", SETTINGS, ""),)
    other = built(tmp_path / "other", THERE | measured, flaws=flaws, flaw=page)
    found = different(one, other)
    assert "flaw/index.html" in found
    assert len([name for name in found if name.startswith("assets/notebook/")]) == 2
