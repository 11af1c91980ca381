"""결과를 바꿀 수 있는 모든 것을 하나의 키로 줄입니다."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gan_docs.site.make.definitions import BODY, PACKAGE, Definition, Names, definitions, origins

ROOT = Path(__file__).parents[3]
THREADS = 1  # 스레드 수가 다르면 학습의 결과도 다름
TOOLS = ("torch", "numpy")
DRAWING_TOOLS = (*TOOLS, "matplotlib", "pillow")
WHOLE = "*"  # 모듈의 모든 정의

Place = tuple[str, str]  # 모듈과, 그 안의 정의


def digest(*parts: object) -> str:
    """글, 수, 목록, 사전을 JSON으로 적어 sha256으로 줄입니다. 파일의 경로는 내용을 읽습니다."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            content = part.read_bytes()
        else:
            content = json.dumps(part, sort_keys=True, ensure_ascii=False, default=_plain).encode()
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()


def versions(tools: Iterable[str] = TOOLS) -> dict[str, str]:
    """파이썬과 도구의 버전입니다."""
    return {"python": platform.python_version(), **{tool: installed(tool) for tool in tools}}


installed = cache(version)


def arithmetic() -> dict[str, object]:
    """반올림을 정하는 것: 스레드의 수와, torch가 쓸 명령어를 고르는 환경 변수입니다."""
    return {"threads": THREADS, "instructions": os.environ.get("ATEN_CPU_CAPABILITY", "")}


def sources(names: Iterable[str], walk: Walk | None = None) -> dict[str, str]:
    """이름에서 닿는 모든 정의를, 저마다 뜻만 남겨 sha256으로 줄입니다.

    파일은 이때의 것입니다. `walk`를 주면 그것이 이미 읽은 파일은 다시 읽지 않습니다.

    모듈이 아니라 맨 바깥 정의에서 정의로, 언급하는 이름을 따라갑니다. 클래스는 통째로 셉니다.
    모듈을 정해진 이름으로만 쓰지 않으면(`getattr`, 인자로 넘기기, `import *`) 그 모듈의 모든
    것을 셉니다. 글로 부르는 `import_module("gan_docs.…")`만은 세지 않습니다: 신경망이 제 그림을
    그릴 때 가는 길이고, 그림은 수를 바꾸지 않습니다. 학습기가 이름으로 고른 손실을 찾는 길이기도
    하므로, 실험은 손실을 값으로 줍니다.
    """
    return (walk or Walk()).follow(names)


def source_file(module: str) -> Path | None:
    """모듈의 소스 파일입니다. 그런 모듈이 없으면 `None`."""
    stem = ROOT.joinpath(*module.split("."))
    files = (stem.with_suffix(".py"), stem / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def imported(code: str) -> set[str]:
    """코드가 부르는 패키지의 이름을 모읍니다. IPython의 `%`와 `!` 줄은 건너뜁니다."""
    lines = [line for line in code.splitlines() if not line.lstrip().startswith(("%", "!"))]
    found: set[Names] = set()
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.Import):
            found |= {tuple(name.name.split(".")) for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= set(origins(node).values())
    return {".".join(names) for names in found if names[0] == PACKAGE}


class Walk:
    """정의에서 정의로, 언급하는 이름을 따라갑니다. 읽은 파일과 간 길을 적어 둡니다."""

    def __init__(self) -> None:
        self.modules: dict[str, Mapping[str, Definition]] = {}
        self.steps: dict[Place, tuple[str, list[Place]]] = {}

    def follow(self, names: Iterable[str]) -> dict[str, str]:
        """닿는 정의마다 뜻의 sha256입니다."""
        found: dict[Place, str] = {}
        waiting = [place for name in names for place in self.named(tuple(name.split(".")))]
        while waiting:
            place = waiting.pop()
            if place not in found:
                found[place], onward = self.step(place)
                waiting += onward
        return {":".join(place): found[place] for place in sorted(found) if found[place]}

    def step(self, place: Place) -> tuple[str, list[Place]]:
        """정의의 뜻을 줄인 sha256(뜻이 없으면 빈 글)과, 거기에서 닿는 정의입니다."""
        if place not in self.steps:
            module, name = place
            known = self.module(module)
            if name == WHOLE:
                self.steps[place] = "", [(module, each) for each in known]
            else:
                meaning = known[name].meaning
                onward = [(module, BODY), *self.mentioned(module, known[name])]
                if name == BODY:
                    onward += self.executed(module)
                self.steps[place] = digest(meaning) if meaning else "", onward
        return self.steps[place]

    def module(self, name: str) -> Mapping[str, Definition]:
        """모듈의 정의입니다. 그런 모듈이 없을 때에만 비어 있습니다."""
        if name not in self.modules:
            file = source_file(name)
            try:
                self.modules[name] = definitions(file.read_text("utf-8")) if file else {}
            except SyntaxError as error:
                error.filename = str(file)  # 글만 읽은 쪽은 파일을 모름
                raise
        return self.modules[name]

    def home(self, names: Names) -> tuple[str, Names]:
        """점으로 이은 이름을 모듈과, 그 안의 이름으로 나눕니다."""
        module, left = names[0], names[1:]
        while left and self.module(f"{module}.{left[0]}"):
            module, left = f"{module}.{left[0]}", left[1:]
        return module, left

    def named(self, names: Names) -> Iterator[Place]:
        """온전한 이름이 가리키는 정의입니다. 거쳐 가는 import도 셉니다."""
        if names[0] != PACKAGE:
            return
        module, left = self.home(names)
        if not left:  # 모듈과 이름이 같은 정의가 그 폴더에 있으면 그것일 수도 있음
            folder, _, name = module.rpartition(".")
            known = self.module(folder)
            if name in known and not known[name].origin:
                yield folder, name
        yield from self.inside(module, left)

    def inside(self, module: str, names: Names) -> Iterator[Place]:
        """모듈 안에서 부른 이름이 가리키는 정의입니다. 모르는 이름이면 모듈의 모든 것입니다."""
        known = self.module(module)
        if not names or names[0] not in known:
            yield module, WHOLE
            return
        yield module, names[0]
        if origin := known[names[0]].origin:
            yield from self.named((*origin, *names[1:]))

    def mentioned(self, module: str, definition: Definition) -> Iterator[Place]:
        """정의가 언급하는, 패키지의 정의입니다."""
        for names in definition.mentions:
            if names[0] == "globals":
                yield module, WHOLE
            elif names[0] in definition.imports:
                yield from self.named((*definition.imports[names[0]], *names[1:]))
            elif names[0] in self.module(module):
                yield from self.inside(module, names)

    def executed(self, module: str) -> Iterator[Place]:
        """모듈을 읽으면 함께 읽는 모듈에서, 읽기만 해도 실행되는 문장입니다."""
        known = self.module(module)
        for each in (tuple(module.split(".")[:-1]), *(made.origin for made in known.values())):
            if each[:1] == (PACKAGE,):
                yield self.home(each)[0], BODY
        if WHOLE in known:
            yield from self.named(known[WHOLE].origin[:-1])


first = cache(Walk)  # 이 프로세스가 처음 읽은 소스


def _plain(value: Any) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"키로 삼을 수 없는 값입니다: {value!r}")
