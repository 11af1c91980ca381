"""다 그린 사이트의 코드 블록을 모두 세어, 실행되지 않은 것이 없는지 봅니다."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from lxml import html

from gan_docs.site.make import figures, tables
from gan_docs.site.make.keys import ROOT
from gan_docs.site.page import blocks, claims, sources
from gan_docs.site.page.notebook import Notebook

CLASS = re.compile(r"\blanguage-([\w+-]+)")
KINDS = ("run", "included", "skipped", "unaccounted")
HEADINGS = ("페이지", "보인 블록", "실행", "파일의 구역", "이유를 적고 건너뜀", "설명 안 됨")


class Seen(NamedTuple):
    """페이지에 보인 블록 하나와, 그것이 어떻게 설명되는지."""

    page: str
    kind: str
    first_line: str


class Census(NamedTuple):
    """사이트에 보인 모든 블록입니다."""

    seen: list[Seen]

    @property
    def totals(self) -> dict[str, int]:
        """보인 블록과, 설명마다의 수입니다."""
        counts = Counter(block.kind for block in self.seen)
        return {"shown": len(self.seen), **{kind: counts[kind] for kind in KINDS}}

    @property
    def unaccounted(self) -> list[Seen]:
        """실행되지도 건너뛰지도 않은 블록입니다."""
        return [block for block in self.seen if block.kind == "unaccounted"]

    def as_json(self) -> dict[str, Any]:
        """`build.json`에 적을 꼴입니다."""
        return {**self.totals, "pages": {page: dict(row) for page, row in self._pages().items()}}

    def rows(self) -> list[list[object]]:
        """페이지마다 한 줄, 끝에 모두 더한 한 줄입니다. 칸은 `HEADINGS`의 차례입니다."""
        pages = sorted(self._pages().items())
        rows = [[page, sum(row.values()), *(row[k] for k in KINDS)] for page, row in pages]
        return [*rows, ["모두", *self.totals.values()]]

    def _pages(self) -> dict[str, Counter[str]]:
        pages: dict[str, Counter[str]] = {}
        for block in self.seen:
            pages.setdefault(block.page, Counter())[block.kind] += 1
        return pages


def take(site: Path, root: Path = ROOT) -> Census:
    """다 그린 사이트의 모든 페이지를 읽어 블록을 셉니다.

    Raises:
        ValueError: 블록이 하나도 없을 때.
    """
    regions = _regions(root) | set(map(squeeze, tables.code()))
    seen: list[Seen] = []
    for file in sorted(site.rglob("*.html")):
        page = file.relative_to(site).as_posix().removesuffix("index.html").strip("/")
        known = _known(page, root)
        for text in shown(file.read_text("utf-8")):
            other = "included" if squeeze(text) in regions else "unaccounted"
            first = next(iter(text.strip().splitlines()), "")
            seen.append(Seen(page or "첫 페이지", known.get(squeeze(text), other), first))
    if not seen:
        raise ValueError(f"코드 블록이 하나도 없습니다: {site}")
    return Census(seen)


def claimed() -> list[claims.Claim]:
    """모든 페이지와 그림의 주장입니다."""
    docs, found = ROOT / "docs", []
    for file in sorted([*docs.rglob("*.md"), *docs.rglob("*.ipynb")]):
        text = Notebook(file).prose if file.suffix == ".ipynb" else file.read_text("utf-8")
        found += claims.of_page(text, file.relative_to(docs).as_posix())
    return [
        *found,
        *(claim for one in figures.figures().values() for claim in claims.of_figure(one)),
    ]


def shown(page: str) -> list[str]:
    """페이지에 보인 블록의 글입니다. API의 서명과, 빌드가 채운 출력은 블록이 아닙니다."""
    tree = html.document_fromstring(page)
    found = []
    for element in tree.xpath("//pre"):
        if element.xpath('ancestor-or-self::*[contains(@class, "doc-signature")]'):
            continue
        classes = " ".join(element.xpath("ancestor-or-self::*/@class | code/@class"))
        if set(CLASS.findall(classes)) != {"text"}:
            found.append(element.text_content())
    return found


def squeeze(text: str) -> str:
    """빈칸을 뺀 글: 들여쓰기가 바뀌어도 같은 블록으로 봅니다."""
    return "".join(text.split())


def _known(page: str, root: Path) -> dict[str, str]:
    """페이지의 소스에 적힌 블록의 글과, 실행되는지 건너뛰는지."""
    known: dict[str, str] = {}
    place = root / "docs" / (page or "index")
    for file in (place.with_suffix(".md"), place / "index.md"):
        if file.is_file():
            name = file.relative_to(root).as_posix()
            for block in blocks.collect(file.read_text("utf-8"), name):
                if block.runnable:
                    known[squeeze(block.source)] = "skipped" if block.skip_reason else "run"
    if (notebook := place.with_suffix(".ipynb")).is_file():
        known |= {squeeze(source): "run" for source in Notebook(notebook).code}
    return known


def _regions(root: Path) -> set[str]:
    """테스트가 실행하는 파일의 모든 구역과, 파일 전체의 글입니다."""
    found: set[str] = set()
    for folder in ("gan_docs", "docs/examples"):
        for file in (root / folder).rglob("*.py"):
            text = file.read_text("utf-8")
            name = file.relative_to(root).as_posix()
            sections = [None, *re.findall(r"\[start:([\w-]+)\]", text)]
            bodies = [sources.region(name, section, name, root) for section in sections]
            found |= {squeeze(sources.unmarked(body)) for body in bodies}
    return found - {""}  # 빈 파일은 빈 블록을 설명하지 못함
