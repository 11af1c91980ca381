"""페이지의 코드를 그리기 전에 코어마다 하나씩 나란히 실행해 둡니다. 남은 시간을 보여 줍니다.

그리면서 하나씩 실행해도 결과는 같지만, 보관한 것이 없으면 몇 분을 말없이 기다려야 합니다.
실패는 여기서 알리지 않습니다: 그 페이지를 그릴 때 다시 실행하고, 페이지와 줄을 알립니다.
"""

from __future__ import annotations

import time
from concurrent.futures import as_completed
from contextlib import suppress
from pathlib import Path

from gan_docs.site.make import keys
from gan_docs.site.make.schedule import SIDE_BY_SIDE, say, side_by_side
from gan_docs.site.page import blocks, kernels, outputs
from gan_docs.site.page.blocks import Block
from gan_docs.site.page.kernels import NotebookError
from gan_docs.site.page.notebook import Notebook
from gan_docs.site.page.sources import PageError

FEW = 3  # 이만큼이면 프로세스를 따로 시작하지 않고 그리면서 실행함


def run(docs: Path, *, notebooks: bool = True, walk: keys.Walk | None = None) -> None:
    """출력을 보관하지 않은 페이지의 코드를 모두 실행합니다. 몇 페이지뿐이면 아무것도 하지 않습니다.

    Args:
        docs: 페이지의 폴더.
        notebooks: 페이지에 딸릴 노트북도 실행할지. 고치며 보는 동안에는 아닙니다.
        walk: 소스를 따라갈 길. 주면 그것이 이미 읽은 파일은 다시 읽지 않습니다.
    """
    waiting = missing(docs, notebooks, walk or keys.Walk())
    if len(waiting) <= FEW:
        return
    say(f"페이지의 코드를 실행합니다: {len(waiting)}페이지")
    started = time.monotonic()
    with side_by_side() as pool:
        working = [pool.submit(execute, file, notebooks) for file in waiting]
        for done, _ in enumerate(as_completed(working), start=1):
            left = remaining(time.monotonic() - started, done, len(waiting) - done)
            say(f"페이지의 코드: {done}/{len(waiting)}페이지, 남은 시간 {left:.0f}초")


def remaining(seconds: float, done: int, left: int) -> float:
    """`seconds`초에 `done`개를 마쳤을 때 남은 시간입니다. 하고 있는 것은 절반 온 것으로 봅니다."""
    half = min(SIDE_BY_SIDE, left) / 2
    return seconds / (done + half) * (left - half)


def missing(docs: Path, notebooks: bool, walk: keys.Walk) -> list[Path]:
    """실행할 것이 남은 페이지입니다. 코드가 긴 것부터. 읽을 수 없는 페이지는 지나갑니다."""
    found = {}
    for file in sorted(each for each in docs.rglob("*") if each.suffix in (".md", ".ipynb")):
        with suppress(PageError, NotebookError, SyntaxError):
            printing, cells = code(file, notebooks)
            executed = not cells or kernels.outputs(cells, walk, execute=False) is not None
            if not executed or not all(outputs.kept(block, walk) for block in printing):
                found[file] = len("".join([*cells, *(block.source for block in printing)]))
    return sorted(found, key=lambda file: -found[file])


def code(file: Path, notebooks: bool) -> tuple[list[Block], list[str]]:
    """페이지가 출력을 보이는 블록과, 노트북의 셀이 될 글입니다."""
    if file.suffix == ".ipynb":
        return [], Notebook(file).code
    found = blocks.collect(file.read_text("utf-8"), file.name)
    cells = [block.cell for block in found if block.standalone and notebooks]
    return [block.of for block in found if block.of], cells


def execute(file: Path, notebooks: bool) -> None:
    """페이지 하나의 코드를 실행해 출력을 보관합니다."""
    printing, cells = code(file, notebooks)
    for block in printing:
        outputs.printed(block, block.place)
    if cells:
        kernels.outputs(cells)
