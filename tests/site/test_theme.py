import re
from pathlib import Path

import material
import pytest

from gan_docs.site.html import theme

PARTIAL = "partials/toc-item.html"
OURS = Path(__file__).parents[2] / "docs/overrides" / PARTIAL
THEIRS = Path(material.__file__).parent / "templates" / PARTIAL

DIALOG = f"<div {theme.SEARCH_DIALOG}></div><div {theme.PROGRESS}></div>"


def test_the_search_dialog_gets_a_name() -> None:
    assert 'role="dialog" aria-label="검색"' in theme.mend(DIALOG)


@pytest.mark.parametrize("place", [theme.SEARCH_DIALOG, theme.PROGRESS])
def test_a_changed_theme_is_an_error(place: str) -> None:
    with pytest.raises(theme.ThemeError, match="고칠 자리를 찾지 못했습니다"):
        theme.mend(DIALOG.replace(place, "role='dialog'"))


def test_the_progress_bar_is_only_for_the_eye() -> None:
    assert '<div data-md-component="progress" aria-hidden="true">' in theme.mend(DIALOG)


def test_a_section_of_the_contents_is_named_by_its_title() -> None:
    section = (
        '<nav class="md-nav" data-md-level="1" aria-labelledby="__nav_2_label" '
        'aria-expanded="false">\n<label class="md-nav__title" for="__nav_2">'
        "<span></span>\n  실험실\n</label></nav>"
    )
    mended = theme.mend(DIALOG + section)
    assert '<nav class="md-nav" data-md-level="1" aria-label="실험실" aria-expanded' in mended


def test_a_toggle_loses_what_the_standard_forbids() -> None:
    toggle = '<input class="md-toggle" data-md-toggle="drawer" type="checkbox" autocomplete="off">'
    assert "autocomplete" not in theme.mend(DIALOG + toggle)


def test_only_code_that_a_phone_must_scroll_takes_the_focus() -> None:
    short = "<pre><span></span><code>x = 1</code></pre>"
    long = f"<pre><span></span><code>{'가' * 18}</code></pre>"
    mended = theme.mend(DIALOG + short + long)
    assert short in mended
    assert f'<code tabindex="0">{"가" * 18}</code>' in mended


def test_columns_count_hangul_twice() -> None:
    assert theme.columns("가나 x") == 6


def test_a_table_scrolls_in_its_own_box() -> None:
    mended = theme.mend(DIALOG + "<table><tr><td>1</td></tr></table>")
    assert '<div class="table-scroll" tabindex="0"><table>' in mended


def test_a_checkbox_gets_a_name() -> None:
    box = '<label class="task-list-control"><input type="checkbox" disabled{}></label>'
    mended = theme.mend(DIALOG + box.format(" checked") + box.format(""))
    assert 'aria-label="끝난 일" disabled checked' in mended
    assert 'aria-label="남은 일" disabled>' in mended


def without_the_name(template: str) -> list[str]:
    """머리글의 설명과 이름을 적는 자리를 뺀, 차례 한 칸의 틀입니다."""
    rest = re.sub(r"\{#-.*?-#\}", "", template, count=1, flags=re.DOTALL)
    name = re.compile(r'<span class="md-ellipsis">.*?</span>\s*(?=</a>)', re.DOTALL)
    assert len(name.findall(rest)) == 1
    return name.sub("", rest).split()


def test_the_copied_item_of_the_contents_is_still_the_theme_s() -> None:
    ours, theirs = OURS.read_text("utf-8"), THEIRS.read_text("utf-8")
    assert without_the_name(ours) == without_the_name(theirs)
    newer = theirs.replace("toc_item.children", "toc_item.descendants")
    assert without_the_name(ours) != without_the_name(newer)
