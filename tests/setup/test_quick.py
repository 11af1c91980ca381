"""`--quick`이 단위 테스트와, 마지막 성공 뒤에 바뀐 페이지만 돌리는지, 작은 폴더에서 봅니다."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from quick import pages

TESTS = Path(__file__).parents[1]
SETTINGS = (
    "[pytest]\ntestpaths = tests docs\naddopts = --doctest-glob=*.md\nmarkers = timed: 혼자\n"
)
UNITS = """
import pytest

def test_unit(): pass

@pytest.mark.slow
def test_long(): assert False

def test_site(built_site): assert False
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """단위 테스트 하나, 빼야 할 실패 둘, 페이지 둘이 든 폴더입니다."""
    for name in ("tests/unit", "tests/browser", "docs"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("conftest.py", "quick.py"):
        shutil.copy(TESTS / name, tmp_path / "tests")
    (tmp_path / "pytest.ini").write_text(SETTINGS, "utf-8")
    (tmp_path / "tests/unit/test_a.py").write_text(UNITS, "utf-8")
    (tmp_path / "tests/browser/test_b.py").write_text("def test_screen(): assert False", "utf-8")
    for name in ("one", "other"):
        (tmp_path / f"docs/{name}.md").write_text(">>> 1\n1\n", "utf-8")
    return tmp_path


def apart(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """작은 폴더의 테스트를 새 프로세스에서, 나란히 도는 플러그인 하나만 부르고 돌립니다."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    given["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [sys.executable, "-m", "pytest", "-p", "xdist", *arguments]
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, encoding="utf-8")


def quick(folder: Path, *arguments: str) -> tuple[int, str]:
    """종료 코드와, 무엇을 돌렸는지 알리는 줄입니다."""
    done = apart(folder, "--quick", *arguments)
    lines = [line for line in done.stdout.splitlines() if line.startswith("--quick: ")]
    assert len(lines) == 1, done.stdout + done.stderr
    return done.returncode, lines[0].partition(". 사이트")[0]


def test_an_edited_notebook_is_a_changed_page(project: Path) -> None:
    book = project / "docs" / "book.ipynb"
    book.write_text("{}", "utf-8")
    before = pages(project)
    book.write_text('{"cells": []}', "utf-8")
    now = pages(project)
    assert {name for name in now if now[name] != before[name]} == {"docs/book.ipynb"}


def test_only_pages_changed_since_the_last_green_run_are_run(project: Path) -> None:
    both = "--quick: 테스트 1개. 바뀐 페이지의 블록: docs/one.md 1개, docs/other.md 1개"
    assert quick(project, "-n", "2") == (0, both)
    (project / "docs/other.md").write_text(">>> 1\n2\n", "utf-8")
    changed = "--quick: 테스트 1개. 바뀐 페이지의 블록: docs/other.md 1개"
    assert quick(project) == (1, changed)
    none = "--quick: 테스트 1개. 바뀐 페이지의 블록: 없음"
    assert quick(project, "--deselect", "docs/other.md") == (0, none)
    assert quick(project) == (1, changed)  # 실패도, 좁힌 성공도 기준이 되지 않음
