"""사이트의 Markdown을 노트북이 읽는 Markdown으로 풉니다.

그림 울타리, `{{ 실험.수 }}`, 덧붙임, 탭, 각주처럼 이 사이트만 아는 표기를 여느 표기로 바꾸고,
실행할 수 있는 파이썬 덩이를 셀로 떼어 냅니다.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from typing import NamedTuple

from gan_docs.site.page import blocks, expand, sources

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

    kind: str  # markdown 또는 code
    source: str


class Site(NamedTuple):
    """쪽 바깥에서 얻을 것입니다.

    Attributes:
        link: 쪽에 적힌 주소를 어디서나 열리는 주소로. 없으면 `None`이고 글만 남습니다.
        figure: 그림의 이름을 Markdown으로.
    """

    link: Callable[[str], str | None]
    figure: Callable[[str], str]


def cells(markdown: str, page: str, site: Site) -> list[Cell]:
    """쪽을 셀로 나눕니다. 홀로 실행되는 파이썬 덩이만 코드 셀이 됩니다.

    Args:
        markdown: 쪽의 글. 앞머리는 빼고, 옮겨 온 코드를 펴기 전의 것.
        page: 쪽의 파일 이름. `docs/`에서 본 자리.
        site: 링크와 그림을 바꾸는 함수.
    """
    found = {block.line: block for block in blocks.collect(markdown, page)}
    rows = list(enumerate(markdown.splitlines(), start=1))
    merged: list[Cell] = []
    for cell in _Reader(found, page, site).read(rows):
        if cell.kind == "markdown" and merged and merged[-1].kind == "markdown":
            merged[-1] = Cell("markdown", f"{merged[-1].source}\n\n{cell.source}")
        else:
            merged.append(cell)
    return merged


def text(markdown: str, page: str, site: Site) -> str:
    """코드를 셀로 떼어 내지 않고 글만 풉니다. 노트북의 글 셀에 씁니다."""
    rows = list(enumerate(markdown.splitlines(), start=1))
    return "\n\n".join(cell.source for cell in _Reader({}, page, site).read(rows))


def standalone(block: blocks.Block) -> bool:
    """셀로 실행할 덩이인지 봅니다. 파일의 구역, 건너뛸 덩이, 실패할 덩이는 글로 보입니다."""
    shown_only = block.included or block.skip_reason or block.expect_error
    return block.language == "python" and not shown_only


class _Reader:
    def __init__(self, found: Mapping[int, blocks.Block], page: str, site: Site) -> None:
        self.found, self.page, self.site = found, page, site
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
            if fence := blocks.FENCE.match(line):
                body, place = _fenced(rows, place, fence)
                close()
                parts += self.fence(number, fence["info"].strip(), body)
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
                prose.append(expand.fill(line, f"{self.page}:{number}"))
        close()
        return parts

    def contained(self, container: re.Match[str], inner: list[tuple[int, str]]) -> list[Cell]:
        quote = container["kind"] is not None
        title = container["title"] or container["kind"] or ""
        parts = [Cell("markdown", f"**{title}**"), *self.read(inner)]
        if not quote:
            return parts
        texts = [
            Cell(part.kind, textwrap.indent(part.source, "> ", lambda _: True))
            if part.kind == "markdown"
            else part
            for part in parts
        ]
        if len(texts) > 1 and texts[1].kind == "markdown":  # 제목과 글을 한 인용으로
            texts[:2] = [Cell("markdown", f"{texts[0].source}\n>\n{texts[1].source}")]
        return texts

    def fence(self, number: int, info: str, body: str) -> list[Cell]:
        if info == "output":
            return []
        if info == "figure":
            return [Cell("markdown", self.site.figure(body.strip()))]
        block = self.found.get(number)
        if block and standalone(block):
            return [Cell("code", block.own.strip("\n"))]
        text = _spread(body, f"{self.page}:{number}")
        language = (info.strip("{} ").split() or [""])[0].lstrip(".")
        named = re.search(r'title="([^"]*)"', info)
        longest = max(map(len, re.findall(r"`{3,}", text)), default=2)
        mark = "`" * (longest + 1)
        head = [f"`{named[1]}`", ""] if named else []
        return [Cell("markdown", "\n".join([*head, mark + language, text.strip("\n"), mark]))]

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


def _fenced(rows: list[tuple[int, str]], place: int, opened: re.Match[str]) -> tuple[str, int]:
    body = []
    for _, line in rows[place:]:
        place += 1
        fence = blocks.FENCE.match(line)
        if fence and not fence["info"].strip() and fence["mark"].startswith(opened["mark"]):
            break
        body.append(line.removeprefix(opened["prefix"]))
    return "\n".join(body), place


def _indented(rows: list[tuple[int, str]], place: int) -> tuple[list[tuple[int, str]], int]:
    inner = []
    while place < len(rows) and (not rows[place][1].strip() or rows[place][1].startswith("    ")):
        number, line = rows[place]
        inner.append((number, line[4:]))
        place += 1
    return inner, place


def _spread(body: str, place: str) -> str:
    """옮겨 온 구역을 펴고, 구역의 표시는 뺍니다."""
    rows: list[str] = []
    for line in body.splitlines():
        if include := blocks.INCLUDE.match(line.strip()):
            text = blocks.region(include["file"], include["section"], place)
            kept = [row for row in text.splitlines() if not sources.MARKER.match(row)]
            rows += textwrap.dedent("\n".join(kept)).splitlines()
        else:
            rows.append(line)
    return "\n".join(rows)
