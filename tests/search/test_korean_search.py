"""한국어 찾기의 셈과 lunr에 이은 자리를 Node로 확인하고, 고장 내어 알아채는지 봅니다."""

import os
import subprocess
from pathlib import Path

import material
import pytest

from gan_docs.machines import programs

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "docs" / "assets" / "javascripts"
KOREAN = SCRIPTS / "search-korean.js"
THEME = Path(material.__file__).parent / "templates" / "assets" / "javascripts"
[WORKER] = THEME.glob("workers/search.*.min.js")
# Node의 테스트가 읽을 자리: 환경 변수마다
GIVEN = {
    "SEARCH_SCRIPT": str(KOREAN),
    "SEARCH_SCRIPTS": f"{KOREAN}\n{SCRIPTS / 'search-lunr.js'}",
    "SEARCH_QUERY": str(SCRIPTS / "search-query.js"),
    "THEME_WORKER": str(WORKER),
    "THEME_SUPPORT": str(THEME / "lunr/min/lunr.stemmer.support.min.js"),
}
# 그 자리의 파일을 보는 테스트
TESTS = {
    "SEARCH_SCRIPT": "korean.test.js",
    "SEARCH_QUERY": "query.test.js",
    "THEME_WORKER": "lunr.test.js",
}

# 우리 셈의 고장: 바꿀 글과 새 글
MUTATIONS = {
    "SEARCH_SCRIPT": {
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
    },
    "SEARCH_QUERY": {
        "문장 부호를 남김": ('return orders ? sign : " ";', "return sign;"),
        "이름을 쪼갬": ('".-+".includes(sign)', "false"),
        "빼라는 말을 버림": ("const orders =", "const orders = false &&"),
        "수의 부호로 뺌": ("/^[^\\d\\s]$/", "/^\\S$/"),
        "풀어 쓴 한글을 그대로": ('.normalize("NFC")', ""),
        "아래 첨자를 내림": ('.normalize("NFC")', '.normalize("NFKC")'),
    },
}
# 테마의 lunr가 이름을 바꾼 셈: 그때 들릴 말
CHANGES = {
    **dict.fromkeys(
        ("_documents", "invertedIndex", "searchPipeline", "QueryParser", "clauses"),
        "lunr의 속이 바뀌었습니다",
    ),
    "matchData": "ERR_ASSERTION",
}


def node(*arguments: str, asked: str = "", **given: str) -> tuple[int, str]:
    """Node에 테마의 일꾼과 우리의 찾기를 알려 주고 돌립니다."""
    program = programs.node()
    assert program is not None, "Node.js가 없습니다. `python3 dev.py build`가 설치합니다."
    done = subprocess.run(
        [program, *arguments],
        cwd=ROOT,
        env={**os.environ, **GIVEN, **given},
        input=asked,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout


def run(name: str, file: str | Path) -> tuple[int, str]:
    """환경 변수 `name`의 자리에 `file`을 두고, 그것을 보는 테스트를 돌립니다."""
    test = Path(__file__).with_name(TESTS[name])
    return node("--test-reporter=tap", str(test), **{name: str(file)})


@pytest.mark.parametrize("name", TESTS)
def test_node_agrees(name: str) -> None:
    code, said = run(name, GIVEN[name])
    assert code == 0, said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        pytest.param(name, *change, id=flaw)
        for name, changes in MUTATIONS.items()
        for flaw, change in changes.items()
    ],
)
def test_a_mutation_is_caught(name: str, old: str, new: str, tmp_path: Path) -> None:
    text = Path(GIVEN[name]).read_text("utf-8")
    assert text.count(old) == 1, f"한 번 나와야 하는 글: {old}"
    broken = tmp_path / "broken.js"
    broken.write_text(text.replace(old, new), "utf-8")
    code, said = run(name, broken)
    assert code and "ERR_ASSERTION" in said, said


@pytest.mark.slow
@pytest.mark.parametrize("renamed", CHANGES)
def test_a_changed_lunr_is_told(renamed: str, tmp_path: Path) -> None:
    source = WORKER.read_text("utf-8")
    assert renamed in source
    changed = tmp_path / WORKER.name
    changed.write_text(source.replace(renamed, "renamed"), "utf-8")
    code, said = run("THEME_WORKER", changed)
    assert code and CHANGES[renamed] in said, said
