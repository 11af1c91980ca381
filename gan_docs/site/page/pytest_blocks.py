"""Pytest가 쪽과 docstring의 코드 덩이를 하나씩 테스트로 실행하게 합니다."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from gan_docs.site.page import blocks


class BlockFailure(Exception):
    """덩이가 실패했습니다."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """덩이를 실행하라는 선택을 더합니다."""
    parser.addoption("--run-blocks", action="store_true", help="쪽의 코드 덩이를 실행합니다")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """쪽과 패키지의 모듈을 모읍니다."""
    if not parent.config.getoption("run_blocks"):
        return None
    if file_path.suffix == ".md":
        return Page.from_parent(parent, path=file_path)
    package = parent.config.rootpath / "gan_docs"
    if file_path.suffix == ".py" and file_path.is_relative_to(package):
        return Module.from_parent(parent, path=file_path)
    return None


class Page(pytest.File):
    """Markdown 쪽 하나입니다."""

    def found(self) -> list[blocks.Block]:
        """쪽의 덩이입니다."""
        name = self.path.relative_to(self.config.rootpath).as_posix()
        return blocks.collect(self.path.read_text("utf-8"), name)

    def collect(self) -> Iterable[pytest.Item]:
        """옮겨 온 덩이는 그 파일의 테스트가 실행하므로 뺍니다."""
        for block in self.found():
            if not block.included:
                yield BlockItem.from_parent(self, name=f"{block.line}번째 줄", block=block)


class Module(Page):
    """패키지의 모듈 하나입니다."""

    def found(self) -> list[blocks.Block]:
        """모듈의 docstring에 든 덩이입니다."""
        return blocks.docstring_blocks(self.path, self.config.rootpath)


class BlockItem(pytest.Item):
    """덩이 하나의 실행입니다."""

    def __init__(self, *, block: blocks.Block, **others: Any) -> None:
        super().__init__(**others)
        self.block = block

    def runtest(self) -> None:
        """덩이를 실행합니다."""
        if self.block.skip_reason:
            pytest.skip(self.block.skip_reason)
        outcome = blocks.run(self.block.source, language=self.block.language)
        if self.block.expect_error and outcome.ok:
            raise BlockFailure("실패해야 하는 덩이가 끝까지 갔습니다")
        if not self.block.expect_error and not outcome.ok:
            raise BlockFailure(f"{outcome.error}\n{outcome.stdout}{outcome.stderr}")

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """실패한 까닭과 덩이의 글을 보입니다."""
        if isinstance(excinfo.value, BlockFailure):
            return f"{self.block.name}:{self.block.line}\n{self.block.own}\n\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """덩이의 자리입니다."""
        return self.path, self.block.line - 1, f"{self.block.name}:{self.block.line}"
