"""쪽의 코드 덩이를 찾고, 하나씩 제 프로세스와 임시 폴더에서 실행합니다.

덩이 앞의 주석이 뜻을 더합니다: `<!--pytest-codeblocks:cont-->`는 앞 덩이에 이어 실행하고,
`skip(까닭)`은 까닭을 적고 건너뛰며, `expect-error`는 실패해야 맞는 덩이입니다.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

ROOT = Path(__file__).parents[3]
FENCE = re.compile(r"^(?P<prefix>[ \t>]*)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
DIRECTIVE = re.compile(r"<!--\s*pytest-codeblocks:\s*(?P<word>[\w-]+)(?:\((?P<reason>.*)\))?\s*-->")
INCLUDE = re.compile(r'^-+8<-+ "(?P<file>[^":]+)(?::(?P<section>[\w-]+))?"$')
LANGUAGES = {
    "Python": "python",
    "Python console session": "session",
    "Bash": "shell",
    "Bash Session": "console",
}
SECONDS = 120.0
DRIVER = """
import runpy, sys
block, finished = sys.argv[1:]
sys.argv = [block]
runpy.run_path(block, run_name="__main__")
open(finished, "w").close()
"""


class BlockError(ValueError):
    """덩이를 읽을 수 없습니다. 파일과 줄이 함께 적힙니다."""


@dataclass(frozen=True)
class Block:
    """쪽에 보이는 코드 덩이 하나입니다.

    Attributes:
        name: 파일의 이름.
        line: 울타리가 열린 줄. 1부터 셉니다.
        language: `python`, `shell`, `console`, `session` 가운데 하나.
        own: 이 덩이에 적힌 글.
        source: 이어지는 앞 덩이까지 합친, 실행할 글.
        included: 파일의 한 구역을 그대로 옮긴 것인지.
        skip_reason: 건너뛰는 까닭. 실행하면 `None`.
        expect_error: 실패해야 맞는지.
    """

    name: str
    line: int
    language: str
    own: str
    source: str
    included: bool = False
    skip_reason: str | None = None
    expect_error: bool = False


@dataclass(frozen=True)
class Outcome:
    """덩이를 실행한 결과입니다. `error`는 한 줄의 까닭이고, 잘 끝났으면 빈 글입니다."""

    ok: bool
    stdout: str
    stderr: str
    error: str
    seconds: float


def language_of(info: str) -> str | None:
    """울타리의 머리에서 실행할 수 있는 언어를 알아냅니다. 아니면 `None`."""
    words = info.strip().strip("{}").split()
    if not words:
        return None
    try:
        return LANGUAGES.get(get_lexer_by_name(words[0].lstrip(".")).name)
    except ClassNotFound:
        return None


def collect(markdown: str, name: str) -> list[Block]:
    """Markdown에서 실행할 수 있는 덩이를 모두 찾습니다. 탭, 목록, 인용 안의 것도 찾습니다.

    Args:
        markdown: 쪽의 글. 옮겨 온 코드를 펴기 전의 것.
        name: 오류에 적을 파일의 이름.

    Raises:
        BlockError: 까닭 없이 건너뛰거나, 이을 덩이가 없거나, 울타리가 닫히지 않았을 때.
    """
    found: list[Block] = []
    for line, info, own, directives in _fences(markdown, name):
        language = language_of(info)
        if language is None:
            continue
        place = f"{name}:{line}"
        source, included = own, _included(own, place)
        if "cont" in directives:
            if not found or found[-1].language != language or found[-1].skip_reason:
                raise BlockError(f"{place}: 이을 앞 덩이가 없거나 언어가 다릅니다")
            source = found[-1].source + "\n" + own
        if "skip" in directives and not directives["skip"]:
            raise BlockError(f"{place}: 건너뛰는 까닭을 skip(까닭)으로 적어야 합니다")
        skip, failing = directives.get("skip"), "expect-error" in directives
        found.append(Block(name, line, language, own, source, included, skip, failing))
    return found


def docstring_blocks(file: Path, root: Path = ROOT) -> list[Block]:
    """모듈의 모든 docstring에서 덩이를 찾습니다."""
    name, found = file.relative_to(root).as_posix(), []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node, clean=False)
            if text is None:
                continue
            first = node.body[0].lineno
            if ">>> " in text:
                found.append(Block(name, first, "session", inspect.cleandoc(text), text))
            shifted = "\n" * (first - 1) + text
            found += collect(shifted, name)
    return found


def region(file: str, section: str | None, place: str, root: Path = ROOT) -> str:
    """파일 전체나 이름 붙인 구역의 글입니다.

    Raises:
        BlockError: 파일이나 구역이 없을 때.
    """
    return located(file, section, place, root)[1]


def located(file: str, section: str | None, place: str, root: Path = ROOT) -> tuple[int, str]:
    """파일 전체나 이름 붙인 구역의 첫 줄(1부터 셈)과 글입니다.

    Raises:
        BlockError: 파일이나 구역이 없을 때.
    """
    path = root / file
    if not path.is_file():
        raise BlockError(f"{place}: 옮겨 올 파일이 없습니다: {file}")
    text = path.read_text("utf-8")
    if section is None:
        return 1, text
    found = re.search(
        rf"^.*\[start:{re.escape(section)}\].*\n(?P<body>(?:.*\n)*?).*\[end:{re.escape(section)}\]",
        text,
        re.MULTILINE,
    )
    if found is None:
        raise BlockError(f"{place}: 옮겨 올 구역이 없습니다: {file}:{section}")
    return 1 + text.count("\n", 0, found.start("body")), found["body"]


def run(source: str, *, language: str = "python", timeout: float = SECONDS) -> Outcome:
    """덩이를 새 프로세스와 빈 임시 폴더에서 실행합니다. 끝까지 가지 않으면 실패입니다.

    Args:
        source: 실행할 글.
        language: `python`, `session`, `shell`, `console`.
        timeout: 기다릴 초. 넘으면 낳은 프로세스까지 모두 멈춥니다.
    """
    with tempfile.TemporaryDirectory(prefix="gan-docs-block-") as place:
        folder = Path(place)
        finished, workplace = folder / "finished", folder / "work"
        workplace.mkdir()
        block = folder / "block"
        block.write_text(_script(source, language), "utf-8")
        command = [sys.executable, "-c", DRIVER, str(block), str(finished)]
        if language in ("shell", "console"):
            last = f"\n: > '{finished}'\n"
            block.write_text(_script(source, language) + last, "utf-8")
            command = ["bash", "-e", "-o", "pipefail", str(block)]
        started = time.monotonic()
        with subprocess.Popen(
            command, cwd=workplace, env=_environment(), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", errors="replace",
        ) as process:  # fmt: skip
            try:
                output, errors = process.communicate(timeout=timeout)
                error = _reason(process.returncode, finished.exists(), errors)
            except subprocess.TimeoutExpired:
                _kill(process)
                output, errors = process.communicate()
                error = f"{timeout:g}초 안에 끝나지 않았습니다"
            finally:
                _kill(process)
        return Outcome(not error, output, errors, error, time.monotonic() - started)


def _fences(markdown: str, name: str) -> Iterator[tuple[int, str, str, dict[str, str | None]]]:
    directives: dict[str, str | None] = {}
    opened: re.Match[str] | None = None
    first, rows = 0, list[str]()
    for number, line in enumerate(markdown.splitlines(), start=1):
        fence = FENCE.match(line)
        if opened is not None:
            closing = (
                fence and not fence["info"].strip() and fence["mark"].startswith(opened["mark"])
            )
            if closing:
                yield first, opened["info"], "\n".join(rows), directives
                opened, directives = None, {}
            else:
                rows.append(_without(line, opened["prefix"]))
        elif fence:
            opened, first, rows = fence, number, []
        elif said := DIRECTIVE.search(line):
            directives[said["word"]] = said["reason"]
        elif line.strip(" >\t"):
            directives = {}
    if opened is not None:
        raise BlockError(f"{name}:{first}: 울타리가 닫히지 않았습니다")


def _without(line: str, prefix: str) -> str:
    for letter in prefix:
        if line[:1] == letter or (line[:1].isspace() and letter.isspace()):
            line = line[1:]
    return line


def _included(own: str, place: str) -> bool:
    rows = [row.strip() for row in own.splitlines() if row.strip()]
    includes = [INCLUDE.match(row) for row in rows]
    for found in includes:
        if found:
            region(found["file"], found["section"], place)
    if any(includes) and not all(includes):
        raise BlockError(f"{place}: 옮겨 온 코드와 적은 코드를 한 덩이에 섞을 수 없습니다")
    return bool(rows) and all(includes)


def _script(source: str, language: str) -> str:
    if language == "console":
        rows, taken = list[str](), False
        for row in source.splitlines():
            if row.startswith("$ "):
                rows.append(row[2:])
            elif taken:
                rows.append(row)
            taken = bool(rows) and rows[-1].endswith("\\") and (row.startswith("$ ") or taken)
        return "\n".join(rows)
    if language == "session":
        return (
            "import doctest\n"
            f"test = doctest.DocTestParser().get_doctest({source!r}, {{}}, '', '', 0)\n"
            "if doctest.DocTestRunner().run(test).failed:\n    raise SystemExit(1)\n"
        )
    return source


def _environment() -> dict[str, str]:
    scripts = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": "1",
        "PATH": scripts + os.pathsep + os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }


def _reason(code: int, finished: bool, errors: str) -> str:
    if code:
        lines = [line for line in errors.splitlines() if line.strip()]
        return f"종료 코드 {code}: {lines[-1] if lines else '까닭이 적히지 않았습니다'}"
    return "" if finished else "끝까지 가지 않고 0으로 끝났습니다"


def _kill(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
