"""Pytest가 페이지의 코드 블록을 하나씩 테스트로 실행하게 합니다.

옵션의 이름은 pytest-codeblocks의 것입니다. 그 플러그인 대신 이것을 씁니다(`-p no:codeblocks`).
한 번 통과한 블록은 블록과 패키지와 설치한 것이 그대로면 다시 실행하지 않습니다. `--all`이면 모두
다시 실행합니다.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

from gan_docs.site.make import keys
from gan_docs.site.make.definitions import PACKAGE
from gan_docs.site.make.storage import cache_folder
from gan_docs.site.make.store import Store
from gan_docs.site.page import blocks, outputs, running

NAME, FILE = "passed", "block"


def pytest_addoption(parser: pytest.Parser) -> None:
    """블록을 실행하라는 선택을 더합니다."""
    parser.addoption("--codeblocks", action="store_true", help="페이지의 코드 블록을 실행합니다")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Markdown 페이지를 모읍니다."""
    if parent.config.getoption("codeblocks") and file_path.suffix == ".md":
        return Page.from_parent(parent, path=file_path)
    return None


class Page(pytest.File):
    """Markdown 페이지 하나입니다."""

    def collect(self) -> Iterable[pytest.Item]:
        """옮겨 온 블록은 그 파일의 테스트가 실행하므로 뺍니다."""
        name = self.path.relative_to(self.config.rootpath).as_posix()
        found = blocks.collect(self.path.read_text("utf-8"), name)
        shown = {block.of.line for block in found if block.of}
        for block in found:
            if block.runnable:
                place = f"{block.line}번째 줄"
                yield BlockItem.from_parent(
                    self, name=place, block=block, shown=block.line in shown
                )


class BlockItem(pytest.Item):
    """블록 하나의 실행입니다. 출력을 보이는 블록(`shown`)은 다시 실행해도 같아야 합니다."""

    def __init__(self, *, block: blocks.Block, shown: bool, **others: Any) -> None:
        super().__init__(**others)
        self.block, self.shown = block, shown

    def runtest(self) -> None:
        """블록을 실행합니다. 실패하면 블록의 글과 이유를 보입니다."""
        if self.block.skip_reason:
            pytest.skip(self.block.skip_reason)
        store, key = Store(cache_folder("blocks")), key_of(self.block, self.shown)
        if not self.config.getoption("wide", False) and store.find(NAME, key):
            return
        outcome = running.run(self.block)
        if not outcome.ok:
            said = f"{outcome.error}\n{outcome.stdout}{outcome.stderr}"
            pytest.fail(f"{self.block.place}\n{self.block.source}\n\n{said}", pytrace=False)
        printed = outcome.stdout.rstrip()
        if self.shown and printed != (before := outputs.printed(self.block, self.block.place)):
            said = f"페이지의 출력: {before}\n다시 실행한 출력: {printed}"
            pytest.fail(
                f"{self.block.place}: 실행할 때마다 출력이 다릅니다. 시드를 정하세요\n{said}",
                pytrace=False,
            )
        store.make(NAME, key, lambda folder: (folder / FILE).write_text(self.block.source, "utf-8"))

    def reportinfo(self) -> tuple[Path, int, str]:
        """블록의 자리입니다."""
        return self.path, self.block.line - 1, self.block.place


def key_of(block: blocks.Block, shown: bool) -> str:
    """블록이 통과할지를 바꿀 수 있는 모든 것의 키입니다."""
    return keys.digest(block.kind, block.source, shown, package(), installed(), keys.arithmetic())


@cache
def package() -> str:
    """패키지의 모든 파일입니다. 블록이 부르는 명령은 어느 것이나 쓸 수 있습니다."""
    files = (keys.ROOT / PACKAGE).rglob("*")
    found = sorted(each for each in files if each.is_file() and "__pycache__" not in each.parts)
    return keys.digest([file.relative_to(keys.ROOT).as_posix() for file in found], *found)


@cache
def installed() -> list[str]:
    """파이썬에 설치한 모든 패키지와 그 버전입니다."""
    return sorted(f"{each.name} {each.version}" for each in distributions())
