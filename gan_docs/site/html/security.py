"""페이지마다 콘텐츠 보안 정책(CSP)을 적어, 사이트의 파일만 실행되고 불리게 합니다.

정책은 모든 페이지에서 같습니다. 테마는 링크를 누르면 페이지를 새로 열지 않고 바꿔 끼우므로,
페이지마다 다른 정책은 겹쳐서 서로를 막습니다. 그래서 페이지마다 다르던 테마의 스크립트 하나는
다른 부분을 속성으로 옮겨 같게 하고, 수식과 표의 style 속성은 스타일 파일의 클래스로 옮깁니다.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import MutableMapping
from functools import cache

from lxml import html as markup

from gan_docs.site.html import styles, theme

CHARSET = '<meta charset="utf-8">'
DATA_TYPES = ("application/json", "application/ld+json")  # 브라우저가 실행하지 않는 데이터
ADDRESSES = ("href", "src", "action", "formaction", "data", "xlink:href")
SCRIPT_ADDRESS = re.compile(r"[\s\x00-\x1f]*j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*:", re.I)


class SecurityError(ValueError):
    """정책이 막을 것이 페이지에 있거나, 테마가 바뀌어 정책을 적을 수 없습니다."""


@cache
def policy() -> str:
    """모든 페이지의 정책입니다.

    이 사이트의 파일만 받고, 테마의 인라인 스크립트는 sha256이 같을 때만 실행합니다. 양식은 보내지
    않고, 다른 페이지를 끼우지 않고, 주소의 기준을 바꾸지 않습니다. WebAssembly는 일꾼에서만 돌므로
    페이지에는 허락하지 않습니다. data: 그림은 테마의 스타일에 든 아이콘입니다.
    """
    hashes = " ".join(f"'{digest(text)}'" for text in theme.scripts())
    directives = {
        **{f"{name}-src": "'none'" for name in ("default", "frame", "object")},
        "script-src": f"'self' {hashes}",
        "img-src": "'self' data:",
        **{f"{name}-src": "'self'" for name in ("style", "font", "connect", "worker")},
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def digest(text: str) -> str:
    """정책에 적는 인라인 스크립트의 sha256입니다."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def close(page: str, sheet: MutableMapping[str, str]) -> str:
    """페이지에 정책을 적고, 정책이 막을 것이 없는지 확인합니다. 옮긴 스타일은 `sheet`에 더합니다.

    Raises:
        SecurityError: 정책이 막을 스크립트·속성·스타일이 페이지에 있을 때.
    """
    if CHARSET not in page:
        raise SecurityError("테마에서 고칠 자리를 찾지 못했습니다: 정책을 적을 머리")
    page, base = theme.settle(page)
    head = f'{CHARSET}\n      <meta http-equiv="Content-Security-Policy" content="{policy()}">'
    moved = styles.move(page, sheet)
    if moved != page:
        place = f"{base.rstrip('/')}/{styles.STYLESHEET}"
        head += f'\n      <link rel="stylesheet" href="{place}">'
    if found := flaws(moved):
        raise SecurityError(f"보안 정책이 막을 것이 페이지에 있습니다: {found[0]}")
    return moved.replace(CHARSET, head, 1)


def flaws(page: str) -> list[str]:
    """정책이 막을 것의 목록입니다: 모르는 인라인 스크립트, 사건 속성, 스크립트 주소, 스타일.

    다른 곳으로 옮겨 가는 `<meta http-equiv="refresh">`는 정책이 막지 못하므로 여기에서 막습니다.
    """
    tree, known = markup.document_fromstring(page), theme.scripts()
    found = []
    for script in tree.xpath("//script[not(@src)]"):
        text = script.text or ""
        if script.get("type") not in DATA_TYPES and text not in known:
            found.append(f"모르는 스크립트 {text.strip()[:40]!r}")
    for element in tree.iter(markup.etree.Element):
        for name, value in element.attrib.items():
            leading_to_a_script = name in ADDRESSES and SCRIPT_ADDRESS.match(value)
            if name.startswith("on") or name in ("style", "srcdoc") or leading_to_a_script:
                found.append(f'<{element.tag} {name}="{value[:40]}">')
        refreshing = element.tag == "meta" and element.get("http-equiv", "").lower() == "refresh"
        if refreshing or element.tag in ("style", "iframe", "object", "embed", "base"):
            found.append(f"<{element.tag}>")
    return found
