"""이름과 기본값을 그것이 적힌 소스에서 읽습니다: 도움말을 보일 때 torch를 부르지 않으려고."""

from __future__ import annotations

import ast
from importlib.util import find_spec
from pathlib import Path


def table(module: str, name: str) -> dict[str, str]:
    """모듈의 표에 적힌 이름마다, 그 값을 적은 코드입니다. 튜플이면 값이 곧 이름입니다.

    Args:
        module: 점으로 이은 모듈 이름. 모듈을 부르지는 않습니다.
        name: 사전이나 튜플의 이름.

    Raises:
        LookupError: 그런 표가 없을 때.
    """
    for node in _body(module):
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if name not in map(ast.unparse, targets):
            continue
        if isinstance(node.value, ast.Dict):
            keys = [ast.literal_eval(key) for key in node.value.keys if key is not None]
            return dict(zip(keys, map(ast.unparse, node.value.values), strict=True))
        if isinstance(node.value, ast.Tuple):
            return {ast.literal_eval(each): ast.unparse(each) for each in node.value.elts}
    raise LookupError(f"{module}에 표 {name}이(가) 없습니다")


def defaults(module: str, function: str) -> dict[str, str]:
    """함수의 이름으로만 받는 인자마다, 기본값을 적은 코드입니다.

    Args:
        module: 점으로 이은 모듈 이름. 모듈을 부르지는 않습니다.
        function: 함수의 이름. 클래스면 만드는 함수를 봅니다.

    Raises:
        LookupError: 그런 함수가 없을 때.
    """
    statements, name = _body(module), function
    for node in statements:
        if isinstance(node, ast.ClassDef) and node.name == function:
            statements, name = node.body, "__init__"
    for node in statements:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            return {each.arg: ast.unparse(code) for each, code in pairs if code is not None}
    raise LookupError(f"{module}에 함수 {function}이(가) 없습니다")


def _body(module: str) -> list[ast.stmt]:
    """모듈을 부르지 않고 읽은 맨 바깥의 문장들입니다."""
    found = find_spec(module)
    if found is None or found.origin is None:
        raise LookupError(f"모듈 {module}이(가) 없습니다")
    return ast.parse(Path(found.origin).read_text("utf-8")).body
