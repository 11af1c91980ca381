import pytest

from gan_docs.site import theme

DIALOG = f"<div {theme.SEARCH_DIALOG}></div>"


def test_the_search_dialog_gets_a_name() -> None:
    assert 'role="dialog" aria-label="검색"' in theme.mend(DIALOG)


def test_a_changed_theme_is_an_error() -> None:
    with pytest.raises(theme.ThemeError, match="고칠 자리를 찾지 못했습니다"):
        theme.mend("<div role='dialog'></div>")


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
