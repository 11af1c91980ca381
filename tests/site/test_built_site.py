"""빌드된 온전한 사이트의 모든 페이지가 지켜야 할 것입니다. 지킴이마다, 흠을 심으면 알아챕니다."""

import re
import shutil
import textwrap
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from lxml import html

from gan_docs.site.html import fonts

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "node_modules"
NOTEBOOK_BYTES = 250 * 1024
LOADED = "//@src | //link[@rel!='canonical' and @rel!='prev' and @rel!='next']/@href"
LABEL = re.compile(r"(?P<file>[\w./-]+) (?P<first>\d+)–(?P<last>\d+)줄")
NO_PROSE = re.compile(r"\*\*|\{\{|\}\}|\]\(|--8<--|<!--|\d[eE][-+]?\d")
SLANTED = "style/index.html"  # 기울임꼴의 표시를 일부러 보이는 페이지
BYLINE = {
    "날짜": r"\d{4}년 \d+월 \d+일",
    "분류": r"class=\"byline__category\"",
    "읽는 시간": r"읽는 데 \d+분",
    "태그": r"class=\"byline__tags\"",
    "앞뒤 페이지": r"rel=\"(prev|next)\"",
    "한국어": r"<html lang=\"ko\"",
    "하나뿐인 제목": r"(?s)^((?!<h1).)*<h1((?!<h1).)*$",
}


def missing_letters(site: Path, pages: list[str]) -> set[str]:
    """원본 글꼴에는 있는데 사이트의 글꼴에는 없는 글자와, 어디에도 없는 한글입니다."""
    wanted, missing = fonts.EMPTY, set()
    for page in pages:
        wanted |= fonts.characters(page)
    formulas = {letter for page in pages for letter in formula_letters(page)}
    used = [*zip(fonts.FACES, wanted, strict=True)]
    used += [(face, formulas) for face in fonts.of_formulas(MODULES)]
    for face, letters in used:
        with (
            TTFont(MODULES / face.source, lazy=True) as source,
            TTFont(site / fonts.FOLDER / face.file) as made,
        ):
            drawable = {*map(chr, source.getBestCmap())}
            hangul = {letter for letter in letters if "가" <= letter <= "힣"}
            missing |= (hangul | (letters & drawable)) - {*map(chr, made.getBestCmap())}
    return missing


def formula_letters(page: str) -> set[str]:
    """수식이 KaTeX의 글꼴로 쓰는 글자입니다. 한글은 본문의 글꼴로 씁니다."""
    found = html.document_fromstring(page).find_class("katex-html")
    letters = {letter for formula in found for letter in formula.text_content()}
    return {letter for letter in letters if not "가" <= letter <= "힣"}


def lacking(page: str) -> list[str]:
    """페이지가 보여야 하는데 보이지 않는 것의 이름입니다."""
    return [name for name, pattern in BYLINE.items() if not re.search(pattern, page)]


def outside(page: str) -> list[str]:
    """페이지가 남의 서버에서 불러오는 것의 주소입니다."""
    tree = html.document_fromstring(page)
    return [str(at) for at in tree.xpath(LOADED) if at.startswith(("http:", "https:", "//"))]


def published(site: Path, sources: Path) -> set[str]:
    """사이트에 그대로 나간 틀의 이름입니다."""
    kept = {file.read_bytes() for file in sources.rglob("*") if file.is_file()}
    files = [file for file in site.rglob("*") if file.is_file()]
    return {file.name for file in files if file.suffix == ".jinja" or file.read_bytes() in kept}


def leftovers(page: str) -> list[str]:
    """본문에 남은 Markdown, 뜻하지 않게 기울인 글, `5e-07`처럼 적힌 수입니다."""
    [article] = html.document_fromstring(page).xpath("//article") or [html.Element("article")]
    slanted = [each.text_content() for each in article.iter("em")]
    for each in article.xpath(".//pre | .//code | .//*[@class='formula'] | .//script"):
        each.drop_tree()
    return slanted + NO_PROSE.findall(article.text_content())


def labelled(page: str) -> list[tuple[str, str]]:
    """이름표와 보이는 코드의 짝입니다."""
    tree = html.document_fromstring(page)
    blocks = tree.xpath("//div[contains(@class, 'highlight')][span[@class='filename']]")
    return [
        (block.xpath("string(span[@class='filename'])"), block.xpath("string(.//code)"))
        for block in blocks
    ]


def matches(label: str, code: str) -> bool:
    """이름표가 가리키는 줄과 코드가 같은지 봅니다."""
    found = LABEL.fullmatch(label)
    if found is None:
        return False
    lines = (ROOT / found["file"]).read_text("utf-8").splitlines()
    taken = lines[int(found["first"]) - 1 : int(found["last"])]
    written = "\n".join(line for line in taken if "--8<--" not in line)
    return textwrap.dedent(written).strip("\n") == code.strip("\n")


@pytest.fixture(scope="module")
def pages(built_site: Path) -> dict[str, str]:
    found = {
        file.relative_to(built_site).as_posix(): file.read_text("utf-8")
        for file in built_site.rglob("*.html")
    }
    assert len(found) > 2
    return found


def test_every_letter_of_the_site_is_in_its_fonts(built_site: Path, pages: dict[str, str]) -> None:
    assert not missing_letters(built_site, list(pages.values()))


def test_a_letter_that_the_fonts_lack_is_seen(built_site: Path) -> None:
    page = "<p>꿻</p><pre>쀍</pre><span class='katex-html'>ℵ</span>"  # 쓰지 않는 알레프
    assert missing_letters(built_site, [page]) == {"꿻", "쀍", "ℵ"}


def test_every_page_shows_its_byline_and_its_neighbours(pages: dict[str, str]) -> None:
    flaws = {name: lacking(page) for name, page in pages.items() if name != "404.html"}
    assert not {name: found for name, found in flaws.items() if found}


@pytest.mark.parametrize("name", BYLINE)
def test_a_page_that_lacks_something_is_seen(pages: dict[str, str], name: str) -> None:
    spoiled = re.sub(BYLINE[name], "", pages["style/index.html"])
    assert name in lacking(spoiled)


def test_no_page_asks_a_third_party_for_anything(pages: dict[str, str]) -> None:
    assert not {name: found for name, page in pages.items() if (found := outside(page))}


def test_what_a_third_party_gives_is_seen() -> None:
    page = '<link rel="stylesheet" href="https://a/x.css"><img src="//b/x.png"><a href="http://c">'
    assert outside(page) == ["https://a/x.css", "//b/x.png"]


def test_no_markdown_is_left_in_the_text(pages: dict[str, str]) -> None:
    found = {name: leftovers(page) for name, page in pages.items() if name != SLANTED}
    assert not {name: left for name, left in found.items() if left}


def test_markdown_left_in_the_text_is_seen() -> None:
    for planted in ("<em>는 뾰족한 D</em>", "**굵게 하려던", "{{ 수 }}", "[이름](주소)", "5e-07"):
        assert leftovers(f"<html><body><article><p>{planted}</p></article></body></html>"), planted
    kept = "<article><p><strong>굵은 글</strong> <code>2 ** 3</code></p></article>"
    assert not leftovers(f"<html><body>{kept}</body></html>")


def test_no_template_is_published(built_site: Path, tmp_path: Path) -> None:
    templates = ROOT / "docs/overrides"
    assert not published(built_site, templates)
    [copied] = templates.rglob("byline.html")
    shutil.copy(copied, tmp_path / "renamed.html")
    (tmp_path / "class.html.jinja").touch()
    assert published(tmp_path, templates) == {"renamed.html", "class.html.jinja"}


def test_the_notebook_page_is_light_and_holds_its_outputs(
    built_site: Path, pages: dict[str, str]
) -> None:
    page = pages["training/how-to-train/index.html"]
    folder = built_site / "training" / "how-to-train"
    tree = html.document_fromstring(page)
    assert tree.find_class("output")
    images = [folder / at.partition("#")[0] for at in tree.xpath("//article//img/@src")]
    weight = len(page.encode()) + sum(image.stat().st_size for image in images)
    assert weight <= NOTEBOOK_BYTES
    assert not (folder / "how-to-train.ipynb").exists()  # 노트북은 `notebooks`에만


def test_each_label_points_at_the_code_that_is_shown(pages: dict[str, str]) -> None:
    found = [pair for page in pages.values() for pair in labelled(page)]
    included = [(label, code) for label, code in found if ".py" in label]
    assert len(included) > 60
    assert [label for label, code in included if not matches(label, code)] == []
    label, code = included[0]
    assert not matches(label, code + "\n다른 줄")
