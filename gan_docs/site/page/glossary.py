"""용어집입니다. 파일 하나가 용어집 페이지, 찾기의 다른 이름, 글의 낱말을 모두 맡습니다."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown import markdown

from gan_docs.site.make import keys
from gan_docs.site.page import josa

DOCS = keys.ROOT / "docs"
NAME = "glossary.toml"
PAGE = "glossary.md"
FIELDS = {
    "term": str,
    "english": str,
    "aliases": list,
    "related": list,
    "definition": str,
    "page": str,
}
TITLE = re.compile(r'^title: *"?(.+?)"?\s*$|^ *"title": "(.+)",?$', re.MULTILINE)
LETTERS = "가-힣A-Za-z"
OPENING = re.compile(r"(?P<code>(`+).*?\2)|<")  # 코드 밖의 <는 마크업이 되지 않게


class GlossaryError(ValueError):
    """용어집에 빠지거나 겹치는 것이 있습니다."""


@dataclass(frozen=True)
class Entry:
    """낱말 하나입니다."""

    term: str  # 글에 쓰기로 정한 낱말
    english: str
    aliases: tuple[str, ...]  # 다른 번역: 찾으면 이어 주되 글에는 쓰지 않음
    related: tuple[str, ...]  # 글에 써도 되는, 찾으면 이어 줄 말
    definition: str  # Markdown
    page: str  # 이 낱말을 다루는 페이지. `docs/`에서 본 자리
    everyday: bool = False  # 여느 뜻으로도 쓰는 낱말인지. 그러면 글에서 용어집으로 잇지 않음

    @property
    def anchor(self) -> str:
        """용어집 페이지에서 이 낱말의 자리입니다."""
        return "-".join(self.english.lower().split())

    @property
    def prose(self) -> str:
        """마크업이 섞이지 않게 한 뜻의 Markdown입니다."""
        return OPENING.sub(lambda found: found["code"] or "&lt;", self.definition)

    @property
    def meaning(self) -> str:
        """뜻의 HTML입니다. 수식은 쪽의 수식과 함께 그려집니다."""
        meaning: str = markdown(
            self.prose,
            extensions=["pymdownx.arithmatex"],
            extension_configs={"pymdownx.arithmatex": {"generic": True}},
        )
        return meaning

    @property
    def names(self) -> tuple[str, ...]:
        """이 낱말을 가리키는 모든 말입니다."""
        return (self.term, self.english, *self.aliases, *self.related)


@dataclass(frozen=True)
class Coined:
    """이 책이 지어 쓰던 낱말입니다. 찾으면 이어 주되 어디에도 쓰지 않습니다."""

    word: str
    chosen: str  # 대신 쓰는 이 분야의 낱말
    pattern: str  # 그 뜻으로 쓴 자리의 정규식. 빈칸은 `\ `로 적음


def read(file: Path) -> tuple[Entry, ...]:
    """용어집의 `[[terms]]`를 읽고 확인합니다.

    Raises:
        GlossaryError: 읽을 수 없거나, 항목이 빠지거나, 한 말이 두 낱말을 가리킬 때.
    """
    try:
        rows = tomllib.loads(file.read_text("utf-8")).get("terms", [])
    except tomllib.TOMLDecodeError as error:
        raise GlossaryError(f"{file.name}: TOML로 읽을 수 없습니다: {error}") from None
    found = tuple(_entry(row, f"{file.name}: {number}번째") for number, row in enumerate(rows, 1))
    owners: dict[str, str] = {}
    for entry in found:
        for name in entry.names:
            if (key := _squeeze(name)) in owners:
                both = f"{owners[key]}, {entry.term}"
                raise GlossaryError(f"{file.name}: 한 말이 두 번 나옵니다: {name} ({both})")
            owners[key] = entry.term
    return found


def coined(file: Path) -> tuple[Coined, ...]:
    """이 책이 지어 쓰던 낱말을 읽습니다.

    Raises:
        GlossaryError: 항목이 빠지거나 남을 때.
    """
    rows = tomllib.loads(file.read_text("utf-8")).get("coined", [])
    try:
        return tuple(Coined(**row) for row in rows)
    except TypeError as error:
        raise GlossaryError(f"{file.name}: 지어 쓰던 낱말을 읽을 수 없습니다: {error}") from None


def entries(docs: Path = DOCS) -> str:
    """용어집 페이지의 Markdown입니다: 낱말마다 뜻, 다른 이름, 다루는 페이지.

    Raises:
        GlossaryError: 용어집이 잘못되었거나, 낱말을 다루는 페이지가 없을 때.
    """
    return "\n\n".join(_shown(entry, docs) for entry in read(docs / NAME))


def forbidden(text: str, glossary: Iterable[Entry]) -> list[tuple[str, str]]:
    """글에 쓰인 다른 번역과, 대신 쓸 낱말입니다. 정한 낱말 속에 든 것은 세지 않습니다."""
    meant = {
        _squeeze(name): (entry.term, name in entry.aliases)
        for entry in glossary
        for name in entry.names
    }
    longest_first = sorted(meant, key=len, reverse=True)
    names = "|".join(r"[ \n]*".join(map(re.escape, name)) for name in longest_first)
    pattern = re.compile(rf"(?<![{LETTERS}])(?:{names})", re.IGNORECASE)
    found = ((match[0], *meant[_squeeze(match[0])]) for match in pattern.finditer(text))
    return [(word, term) for word, term, alias in found if alias]


def _entry(row: dict[str, Any], place: str) -> Entry:
    named = f"{place} {row['term']}" if row.get("term") else f"{place} 낱말"
    for name, kind in FIELDS.items():
        if name not in row:
            raise GlossaryError(f"{named}: {name}이(가) 없습니다")
        value = row[name]
        texts = value if isinstance(value, list) else [value]
        told = all(isinstance(text, str) and text.strip() for text in texts)
        if not (told and isinstance(value, kind)):
            wanted = "글의 목록" if kind is list else "글"
            raise GlossaryError(f"{named}: {name}에는 {wanted}을 적습니다: 받은 값 {value!r}")
    if not isinstance(row.get("everyday", False), bool):
        raise GlossaryError(f"{named}: everyday에는 true나 false를 적습니다")
    if unknown := set(row) - set(FIELDS) - {"everyday"}:
        raise GlossaryError(f"{named}: 모르는 항목입니다: {', '.join(sorted(unknown))}")
    return Entry(**{**row, "aliases": tuple(row["aliases"]), "related": tuple(row["related"])})


def _shown(entry: Entry, docs: Path) -> str:
    page = docs / entry.page
    if not page.is_file() or not (title := TITLE.search(page.read_text("utf-8"))):
        raise GlossaryError(f"{NAME}: {entry.term}을(를) 다루는 페이지가 없습니다: {entry.page}")
    parts = [entry.prose]
    if entry.aliases:
        aliases = html.escape(", ".join(entry.aliases))
        particle = josa.chosen(entry.aliases[-1], "(이)")
        parts.append(f"{aliases}{particle}라고도 합니다.")
    parts.append(f"[{html.escape(title[1] or title[2])}]({entry.page})")
    names = f"{html.escape(entry.term)}({html.escape(entry.english)})"
    return f"{names} {{: #{entry.anchor} }}\n:   {' '.join(parts)}"


def _squeeze(name: str) -> str:
    return "".join(name.split()).lower()
