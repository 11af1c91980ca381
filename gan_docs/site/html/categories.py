"""분류마다 페이지를 모은 목록입니다. `categories.md`의 자리에 채웁니다."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from mkdocs.utils import get_relative_url
from pymdownx.slugs import slugify

from gan_docs.site.html.metadata import Entry

PAGE = "categories.md"
PLACE = "<!-- categories -->"
PERMALINK = "이 제목의 주소"

_slug: Any = slugify(case="lower")


def anchor(name: str) -> str:
    """분류의 제목에 붙는 이름입니다."""
    return f"category:{_slug(name, '-')}"


def filled(content: str, entries: Iterable[Entry], url: str) -> str:
    """본문의 빈자리에, `url`에서 본 링크로 분류의 목록을 채웁니다. 없으면 그대로 돌려줍니다."""
    if PLACE not in content:
        return content
    found = by_category(entries).items()
    return content.replace(PLACE, "\n".join(_section(name, each, url) for name, each in found))


def by_category(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """분류마다의 페이지입니다. 분류와 페이지 모두 차례에 나온 순서입니다."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        for name in dict.fromkeys(entry.front_matter.categories):
            found.setdefault(name, []).append(entry)
    return found


def links(names: Iterable[str], page_url: str | None) -> list[tuple[str, str | None]]:
    """분류의 이름과, 목록에서 그 분류의 주소입니다. 목록이 없으면 주소는 `None`."""
    return [
        (name, None if page_url is None else f"{page_url}#{anchor(name)}")
        for name in dict.fromkeys(names)
    ]


def _section(name: str, entries: list[Entry], url: str) -> str:
    place = escape(anchor(name))
    items = "\n".join(
        f'<li><a href="{escape(get_relative_url(entry.url or ".", url))}">'
        f"{escape(entry.front_matter.title)}</a></li>"
        for entry in entries
    )
    return (
        f'<h2 id="{place}">{escape(name)}'
        f'<a class="headerlink" href="#{place}" title="{PERMALINK}">¶</a></h2>\n'
        f"<ul data-search-exclude>\n{items}\n</ul>"
    )
