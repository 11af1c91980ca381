"""한 번만 빌드하는 사이트, 같은 테스트를 넓게 하는 `--all`, 시간을 재는 조용한 차례입니다."""

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import filelock
import pytest

ROOT = Path(__file__).parents[1]
pytest_plugins = ["quick"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--all`을 더합니다: 같은 테스트를 더 넓게 되풀이합니다."""
    parser.addoption(
        "--all",
        action="store_true",
        dest="wide",
        help="같은 테스트를 넓게: 모든 너비와 밝기, 모든 페이지의 Lighthouse, 모든 고장, 여러 시드",
    )


def pytest_configure(config: pytest.Config) -> None:
    """넓게 할 때에만 도는 경우의 표시를 알립니다."""
    config.addinivalue_line("markers", "wide: --all일 때에만 도는 경우")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`timed`는 끝에 모아 서로를 덜 기다리게 합니다. `--all`이 아니면 `wide`인 경우를 뺍니다."""
    items.sort(key=lambda item: item.get_closest_marker("timed") is not None)
    if config.getoption("wide"):
        return
    left_out = [item for item in items if item.get_closest_marker("wide")]
    if left_out:
        items[:] = [item for item in items if not item.get_closest_marker("wide")]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def wide(request: pytest.FixtureRequest) -> bool:
    """`--all`로 넓게 되풀이하는지 알려 줍니다."""
    found: bool = request.config.getoption("wide")
    return found


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """`timed`라 표시한 테스트가 도는 동안 다른 일꾼은 다음 테스트를 시작하지 않습니다.

    보통의 테스트는 제 일꾼의 자물쇠를 쥐고 돌고, `timed`는 모든 일꾼의 자물쇠를 기다려 쥡니다.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        return (yield)
    count = int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    timed = item.get_closest_marker("timed") is not None
    names = [f"gw{number}" for number in range(count)] if timed else [worker]
    locks: Path = item.config._tmp_path_factory.getbasetemp().parent  # type: ignore[attr-defined]
    with ExitStack() as held:
        with filelock.FileLock(locks / "turn.lock"):  # 기다리는 차례를 다음 테스트가 앞지르지 못함
            for name in names:
                held.enter_context(filelock.FileLock(locks / f"{name}.lock"))
        return (yield)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """폴더를 받아 무엇을 만드는 함수를, 일꾼이 여럿이어도 이름마다 한 번만 부릅니다."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def once(name: str, make: Callable[[Path], Any]) -> Any:
        kept = shared / f"{name}.pickle"
        with filelock.FileLock(shared / f"{name}.lock"):
            if not kept.is_file():
                shutil.rmtree(shared / name, ignore_errors=True)  # 만들다 실패한 것
                kept.write_bytes(pickle.dumps(make(shared / name)))
        return pickle.loads(kept.read_bytes())

    return once


@pytest.fixture(scope="session")
def built_site(once: Callable[..., tuple[Path, str]]) -> Path:
    """`mkdocs build --strict`로 빌드한 사이트의 폴더입니다."""
    site, failure = once("site", build)
    if failure:
        pytest.fail(f"사이트를 빌드하지 못했습니다:\n{failure}", pytrace=False)
    return site


def build(site: Path) -> tuple[Path, str]:
    """사이트를 빌드합니다. 폴더와, 실패했으면 적힌 글입니다."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=3600,  # 아무것도 보관하지 않은 기계에서는 모든 실험을 학습함
    )
    return site, done.stdout if done.returncode else ""


@pytest.fixture(scope="session")
def undisturbed(once: Callable[..., Any]) -> Any:
    """아무 일 없이 빌드한 작은 사이트(`Toy`)입니다. 보기만 하거나 베껴 씁니다."""
    from toy import Toy

    # 홈은 쓸 수 없는 자리
    here = {"PYTHONHASHSEED": "1", "TZ": "Asia/Seoul", "LC_ALL": "C.UTF-8", "HOME": "/proc"}
    return once("undisturbed", lambda folder: Toy(folder / "site", 0.3).publish(**here))
