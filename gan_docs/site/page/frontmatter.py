"""페이지의 앞머리(제목, 날짜, 분류, 태그)를 확인하고, 읽는 데 걸릴 시간을 어림합니다."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lxml import html as markup

CHARACTERS_PER_MINUTE = 500
REQUIRED = ("title", "date", "categories", "tags")

# 시각까지 적은 날짜(2019-8-20 15:09:28 -0400)는 YAML이 글자로 넘김
WRITTEN_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s].*)?")


class FrontMatterError(ValueError):
    """앞머리에 빠지거나 잘못된 항목이 있습니다."""


@dataclass(frozen=True)
class FrontMatter:
    """한 페이지의 앞머리입니다."""

    title: str
    date: datetime.date
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    description: str | None = None
    source: datetime.date | None = None  # 옮겨 온 원문의 날짜


def read(meta: Mapping[str, Any]) -> FrontMatter:
    """YAML 앞머리를 확인해 돌려줍니다.

    Raises:
        FrontMatterError: 빠진 항목이 있거나 꼴이 다를 때.
    """
    missing = [name for name in REQUIRED if not meta.get(name)]
    if missing:
        raise FrontMatterError(f"앞머리에 없는 항목: {', '.join(missing)}")
    description = meta.get("description")
    return FrontMatter(
        title=_text("title", meta["title"]),
        date=_date(meta["date"]),
        categories=_names("categories", meta["categories"]),
        tags=_names("tags", meta["tags"]),
        description=None if description is None else _text("description", description),
        source=_date(meta["source"]) if meta.get("source") else None,
    )


def reading_minutes(html: str, characters_per_minute: int = CHARACTERS_PER_MINUTE) -> int:
    """글을 읽는 데 몇 분이 걸릴지 어림합니다.

    빈칸을 뺀 글자 수로 셉니다. 코드와 접어 둔 것과 수식의 그림은 세지 않습니다.

    Raises:
        ValueError: 빠르기가 0 이하일 때.
    """
    if characters_per_minute <= 0:
        raise ValueError(f"빠르기는 0보다 커야 합니다: 받은 값 {characters_per_minute}")
    if not html.strip():
        return 1
    tree = markup.fragment_fromstring(html, create_parent="div")
    for element in tree.xpath(".//pre | .//details | .//script | .//style | .//*[@aria-hidden]"):
        element.drop_tree()
    characters = len("".join(tree.text_content().split()))
    return max(1, round(characters / characters_per_minute))


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise FrontMatterError(f"{name}에는 글을 적습니다: 받은 값 {value!r}")
    return value


def _names(name: str, value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(item, str) and item for item in values):
        raise FrontMatterError(f"{name}에는 이름이나 이름의 목록을 적습니다: 받은 값 {value!r}")
    return tuple(values)


def _date(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str) and (written := WRITTEN_DATE.fullmatch(value.strip())):
        with suppress(ValueError):
            return datetime.date(*map(int, written.groups()))
    raise FrontMatterError(f"date에는 2019-08-20과 같은 날짜를 적습니다: 받은 값 {value!r}")
