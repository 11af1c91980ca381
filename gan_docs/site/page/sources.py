"""페이지로 옮겨 오는 파일의 구역을 읽고, 이름표에 파일의 자리와 줄을 적습니다.

저장소의 주소를 알면 이름표를 그 줄로 잇습니다.
"""

from __future__ import annotations

import logging
import re
import subprocess
from functools import cache
from pathlib import Path

from gan_docs.site.make.keys import ROOT

log = logging.getLogger("mkdocs.hooks.gan_docs")  # 경고는 엄격한 빌드를 실패하게 함
INCLUDE = re.compile(r'^-+8<-+ "(?P<file>[^":]+)(?::(?P<section>[\w-]+))?"$')
MARKER = re.compile(r".*-+8<-+ \[(?:start|end):.*")  # 구역의 처음과 끝을 알리는 줄
TITLE = re.compile(r'title="[^"]*"')
LABEL = re.compile(
    r'<span class="filename">(?P<file>[\w./-]+)#L(?P<first>\d+)-L(?P<last>\d+)</span>'
)


class PageError(ValueError):
    """페이지를 읽을 수 없습니다. 파일과 줄이 함께 적힙니다."""


def region(file: str, section: str | None, place: str, root: Path = ROOT) -> str:
    """파일 전체나 이름 붙인 구역의 글입니다.

    Raises:
        PageError: 파일이나 구역이 없을 때.
    """
    return _located(file, section, place, root)[1]


def unmarked(text: str) -> str:
    """구역의 처음과 끝을 알리는 줄을 뺍니다."""
    return "\n".join(row for row in text.splitlines() if not MARKER.match(row))


def titled(info: str, own: str, place: str, root: Path = ROOT) -> str:
    """울타리의 머리에서 이름표를 `파일#L처음-L끝`으로 바꿉니다. 이름표가 없으면 그대로 둡니다.

    Args:
        info: 울타리의 머리. `python title="…"`.
        own: 울타리 안의 글. 옮겨 올 것이 여럿이면 첫째의 자리를 적습니다.
        place: 오류에 적을 페이지의 자리.
        root: 파일을 찾을 폴더.

    Raises:
        PageError: 파일이나 구역이 없을 때.
    """
    found = next(filter(None, map(INCLUDE.match, map(str.strip, own.splitlines()))))
    first, body = _located(found["file"], found["section"], place, root)
    last = first + len(body.splitlines()) - 1
    return TITLE.sub(f'title="{found["file"]}#L{first}-L{last}"', info)


def link(html: str, repository: str) -> str:
    """이름표를 파일의 이름과 줄로 적습니다. 저장소의 주소를 알면 그 줄로 잇습니다."""
    address = repository.rstrip("/")

    def shown(found: re.Match[str]) -> str:
        file, first, last = found["file"], found["first"], found["last"]
        name = file
        if address:
            place = f"{address}/blob/{revision()}/{file}#L{first}-L{last}"
            name = f'<a href="{place}">{file}</a>'
        range_ = f'<span class="filename__lines">{first}–{last}줄</span>'
        return f'<span class="filename">{name} {range_}</span>'

    return LABEL.sub(shown, html)


@cache
def revision() -> str:
    """지금 보는 커밋입니다. 저장소가 아니면 가장 새것을 뜻하는 `HEAD`."""
    try:
        command = ["git", "rev-parse", "HEAD"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    except (OSError, subprocess.CalledProcessError):
        return "HEAD"
    return done.stdout.strip()


def _located(file: str, section: str | None, place: str, root: Path) -> tuple[int, str]:
    """구역의 첫 줄(1부터 셈)과 글입니다."""
    path = root / file
    if not path.is_file():
        raise PageError(f"{place}: 옮겨 올 파일이 없습니다: {file}")
    text = path.read_text("utf-8")
    if section is None:
        return 1, text
    name = re.escape(section)
    pattern = rf"^.*\[start:{name}\].*\n(?P<body>(?:.*\n)*?).*\[end:{name}\]"
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise PageError(f"{place}: 옮겨 올 구역이 없습니다: {file}:{section}")
    return 1 + text.count("\n", 0, found.start("body")), found["body"]
