"""문장과 그 식: 수가 문장과 어긋나면 엄격한 빌드가 그런 문장을 모두 말하고 실패합니다."""

import re
from types import SimpleNamespace

import pytest

from gan_docs.site.html import report
from gan_docs.site.make import results
from gan_docs.site.make.figures import Figure
from gan_docs.site.page import claims
from gan_docs.site.page.sources import PageError

RUN = SimpleNamespace(before=0.69, after=0.50, modes=[8, 8, 7, 8, 8], slope=-0.2, name="가")
PAGE = """\
판별기의 손실은 {{ toy.after:.2f }}(으)로 줄었습니다. <!-- claim: toy.after < toy.before -->
기울기는 아래를 봅니다.<!-- claim: toy.slope < 0 --> 그래서 내려갑니다.

* 다섯 시드 가운데 넷이 여덟 봉우리를 찾습니다.
  <!-- claim: sum(each == 8 for each in toy.modes) == 4 -->
* 이 줄에는 주장이 없습니다.

```python
print("보다 <!-- claim: 코드 속의 글 -->")
```
"""
WRONG = {  # 부호, 견줌, 셈을 하나씩 틀리게 한 수
    "기울기는 아래를 봅니다.": {"slope": 0.2},
    "판별기의 손실은 {{ toy.after:.2f }}(으)로 줄었습니다.": {"after": 0.70},
    "* 다섯 시드 가운데 넷이 여덟 봉우리를 찾습니다.": {"modes": [8, 8, 7, 7, 8]},
}


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch)


def planted(monkeypatch: pytest.MonkeyPatch, **changed: object) -> None:
    """실험 toy 하나만 끝나 있게 합니다."""
    made = SimpleNamespace(**{**vars(RUN), **changed})
    monkeypatch.setattr(results, "experiments", lambda: {"toy": None})
    monkeypatch.setattr(claims, "run", lambda name: made)


def test_a_claim_belongs_to_the_sentence_before_it(caplog: pytest.LogCaptureFixture) -> None:
    found = claims.of_page(PAGE, "a.md")
    assert {each.sentence for each in found} == WRONG.keys()
    assert all(len(each.expressions) == 1 for each in found)
    assert [each.place for each in found] == ["a.md:1", "a.md:2", "a.md:4"]
    claims.check(found)
    assert not caplog.records


@pytest.mark.parametrize("sentence", WRONG)
def test_a_run_that_says_otherwise_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, sentence: str
) -> None:
    planted(monkeypatch, **WRONG[sentence])
    claims.check(claims.of_page(PAGE, "a.md"))
    (told,) = caplog.messages
    assert f"문장이 수와 어긋납니다: {sentence}" in told
    (name, value), *_ = WRONG[sentence].items()
    assert f"toy.{name} = {value}" in told


def test_all_that_a_run_says_otherwise_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = {name: value for changed in WRONG.values() for name, value in changed.items()}
    planted(monkeypatch, **wrong)
    claims.check(claims.of_page(PAGE, "a.md"))
    assert len(caplog.messages) == len(WRONG)
    # MkDocs의 엄격한 빌드는 이 이름 아래의 경고를 세어 실패함
    assert all(each.name.startswith("mkdocs.") for each in caplog.records)
    assert {each.levelname for each in caplog.records} == {"WARNING"}


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("True", "아무것도 견주지 않습니다"),
        ("1 < 2", "실험의 수를 부르지 않습니다"),
        ("toy.after", "아무것도 견주지 않습니다"),
        ("toy.after + (1 < 2)", "참이나 거짓이어야 합니다"),
        ("toy.nothing < 1", r"실험 toy에 수나 배열 nothing이\(가\) 없습니다$"),
        ("toy.afer < 1", r"없습니다\. 혹시 after인가요"),
        ("other.after < toy.after", "other"),
        ("toy.after <", "읽을 수 없습니다"),
        ("toy.name < 1", "셈할 수 없습니다"),
        ("open('a') == toy.after", "open"),
    ],
)
def test_an_expression_that_bears_nothing_is_refused(expression: str, reason: str) -> None:
    with pytest.raises(PageError, match=reason):
        claims.holds(expression)


@pytest.mark.parametrize("comment", ["<!-- clam: toy.after < 1 -->", "<!--claim toy.after < 1-->"])
def test_a_misspelt_mark_is_not_passed_over(comment: str) -> None:
    with pytest.raises(PageError, match=r"a\.md:3: 식의 주석은"):
        claims.of_page(f"문장입니다.\n\n줄었습니다. {comment}\n", "a.md")
    assert claims.of_page("<!-- categories -->\n```html\n<!-- clam: 1 -->\n```\n", "a.md") == []


@pytest.mark.parametrize(
    ("sentence", "wanting"),
    [
        ("손실은 {{ toy.after }}보다 낮습니다.", True),
        ("손실이 {{ toy.before }}에서 {{ toy.after }}(으)로 줄었습니다.", True),
        ("{{ toy.modes }}개를 찾았습니다.", False),  # 수만 옮김
        ("가장 낮은 손실은 {{ toy.after }}입니다.", False),
        ("손실은 낮습니다.", False),  # 수가 없어 어느 실험인지 모름
        ("표보다 {{ table.ring }}", False),
    ],
)
def test_a_sentence_that_compares_a_number_wants_an_expression(
    sentence: str, wanting: bool
) -> None:
    found = claims.of_page(sentence, "a.md")
    assert bool(found) is wanting
    if wanting:
        with pytest.raises(PageError, match="식이 없습니다"):
            claims.check(found)


def test_a_figure_says_no_more_than_its_run(caplog: pytest.LogCaptureFixture) -> None:
    def figure(*expressions: str) -> Figure:
        return Figure("f", "toy", "손실이 줄었다", "", lambda *_: None, claims=expressions)

    claims.check(claims.of_figure(figure("toy.after < toy.before")))
    assert not caplog.messages
    claims.check(claims.of_figure(figure("toy.after > toy.before")))
    assert caplog.messages[0].startswith("그림 f: 문장이 수와 어긋납니다: 손실이 줄었다")
    with pytest.raises(PageError, match=r"그림 f: .*식이 없습니다.*손실이 줄었다"):
        claims.check(claims.of_figure(figure()))


def test_the_reader_sees_no_expression() -> None:
    shown = claims.unmarked(PAGE.partition("```")[0])
    assert "claim" not in shown and "toy.slope" not in shown
    assert "봅니다. 그래서" in shown
    mark = "<!-- claim: toy.slope < 0 -->"
    assert claims.unmarked(f"표\n\n{mark}\n글") == "표\n\n글"  # 문단은 갈라진 채로
    assert claims.unmarked(f"글\n  {mark}\n글") == "글\n글"


def test_the_table_counts_the_claims_of_each_page_together() -> None:
    found = [
        claims.Claim("lab/plane.md:3", "하나입니다.", ("1 == 1",)),
        claims.Claim("lab/plane.md:90", "둘입니다.", ("1 == 1", "2 == 2")),
        claims.Claim("lab/planes.md:1", "식이 없습니다.", ()),
        claims.Claim("그림 ring", "그림의 글입니다.", ("3 == 3",)),
    ]
    rows = re.findall(r"<tr>(<td.*?)</tr>", report.claims_table(found))
    assert [[*re.findall(r">([^<]+)</td>", row)] for row in rows] == [
        ["lab/plane.md", "2", "2", "3", "0"],
        ["lab/planes.md", "1", "0", "0", "1"],
        ["그림", "1", "1", "1", "0"],
        ["모두", "4", "3", "4", "1"],
    ]
