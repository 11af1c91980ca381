"""용어집을 읽는 일, 잘못을 알아채는 일, 다른 번역을 찾는 일."""

from pathlib import Path

import pytest

from gan_docs.site.html import search
from gan_docs.site.page import glossary

GOOD = """
[[terms]]
term = "판별기"
english = "discriminator"
aliases = ["판별자", "구분자"]
related = ["판별모델"]
definition = "가르는 신경망입니다."
page = "a.md"
"""
OTHER = GOOD.replace("판별", "생성").replace("구분자", "만드는 망").replace("discrim", "gener")


def write(folder: Path, text: str) -> Path:
    file = folder / glossary.NAME
    file.write_text(text, "utf-8")
    return file


def test_an_entry_becomes_a_definition(tmp_path: Path) -> None:
    write(tmp_path, GOOD + OTHER)
    (tmp_path / "a.md").write_text("---\ntitle: 두 신경망\n---\n", "utf-8")
    assert glossary.entries(tmp_path) == (
        "판별기(discriminator) {: #discriminator }\n"
        ":   가르는 신경망입니다. 판별자, 구분자라고도 합니다. [두 신경망](a.md)\n\n"
        "생성기(generinator) {: #generinator }\n"
        ":   가르는 신경망입니다. 생성자, 만드는 망이라고도 합니다. [두 신경망](a.md)"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace('definition = "가르는 신경망입니다."\n', ""), "1번째 판별기: definition이"),
        (GOOD.replace('"판별자"', "3"), "aliases에는 글의 목록을 적습니다"),
        (GOOD + 'colour = "붉은색"\n', "모르는 항목입니다: colour"),
        (GOOD + 'everyday = "예"\n', "everyday에는 true나 false를 적습니다"),
        (GOOD + OTHER.replace("생성자", "판별 자"), r"두 번 나옵니다: 판별 자 \(판별기, 생성기\)"),
        (GOOD.replace("구분자", "Discriminator"), "한 말이 두 번 나옵니다: "),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(glossary.GlossaryError, match=message):
        glossary.read(write(tmp_path, text))


def test_a_page_that_is_not_there_is_named(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    with pytest.raises(glossary.GlossaryError, match=r"판별기.* 다루는 페이지가 없습니다: a.md"):
        glossary.entries(tmp_path)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("판별자는 답합니다", [("판별자", "판별기")]),
        ("만드는망과 구분자", [("만드는망", "생성기"), ("구분자", "판별기")]),
        ("판별기, 판별모델, discriminator", []),
        ("되판별자", []),
        ("판별자 모임", []),  # 긴 낱말에 든 짧은 낱말
    ],
)
def test_other_words_are_found(tmp_path: Path, text: str, found: list[tuple[str, str]]) -> None:
    longer = GOOD.replace('"판별모델"', '"판별모델", "판별자 모임"')
    assert glossary.forbidden(text, glossary.read(write(tmp_path, longer + OTHER))) == found


OLD = """
[[coined]]
word = "가름이"
chosen = "판별기"
pattern = "가름이"

[[coined]]
word = "장"
chosen = "페이지"
pattern = "장"
"""


def test_a_coined_word_leads_to_the_word_of_the_field(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD + OLD)
    found = search.concepts(glossary.read(file), glossary.coined(file), lambda page: page)
    words = ["discriminator", "판별자", "구분자", "판별모델", "가름이"]
    assert found == [
        {"term": "판별기", "words": words, "page": "a.md"},
        {"term": "페이지", "words": ["장"], "page": None},
    ]


@pytest.mark.parametrize("text", ['[[coined]]\nword = "장"', OLD + 'colour = "붉은색"'])
def test_a_broken_coined_word_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(glossary.GlossaryError, match="지어 쓰던 낱말을 읽을 수 없습니다"):
        glossary.coined(write(tmp_path, text))
