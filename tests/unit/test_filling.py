"""페이지의 그림과 수의 자리를 채우는 일, 그리고 모르는 이름을 알아채는 일."""

from pathlib import Path

import pytest

from gan_docs.drawing.palette import PALETTES
from gan_docs.site.make import results
from gan_docs.site.page import expand, filling
from gan_docs.site.page.sources import PageError

RECORD = results.Record("hangul", "한글 GAN", "k", 7, 3000, 251.4, 260.0, {"share": 0.975})


@pytest.fixture(autouse=True)
def one_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "load", lambda name: RECORD)


def test_numbers_are_written_in_their_format() -> None:
    text = "비율은 {{ hangul.share:.1%}}이고 {{ hangul.steps:,}}스텝, 시드 {{ hangul.seed }}입니다."
    assert filling.fill(text) == "비율은 97.5%이고 3,000스텝, 시드 7입니다."


@pytest.mark.parametrize(
    ("markdown", "complaint"),
    [
        ("글\n{{ hangul.taste }}\n", "index.md:2: 실험 hangul의 수는 .*받은 이름 taste"),
        ("{{ nothing.steps }}", "index.md:1: 실험 nothing이"),
        ("{{ hangul.steps / hangul.seed }}", r"index.md:1: .*받은 글 \{\{ hangul.steps / "),
        ("글\n{{ hangul }}", r"index.md:2: .*받은 글 \{\{ hangul }}"),
        ("{{ hangul.seed", r"index.md:1: .*받은 글 \{\{ hangul.seed"),
        ("글\n\n```figure\nnothing\n```\n", "index.md:3: 그림 nothing이"),
    ],
)
def test_what_is_unknown_is_refused_with_its_place(markdown: str, complaint: str) -> None:
    with pytest.raises(PageError, match=complaint):
        expand.expand(markdown, "index.md")


def test_the_lines_after_a_block_and_its_comment_keep_their_place() -> None:
    comment = '<!--pytest.mark.skip(reason="이유")-->'
    text = f"글\n\n{comment}\n```python\nx\n```\n\n{{{{ hangul.seed }}}}\n"
    assert expand.expand(text, "a.md") == "글\n\n```python\nx\n```\n\n7\n"
    with pytest.raises(PageError, match=r"a\.md:8: "):
        expand.expand(text.replace("seed", "taste"), "a.md")


def test_other_fences_are_left_alone() -> None:
    code = '````python title="x"\n{{ hangul.share }}\n```figure\nno\n```\n````\n'
    assert expand.expand(code, "index.md") == code


def test_a_network_picture_becomes_a_pair_with_sizes_and_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAN_DOCS_CACHE", str(tmp_path))
    card = expand.expand("```figure\ndiscriminator-structure\n```\n", "models/discriminator.md")
    assert card.count("<img ") == 2
    assert 'src="../../assets/figures/discriminator-structure-' in card
    assert '--8<-- "gan_docs/site/make/figures/networks.py:discriminator_structure"' in card
    assert all(f"#only-{scheme}" in card for scheme in PALETTES)
