"""글은 용어집이 고른 낱말만 씁니다: 코드와 용어집을 뺀 모든 쪽에 다른 번역이 없습니다."""

import json
import re
from pathlib import Path

import pytest

from gan_docs.site.page import glossary

DOCS = Path(__file__).parents[2] / "docs"
ENTRIES = glossary.read(DOCS / glossary.NAME)
PAGES = sorted(
    file
    for suffix in ("*.md", "*.ipynb")
    for file in DOCS.rglob(suffix)
    if file.name != "glossary.md" and ".ipynb_checkpoints" not in file.parts
)

FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,}).*?^[ \t>]*\1[ \t]*$", re.MULTILINE | re.DOTALL)
NOT_PROSE = re.compile(
    r"`[^`\n]*`"  # 글 속의 코드
    r"|\$\$.*?\$\$|\$[^$\n]+\$"  # 수식
    r"|<!--.*?-->|</?[a-zA-Z][^>]*>"  # 주석과 꼬리표
    r"|\]\([^)]*\)|\{\{.*?\}\}",  # 주소와 채울 자리
    re.DOTALL,
)


def prose(file: Path) -> str:
    """쪽의 글입니다. 앞머리의 제목과 설명도 글입니다."""
    text = file.read_text("utf-8")
    if file.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join(
            "".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"
        )
    return NOT_PROSE.sub(" ", FENCE.sub("", text))


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.relative_to(DOCS).as_posix())
def test_the_prose_keeps_to_the_chosen_words(file: Path) -> None:
    found = glossary.forbidden(prose(file), ENTRIES)
    assert not found, [f"{word} → {term}" for word, term in found]


def test_every_chosen_word_is_used() -> None:
    """에폭은 쓰지 않지만(이 책은 걸음을 셉니다), 다른 책을 읽은 독자가 찾습니다."""
    book = re.sub(r"\s+", "", "".join(map(prose, PAGES)))
    assert [one.term for one in ENTRIES if one.term.replace(" ", "") not in book] == ["에폭"]


def test_another_word_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(
        "---\ndescription: 생성자를 봅니다\n---\n\n# 판별기\n\n"
        "`판별자`와 [감별자의](구분자.md) 답\n\n"
        "```python\n판별자 = 1\n```\n\n비용\n함수를 줄입니다. 판별자(discriminator)입니다.\n",
        "utf-8",
    )
    assert [word for word, _ in glossary.forbidden(prose(file), ENTRIES)] == [
        "생성자",
        "감별자",
        "비용\n함수",
        "판별자",
    ]
