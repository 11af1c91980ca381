"""페이지마다 용어가 처음 나온 자리만 용어집으로 잇는지 봅니다."""

import re

import pytest

from gan_docs.site.html import terms
from gan_docs.site.page.glossary import Entry


def entry(term: str, english: str, page: str = "b.md", everyday: bool = False) -> Entry:
    return Entry(term, english, (), (), f"{term}의 **뜻**입니다.", page, everyday)


ENTRIES = (
    entry("생성기", "generator"),
    entry("손실", "loss"),
    entry("손실 함수", "loss function"),
    entry("방향", "direction", everyday=True),
)


def found(html: str, page: str = "a.md") -> list[str]:
    """이은 용어와 바로 뒤의 글자입니다."""
    made = terms.linked(html, ENTRIES, page, "../glossary/")
    return re.findall(r'<a class="term"[^>]*>([^<]*</a>.)', made)


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<p>생성기가 생성기를</p>", ["생성기</a>가"]),
        ("<ul><li>생성기</li></ul>", ["생성기</a><"]),
        ("<p><strong>생성기</strong></p>", ["생성기</a><"]),
        ("<p>손실 함수는 손실을</p>", ["손실 함수</a>는", "손실</a>을"]),
        ("<p>생성기술, 재생성기</p>", []),
        ("<p>방향</p>", []),
        ("<h2>생성기</h2><p>생성기로</p>", ["생성기</a>로"]),
        ("<p><code>생성기</code> <a href='x'>생성기</a></p>", []),
        ("<pre>생성기</pre><figure><figcaption><p>생성기</p></figcaption></figure>", []),
        ('<p><span class="arithmatex">\\(생성기\\)</span><br>생성기는</p>', ["생성기</a>는"]),
        ("<!-- <p>생성기</p> --><p title='생성기'>글</p>", []),
    ],
)
def test_only_the_first_use_in_prose_is_linked(html: str, wanted: list[str]) -> None:
    assert found(html) == wanted


def test_a_term_is_not_linked_where_it_is_told() -> None:
    assert found("<p>생성기와 손실</p>", page="b.md") == []
    assert found("<p>생성기와 손실</p>", page="glossary.md") == []


def test_each_linked_term_brings_its_meaning_once() -> None:
    made = terms.linked("<p>생성기, 생성기, 손실</p>", ENTRIES, "a.md", "../glossary/")
    assert made.count('id="meaning-generator"') == made.count('id="meaning-loss"') == 1
    assert "<strong>뜻</strong>" in made and "meaning-direction" not in made
    assert 'href="../glossary/#generator">생성기</a>, 생성기, <a' in made


def test_text_without_terms_stays_byte_for_byte() -> None:
    html = "<p>글 &amp; 글<br/><img src='x'>\n</p><custom-tag a=\"b\">글</custom-tag>"
    assert terms.linked(html, ENTRIES, "a.md", "glossary/") == html
