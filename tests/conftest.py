"""모든 테스트가 함께 쓰는, 한 번만 빌드하는 온전한 사이트입니다."""

import os
import subprocess
import sys
from pathlib import Path

import filelock
import pytest

ROOT = Path(__file__).parents[1]


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
