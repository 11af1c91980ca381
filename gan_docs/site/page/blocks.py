"""페이지의 코드 블록을 읽습니다. 실행, 펼치기, 세기, 노트북이 모두 이것 하나로 읽습니다.

울타리와 주석은 pytest-codeblocks가 찾고, 그것이 말없이 지나치는 것과 아무것도 실행하지 않는
블록은 여기서 파일과 줄을 적어 거절합니다.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from functools import cache
from io import StringIO
from itertools import takewhile

from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound
from pytest_codeblocks import CodeBlock, extract_from_buffer

from gan_docs.site.page import sources
from gan_docs.site.page.sources import PageError

COMMENT = re.compile(r'<!--pytest\.mark\.skip\(reason="(?P<reason>[^"]+)"\)-->')
ANY_COMMENT = re.compile(r"<!--[-\s]*pytest[-.]")
BACKTICKS = re.compile(r"`{3,}")
UNREAD = re.compile(r"[ \t]*(?:~{3}|(?:>|[*+-]|\d+[.)])[ \t>]*(?:`{3}|~{3}))")
LANGUAGES = {"Python": "python", "Bash Session": "console"}
KINDS = ("python", "console", "figure", "output")  # 앞의 둘은 실행하고, 뒤의 둘은 빌드가 채움


@dataclass(frozen=True)
class Block:
    """울타리 하나입니다."""

    name: str  # 파일의 이름
    line: int  # 울타리가 열린 줄. 1부터 셈
    end: int  # 울타리가 닫힌 줄
    indent: str
    info: str  # 울타리의 머리
    kind: str  # `KINDS` 가운데 하나
    source: str
    included: bool = False  # 파일의 구역을 그대로 옮긴 것인지
    skip_reason: str | None = None
    of: Block | None = None  # 출력이면 그것을 낼 블록

    @property
    def place(self) -> str:
        """오류에 적을 자리입니다."""
        return f"{self.name}:{self.line}"

    @property
    def runnable(self) -> bool:
        """쓴 그대로 실행할 블록인지 봅니다. 옮겨 온 구역은 그 파일의 테스트가 실행합니다."""
        return self.kind in LANGUAGES.values() and not self.included

    @property
    def standalone(self) -> bool:
        """노트북의 셀이 될 블록인지 봅니다."""
        return self.kind == "python" and self.runnable and not self.skip_reason

    @property
    def cell(self) -> str:
        """노트북의 셀이 될 글입니다."""
        return self.source.strip("\n")


def collect(markdown: str, name: str) -> list[Block]:
    """Markdown의 모든 블록을 찾습니다. 탭과 목록 안의 것도 찾습니다.

    Args:
        markdown: 페이지의 글. 옮겨 온 코드를 펴기 전의 것.
        name: 오류에 적을 파일의 이름.

    Raises:
        PageError: 블록을 읽을 수 없거나, 실행하지 않는 종류이거나, 실행할 것이 없을 때.
    """
    found: list[Block] = []
    for block in _fences(markdown.splitlines(), name):
        if block.kind == "output":
            block = replace(block, of=_printer(block, found))
        elif block.runnable and not block.skip_reason:
            if block.kind == "console":
                commands(block)
            elif _vacuous(block.source):
                raise PageError(f"{block.place}: 실행할 문장이 없는 python 블록입니다")
        found.append(block)
    return found


def commands(block: Block) -> str:
    r"""Console 블록의 명령을 셸의 글로 잇습니다. `\`로 끝난 줄은 다음 줄로 이어집니다.

    Raises:
        PageError: 명령이 없거나, 명령이 아닌 줄이 있을 때.
    """
    taken: list[str] = []
    for number, row in enumerate(block.source.splitlines(), start=block.line + 1):
        if row.startswith("$ ") and row[2:].strip():
            taken.append(row[2:])
        elif taken and taken[-1].endswith("\\"):
            taken.append(row)
        else:
            raise PageError(
                f"{block.name}:{number}: 명령이 아닌 줄입니다: {row!r}. "
                "명령은 `$ `로 시작하고, 출력은 손으로 적지 않습니다"
            )
    if not taken:
        raise PageError(f"{block.place}: 명령이 없는 console 블록입니다")
    return "\n".join(taken)


def fence(language: str, text: str, classes: str = "") -> str:
    """글을 코드 울타리로 감쌉니다. 글에 든 울타리보다 길게 두릅니다."""
    longest = max(map(len, BACKTICKS.findall(text)), default=2)
    mark = "`" * (longest + 1)
    header = f"{{ .{language} {classes} }}" if classes else language
    return f"{mark}{header}\n{text}\n{mark}"


def _fences(rows: list[str], name: str) -> list[Block]:
    for number, row in enumerate(rows, start=1):
        if ANY_COMMENT.search(row) and not COMMENT.fullmatch(row.strip()):
            raise PageError(
                f"{name}:{number}: 블록에는 이유를 적은 "
                f'<!--pytest.mark.skip(reason="이유")-->만 답니다: 받은 것 {row.strip()}'
            )
    found = [_block(fence, rows, name) for fence in _extracted(rows, name)]
    inside = {line for block in found for line in range(block.line, block.end + 1)}
    for number, row in enumerate(rows, start=1):
        if number in inside:
            continue
        if UNREAD.match(row):
            raise PageError(
                f"{name}:{number}: 읽지 않는 울타리입니다: {row.strip()}. "
                "울타리는 ```로, 인용과 목록의 표시와는 다른 줄에 엽니다"
            )
        if COMMENT.search(row) and number > max(inside, default=0):
            raise PageError(f"{name}:{number}: 건너뛸 블록이 없습니다")
    return found


def _extracted(rows: list[str], name: str) -> list[CodeBlock]:
    try:
        found: list[CodeBlock] = extract_from_buffer(StringIO("\n".join(rows)), len(rows) + 9)
    except RuntimeError:  # 남은 까닭은 하나: 울타리를 닫아 다시 읽으면 마지막 블록의 자리
        closed = StringIO("\n".join([*rows, "`" * 99]))
        line = extract_from_buffer(closed, len(rows) + 9)[-1].lineno
        raise PageError(f"{name}:{line}: 울타리가 닫히지 않았습니다") from None
    return found


def _block(fence: CodeBlock, rows: list[str], name: str) -> Block:
    opened, place = rows[fence.lineno - 1], f"{name}:{fence.lineno}"
    bare = opened.lstrip()
    indent, mark = opened.removesuffix(bare), bare[: len(bare) - len(bare.lstrip("`"))]
    # pytest-codeblocks는 들여쓴 블록의 빈 줄을 버리므로 글은 파일에서 가져옴
    body = list(takewhile(lambda row: not row.lstrip().startswith(mark), rows[fence.lineno :]))
    end = fence.lineno + len(body) + 1
    if rows[end - 1].strip() != mark:
        raise PageError(f"{name}:{end}: 울타리는 {mark}만 적어 닫습니다")
    above = [row.strip() for row in rows[: fence.lineno - 1] if row.strip()]
    comment = COMMENT.fullmatch(above[-1]) if above else None
    if len(fence.marks) != (comment is not None):
        raise PageError(f"{place}: 건너뛰는 주석은 하나만, 블록 바로 위에 답니다")
    info = fence.syntax or ""
    kind = kind_of(info)
    if kind not in KINDS:
        raise PageError(
            f"{place}: 실행하지 않는 종류의 블록입니다: {info or '(이름 없음)'}. "
            f"쓸 수 있는 것은 {', '.join(KINDS)}입니다"
        )
    source = "\n".join(
        row[len(indent) :] if row.startswith(indent) else row.lstrip() for row in body
    )
    return Block(
        name, fence.lineno, end, indent, info, kind, source,
        _included(source, place), comment and comment["reason"],
    )  # fmt: skip


@cache
def kind_of(info: str) -> str:
    """울타리의 머리에서 종류를 알아냅니다. 모르는 것은 머리의 첫 낱말입니다."""
    word = (info.strip("{} ").split() or [""])[0].lstrip(".")
    try:
        return LANGUAGES.get(get_lexer_by_name(word).name, word)
    except ClassNotFound:
        return word


def _vacuous(source: str) -> bool:
    """주석, 글, `...`, `pass`뿐인 코드인지 봅니다. 읽을 수 없는 코드는 실행이 알립니다."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    return all(
        isinstance(node, ast.Pass)
        or (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str | type(...))
        )
        for node in body
    )


def _printer(block: Block, before: list[Block]) -> Block:
    run = [one for one in before if one.kind in LANGUAGES.values()]
    if not run or not run[-1].standalone:
        raise PageError(f"{block.place}: 출력을 낼 python 블록이 앞에 없습니다")
    if block.source.strip():
        raise PageError(f"{block.place}: 출력은 손으로 적지 않고 비워 둡니다")
    return run[-1]


def _included(source: str, place: str) -> bool:
    rows = [row.strip() for row in source.splitlines() if row.strip()]
    includes = [sources.INCLUDE.match(row) for row in rows]
    for found in includes:
        if found:
            sources.region(found["file"], found["section"], place)
    if any(includes) and not all(includes):
        raise PageError(f"{place}: 옮겨 온 코드와 적은 코드를 한 블록에 섞을 수 없습니다")
    return bool(rows) and all(includes)
