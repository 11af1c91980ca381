"""페이지의 Markdown에서 그림, 수, 출력의 자리를 이 빌드의 것으로 채웁니다."""

from __future__ import annotations

import html
from collections.abc import Mapping

from gan_docs.drawing.palette import PALETTES
from gan_docs.site.make import figures, keys
from gan_docs.site.page import blocks, cards, outputs, sources
from gan_docs.site.page.blocks import fence
from gan_docs.site.page.filling import fill

FIRST_SCREEN = 400  # 이 글자 수 안에 나오는 그림은 첫 화면에 듦


def expand(markdown: str, page: str, place: str = "", walk: keys.Walk | None = None) -> str:
    """그림 울타리를 그림 카드로, 빈 출력 울타리를 앞 블록의 출력으로, `{{ 실험.수:꼴 }}`을 수로.

    Args:
        markdown: 페이지의 Markdown.
        page: 페이지의 파일 이름. `docs/`에서 본 자리.
        place: 오류에 적을 이름. 비우면 `page`.
        walk: 소스를 따라갈 길. 주면 그것이 이미 읽은 파일은 다시 읽지 않습니다.

    Raises:
        PageError: 블록을 읽을 수 없거나, 모르는 그림이나 수를 부를 때.
    """
    place = place or page
    rows = markdown.splitlines()
    expanded: list[str] = []
    read = 0
    for block in blocks.collect(markdown, place):
        expanded += prose(rows[read : block.line - 1], place, read)
        if block.kind == "figure":
            expanded += indented(cards.card(block.source.strip(), page, block.place), block)
        elif block.of:
            printed = outputs.printed(block.of, block.place, walk)
            expanded += indented(fence("text", printed, ".output"), block)
        else:
            opened = rows[block.line - 1]
            if block.included:
                opened = sources.titled(opened, block.source, block.place)
            expanded += [opened, *rows[block.line : block.end]]
        read = block.end
    return "\n".join([*expanded, *prose(rows[read:], place, read)]) + "\n"


def prose(rows: list[str], place: str, before: int) -> list[str]:
    """울타리 밖의 줄을 채웁니다. 블록에 단 주석은 페이지에 남기지 않습니다."""
    return [
        fill(row, f"{place}:{number}", html.escape)
        for number, row in enumerate(rows, start=before + 1)
        if not blocks.COMMENT.fullmatch(row.strip())
    ]


def indented(text: str, block: blocks.Block) -> list[str]:
    """울타리가 있던 깊이로 들여씁니다."""
    return [block.indent + row if row else "" for row in text.split("\n")]


def first_figure(markdown: str, page: str) -> str | None:
    """페이지의 첫 그림의 이름입니다. 없으면 `None`."""
    found = (block for block in blocks.collect(markdown, page) if block.kind == "figure")
    return next((block.source.strip() for block in found), None)


def leading(markdown: str, page: str) -> Mapping[str, str]:
    """첫 화면에 드는 그림이 놓인 자리입니다. 화면의 밝기마다 하나이고, 없으면 비어 있습니다."""
    for block in blocks.collect(markdown, page):
        before = "\n".join(markdown.splitlines()[: block.end - 1])
        if block.kind == "figure" and len(before.lstrip()) <= FIRST_SCREEN:
            figure = figures.figures().get(block.source.strip())
            return {scheme: figure.address(scheme) for scheme in PALETTES} if figure else {}
    return {}
