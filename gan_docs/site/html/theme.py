"""Material의 속에 기대는 모든 것: HTML의 흠, 이스케이프하지 않는 글, 인라인 스크립트, 검색의 기억.

고칠 자리가 테마의 틀에 없으면 테마가 바뀐 것이므로, 조용히 지나가지 않고 빌드를 멈춥니다.
"""

from __future__ import annotations

import copy
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import material
from jinja2.bccache import Bucket, BytecodeCache
from mkdocs.config.defaults import MkDocsConfig

from gan_docs.site.make.storage import write_text

TEMPLATES = Path(material.__file__).parent / "templates"
PHONE_COLUMNS = 34  # 360px 화면에서 옆으로 밀지 않고 보이는 코드의 너비
MISSING = "테마에서 고칠 자리를 찾지 못했습니다"
INDEX = "search/search_index.json"
TAG_ID = "tag:"  # 태그 플러그인이 붙이는 id의 앞머리
MARKUP = re.compile(r"<[^>]+>")
CODE = re.compile(r"<pre>.*?</pre>", re.S)
COLOUR = re.compile(r"</?span[^>]*>")

INLINE = ("base.html", "content.html")  # 인라인 스크립트를 적는 테마의 틀
WRITTEN_BASE = '"{{ config.extra.scope | d(base_url) }}"'
SETTLED_BASE = "document.currentScript.dataset.base"
SCRIPT = re.compile(r"<script>(?P<text>.*?)</script>", re.S)
BASE = re.compile(r'<script>__md_scope=new URL\("(?P<base>[^"]*)",location\)')


class ThemeError(ValueError):
    """테마가 바뀌어 고칠 자리를 찾지 못했습니다."""


class Compiled(BytecodeCache):
    """한 번 옮긴 틀을 고치며 보는 동안 기억합니다. 틀이 바뀌면 jinja가 알아챕니다."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """지난번에 옮긴 것이 있으면 건넵니다."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """새로 옮긴 것을 기억합니다."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


class Repair(NamedTuple):
    """되풀이되는 흠 하나를 고치는 법입니다."""

    flaw: str
    pattern: re.Pattern[str]  # 페이지에서 고칠 자리
    mended: str | Callable[[re.Match[str]], str]
    template: str = ""  # 그 자리를 적는 테마의 틀. 테마가 아니라 Markdown이 적으면 빈 글
    written: str = ""  # 그 틀에 있어야 하는 글


def named(found: re.Match[str]) -> str:
    """차례의 마디는 눌러 여는 단추의 빈 이름표 대신 제 제목을 이름으로 삼습니다."""
    title = " ".join(MARKUP.sub("", found["title"]).split())
    return f'{found["head"]} aria-label="{title}"{found["rest"]}'


def focusable(found: re.Match[str]) -> str:
    """좁은 화면에서 옆으로 밀리는 코드만 키보드의 초점을 받습니다."""
    text = html.unescape(MARKUP.sub("", found["text"]))
    if max(map(columns, text.splitlines()), default=0) <= PHONE_COLUMNS:
        return found[0]
    return f'{found["head"]} tabindex="0"{found["rest"]}'


def labelled(found: re.Match[str]) -> str:
    """할 일의 네모는 그 상태를 이름으로 삼습니다."""
    name = "끝난 일" if "checked" in found["rest"] else "남은 일"
    return f'{found["head"]} aria-label="{name}"{found["rest"]}'


REPAIRS = (
    Repair(
        "Firefox가 미리 받으려다 보안 정책에 걸리는 다음 페이지",
        re.compile(r'\s*<link rel="next" href="[^"]*">'),
        "",
        "base.html",
        '<link rel="next" href="{{ page.next_page.url | url }}">',
    ),
    Repair(
        "검색 대화 상자의 이름",
        re.compile('data-md-component="search" role="dialog"'),
        r'\g<0> aria-label="검색"',
        "partials/search.html",
        'data-md-component="search" role="dialog"',
    ),
    Repair(
        "읽는 기계에 들리는 진행 막대",
        re.compile('data-md-component="progress" role="progressbar"'),
        'data-md-component="progress" aria-hidden="true"',
        "partials/progress.html",
        'data-md-component="progress" role="progressbar"',
    ),
    Repair(
        "차례의 마디의 이름",
        re.compile(
            r'(?P<head><nav class="md-nav" data-md-level="\d") '
            r'aria-labelledby="(?P<mark>\w+)_label"(?P<rest>[^>]*>\s*'
            r'<label class="md-nav__title" for="(?P=mark)">(?P<title>.*?)</label>)',
            re.S,
        ),
        named,
        "partials/nav-item.html",
        '<nav class="md-nav" data-md-level="{{ level }}" aria-labelledby="{{ path }}_label" '
        'aria-expanded="{{ nav_item.active | tojson }}">\n'
        '          <label class="md-nav__title" for="{{ path }}">',
    ),
    Repair(
        "차례의 빈 tabindex",
        re.compile(' tabindex=""'),
        "",
        "partials/nav-item.html",
        ' tabindex="{{ tabindex }}"',
    ),
    Repair(
        "서랍과 검색의 규격에 없는 autocomplete",
        re.compile(r'(<input class="md-toggle"[^>]*?) autocomplete="off"'),
        r"\1",
        "base.html",
        '<input class="md-toggle" data-md-toggle="drawer" type="checkbox" id="__drawer" '
        'autocomplete="off">',
    ),
    Repair(
        "밀어 볼 코드의 초점",
        re.compile(
            r"(?P<head><pre[^>]*>(?:<span></span>)?<code)(?P<rest>>(?P<text>.*?)</code>)", re.S
        ),
        focusable,
    ),
    Repair(
        "밀어 볼 표의 상자",
        # 접은 글 속의 표는 Markdown이 문단으로 감쌈
        re.compile(r"(?P<wrap><p>)?(?P<table><table>.*?</table>)(?(wrap)</p>)", re.S),
        r'<div class="table-scroll" tabindex="0">\g<table></div>',
    ),
    Repair(
        "할 일의 이름",
        re.compile(
            r'(?P<head><label class="task-list-control"><input type="checkbox")(?P<rest>[^>]*>)'
        ),
        labelled,
    ),
)


def check(templates: Path = TEMPLATES) -> None:
    """테마의 틀마다 고칠 자리가 있는지 봅니다.

    Raises:
        ThemeError: 테마가 바뀌어 고칠 자리가 없을 때.
    """
    for repair in REPAIRS:
        text = (templates / repair.template).read_text("utf-8") if repair.template else ""
        if repair.written not in text:
            raise ThemeError(f"{MISSING}: {repair.template}의 {repair.flaw}")
    scripts(templates)


def scripts(templates: Path = TEMPLATES) -> tuple[str, ...]:
    """테마가 페이지에 적는 인라인 스크립트입니다. 주소는 `settle`이 속성으로 옮긴 다음의 것입니다.

    Raises:
        ThemeError: 테마가 바뀌어 스크립트를 찾지 못했을 때.
    """
    folder = templates / "partials" / "javascripts"
    written = "".join((folder / name).read_text("utf-8") for name in INLINE)
    found = [text.replace(WRITTEN_BASE, SETTLED_BASE) for text in SCRIPT.findall(written)]
    if written.count(WRITTEN_BASE) != 1 or "{{" in "".join(found):
        raise ThemeError(f"{MISSING}: 인라인 스크립트의 주소")
    return tuple(found)


def settle(page: str) -> tuple[str, str]:
    """페이지마다 다른 주소를 스크립트에서 속성으로 옮기고, 그 주소를 함께 돌려줍니다.

    Raises:
        ThemeError: 테마가 바뀌어 주소를 찾지 못했을 때.
    """
    found = BASE.search(page)
    if found is None:
        raise ThemeError(f"{MISSING}: 주소를 정하는 스크립트")
    settled = f'<script data-base="{found["base"]}">__md_scope=new URL({SETTLED_BASE},location)'
    return page.replace(found[0], settled, 1), found["base"]


def mend(page: str) -> str:
    """이름 없는 곳에 이름을, 옆으로 밀리는 것에 초점을 주고, 규격에 없는 속성을 뺍니다."""
    for repair in REPAIRS:
        page = repair.pattern.sub(repair.mended, page)
    return page


def columns(line: str) -> int:
    """고정폭 글꼴에서 줄이 차지하는 칸 수입니다. 한글은 두 칸입니다."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def escaped(meta: Mapping[str, Any]) -> dict[str, Any]:
    """테마가 이스케이프하지 않고 적는 앞머리의 글을 미리 이스케이프합니다."""
    texts = ("title", "description", "author")
    return {
        name: html.escape(value) if name in texts and isinstance(value, str) else value
        for name, value in meta.items()
    }


def escape_tags(toc: Iterable[Any]) -> None:
    """태그 플러그인이 차례에 그대로 적은 태그의 이름을 이스케이프합니다."""
    for item in toc:
        if item.id.startswith(TAG_ID):
            item.title = html.escape(item.title)
        escape_tags(item.children)


def escape_index(site: Path) -> None:
    """테마가 검색 결과에 마크업으로 그리는 태그의 이름을 이스케이프합니다."""
    index = json.loads((site / INDEX).read_text("utf-8"))
    for entry in index["docs"]:
        if tags := entry.get("tags"):
            entry["tags"] = [html.escape(tag) for tag in tags]
    write_text(site / INDEX, json.dumps(index, separators=(",", ":")))


def remember_search(config: MkDocsConfig) -> None:
    """검색이 고친 페이지의 글만 바꾸고 나머지는 기억하게 합니다.

    Raises:
        ThemeError: 검색 플러그인이 바뀌어 기억을 켤 수 없을 때.
    """
    plugin: Any = config.plugins.get("material/search")
    if not hasattr(plugin, "is_dirty") or not hasattr(plugin, "search_index_prev"):
        raise ThemeError("테마의 검색이 지난 색인을 기억하지 않습니다: is_dirty, search_index_prev")
    plugin.is_dirty = True


def lighten_search(config: MkDocsConfig) -> None:
    """검색이 코드의 색을 태그마다 읽지 않게 합니다. 태그의 셋에 둘이 그것이고, 읽는 글은 같습니다.

    Raises:
        ThemeError: 검색 플러그인이 바뀌어 읽을 글을 건넬 수 없을 때.
    """
    index: Any = getattr(config.plugins.get("material/search"), "search_index", None)
    if not hasattr(index, "add_entry_from_context"):
        raise ThemeError("테마의 검색이 페이지를 읽는 자리가 없습니다: add_entry_from_context")
    read: Callable[[Any], None] = index.add_entry_from_context

    def read_light(page: Any) -> None:
        light = copy.copy(page)
        light.content = CODE.sub(lambda code: COLOUR.sub("", code[0]), page.content)
        read(light)

    index.add_entry_from_context = read_light
