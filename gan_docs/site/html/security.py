"""쪽을 닫습니다: 쪽마다 콘텐츠 보안 정책(CSP)을 적어, 사이트의 파일만 실행되고 불리게 합니다.

정책은 모든 쪽에서 같습니다. 테마는 링크를 누르면 쪽을 새로 열지 않고 바꿔 끼우므로, 쪽마다
다른 정책은 겹쳐서 서로를 막습니다. 그래서 쪽마다 다르던 테마의 스크립트 하나는 다른 부분을
속성으로 옮겨 같게 하고, 수식과 표의 style 속성은 스타일 파일의 클래스로 옮깁니다.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping, MutableMapping
from functools import cache
from pathlib import Path

import material
from lxml import html as markup

from gan_docs.site.make.storage import write_text

INDEX = "search/search_index.json"
STYLESHEET = "assets/stylesheets/moved.css"
TEMPLATES = Path(material.__file__).parent / "templates" / "partials" / "javascripts"
INLINE = ("base.html", "content.html")  # 인라인 스크립트를 적는 테마의 틀
SCRIPT = re.compile(r"<script>(?P<text>.*?)</script>", re.S)
WRITTEN_BASE = '"{{ config.extra.scope | d(base_url) }}"'
SETTLED_BASE = "document.currentScript.dataset.base"
BASE = re.compile(r'<script>__md_scope=new URL\("(?P<base>[^"]*)",location\)')
CHARSET = '<meta charset="utf-8">'
DATA_TYPES = ("application/json", "application/ld+json")  # 브라우저가 실행하지 않는 자료
PIECE = re.compile(
    r"<!--.*?-->|<script\b.*?</script>|"
    r"""<(?P<name>[A-Za-z][\w:-]*)(?P<attributes>(?:\s+[^\s"'>=]+(?:="[^"]*"|='[^']*')?)*\s*/?)>""",
    re.S,
)
STYLE = re.compile(r'\sstyle="(?P<style>[^"]*)"')
CLASS = re.compile(r'\sclass="(?P<names>[^"]*)"')
DECLARATION = re.compile(r"[\w-]+\s*:[^;{}\"'<>\\@]+")
ADDRESSES = ("href", "src", "action", "formaction", "data", "xlink:href")
SCRIPT_ADDRESS = re.compile(r"[\s\x00-\x1f]*j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*:", re.I)


class SecurityError(ValueError):
    """정책이 막을 것이 쪽에 있거나, 테마가 바뀌어 정책을 적을 수 없습니다."""


@cache
def scripts() -> tuple[str, ...]:
    """실행을 허락할 인라인 스크립트입니다. 쪽이 아니라 테마의 틀에서 읽습니다.

    Raises:
        SecurityError: 테마가 바뀌어 스크립트를 찾지 못했을 때.
    """
    written = "".join((TEMPLATES / name).read_text("utf-8") for name in INLINE)
    found = [text.replace(WRITTEN_BASE, SETTLED_BASE) for text in SCRIPT.findall(written)]
    if SETTLED_BASE not in written.replace(WRITTEN_BASE, SETTLED_BASE) or "{{" in "".join(found):
        raise SecurityError("테마에서 고칠 자리를 찾지 못했습니다: 인라인 스크립트의 주소")
    return tuple(found)


@cache
def policy() -> str:
    """모든 쪽의 정책입니다.

    이 사이트의 파일만 받고, 테마의 인라인 스크립트는 sha256이 같을 때만 실행합니다. 양식은 보내지
    않고, 다른 쪽을 끼우지 않고, 주소의 기준을 바꾸지 않습니다. WebAssembly는 일꾼에서만 돌므로
    쪽에는 허락하지 않습니다. data: 그림은 테마의 스타일에 든 아이콘입니다.
    """
    hashes = " ".join(f"'{digest(text)}'" for text in scripts())
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {hashes}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def digest(text: str) -> str:
    """정책에 적는 인라인 스크립트의 sha256입니다."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def close(page: str, styles: MutableMapping[str, str]) -> str:
    """쪽에 정책을 적고, 정책이 막을 것이 없는지 확인합니다.

    Args:
        page: 쪽의 온전한 HTML.
        styles: 클래스마다의 선언. 쪽에서 옮긴 것을 더합니다.

    Returns:
        정책이 적힌 HTML.

    Raises:
        SecurityError: 테마가 바뀌었거나, 정책이 막을 스크립트·속성·스타일이 쪽에 있을 때.
    """
    base = BASE.search(page)
    if base is None or CHARSET not in page:
        raise SecurityError("테마에서 고칠 자리를 찾지 못했습니다: 정책을 적을 머리")
    settled = f'<script data-base="{base["base"]}">__md_scope=new URL({SETTLED_BASE},location)'
    page = page.replace(base[0], settled, 1)
    page, moved = move_styles(page, styles)
    head = f'{CHARSET}\n      <meta http-equiv="Content-Security-Policy" content="{policy()}">'
    if moved:
        place = f"{base['base'].rstrip('/')}/{STYLESHEET}"
        head += f'\n      <link rel="stylesheet" href="{place}">'
    if found := flaws(page):
        raise SecurityError(f"보안 정책이 막을 것이 쪽에 있습니다: {found[0]}")
    return page.replace(CHARSET, head, 1)


def flaws(page: str) -> list[str]:
    """정책이 막을 것의 목록입니다: 모르는 인라인 스크립트, 사건 속성, 스크립트 주소, 스타일.

    다른 곳으로 옮겨 가는 `<meta http-equiv="refresh">`는 정책이 막지 못하므로 여기에서 막습니다.
    """
    tree = markup.document_fromstring(page)
    found = []
    for script in tree.iter("script"):
        known = script.get("src") or script.get("type") in DATA_TYPES
        if not known and (script.text or "") not in scripts():
            found.append(f"모르는 스크립트 {(script.text or '').strip()[:40]!r}")
    for element in tree.iter(markup.etree.Element):
        for name, value in element.attrib.items():
            if name.startswith("on") or name in ("style", "srcdoc"):
                found.append(f'<{element.tag} {name}="{value[:40]}">')
            elif name in ADDRESSES and SCRIPT_ADDRESS.match(value):
                found.append(f'<{element.tag} {name}="{value[:40]}">')
        refreshing = element.tag == "meta" and element.get("http-equiv", "").lower() == "refresh"
        if refreshing or element.tag in ("style", "iframe", "object", "embed", "base"):
            found.append(f"<{element.tag}>")
    return found


def move_styles(page: str, styles: MutableMapping[str, str]) -> tuple[str, bool]:
    """Style 속성을 클래스로 옮기고, 옮긴 것이 있는지 함께 돌려줍니다.

    속성은 어느 규칙보다 앞서므로, 옮긴 선언에는 `!important`를 붙입니다.

    Raises:
        SecurityError: 옮길 수 없는 스타일일 때.
    """
    moved = False

    def move(found: re.Match[str]) -> str:
        nonlocal moved
        attributes = found["attributes"] or ""
        style = STYLE.search(attributes)
        if style is None:
            return found[0]
        text = css(html.unescape(style["style"]))
        name = f"moved-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        styles[name], moved = text, True
        attributes = attributes.replace(style[0], "", 1)
        if names := CLASS.search(attributes):
            attributes = attributes.replace(names[0], f' class="{names["names"]} {name}"', 1)
        else:
            attributes = f' class="{name}"{attributes}'
        return f"<{found['name']}{attributes}>"

    return PIECE.sub(move, page), moved


def css(style: str) -> str:
    """Style 속성의 선언을 스타일 파일에 적을 꼴로 바꿉니다.

    Raises:
        SecurityError: 따옴표나 중괄호가 있어 클래스로 옮길 수 없을 때.
    """
    declarations = [
        re.sub(r"\s*:\s*", ":", part.strip()) for part in style.split(";") if part.strip()
    ]
    for declaration in declarations:
        if not DECLARATION.fullmatch(declaration):
            raise SecurityError(
                f"style 속성 {style!r}은(는) 옮길 수 없습니다. 스타일 파일의 클래스로 적으세요"
            )
    return ";".join(f"{declaration}!important" for declaration in declarations)


def stylesheet(styles: Mapping[str, str]) -> str:
    """옮긴 선언의 스타일 파일입니다. 같은 사이트면 같은 바이트입니다."""
    return "".join(f".{name}{{{styles[name]}}}\n" for name in sorted(styles))


def escape_index(file: Path) -> None:
    """찾아보기가 마크업으로 그리는 태그의 이름을 이스케이프합니다."""
    index = json.loads(file.read_text("utf-8"))
    for entry in index["docs"]:
        if tags := entry.get("tags"):
            entry["tags"] = [html.escape(tag) for tag in tags]
    write_text(file, json.dumps(index, separators=(",", ":")))


def write(site: Path, styles: Mapping[str, str]) -> None:
    """스타일 파일을 사이트에 놓습니다."""
    write_text(site / STYLESHEET, stylesheet(styles))
