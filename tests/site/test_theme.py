"""테마와 Markdown이 남긴 흠이 고쳐진 모습입니다. 흠이 그 자리에 있는지는 `test_ties`가 봅니다."""

import pytest

from gan_docs.site.html import theme

SECTION = (
    '<nav class="md-nav" data-md-level="1" aria-labelledby="__nav_2_label" aria-expanded="false">'
    '\n<label class="md-nav__title" for="__nav_2"><span></span>\n  실험실\n</label></nav>'
)
BOX = '<label class="task-list-control"><input type="checkbox" disabled{}></label>'
MENDED = {
    '<div data-md-component="search" role="dialog">': 'role="dialog" aria-label="검색">',
    '<div data-md-component="progress" role="progressbar">': 'progress" aria-hidden="true">',
    SECTION: '<nav class="md-nav" data-md-level="1" aria-label="실험실" aria-expanded',
    '<label tabindex="">': "<label>",
    '<input class="md-toggle" type="checkbox" autocomplete="off">': 'type="checkbox">',
    "<pre><code>x = 1</code></pre>": "<pre><code>x = 1</code></pre>",
    f"<pre><code>{'가' * 18}</code></pre>": f'<code tabindex="0">{"가" * 18}</code>',
    "<table><tr></tr></table>": '<div class="table-scroll" tabindex="0"><table><tr></tr></table>',
    BOX.format(" checked"): 'aria-label="끝난 일" disabled checked>',
    BOX.format(""): 'aria-label="남은 일" disabled>',
}


@pytest.mark.parametrize("flawed", MENDED)
def test_a_flaw_is_mended(flawed: str) -> None:
    assert MENDED[flawed] in theme.mend(flawed)


def test_what_the_theme_writes_as_it_is_gets_escaped_first() -> None:
    meta = {"title": "<b>", "description": '"', "tags": ["<i>"], "date": 1}
    wanted = {"title": "&lt;b&gt;", "description": "&quot;", "tags": ["<i>"], "date": 1}
    assert theme.escaped(meta) == wanted
