"""페이지의 머리, 피드, 나눌 그림, 분류의 목록이 옳습니다. 짓궂은 글은 `test_escaping`이 봅니다."""

import copy
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from lxml import etree, html
from PIL import Image
from reduced import FRONT_MATTER, ROOT, Project

from gan_docs.site.html import categories, feed, metadata, share
from gan_docs.site.make import figures
from gan_docs.site.page import cards
from gan_docs.site.page.expand import first_figure
from gan_docs.site.page.frontmatter import FrontMatter

ADDRESS = "https://example.invalid/"
SITE = metadata.Site("이름", "사이트의 설명", "지은이", ADDRESS)
ATOM = {"atom": feed.ATOM}
SHARE_BYTES = 60 * 1024
ALWAYS = ("og:title", "og:type", "og:description", "og:locale", "og:site_name")
ONCE = {
    "설명": "//meta[@name='description']",
    "제목": "//title",
    "카드": "//meta[@name='twitter:card']",
    "구조화된 데이터": "//script[@type='application/ld+json']",
    **{name: f"//meta[@property='{name}']" for name in ALWAYS},
}
ADDRESSED = {
    "canonical": "//link[@rel='canonical']",
    "피드": f"//link[@rel='alternate'][@type='application/atom+xml']"
    f"[contains(@href, '{feed.PLACE}')]",
    **{
        name: f"//meta[@property='{name}']"
        for name in ("og:url", "og:image", "og:image:width", "og:image:height", "og:image:alt")
    },
}


def read(file: Path) -> Any:
    """읽은 페이지입니다."""
    return html.document_fromstring(file.read_text("utf-8"))


def pages(folder: Path) -> dict[str, Any]:
    """404 페이지를 뺀 모든 페이지입니다."""
    return {file.relative_to(folder).as_posix(): read(file) for file in folder.rglob("index.html")}


def flaws(page: Any, addressed: bool) -> list[str]:
    """머리에서 빠졌거나, 겹쳤거나, 있어서는 안 되는 것의 이름입니다."""
    [head] = page.xpath("/html/head")
    found = [name for name, path in ONCE.items() if len(head.xpath("." + path)) != 1]
    wanted = 1 if addressed else 0
    found += [name for name, path in ADDRESSED.items() if len(head.xpath("." + path)) != wanted]
    try:
        graph = structured(page)["@graph"]
        found += [] if graph[0]["name"] == value(page, "og:title") else ["다른 이름"]
    except (ValueError, KeyError, IndexError):
        found.append("읽을 수 없는 데이터")
    return found


def structured(page: Any) -> Any:
    """페이지의 구조화된 데이터입니다."""
    [text] = page.xpath(f"{ONCE['구조화된 데이터']}/text()")
    return json.loads(text)


def value(page: Any, name: str) -> str:
    """오픈 그래프의 값 하나입니다."""
    return str(page.xpath(f"//meta[@property='{name}']/@content")[0])


def feed_flaws(content: bytes) -> list[str]:
    """RFC 4287이 꼭 있으라는 것 가운데 빠지거나 겹친 것입니다."""
    root = etree.fromstring(content)
    found: list[str] = []
    for number, element in enumerate([root, *root.iterfind("atom:entry", ATOM)]):
        place = f"글 {number}" if number else "피드"
        for name in ("id", "title", "updated"):
            if len(element.findall(f"atom:{name}", ATOM)) != 1:
                found.append(f"{place}: {name}")
        for when in element.xpath("atom:updated/text() | atom:published/text()", namespaces=ATOM):
            if datetime.datetime.fromisoformat(when).tzinfo is None:
                found.append(f"{place}: 시간대 없는 날짜")
        if not element.xpath("atom:link[@rel='alternate']/@href", namespaces=ATOM):
            found.append(f"{place}: link")
    identities = root.xpath("atom:entry/atom:id/text()", namespaces=ATOM)
    found += [] if len({*identities}) == len(identities) else ["겹친 id"]
    found += [] if root.xpath("atom:author/atom:name/text()", namespaces=ATOM) else ["author"]
    return found


def entry(title: str = "시험", url: str = "a/", **others: Any) -> metadata.Entry:
    """페이지 하나입니다."""
    front = FrontMatter(title, datetime.date(2020, 1, 1), ("분류",), ("가", "나"), "설명")
    return metadata.Entry("a.md", url, front, **others)


@pytest.fixture(scope="session")
def addressed(built_site: Path, once: Callable[..., Path]) -> Path:
    """주소를 아는 작은 사이트입니다."""
    assert built_site.is_dir()  # 실험이 모두 끝나 있음

    def make(folder: Path) -> Path:
        folder.mkdir()
        project = Project(folder)
        project.write("index.md", "# 첫 페이지\n\n[새 페이지](new.md)\n")
        newer = FRONT_MATTER.replace("2019-08-20", "2020-01-02").replace("시험", "새 글")
        project.write("new.md", "글\n", newer)
        project.write("drawn.md", "# 그림\n\n```figure\ngan100-digits\n```\n")
        project.write("categories.md", f"# 분류\n\n{categories.PLACE}\n")
        project.write("reference/index.md", "# API\n", FRONT_MATTER.replace("시험", "API"))
        done = project.build(GAN_DOCS_SITE_URL=ADDRESS)
        assert done.returncode == 0, done.stdout
        return project.site

    return once("addressed", make)


@pytest.mark.parametrize("known", [True, False])
def test_every_page_describes_itself(addressed: Path, built_site: Path, known: bool) -> None:
    folder = addressed if known else built_site
    found = {name: flaws(page, known) for name, page in pages(folder).items()}
    assert len(found) > 4
    assert not {name: flaw for name, flaw in found.items() if flaw}
    assert (folder / feed.PLACE).exists() is (folder / share.FOLDER).exists() is known
    assert ("application/atom+xml" in (folder / "404.html").read_text("utf-8")) is known


@pytest.mark.parametrize("name", [*ONCE, *ADDRESSED])
def test_what_is_missing_or_twice_is_seen(addressed: Path, name: str) -> None:
    page = read(addressed / "drawn/index.html")
    assert name not in flaws(page, True)
    assert (name in flaws(page, False)) is (name in ADDRESSED)  # 모르는 주소를 적은 것도 흠
    [element] = page.xpath({**ONCE, **ADDRESSED}[name])
    twin = copy.copy(element)
    element.addnext(twin)
    assert name in flaws(page, True)
    for each in (element, twin):
        each.drop_tree()
    assert name in flaws(page, True)


def test_addresses_are_those_of_the_page(addressed: Path) -> None:
    for name, page in pages(addressed).items():
        wanted = urljoin(ADDRESS, name.removesuffix("index.html"))
        [canonical] = page.xpath("//link[@rel='canonical']/@href")
        assert value(page, "og:url") == canonical == wanted
        assert structured(page)["@graph"][0]["url"] == wanted


def test_the_kind_of_a_page_follows_its_place(built_site: Path) -> None:
    kinds = {
        "index.html": ("WebSite", "website"),
        "tags/index.html": ("CollectionPage", "website"),
        "categories/index.html": ("CollectionPage", "website"),
        "reference/losses/index.html": ("TechArticle", "article", "찾아보기"),
        "models/gan/index.html": ("BlogPosting", "article", "Deep Learning"),
        "lab/curves/index.html": ("BlogPosting", "article", "실험실"),
    }
    for name, (kind, group, *section) in kinds.items():
        page = read(built_site / name)
        assert structured(page)["@graph"][0]["@type"] == kind
        assert value(page, "og:type") == group
        if group == "article":
            assert value(page, "article:published_time") == "2026-11-23"
            assert [value(page, "article:section")] == section
            assert value(page, "article:tag") == "GAN"


def test_the_feed_has_what_atom_requires(addressed: Path) -> None:
    content = (addressed / feed.PLACE).read_bytes()
    assert not feed_flaws(content)
    root = etree.fromstring(content)
    assert len(root.findall("atom:entry", ATOM)) == len(pages(addressed))
    newest = root.xpath("atom:entry[1]/atom:title/text()", namespaces=ATOM)
    assert newest == ["새 글"]
    assert root.findtext("atom:updated", namespaces=ATOM) == "2020-01-02T12:00:00Z"


@pytest.mark.parametrize("name", ["id", "title", "updated", "author", "link"])
def test_a_feed_that_lacks_something_is_seen(name: str) -> None:
    root = etree.fromstring(feed.feed([entry()], SITE))
    for element in root.xpath(f"//atom:{name}", namespaces=ATOM):
        element.getparent().remove(element)
    assert any(name in flaw for flaw in feed_flaws(etree.tostring(root)))


def test_a_feed_drops_what_xml_cannot_hold() -> None:
    made = feed.feed([entry("가\x0b\x00 <b> & ]]>")], SITE)
    titles = etree.fromstring(made).xpath("atom:entry/atom:title/text()", namespaces=ATOM)
    assert titles == ["가 <b> & ]]>"]


def test_breadcrumbs_walk_from_the_first_page() -> None:
    deep = entry("끝", url="a/b/", trail=(metadata.Step("가운데", "a/"),))
    steps = metadata.breadcrumbs(deep, SITE)["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in steps] == [
        (1, "이름", ADDRESS),
        (2, "가운데", f"{ADDRESS}a/"),
        (3, "끝", f"{ADDRESS}a/b/"),
    ]


def test_every_share_picture_exists_and_has_its_size(addressed: Path) -> None:
    shown = set()
    for page in pages(addressed).values():
        place = value(page, "og:image").removeprefix(ADDRESS)
        file = addressed / place
        with Image.open(file) as picture:
            assert (picture.format, picture.mode) == ("PNG", "P")
            written = (value(page, "og:image:width"), value(page, "og:image:height"))
            assert tuple(map(str, picture.size)) == written == ("1200", "630")
        assert value(page, "og:image:alt")
        shown.add(place)
    made = {file.relative_to(addressed).as_posix() for file in addressed.glob("assets/share/*")}
    assert made == shown


def test_a_share_picture_follows_the_title_and_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    modules, front = ROOT / "node_modules", entry().front_matter
    first, file = share.picture(front, None, "이름", modules)
    monkeypatch.setattr(share, "draw", lambda *_: pytest.fail("보관한 그림을 다시 그림"))
    assert share.picture(front, "없는 그림", "이름", modules) == (first, file)
    monkeypatch.undo()
    other, _ = share.picture(front, "gan100-digits", "이름", modules)
    third, _ = share.picture(entry("다른 제목").front_matter, None, "이름", modules)
    assert len({first.place, other.place, third.place}) == 3


@pytest.mark.parametrize("title", ["가", "낱말 " * 60, "한낱말" * 60])
def test_every_title_fits_into_its_picture(title: str) -> None:
    font, lines = share.fitted(title, ROOT / "node_modules" / share.fonts.STRONG.source)
    assert 1 <= len(lines) <= share.LINES
    assert all(0 < font.getlength(line) <= share.TEXT_WIDTH for line in lines)


def test_the_heaviest_picture_still_makes_a_light_share_picture(wide: bool) -> None:
    title = entry("생성모델과 판별모델 그리고 적대모델(GAN)").front_matter.title
    drawn = figures.figures().values()
    heavy = sorted(drawn, key=lambda one: -cards.source(one, "light").stat().st_size)
    for one in heavy if wide else heavy[:10]:
        made = share.draw(title, ("분류",), "이름", one.name, ROOT / "node_modules")
        assert len(made) <= SHARE_BYTES, one.name


@pytest.mark.parametrize(
    ("markdown", "name"),
    [
        ("글\n\n```figure\nring-points\n```\n\n```figure\ncurves\n```\n", "ring-points"),
        ("```python\nfigure\n```\n", None),
    ],
)
def test_the_first_picture_of_a_page_is_found(markdown: str, name: str | None) -> None:
    assert first_figure(markdown, "a.md") == name


def test_categories_gather_every_page_and_every_byline_leads_there(built_site: Path) -> None:
    folder, found = built_site / "categories", pages(built_site)
    tree = found["categories/index.html"]
    listed = tree.xpath("//h2[starts-with(@id, 'category:')]/following-sibling::ul[1]/li/a/@href")
    files = [(folder / address / "index.html").resolve() for address in listed]
    assert sorted(files) == sorted((built_site / name).resolve() for name in found)
    for name, page in found.items():
        [address] = page.xpath("//*[@class='byline__category']/a/@href")
        place, _, anchor = address.partition("#")
        assert tree.get_element_by_id(anchor) is not None
        assert (built_site / name).parent.joinpath(place).resolve() == folder.resolve()
