"""한국어 찾기의 셈과 lunr에 이은 자리를 Node로 확인하고, 고장 내어 알아채는지 봅니다."""

import os
import subprocess
from pathlib import Path

import material
import pytest

from gan_docs.machines import programs

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "docs" / "assets" / "javascripts"
KOREAN, TIE = SCRIPTS / "search-korean.js", SCRIPTS / "search-lunr.js"
QUERY = SCRIPTS / "search-query.js"
THEME = Path(material.__file__).parent / "templates" / "assets" / "javascripts"
[WORKER] = THEME.glob("workers/search.*.min.js")
TESTS = [
    Path(__file__).with_name(name) for name in ("korean.test.js", "lunr.test.js", "query.test.js")
]

# 우리 셈의 고장: 바꿀 글과 새 글
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
# 테마의 lunr가 이름을 바꾼 셈: 그때 들릴 말
CHANGES = {
    **dict.fromkeys(
        ("_documents", "invertedIndex", "searchPipeline", "QueryParser", "clauses"),
        "lunr의 속이 바뀌었습니다",
    ),
    "matchData": "ERR_ASSERTION",
}


def node(
    arguments: list[str],
    scripts: tuple[Path, ...] = (KOREAN, TIE),
    worker: Path = WORKER,
    asked: str = "",
    query: Path = QUERY,
) -> tuple[int, str]:
    """Node에 테마의 일꾼과 우리의 찾기를 알려 주고 돌립니다."""
    program = programs.node()
    assert program is not None, "Node.js가 없습니다. `python3 dev.py build`가 설치합니다."
    done = subprocess.run(
        [program, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "SEARCH_SCRIPT": str(scripts[0]),
            "SEARCH_QUERY": str(query),
            "SEARCH_SCRIPTS": "\n".join(map(str, scripts)),
            "THEME_WORKER": str(worker),
            "THEME_SUPPORT": str(THEME / "lunr/min/lunr.stemmer.support.min.js"),
        },
        input=asked,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout


def run(test: Path, korean: Path = KOREAN, worker: Path = WORKER) -> tuple[int, str]:
    return node(["--test", "--test-reporter=tap", str(test)], (korean, TIE), worker)


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.name)
def test_node_agrees(test: Path) -> None:
    code, said = run(test)
    assert code == 0, said


def broken(source: Path, mutation: tuple[str, str], folder: Path) -> Path:
    """한 곳을 고장 낸 사본입니다."""
    old, new = mutation
    text = source.read_text("utf-8")
    assert text.count(old) == 1, f"한 번 나와야 하는 글: {old}"
    copy = folder / source.name
    copy.write_text(text.replace(old, new), "utf-8")
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_is_caught(name: str, tmp_path: Path) -> None:
    code, said = run(TESTS[0], korean=broken(KOREAN, MUTATIONS[name], tmp_path))
    assert code and "ERR_ASSERTION" in said, said


# 다듬는 셈의 고장
QUERY_MUTATIONS = {
    "문장 부호를 남김": ('return orders ? sign : " ";', "return sign;"),
    "이름을 쪼갬": ('".-+".includes(sign)', "false"),
    "빼라는 말을 버림": ("const orders =", "const orders = false &&"),
    "수의 부호로 뺌": ("/^[^\\d\\s]$/", "/^\\S$/"),
    "풀어 쓴 한글을 그대로": ('.normalize("NFC")', ""),
    "아래 첨자를 내림": ('.normalize("NFC")', '.normalize("NFKC")'),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", QUERY_MUTATIONS)
def test_a_mutation_of_the_query_is_caught(name: str, tmp_path: Path) -> None:
    query = broken(QUERY, QUERY_MUTATIONS[name], tmp_path)
    code, said = node(["--test", "--test-reporter=tap", str(TESTS[2])], query=query)
    assert code and "ERR_ASSERTION" in said, said


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_lunr_is_told(name: str, tmp_path: Path) -> None:
    source = WORKER.read_text("utf-8")
    assert name in source
    changed = tmp_path / WORKER.name
    changed.write_text(source.replace(name, "renamed"), "utf-8")
    code, said = run(TESTS[1], worker=changed)
    assert code and CHANGES[name] in said, said
