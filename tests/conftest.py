"""한 번만 빌드하는 온전한 사이트와, 시간을 재는 테스트의 조용한 차례입니다."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import filelock
import pytest

ROOT = Path(__file__).parents[1]


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
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`mkdocs build --strict`로 빌드한 사이트의 폴더입니다. 일꾼이 여럿이어도 한 번만."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    site, report = shared / "site", shared / "site.log"
    with filelock.FileLock(shared / "site.lock"):
        if not report.is_file():
            done = subprocess.run(
                [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)],
                cwd=ROOT,
                env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "OMP_NUM_THREADS": "1"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                check=False,
            )
            report.write_text(done.stdout if done.returncode else "", "utf-8")
    if failure := report.read_text("utf-8"):
        pytest.fail(f"사이트를 빌드하지 못했습니다:\n{failure}", pytrace=False)
    return site
