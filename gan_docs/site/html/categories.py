"""분류마다 쪽을 모은 목록입니다. `categories.md`의 자리에 채웁니다."""

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


def listing(found: dict[str, list[Entry]], url: str) -> str:
    """분류마다 제목 하나와 쪽의 목록입니다.

    Args:
        found: 분류마다의 쪽.
        url: 목록을 보일 쪽의 주소. 링크는 여기에서 본 상대 주소입니다.
    """
    return "\n".join(_section(name, entries, url) for name, entries in found.items())


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
