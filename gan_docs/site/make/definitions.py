"""소스를 맨 바깥 정의로 나눕니다: 정의마다 뜻만 남긴 글과, 그 정의가 언급하는 이름.

결과를 바꿀 수 없는 것은 뜻에 들지 않습니다: 주석, 줄바꿈, docstring, 던지는 예외에 적은 글,
실험의 제목과 어림한 시간.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

PACKAGE = "gan_docs"
BODY = ""  # 정의도 import도 아닌 문장: 모듈을 읽기만 해도 실행됨
Names = tuple[str, ...]  # 점으로 이은 이름


class Definition(NamedTuple):
    """맨 바깥 이름 하나를 정하는 문장들입니다."""

    meaning: str  # 뜻만 남긴 구문 트리의 글
    mentions: frozenset[Names]  # 언급하는 이름. 모듈 안의 이름으로 시작
    imports: dict[str, Names]  # 문장 안에서 부르는 이름과, 그것이 가리키는 곳
    origin: Names = ()  # import 문이면 그것이 가리키는 곳


@lru_cache(maxsize=2048)
def definitions(source: str) -> dict[str, Definition]:
    """소스의 맨 바깥 정의를 이름으로 찾습니다. `BODY`는 언제나 있습니다."""
    found: dict[str, list[ast.stmt]] = {BODY: []}
    bound: dict[str, Names] = {}
    for statement in _statements(_Meaning().visit(ast.parse(source))):
        if isinstance(statement, ast.Import | ast.ImportFrom):
            bound |= origins(statement)
        else:
            own = {name for name, origin in bound.items() if origin[0] == PACKAGE}
            for name in _named(statement, own | found.keys()):
                found.setdefault(name, []).append(statement)
    made = {name: _definition(statements) for name, statements in found.items()}
    for name, origin in bound.items():
        known = made.get(name, Definition("", frozenset(), {}))
        meaning = f"import {'.'.join(origin)}\n{known.meaning}"
        made[name] = known._replace(meaning=meaning, origin=origin)
    return made


def origins(node: ast.Import | ast.ImportFrom) -> dict[str, Names]:
    """Import 문이 묶는 이름과, 그것이 가리키는 곳입니다.

    Raises:
        ValueError: 모듈을 상대 경로로 부를 때.
    """
    if isinstance(node, ast.Import):
        return {
            name.asname or name.name.partition(".")[0]: tuple(
                name.name.split(".") if name.asname else name.name.split(".")[:1]
            )
            for name in node.names
        }
    if node.level or node.module is None:
        raise ValueError(f"모듈은 온전한 이름으로 부릅니다: 받은 문장 {ast.unparse(node)}")
    module = tuple(node.module.split("."))
    return {name.asname or name.name: (*module, name.name) for name in node.names}


class _Meaning(ast.NodeTransformer):
    """결과를 바꿀 수 없는 글을 지웁니다."""

    def __init__(self) -> None:
        self.words: set[int] = set()

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant):
            return None
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.words |= _words(node)
        return self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            node.exc.args = [each for each in node.exc.args if id(each) not in self.words]
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        return None if id(node.value) in self.words else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "Experiment":
            del node.args[1:2]
            node.keywords = [word for word in node.keywords if word.arg not in ("title", "cost")]
        return self.generic_visit(node)


class _Mentions(ast.NodeVisitor):
    """언급하는 이름을 점으로 이은 그대로 모읍니다."""

    def __init__(self) -> None:
        self.names: set[Names] = set()
        self.imports: dict[str, Names] = {}

    def visit_Name(self, node: ast.Name) -> None:
        self.names.add((node.id,))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        names, value = [node.attr], node.value
        while isinstance(value, ast.Attribute):
            names, value = [value.attr, *names], value.value
        if isinstance(value, ast.Name):
            self.names.add((value.id, *names))
        else:
            self.visit(value)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.imports |= origins(node)

    visit_ImportFrom = visit_Import


def _definition(statements: list[ast.stmt]) -> Definition:
    mentions = _Mentions()
    for statement in statements:
        mentions.visit(statement)
    meaning = "\n".join(map(ast.dump, statements))
    return Definition(meaning, frozenset(mentions.names), mentions.imports)


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """맨 바깥 문장입니다. 형을 위해서만 부르는 import도 이름의 뜻을 알려 줍니다."""
    for statement in tree.body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            yield from statement.body
        else:
            yield statement


def _named(statement: ast.stmt, own: set[str]) -> list[str]:
    """문장이 정하는 이름입니다. 읽기만 해도 무언가 하는 문장은 `BODY`에 듭니다."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        used = [name for each in statement.decorator_list for name in ast.walk(each)]
        registers = any(isinstance(name, ast.Name) and name.id in own for name in used)
        return [statement.name, BODY] if registers else [statement.name]
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
        targets = [statement.target]
    else:
        return [BODY]
    parts = [part for each in targets for part in getattr(each, "elts", [each])]
    names = [part.id for part in parts if isinstance(part, ast.Name)]
    return names if len(names) == len(parts) else [*names, BODY]


def _words(function: ast.FunctionDef) -> set[int]:
    """던지는 예외에 적는 글과, 거기에만 쓰는 이름에 담은 글입니다."""
    nodes = list(ast.walk(function))
    raised = [each.exc for each in nodes if isinstance(each, ast.Raise)]
    said = [word for call in raised if isinstance(call, ast.Call) for word in call.args]
    kept = [each for each in nodes if isinstance(each, ast.Assign) and _text(each.value)]
    words = [each for each in said if _text(each)]
    for statement in sorted(kept, key=lambda each: -each.lineno):  # 글이 앞의 글을 품기도 함
        names = {each.id for each in statement.targets if isinstance(each, ast.Name)}
        inside = {id(part) for word in words for part in ast.walk(word)} | set(map(id, said))
        uses = [each for each in nodes if isinstance(each, ast.Name) and each.id in names]
        read = [each for each in uses if isinstance(each.ctx, ast.Load)]
        if read and all(id(use) in inside for use in read):
            words += [statement.value, *[each for each in said if each in read]]
    return {id(word) for word in words}


def _text(node: ast.expr) -> bool:
    """따옴표로 적은 글인지 봅니다."""
    if isinstance(node, ast.IfExp):
        return _text(node.body) and _text(node.orelse)
    constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return constant or isinstance(node, ast.JoinedStr)
