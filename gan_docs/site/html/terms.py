"""용어가 처음 나오는 자리를 용어집으로 잇고, 그 자리에서 펴 볼 뜻을 페이지의 끝에 둡니다."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from gan_docs.site.page.glossary import PAGE, Entry

TAG = r"<(?P<closing>/?)(?P<name>[a-zA-Z][\w-]*)(?P<rest>[^>]*)>"
# 코드는 통째로: 색을 입힌 태그가 페이지의 셋에 둘
TOKEN = re.compile(rf"<!--.*?-->|<pre\b.*?</pre>|{TAG}|<[^>]+>|[^<]+", re.S)
VOID = frozenset(
    ("area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
PROSE = frozenset(("p", "li", "dd"))
# 이 안의 말은 글이 아니거나, 이미 다른 곳으로 이어지거나, 그림과 코드에 딸린 것
APART = frozenset(
    ("a", "button", "code", "details", "dt", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "kbd",
     "math", "pre", "script", "style", "summary", "svg", "th")
)  # fmt: skip
APART_CLASSES = re.compile(r'class="[^"]*\b(?:arithmatex|katex|live|output|headerlink)\b')
PARTICLES = (
    "은 는 이 가 을 를 과 와 의 에 로 으로 도 만 들 뿐 라 란 입 인 나 마다 처럼 보다 까지 부터 하"
).split()
AFTER = rf"(?=[^가-힣A-Za-z]|$|{'|'.join(PARTICLES)})"
BEFORE = "(?<![가-힣A-Za-z])"


def linked(content: str, entries: Iterable[Entry], page: str, glossary: str) -> str:
    """용어마다 페이지에서 처음 나온 것을 잇습니다. 그 용어를 다루는 페이지에서는 잇지 않습니다.

    Args:
        content: 페이지의 본문.
        entries: 용어집.
        page: 페이지의 파일. `docs/`에서 본 자리.
        glossary: 이 페이지에서 본 용어집 페이지의 주소.
    """
    wanted = {entry.term: entry for entry in entries if not entry.everyday and entry.page != page}
    # 긴 것부터: 손실은 손실 함수 속에서 찾지 않음
    names = sorted({entry.term for entry in entries}, key=len, reverse=True)
    if not wanted or page == PAGE:
        return content
    pattern = re.compile(f"{BEFORE}(?:{'|'.join(map(re.escape, names))}){AFTER}")
    met: list[Entry] = []

    def mark(found: re.Match[str]) -> str:
        entry = wanted.pop(found[0], None)
        if entry is None:
            return found[0]
        met.append(entry)
        place = f"{glossary}#{entry.anchor}"
        return f'<a class="term" aria-haspopup="dialog" href="{place}">{found[0]}</a>'

    body = "".join(pattern.sub(mark, text) if prose else text for text, prose in pieces(content))
    return body + "".join(meaning(entry, glossary) for entry in met)


def meaning(entry: Entry, glossary: str) -> str:
    """펴 볼 뜻입니다. 열기 전에는 보이지 않고 인쇄되지도 찾아지지도 않습니다."""
    term, english = html.escape(entry.term), html.escape(entry.english)
    return (
        f'\n<div class="term-meaning" id="meaning-{entry.anchor}" role="dialog"'
        f' aria-label="{term}의 뜻" popover tabindex="-1" autofocus data-search-exclude>'
        f'<strong>{term}</strong> <span lang="en">{english}</span>{entry.meaning}'
        f'<a href="{glossary}#{entry.anchor}">용어집에서 보기</a></div>'
    )


def pieces(content: str) -> Iterator[tuple[str, bool]]:
    """HTML을 태그와 글로 나눕니다. 저마다 용어를 찾아도 되는 글인지가 딸립니다."""
    opened = [("", False, False)]  # 열린 태그와, 그 안이 글인지와, 따로 둘 곳인지
    for token in TOKEN.finditer(content):
        _, prose, apart = opened[-1]
        if token["name"] is None:
            yield token[0], not token[0].startswith("<") and prose and not apart
            continue
        name = token["name"].lower()
        if token["closing"]:
            while len(opened) > 1 and opened.pop()[0] != name:
                pass
        elif name not in VOID and not token["rest"].endswith("/"):
            apart = apart or name in APART or bool(APART_CLASSES.search(token["rest"]))
            opened.append((name, prose or name in PROSE, apart))
        yield token[0], False
