"""수식과 표가 적은 style 속성을 스타일 파일의 클래스로 옮깁니다: 정책은 파일의 스타일만 받습니다.

KaTeX는 글자마다의 높이를 style 속성에 적고 그 밖의 길을 주지 않습니다. 옮기지 않으려면 정책이
`unsafe-inline`을 허락해야 합니다.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping, MutableMapping

STYLESHEET = "assets/stylesheets/moved.css"
PIECE = re.compile(
    r"<!--.*?-->|<script\b.*?</script>|"
    r"""<(?P<name>[A-Za-z][\w:-]*)(?P<attributes>(?:\s+[^\s"'>=]+(?:="[^"]*"|='[^']*')?)*\s*/?)>""",
    re.S,
)
STYLE = re.compile(r'\sstyle="(?P<style>[^"]*)"')
CLASS = re.compile(r'\sclass="(?P<names>[^"]*)"')
DECLARATION = re.compile(r"[\w-]+\s*:[^;{}\"'<>\\@]+")


class StyleError(ValueError):
    """클래스로 옮길 수 없는 style 속성입니다."""


def move(page: str, sheet: MutableMapping[str, str]) -> str:
    """Style 속성을 클래스로 옮기고, 클래스마다의 선언을 `sheet`에 더합니다."""

    def moved(found: re.Match[str]) -> str:
        attributes = found["attributes"] or ""
        style = STYLE.search(attributes)
        if style is None:
            return found[0]
        text = css(html.unescape(style["style"]))
        name = f"moved-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        sheet[name] = text
        attributes = attributes.replace(style[0], "", 1)
        if names := CLASS.search(attributes):
            attributes = attributes.replace(names[0], f' class="{names["names"]} {name}"', 1)
        else:
            attributes = f' class="{name}"{attributes}'
        return f"<{found['name']}{attributes}>"

    return PIECE.sub(moved, page)


def css(style: str) -> str:
    """Style 속성의 선언을 파일에 적을 꼴로 바꿉니다.

    속성은 어느 규칙보다 앞서므로 `!important`를 붙입니다.

    Raises:
        StyleError: 따옴표나 중괄호가 있어 클래스로 옮길 수 없을 때.
    """
    written = [re.sub(r"\s*:\s*", ":", part.strip()) for part in style.split(";") if part.strip()]
    if not all(map(DECLARATION.fullmatch, written)):
        raise StyleError(
            f"style 속성 {style!r}은(는) 옮길 수 없습니다. 스타일 파일의 클래스로 적으세요"
        )
    return ";".join(f"{declaration}!important" for declaration in written)


def stylesheet(sheet: Mapping[str, str]) -> str:
    """옮긴 선언의 스타일 파일입니다. 같은 사이트면 같은 바이트입니다."""
    return "".join(f".{name}{{{sheet[name]}}}\n" for name in sorted(sheet))
