r"""페이지의 수식을 빌드할 때 KaTeX로 그립니다: 브라우저에서 도는 스크립트가 없습니다.

`pymdownx.arithmatex`가 `\(…\)`와 `\[…\]`로 남긴 자리를 찾아 HTML과 MathML로 바꿉니다.
그린 수식은 폴더에 보관하므로, 고치지 않은 수식은 다시 그리지 않습니다.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from gan_docs.machines import programs
from gan_docs.site.html import fonts
from gan_docs.site.make import keys
from gan_docs.site.make.storage import write_text

SCRIPT = Path(__file__).with_name("mathematics.cjs")
SPAN = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\\(?P<open>[(\[])(?P<formula>.*?)\\[)\]]</(?P=tag)>'
    r"(?P<particle>[가-힣]*)",
    re.DOTALL,
)
UNBROKEN = '<span class="katex-base">'  # KaTeX가 한 줄에 두는 토막
STYLESHEET = "assets/katex/katex.css"
FONT_SOURCE = re.compile(r'src:(?P<woff2>url\([^)]*\.woff2\) format\("woff2"\))[^;}]*')


class MathematicsError(ValueError):
    """그릴 수 없는 수식이 있거나, 수식을 그릴 도구가 없습니다."""


class Formula(NamedTuple):
    """TeX로 적은 수식 하나입니다."""

    text: str
    display: bool


class Renderer:
    """수식을 그리고, 그린 것을 메모리와 폴더에 기억합니다."""

    def __init__(self, modules: Path, folder: Path) -> None:
        self.modules = modules
        self.folder = folder
        self._drawn: dict[Formula, str] = {}

    def render(self, page: str, source: str) -> str:
        """본문의 모든 수식을 그려 넣습니다. 수식이 없으면 그대로 돌려줍니다.

        Raises:
            MathematicsError: TeX가 틀렸거나 KaTeX를 실행할 수 없을 때. `source`를 함께 알립니다.
        """
        formulas = [_formula(found) for found in SPAN.finditer(page)]
        if not formulas:
            return page
        self._draw(set(formulas), source)
        return SPAN.sub(lambda found: self._wrap(_formula(found), found["particle"]), page)

    def _wrap(self, formula: Formula, particle: str) -> str:
        drawn = self._drawn[formula]
        if formula.display:  # 좁은 화면에서 옆으로 밀어 볼 수 있도록 초점을 받음
            return f'<div class="formula" data-search-exclude tabindex="0">{drawn}</div>{particle}'
        inline = f'<span class="formula" data-search-exclude>{drawn}</span>{particle}'
        if particle and drawn.count(UNBROKEN) == 1:  # 조사가 다음 줄의 첫머리로 가지 않도록
            return f'<span class="unbroken">{inline}</span>'
        return inline

    def _draw(self, formulas: set[Formula], source: str) -> None:
        for formula in formulas - self._drawn.keys():
            with suppress(OSError, UnicodeDecodeError):
                self._drawn[formula] = self._file(formula).read_text("utf-8")
        unknown = sorted(formulas - self._drawn.keys())
        if not unknown:
            return
        for formula, result in zip(unknown, self._run(unknown), strict=True):
            if "error" in result:
                raise MathematicsError(
                    f"{source}: 수식을 그릴 수 없습니다: {formula.text!r}: {result['error']}"
                )
            self._drawn[formula] = result["html"]
            write_text(self._file(formula), result["html"])

    def _file(self, formula: Formula) -> Path:
        return self.folder / f"{keys.digest(self._engine, formula.display, formula.text)}.html"

    @cached_property
    def _engine(self) -> str:
        """KaTeX의 버전과 그리는 설정: 둘 중 하나라도 바뀌면 다시 그립니다."""
        return keys.digest(version(self.modules), SCRIPT)

    def _run(self, formulas: list[Formula]) -> list[dict[str, str]]:
        program = programs.node()
        if program is None:
            raise MathematicsError(
                "수식을 그릴 Node.js가 없습니다. `python3 dev.py build`가 설치합니다."
            )
        question = json.dumps([{"formula": text, "display": display} for text, display in formulas])
        done = subprocess.run(
            [program, str(SCRIPT)],
            input=question,
            env={**os.environ, "NODE_PATH": str(self.modules)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            raise MathematicsError(f"KaTeX를 실행하지 못했습니다: {done.stderr.strip()}")
        answer: list[dict[str, str]] = json.loads(done.stdout)
        return answer


def version(modules: Path) -> str:
    """설치된 KaTeX의 버전을 돌려줍니다.

    Raises:
        MathematicsError: KaTeX가 설치되지 않았을 때.
    """
    try:
        package = json.loads((modules / "katex" / "package.json").read_text("utf-8"))
    except FileNotFoundError:
        raise MathematicsError(
            "수식을 그릴 KaTeX가 없습니다. `python3 dev.py build`가 설치합니다."
        ) from None
    return str(package["version"])


def stylesheet(modules: Path) -> str:
    """KaTeX의 스타일이 이 빌드가 만든 글꼴을 쓰게 고쳐 돌려줍니다."""
    text = (modules / "katex" / "dist" / "katex.min.css").read_text("utf-8")
    text = FONT_SOURCE.sub(r"src:\g<woff2>", text)
    text = text.replace(f"url(fonts/{fonts.PREFIX}", f"url(../fonts/{fonts.RENAMED}")
    return text.replace(fonts.PREFIX, fonts.RENAMED)


def _formula(found: re.Match[str]) -> Formula:
    return Formula(html.unescape(found["formula"]).strip(), found["open"] == "[")
