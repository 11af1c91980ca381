"""사이트의 Markdown을 노트북이 읽는 Markdown으로 풉니다.

그림 울타리, `{{ 실험.수 }}`, 덧붙임, 탭, 각주처럼 이 사이트만 아는 표기를 여느 표기로 바꾸고,
홀로 실행되는 파이썬 블록을 셀로 떼어 냅니다.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from typing import NamedTuple

from gan_docs.site.page import blocks, filling, sources
from gan_docs.site.page.blocks import Block

CONTAINER = re.compile(r'^(?:(?:!!!|\?\?\?\+?) (?P<kind>[\w-]+)|===)(?: +"(?P<title>[^"]*)")?\s*$')
DEFINITION = re.compile(r"^:   (?P<text>.*)$")
FOOTNOTE = re.compile(r"^\[\^(?P<note>[\w-]+)\]: (?P<text>.*)$")
TOKEN = re.compile(
    r"(?P<kept>`+[^`]+?`+|\$\$.+?\$\$|\$[^$\n]+?\$|!\[[^\]]*\]\([^)]*\))"
    r"|(?P<dropped><!--.*?-->|</?(?:span|div|p)\b[^>]*>|\{:? ?[.#][^}\n]*\})"
    r"|\[(?P<text>(?:`[^`]*`|[^\[\]])+)\]\((?P<target>[^)\s]+)\)"
    r"|\[\^(?P<note>[\w-]+)\]"
    r"|\*\*(?P<strong>[^*]+?)\*\*"
    r"|==(?P<marked>[^=\n]+)=="
    r"|\+\+(?P<keys>[\w+-]+)\+\+",
    re.DOTALL,
)


class Cell(NamedTuple):
    """노트북의 셀 하나입니다."""

    kind: str  # `markdown` 또는 `code`
    source: str
    alt: str = ""  # 코드 셀이 그린 그림의 대체 글


class Site(NamedTuple):
    """페이지 바깥에서 얻을 것입니다."""

    link: Callable[[str], str | None]  # 적힌 주소를 어디서나 열리는 주소로. 없으면 글만 남음
    figure: Callable[[str], str]  # 그림의 이름을 Markdown으로


def cells(markdown: str, page: str, site: Site) -> list[Cell]:
    """페이지를 셀로 나눕니다. 홀로 실행되는 파이썬 블록만 코드 셀이 됩니다.

    Args:
        markdown: 페이지의 글. 앞머리는 빼고, 옮겨 온 코드를 펴기 전의 것.
        page: 페이지의 파일 이름. `docs/`에서 본 자리.
        site: 링크와 그림을 바꾸는 함수.
    """
    merged: list[Cell] = []
    rows = list(enumerate(markdown.splitlines(), start=1))
    for cell in _Reader(markdown, page, site).read(rows):
        if cell.kind == "markdown" and merged and merged[-1].kind == "markdown":
            merged[-1] = Cell("markdown", f"{merged[-1].source}\n\n{cell.source}")
        else:
            merged.append(cell)
    return merged


def text(markdown: str, page: str, site: Site) -> str:
    """글만 푼 것입니다. 노트북의 글 셀에 씁니다."""
    return "\n\n".join(cell.source for cell in cells(markdown, page, site))


class _Reader:
    def __init__(self, markdown: str, page: str, site: Site) -> None:
        self.found = {block.line: block for block in blocks.collect(markdown, page)}
        self.page, self.site = page, site
        self.notes: list[str] = []

    def read(self, rows: list[tuple[int, str]]) -> list[Cell]:
        parts: list[Cell] = []
        prose: list[str] = []
        place = 0

        def close() -> None:
            if text := self.inline("\n".join(prose).strip("\n")).strip():
                parts.append(Cell("markdown", re.sub(r"\n{3,}", "\n\n", text)))
            prose.clear()

        while place < len(rows):
            number, line = rows[place]
            place += 1
            if block := self.found.get(number):
                place += block.end - block.line
                close()
                parts += self.fence(block)
            elif container := CONTAINER.match(line):
                inner, place = _indented(rows, place)
                close()
                parts += self.contained(container, inner)
            elif definition := DEFINITION.match(line):
                inner, place = _indented(rows, place)
                prose[-1:] = [f"**{prose[-1]}**", "", definition["text"]]
                prose += [text for _, text in inner]
            elif note := FOOTNOTE.match(line):
                inner, place = _indented(rows, place)
                text = "\n".join([note["text"], *(text for _, text in inner)])
                prose.append(f"<sup>{self.note(note['note'])}</sup> {text}")
            else:
                prose.append(filling.fill(line, f"{self.page}:{number}"))
        close()
        return parts

    def contained(self, container: re.Match[str], inner: list[tuple[int, str]]) -> list[Cell]:
        title = container["title"] or container["kind"] or ""
        parts = [Cell("markdown", f"**{title}**"), *self.read(inner)]
        if container["kind"] is None:
            return parts
        for place, part in enumerate(parts):
            if part.kind == "markdown":
                parts[place] = Cell(part.kind, textwrap.indent(part.source, "> ", lambda _: True))
        if len(parts) > 1 and parts[1].kind == "markdown":  # 제목과 글을 한 인용으로
            parts[:2] = [Cell("markdown", f"{parts[0].source}\n>\n{parts[1].source}")]
        return parts

    def fence(self, block: Block) -> list[Cell]:
        if block.kind == "output":
            return []
        if block.kind == "figure":
            return [Cell("markdown", self.site.figure(block.source.strip()))]
        if block.standalone:
            return [Cell("code", block.cell)]
        text = _spread(block).strip("\n")
        named = re.search(r'title="([^"]*)"', block.info)
        head = f"`{named[1]}`\n\n" if named else ""
        return [Cell("markdown", head + blocks.fence(block.kind, text))]

    def inline(self, text: str) -> str:
        return TOKEN.sub(self._plain, text)

    def note(self, name: str) -> int:
        if name not in self.notes:
            self.notes.append(name)
        return self.notes.index(name) + 1

    def _plain(self, token: re.Match[str]) -> str:
        if token["dropped"]:
            return ""
        if token["target"]:
            address, text = self.site.link(token["target"]), self.inline(token["text"])
            return f"[{text}]({address})" if address else text
        if token["note"]:
            return f"<sup>{self.note(token['note'])}</sup>"
        if token["strong"]:  # 괄호 다음에 조사가 붙으면 Jupyter는 별표를 그대로 보임
            text = self.inline(token["strong"])
            plain = text[0].isalnum() and text[-1].isalnum()
            return f"**{text}**" if plain else f"<strong>{text}</strong>"
        if token["marked"]:
            return f"<mark>{token['marked']}</mark>"
        if token["keys"]:
            return "+".join(f"<kbd>{key.capitalize()}</kbd>" for key in token["keys"].split("+"))
        return token[0]


def _indented(rows: list[tuple[int, str]], place: int) -> tuple[list[tuple[int, str]], int]:
    inner = []
    while place < len(rows) and (not rows[place][1].strip() or rows[place][1].startswith("    ")):
        number, line = rows[place]
        inner.append((number, line[4:]))
        place += 1
    return inner, place


def _spread(block: Block) -> str:
    """옮겨 온 구역을 펴고, 구역의 표시는 뺍니다."""
    rows: list[str] = []
    for line in block.source.splitlines():
        if include := sources.INCLUDE.match(line.strip()):
            text = sources.region(include["file"], include["section"], block.place)
            line = textwrap.dedent(sources.unmarked(text))
        rows.append(line)
    return "\n".join(rows)
