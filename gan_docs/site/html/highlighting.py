"""pymdownx의 속에 기대는 것: 코드에 입힌 색을 고치며 보는 동안 기억합니다."""

from __future__ import annotations

from typing import Any

from mkdocs.exceptions import PluginError
from pygments import highlight
from pymdownx import highlight as blocks


class Colours:
    """코드에 입힌 색입니다. 고친 페이지의 코드도 거의 모두 그대로라, 다시 입히지 않습니다."""

    def __init__(self) -> None:
        self.kept: dict[tuple[object, ...], str] = {}

    def __call__(self, code: str, lexer: Any, formatter: Any) -> str:
        """색을 입힌 HTML입니다. 코드와 언어와 설정이 모두 같을 때에만 기억한 것을 냅니다."""
        tools = [(type(tool), repr(tool.options)) for tool in (lexer, formatter)]
        key = (code, *tools)
        if key not in self.kept:
            self.kept[key] = str(highlight(code, lexer, formatter))
        return self.kept[key]

    def remember(self) -> None:
        """Markdown이 코드에 색을 입힐 때마다 이 기억에 묻게 합니다.

        Raises:
            PluginError: pymdownx가 바뀌어 색을 입히는 자리가 없을 때.
        """
        if not hasattr(blocks, "highlight"):
            raise PluginError("pymdownx가 코드에 색을 입히는 자리(highlight.highlight)가 없습니다")
        blocks.highlight = self
