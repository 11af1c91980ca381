"""페이지의 머리에 적을 메타데이터입니다. 주소를 모르면 주소가 드는 것만 빠집니다."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urljoin

from jinja2.utils import htmlsafe_json_dumps

from gan_docs.site.page.frontmatter import FrontMatter

SCHEMA = "https://schema.org"
LANGUAGE = "ko"
LOCALE = "ko_KR"
ARTICLES = ("BlogPosting", "TechArticle")
LISTINGS = ("tags.md", "categories.md", "glossary.md")
REFERENCE = "reference/"


class Site(NamedTuple):
    """사이트의 이름과 주소입니다. 주소는 `/`로 끝나고, 모르면 빈 글입니다."""

    name: str
    description: str
    author: str
    address: str


class Step(NamedTuple):
    """첫 페이지에서 이 페이지까지의 길에 놓인 한 페이지입니다."""

    title: str
    url: str


class Picture(NamedTuple):
    """페이지를 나눌 때 보일 그림입니다. 크기의 단위는 화소입니다."""

    place: str
    width: int
    height: int
    alt: str


class Entry(NamedTuple):
    """페이지 하나입니다."""

    source: str  # `docs/`에서 본 파일의 자리
    url: str  # 사이트의 뿌리에서 본 주소. 첫 페이지는 빈 글
    front_matter: FrontMatter
    trail: tuple[Step, ...] = ()  # 첫 페이지와 이 페이지 사이의 페이지들
    figure: str | None = None  # 페이지의 첫 그림의 이름
    picture: Picture | None = None  # 페이지를 나눌 때 보일 그림

    @property
    def kind(self) -> str:
        """schema.org의 갈래입니다."""
        if not self.url:
            return "WebSite"
        if self.source in LISTINGS:
            return "CollectionPage"
        return "TechArticle" if self.source.startswith(REFERENCE) else "BlogPosting"


def read(page: Any) -> Entry:
    """MkDocs의 페이지에서 메타데이터를 읽습니다. 길에는 첫 페이지가 있는 묶음만 놓습니다."""
    trail = []
    for section in reversed(page.ancestors):
        first = next((child for child in section.children if getattr(child, "is_index", 0)), None)
        if first is not None and first is not page and first.front_matter:
            trail.append(Step(first.front_matter.title, first.url))
    url = "" if page.is_homepage else page.url
    return Entry(page.file.src_uri, url, page.front_matter, tuple(trail), page.picture)


def head(entry: Entry, site: Site) -> dict[str, Any]:
    """틀이 페이지의 머리에 적을 것입니다. 구조화된 데이터는 스크립트에 그대로 적을 글입니다."""
    return {
        "properties": open_graph(entry, site),
        "card": "summary_large_image" if site.address and entry.picture else "summary",
        "structured": htmlsafe_json_dumps(structured(entry, site), ensure_ascii=False),
    }


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
        if picture := entry.picture:
            rows += [
                ("og:image", urljoin(site.address, picture.place)),
                ("og:image:type", "image/png"),
                ("og:image:width", str(picture.width)),
                ("og:image:height", str(picture.height)),
                ("og:image:alt", picture.alt),
            ]
    if article:
        rows.append(("article:published_time", front.date.isoformat()))
        rows += [("article:section", name) for name in front.categories[:1]]
        rows += [("article:tag", name) for name in front.tags]
    return rows


def structured(entry: Entry, site: Site) -> dict[str, Any]:
    """schema.org의 사전입니다. 첫 페이지는 사이트를, 나머지는 글과 그 글까지의 길을 적습니다."""
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
            "datePublished": front.date.isoformat(),
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
    """첫 페이지에서 이 페이지까지의 길입니다."""
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
