"""쪽의 머리에 적을 메타데이터와 아톰 피드입니다. 주소를 모르면 주소가 드는 것만 빠집니다."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urljoin

from jinja2.utils import htmlsafe_json_dumps
from lxml import etree

from gan_docs.site.page.frontmatter import FrontMatter

FEED = "atom.xml"
ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
SCHEMA = "https://schema.org"
LANGUAGE = "ko"
LOCALE = "ko_KR"
ARTICLES = ("BlogPosting", "TechArticle")
LISTINGS = ("tags.md", "categories.md", "glossary.md")
REFERENCE = "reference/"
TAG = "tag:"  # 태그 플러그인이 붙이는 id의 앞머리
NOON = "T12:00:00Z"  # 앞머리에는 날짜뿐: 한낮이면 어느 시간대에서나 같은 날
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Site(NamedTuple):
    """사이트의 이름과 주소입니다. 주소는 `/`로 끝나고, 모르면 빈 글입니다."""

    name: str
    description: str
    author: str
    address: str


class Step(NamedTuple):
    """첫 쪽에서 이 쪽까지의 길에 놓인 한 쪽입니다."""

    title: str
    url: str


class Picture(NamedTuple):
    """쪽을 나눌 때 보일 그림입니다. 크기의 단위는 화소입니다."""

    place: str
    width: int
    height: int
    alt: str


class Entry(NamedTuple):
    """쪽 하나입니다.

    Attributes:
        source: `docs/`에서 본 파일의 자리.
        url: 사이트의 뿌리에서 본 주소. 첫 쪽은 빈 글입니다.
        front_matter: 확인을 마친 앞머리.
        trail: 첫 쪽과 이 쪽 사이의 쪽들.
        picture: 쪽을 나눌 때 보일 그림.
    """

    source: str
    url: str
    front_matter: FrontMatter
    trail: tuple[Step, ...] = ()
    picture: Picture | None = None

    @property
    def kind(self) -> str:
        """schema.org의 갈래입니다."""
        if not self.url:
            return "WebSite"
        if self.source in LISTINGS:
            return "CollectionPage"
        return "TechArticle" if self.source.startswith(REFERENCE) else "BlogPosting"


class Head(NamedTuple):
    """틀이 쪽의 머리에 적을 것입니다. 값은 틀이 이스케이프합니다."""

    properties: tuple[tuple[str, str], ...]  # <meta property>
    names: tuple[tuple[str, str], ...]  # <meta name>
    structured: str  # <script> 안에 그대로 적을 JSON-LD


def read(page: Any) -> Entry:
    """MkDocs의 쪽에서 메타데이터를 읽습니다. 길에는 첫 쪽이 있는 묶음만 놓습니다."""
    trail = []
    for section in reversed(page.ancestors):
        first = next((child for child in section.children if getattr(child, "is_index", 0)), None)
        if first is not None and first is not page and first.front_matter:
            trail.append(Step(first.front_matter.title, first.url))
    url = "" if page.is_homepage else page.url
    return Entry(page.file.src_uri, url, page.front_matter, tuple(trail))


def head(entry: Entry, site: Site) -> Head:
    """쪽 하나의 오픈 그래프, 트위터 카드, 구조화된 데이터입니다."""
    card = "summary_large_image" if site.address and entry.picture else "summary"
    return Head(
        tuple(open_graph(entry, site)),
        (("twitter:card", card),),
        str(htmlsafe_json_dumps(structured(entry, site), ensure_ascii=False)),
    )


def open_graph(entry: Entry, site: Site) -> list[tuple[str, str]]:
    """오픈 그래프의 이름과 값입니다. 여러 번 나오는 이름이 있어 차례로 적습니다."""
    front, article = entry.front_matter, entry.kind in ARTICLES
    rows = [
        ("og:title", front.title),
        ("og:type", "article" if article else "website"),
        ("og:description", front.description or site.description),
        ("og:locale", LOCALE),
        ("og:site_name", site.name),
    ]
    if site.address:
        rows.append(("og:url", urljoin(site.address, entry.url)))
        if entry.picture:
            rows += _open_picture(entry.picture, site)
    if article:
        rows.append(("article:published_time", front.machine_date))
        rows += [("article:section", name) for name in front.categories[:1]]
        rows += [("article:tag", name) for name in front.tags]
    return rows


def structured(entry: Entry, site: Site) -> dict[str, Any]:
    """schema.org의 사전입니다. 첫 쪽은 사이트를, 나머지는 글과 그 글까지의 길을 적습니다."""
    front = entry.front_matter
    page: dict[str, Any] = {
        "@type": entry.kind,
        "name": front.title,
        "description": front.description or site.description,
        "inLanguage": LANGUAGE,
    }
    if entry.kind in ARTICLES:
        page |= {
            "headline": front.title,
            "datePublished": front.machine_date,
            "author": {"@type": "Organization", "name": site.author},
            "articleSection": list(front.categories),
            "keywords": list(front.tags),
        }
    graph = [page]
    if site.address:
        page["url"] = urljoin(site.address, entry.url)
        if entry.picture:
            page["image"] = urljoin(site.address, entry.picture.place)
        if entry.url:
            graph.append(breadcrumbs(entry, site))
    return {"@context": SCHEMA, "@graph": graph}


def breadcrumbs(entry: Entry, site: Site) -> dict[str, Any]:
    """첫 쪽에서 이 쪽까지의 길입니다."""
    steps = [Step(site.name, ""), *entry.trail, Step(entry.front_matter.title, entry.url)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": step.title,
                "item": urljoin(site.address, step.url),
            }
            for position, step in enumerate(steps, start=1)
        ],
    }


def feed(entries: Sequence[Entry], site: Site) -> bytes:
    """모든 쪽의 아톰 피드입니다. 빌드한 때를 적지 않아, 같은 글이면 같은 바이트입니다.

    Args:
        entries: 차례대로의 쪽. 새 글이 앞에 오고, 같은 날의 글은 이 차례를 지킵니다.
        site: 주소를 아는 사이트.

    Raises:
        ValueError: 주소를 모르거나 쪽이 없을 때. 피드에는 온전한 주소와 날짜가 있어야 합니다.
    """
    if not site.address or not entries:
        raise ValueError(f"피드에는 주소와 쪽이 있어야 합니다: {site.address!r}, {len(entries)}쪽")
    ordered = sorted(entries, key=lambda entry: entry.front_matter.date, reverse=True)
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    root.set(f"{{{XML}}}lang", LANGUAGE)
    _add(root, "id", site.address)
    _add(root, "title", site.name)
    _add(root, "subtitle", site.description)
    _add(root, "updated", ordered[0].front_matter.machine_date + NOON)
    _add(_add(root, "author"), "name", site.author)
    _add(root, "link", rel="self", type="application/atom+xml", href=urljoin(site.address, FEED))
    _add(root, "link", rel="alternate", type="text/html", href=site.address)
    for entry in ordered:
        _add_entry(root, entry, site)
    made: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return made


def escaped(meta: Mapping[str, Any]) -> dict[str, Any]:
    """테마가 이스케이프하지 않고 적는 앞머리의 글을 미리 이스케이프합니다."""
    texts = ("title", "description", "author")
    return {
        name: html.escape(value) if name in texts and isinstance(value, str) else value
        for name, value in meta.items()
    }


def escape_tags(toc: Iterable[Any]) -> None:
    """태그 플러그인이 차례에 그대로 적은 태그의 이름을 이스케이프합니다."""
    for item in toc:
        if item.id.startswith(TAG):
            item.title = html.escape(item.title)
        escape_tags(item.children)


def by_category(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """분류마다의 쪽입니다. 분류와 쪽 모두 차례에 나온 순서입니다."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        for name in dict.fromkeys(entry.front_matter.categories):
            found.setdefault(name, []).append(entry)
    return found


def _open_picture(picture: Picture, site: Site) -> list[tuple[str, str]]:
    return [
        ("og:image", urljoin(site.address, picture.place)),
        ("og:image:type", "image/png"),
        ("og:image:width", str(picture.width)),
        ("og:image:height", str(picture.height)),
        ("og:image:alt", picture.alt),
    ]


def _add_entry(root: Any, entry: Entry, site: Site) -> None:
    front, address = entry.front_matter, urljoin(site.address, entry.url)
    element = _add(root, "entry")
    _add(element, "id", address)
    _add(element, "title", front.title)
    _add(element, "link", rel="alternate", type="text/html", href=address)
    _add(element, "published", front.machine_date + NOON)
    _add(element, "updated", front.machine_date + NOON)
    for name in front.categories:
        _add(element, "category", term=_xml(name))
    if front.description:
        _add(element, "summary", front.description)


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", **attributes)
    element.text = None if text is None else _xml(text)
    return element


def _xml(text: str) -> str:
    """XML에 적을 수 없는 제어 문자를 뺍니다."""
    return NOT_XML.sub("", text)
