"""결과를 바꿀 수 있는 모든 것을 하나의 열쇠로 줄입니다."""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import grimp

PACKAGE = "gan_docs"
ROOT = Path(__file__).parents[3]
THREADS = 1  # 스레드 수가 다르면 학습의 결과도 다름
TOOLS = ("torch", "numpy")


def digest(*parts: object) -> str:
    """값들을 JSON으로 적어 sha256으로 줄입니다. 파일은 내용을 읽습니다.

    Args:
        parts: 글, 수, 목록, 사전 또는 파일의 경로.
    """
    total = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else _encoded(part)
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()


def versions(tools: Iterable[str] = TOOLS) -> dict[str, str]:
    """파이썬과 도구의 판입니다."""
    return {"python": platform.python_version(), **{tool: installed(tool) for tool in tools}}


@cache
def installed(tool: str) -> str:
    """설치된 도구의 판입니다."""
    return version(tool)


def sources(modules: Iterable[str]) -> dict[str, str]:
    """모듈들과 그것들이 부르는 모든 모듈의 소스를 모듈마다 sha256으로 줄입니다.

    Args:
        modules: 점으로 이은 모듈 이름. 모듈 안의 이름이면 그 모듈로 봅니다.
    """
    graph = _graph()
    closure: set[str] = set()
    for module in modules:
        while module and module not in graph.modules:
            module = module.rpartition(".")[0]
        if module:
            closure |= {module} | graph.find_upstream_modules(module)
    return {module: digest(source_file(module)) for module in sorted(closure)}


def source_file(module: str) -> Path:
    """모듈의 소스 파일입니다."""
    stem = ROOT.joinpath(*module.split("."))
    return stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")


def imported(code: str) -> set[str]:
    """코드가 부르는 패키지의 모듈 이름을 모읍니다. IPython의 `%`와 `!` 줄은 건너뜁니다."""
    lines = [line for line in code.splitlines() if not line.lstrip().startswith(("%", "!"))]
    found: set[str] = set()
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{name.name}" for name in node.names)
    return {name for name in found if name == PACKAGE or name.startswith(f"{PACKAGE}.")}


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(PACKAGE, cache_dir=None)


def _encoded(part: object) -> bytes:
    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return dict(value)
        raise TypeError(f"열쇠로 삼을 수 없는 값입니다: {value!r}")

    return json.dumps(part, sort_keys=True, ensure_ascii=False, default=plain).encode()
