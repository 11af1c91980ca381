"""테마가 만든 HTML의 알려진 흠을 고칩니다.

고칠 자리가 보이지 않으면 테마가 바뀐 것이므로, 조용히 지나가지 않고 알립니다.
"""

from __future__ import annotations

import html
import re
import unicodedata

PHONE_COLUMNS = 34  # 360px 화면에서 옆으로 밀지 않고 보이는 코드의 너비

SEARCH_DIALOG = 'data-md-component="search" role="dialog"'
CODE = re.compile(
    r"(?P<head><pre[^>]*>(?:<span></span>)?<code)(?P<rest>>(?P<text>.*?)</code>)", re.S
)
TABLE = re.compile(r"<table>.*?</table>", re.S)
CHECKBOX = re.compile(
    r'(?P<head><label class="task-list-control"><input type="checkbox")(?P<rest>[^>]*>)'
)
NAVIGATION = re.compile(
    r'(?P<head><nav class="md-nav" data-md-level="\d") aria-labelledby="(?P<mark>\w+)_label"'
    r'(?P<rest>[^>]*>\s*<label class="md-nav__title" for="(?P=mark)">(?P<title>.*?)</label>)',
    re.S,
)
PROGRESS = 'data-md-component="progress" role="progressbar"'
TOGGLE = re.compile(r'(<input class="md-toggle"[^>]*?) autocomplete="off"')
TAG = re.compile(r"<[^>]+>")


class ThemeError(ValueError):
    """테마가 바뀌어 고칠 자리를 찾지 못했습니다."""


def mend(page: str) -> str:
    """이름 없는 곳에 이름을, 옆으로 밀리는 것에 초점을 주고, 규격에 없는 속성을 뺍니다.

    Args:
        page: 쪽의 온전한 HTML.

    Returns:
        고친 HTML.

    Raises:
        ThemeError: 테마가 바뀌어 고칠 자리가 없을 때.
    """
    for place in (SEARCH_DIALOG, PROGRESS):
        if place not in page:
            raise ThemeError(f"테마에서 고칠 자리를 찾지 못했습니다: {place}")
    page = page.replace(SEARCH_DIALOG, f'{SEARCH_DIALOG} aria-label="검색"')
    page = page.replace(PROGRESS, 'data-md-component="progress" aria-hidden="true"')
    page = NAVIGATION.sub(_named, page)
    page = TOGGLE.sub(r"\1", page)
    page = page.replace(' tabindex=""', "")
    page = CODE.sub(_focusable, page)
    page = scrollable(page)
    return CHECKBOX.sub(_labelled, page)


def scrollable(page: str) -> str:
    """넓은 표는 표만 옆으로 밀리게 합니다."""
    return TABLE.sub(r'<div class="table-scroll" tabindex="0">\g<0></div>', page)


def columns(line: str) -> int:
    """고정폭 글꼴에서 줄이 차지하는 칸 수입니다. 한글은 두 칸입니다."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def _focusable(found: re.Match[str]) -> str:
    """좁은 화면에서 옆으로 밀리는 코드만 키보드의 초점을 받습니다."""
    text = html.unescape(TAG.sub("", found["text"]))
    if max(map(columns, text.splitlines()), default=0) <= PHONE_COLUMNS:
        return found[0]
    return f'{found["head"]} tabindex="0"{found["rest"]}'


def _named(found: re.Match[str]) -> str:
    """차례의 마디는 눌러 여는 단추의 빈 이름표 대신 제 제목을 이름으로 삼습니다."""
    title = " ".join(TAG.sub("", found["title"]).split())
    return f'{found["head"]} aria-label="{title}"{found["rest"]}'


def _labelled(found: re.Match[str]) -> str:
    name = "끝난 일" if "checked" in found["rest"] else "남은 일"
    return f'{found["head"]} aria-label="{name}"{found["rest"]}'
