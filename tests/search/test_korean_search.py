"""한국어 찾기의 셈을 Node로 확인하고, 일부러 고장 내어 알아채는지 봅니다."""

import os
import subprocess
from pathlib import Path

import pytest

from gan_docs.machines import programs

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs" / "assets" / "javascripts" / "search-korean.js"
TEST = Path(__file__).with_name("korean.test.js")

# 고장: 바꿀 글과 새 글
MUTATIONS = {
    "조사를 떼지 않음": ("if (PARTICLES.has(word.slice(cut)))", "if (false)"),
    "한 글자가 남아도 뗌": ("let cut = 2;", "let cut = 1;"),
    "쓰다 만 낱자를 남김": ("[\\u1100-\\u11ff]+$", "(?!)"),
    "낱말의 가운데를 버림": ("fit: begins ? (ends ? 1 : PREFIX) : INSIDE", "fit: 1"),
    "끄트머리끼리 이음": ("short || first < last", "short"),
    "짧은 말도 가운데": ("short || first < last", "first < last"),
    "제목을 글처럼": ('field !== "title" ? 1', "true ? 1"),
    "빼라는 말을 무시": ("if (missing || barred)", "if (missing)"),
    "꼭 있으라는 말을 무시": ("if (missing || barred)", "if (barred)"),
    "용어집을 보지 않음": ("add(found.term, KNOWN);", ""),
    "이어 붙이지 않음": ("first + LONGEST_NAME)", "first + 1)"),
}


def run(script: Path) -> subprocess.CompletedProcess[str]:
    program = programs.node()
    assert program is not None, "Node.js가 없습니다. `python3 dev.py build`가 설치합니다."
    return subprocess.run(
        [program, "--test", "--test-reporter=tap", str(TEST)],
        cwd=ROOT,
        env={**os.environ, "SEARCH_SCRIPT": str(script)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_node_agrees() -> None:
    done = run(SCRIPT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_is_caught(name: str, tmp_path: Path) -> None:
    old, new = MUTATIONS[name]
    source = SCRIPT.read_text("utf-8")
    assert source.count(old) == 1, f"한 번 나와야 하는 글: {old}"
    broken = tmp_path / SCRIPT.name
    broken.write_text(source.replace(old, new), "utf-8")
    done = run(broken)
    assert done.returncode and "ERR_ASSERTION" in done.stdout, done.stdout
