"""블록을 실행해 찍힌 글을 보관합니다."""

from __future__ import annotations

from pathlib import Path

from gan_docs.site.make import keys
from gan_docs.site.make.storage import cache_folder
from gan_docs.site.make.store import Store
from gan_docs.site.page import running
from gan_docs.site.page.blocks import Block
from gan_docs.site.page.sources import PageError

NAME, FILE = "stdout", "stdout.txt"


def printed(block: Block, place: str, walk: keys.Walk | None = None) -> str:
    """블록이 찍은 글입니다. 블록과 그것이 부르는 코드를 키로 보관합니다.

    Args:
        block: 실행할 블록.
        place: 오류에 적을 자리.
        walk: 소스를 따라갈 길. 주면 그것이 이미 읽은 파일은 다시 읽지 않습니다.

    Raises:
        PageError: 블록이 실패했거나 찍은 것이 없거나, 그 사이에 부르는 코드가 바뀌었을 때.
    """
    key = key_of(block, walk)

    def write(folder: Path) -> None:
        outcome = running.run(block)
        if not outcome.ok or not outcome.stdout.strip():
            reason = outcome.error or "찍은 글이 없습니다"
            raise PageError(f"{place}: 출력을 내지 못했습니다: {reason}")
        if key_of(block) != key:
            raise PageError(f"{place}: 실행하는 동안 코드가 바뀌었습니다. 다시 빌드하세요")
        (folder / FILE).write_text(outcome.stdout.rstrip(), "utf-8")

    folder = Store(cache_folder("outputs")).make(NAME, key, write)
    return (folder / FILE).read_text("utf-8")


def kept(block: Block, walk: keys.Walk) -> bool:
    """블록이 찍은 글을 보관했는지 봅니다."""
    return Store(cache_folder("outputs")).find(NAME, key_of(block, walk)) is not None


def key_of(block: Block, walk: keys.Walk | None = None) -> str:
    """블록이 찍을 글을 바꿀 수 있는 모든 것의 키입니다."""
    called = keys.sources(keys.imported(block.source), walk)
    return keys.digest(block.source, called, keys.versions(keys.DRAWING_TOOLS), keys.arithmetic())
