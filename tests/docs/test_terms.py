"""글은 용어집이 정한 낱말만 씁니다: 다른 번역도, 이 책이 지어 쓰던 낱말도 없습니다."""

import html
import json
import re
from pathlib import Path

import pytest

from gan_docs.site.page import glossary

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ENTRIES = glossary.read(DOCS / glossary.NAME)
COINED = glossary.coined(DOCS / glossary.NAME)
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

ROOMS = ("", "docs", "gan_docs", "tests", "tools", ".github")
EXCEPT = (DOCS / glossary.NAME, Path(__file__))  # 낱말의 짝을 적어 두는 두 곳
SENSES = [
    ("걸음", "3,000걸음을 배웠습니다"),
    ("쪽", '"""쪽마다 하나'),
    ("쪽", "이 쪽의 모든 수"),
    ("쪽", "찾는 쪽이 없습니다"),
    ("쪽", "결과를 쓰는 쪽에 보입니다"),
    ("판", "torch의 판, 스레드 수"),
    ("판", "설치된 판 2.3"),
    ("자", "느슨한 자를 씁니다"),
    ("자", "외움을 재는 자입니다"),
    ("덩이", "코드 덩이"),
    ("들판", "판별기의 들판"),
    ("물결", "물결 32개"),
    ("흔한 고리", "흔한 고리"),
    ("학습 고리", "고리만 고쳤습니다"),
    ("지렛대", "지렛대를 하나씩"),
    ("적률", "두 적률"),
    ("열쇠", "열쇠 e31d8de4"),
    ("길잡이 글", "길잡이 글의 코드"),
    ("특징 지도", "작은 특징 지도로"),
    ("고른", "고른 몫의 10분의 1"),
    ("고른", "열네 글자가 고르면 7.1%"),
    ("독자의", "독자의 브라우저"),
]
TAG = re.compile(r"<[^>]*>")
ATTRIBUTE = re.compile(r'\b(?:alt|title|content|label|aria-\w+)="([^"]*)"')


def prose(file: Path) -> str:
    """페이지의 글입니다. 앞머리의 제목과 설명도 글입니다."""
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
    book = re.sub(r"\s+", "", "".join(map(prose, PAGES)))
    assert [one.term for one in ENTRIES if one.term.replace(" ", "") not in book] == []


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


def coined(text: str) -> list[str]:
    """지어 쓰던 낱말과, 대신 쓸 낱말입니다."""
    return [
        f"{found[0].strip()} → {one.chosen}"
        for one in COINED
        for found in re.finditer(one.pattern, text, re.MULTILINE | re.VERBOSE)
    ]


def left(root: Path, rooms: tuple[str, ...]) -> dict[str, list[str]]:
    """사람이 적은 글과 코드에 남은 낱말입니다. 뿌리에서는 하위 폴더를 보지 않습니다."""
    files = [  # 0인 바이트가 있으면 글이 아님
        file
        for room in rooms
        for file in ((root / room).rglob("*") if room else root.glob("*"))
        if file not in EXCEPT and file.is_file() and b"\0" not in file.read_bytes()
    ]
    found = {file.relative_to(root).as_posix(): coined(file.read_text("utf-8")) for file in files}
    return {place: words for place, words in found.items() if words}


def seen(file: Path) -> str:
    """사이트의 파일에서 읽는 사람에게 보이는 글입니다. 꼬리표는 걷되 이름과 설명은 남깁니다."""
    text = file.read_text("utf-8")
    if file.suffix != ".html":
        return text
    return html.unescape("\n".join([TAG.sub("\n", text), *ATTRIBUTE.findall(text)]))


def shown(site: Path) -> dict[str, list[str]]:
    """지은 사이트의 페이지와 요소에 남은 낱말입니다."""
    files = [*site.rglob("*.html"), *(site / "assets/live").glob("*.js")]
    found = {file.relative_to(site).as_posix(): coined(seen(file)) for file in files}
    return {place: words for place, words in found.items() if words}


def test_no_coined_word_is_written() -> None:
    assert not left(ROOT, ROOMS)


def test_no_coined_word_is_on_the_site(built_site: Path) -> None:
    assert not shown(built_site)


def test_a_coined_word_on_the_site_is_seen(tmp_path: Path) -> None:
    planted = {
        "a.html": "<p>학습 한 걸음</p>",
        "b.html": '<img alt="걸음마다의 손실">',
        "c.html": "<p>이 <b>쪽</b></p>",
        "assets/live/trainer.js": 'button("둘 다 한 걸음")',
    }
    (tmp_path / "assets/live").mkdir(parents=True)
    for place, text in planted.items():
        (tmp_path / place).write_text(text, "utf-8")
    assert shown(tmp_path).keys() == planted.keys()


@pytest.mark.parametrize("place", ["docs/a.md", "gan_docs/b/a.py", "tests/a.py", "README.md"])
def test_a_coined_word_in_a_room_is_seen(tmp_path: Path, place: str) -> None:
    file = tmp_path / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('"""한 걸음을 배웁니다."""\n', "utf-8")
    assert left(tmp_path, ("", "docs", "gan_docs", "tests")) == {place: ["걸음 → 스텝"]}


@pytest.mark.parametrize(("word", "text"), SENSES)
def test_the_coined_sense_is_found(word: str, text: str) -> None:
    chosen = next(one.chosen for one in COINED if one.word == word)
    assert any(found.endswith(f"→ {chosen}") for found in coined(text))


def test_every_coined_word_has_a_case() -> None:
    assert {word for word, _ in SENSES} == {one.word for one in COINED}
