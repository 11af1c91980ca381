"""용어는 읽는 차례에서 처음 나온 자리에서 설명됩니다.

차례는 `mkdocs.yml`의 `nav`에서 100줄까지입니다. 그 길에서 용어집의 용어가 글에 처음 나온 자리는
굵게 적혔거나, 뜻의 색을 입었거나, 바로 뒤의 괄호에 영어가 있어야 합니다. 그런 자리의 문장이
용어를 설명합니다. 제목, 표, 코드, 수식은 글로 세지 않고, 여느 뜻으로도 쓰는 용어(`everyday`)는
보지 않습니다.
"""

import re
from pathlib import Path

import pytest
from mkdocs.config import load_config
from test_terms import ENTRIES, FENCE, NOT_PROSE

from gan_docs.site.html.terms import AFTER, BEFORE

ROOT = Path(__file__).parents[2]
LAST = "gan100.md"  # 읽는 길의 마지막 페이지
NAMES = sorted((entry.term for entry in ENTRIES), key=len, reverse=True)
TERM = re.compile(f"{BEFORE}(?:{'|'.join(map(re.escape, NAMES))}){AFTER}")
COLOURED = re.compile(r'<span class="(?:generator|discriminator|real)">(.*?)</span>')
APART = re.compile(r"\A---\n(?s:.*?)^---$|^#.*$|^\s*\|.*$", re.MULTILINE)


def path() -> list[Path]:
    """읽는 차례대로의 Markdown입니다."""
    nav = load_config(str(ROOT / "mkdocs.yml")).nav
    places = list(leaves(nav))
    return [
        ROOT / "docs" / place for place in places[: places.index(LAST) + 1] if place[-3:] == ".md"
    ]


def leaves(item: object) -> list[str]:
    """차례의 페이지입니다. 구획은 펴서 봅니다."""
    if isinstance(item, str):
        return [item]
    inside = item.values() if isinstance(item, dict) else item
    return [place for each in inside for place in leaves(each)]  # type: ignore[attr-defined]


def unexplained(texts: list[str]) -> list[str]:
    """처음 나온 자리에서 설명되지 않는 용어입니다."""
    waiting = {entry.term: entry.english for entry in ENTRIES if not entry.everyday}
    found = []
    for text in texts:
        marked = COLOURED.sub(r"**\1**", text)
        prose = NOT_PROSE.sub(" ", APART.sub("", FENCE.sub("", marked)))
        prose = re.sub(r"(?<!\n)\n(?!\n) *", " ", prose)
        for match in TERM.finditer(prose):
            english = waiting.pop(match[0], None)
            if english is None:
                continue
            bold = prose.count("**", prose.rfind("\n\n", 0, match.start()) + 1, match.start()) % 2
            after = prose[match.end() : match.end() + len(english) + 8].lower()
            if not bold and f"({english.lower()}" not in after:
                line = prose[max(0, match.start() - 20) : match.end() + 20].replace("\n", " ")
                found.append(f"{match[0]}: …{line}…")
    return found


def test_a_term_is_explained_where_a_reader_first_meets_it() -> None:
    assert unexplained([file.read_text("utf-8") for file in path()]) == []


@pytest.mark.parametrize(
    ("texts", "seen"),
    [
        (["생성기를 봅니다."], 1),
        (["생성기(generator)를 봅니다.", "생성기를 봅니다."], 0),
        (["**생성기**를 봅니다."], 0),
        (['<span class="generator">생성기</span>를 봅니다.'], 0),
        (["생성기를 봅니다.", "생성기(generator)는 …"], 1),  # 설명이 뒤에 있음
        (["# 생성기\n\n`생성기`"], 0),
        (["# 차례\n\n생성기를 봅니다."], 1),
    ],
)
def test_a_term_before_its_explanation_is_seen(texts: list[str], seen: int) -> None:
    assert len(unexplained(texts)) == seen
