"""남의 속에 기대는 자리마다, 그 속이 바뀌면 알아챕니다. lunr는 `tests/search`가 봅니다."""

import re
import shutil
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mkdocstrings_handlers.python
import pytest
from markdown import Markdown
from material.plugins.search.plugin import SearchIndex, SearchPlugin
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from pymdownx import highlight as blocks

from gan_docs.site import livereload
from gan_docs.site.html import highlighting, theme
from gan_docs.site.page import reading
from gan_docs.site.page.kernels import NotebookError

ROOT = Path(__file__).parents[2]
# 우리의 틀이 든 폴더와, 같은 이름의 원본이 든 폴더
COPIED = {
    ROOT / "docs/overrides/theme": theme.TEMPLATES,
    ROOT / "docs/overrides/mkdocstrings/python/material": Path(
        mkdocstrings_handlers.python.__path__[0], "templates/material/_base"
    ),
}
OTHER_NAMES = {"ko.html.jinja": "en.html.jinja"}
RECORDED = re.compile(r"\{#- 원본 ([0-9a-f]{12}): ")
BLOCK = re.compile(r"\{%-? block (\w+)")
IN_THE_TEMPLATES = [
    *((repair.template, repair.written) for repair in theme.REPAIRS if repair.template),
    ("partials/javascripts/base.html", theme.WRITTEN_BASE),
]
IN_THE_MARKDOWN = {
    f"```python\n{'가' * 18}\n```": '<code tabindex="0">',
    "| 표 |\n|---|\n| 1 |": '<div class="table-scroll" tabindex="0"><table>',
    "- [x] 함\n- [ ] 안 함": 'aria-label="끝난 일"',
}
# 테마가 남긴 흠과, 고친 모습. 흠이 그 자리에 있는지는 `theme.check`가 봄
SECTION = (
    '<nav class="md-nav" data-md-level="1" aria-labelledby="__nav_2_label" aria-expanded="false">'
    '\n<label class="md-nav__title" for="__nav_2"><span></span>\n  실험실\n</label></nav>'
)
MENDED = {
    '<div data-md-component="search" role="dialog">': 'role="dialog" aria-label="검색">',
    '<div data-md-component="progress" role="progressbar">': 'progress" aria-hidden="true">',
    SECTION: '<nav class="md-nav" data-md-level="1" aria-label="실험실" aria-expanded',
    '<label tabindex="">': "<label>",
    '<input class="md-toggle" type="checkbox" autocomplete="off">': 'type="checkbox">',
    "<pre><code>x = 1</code></pre>": "<pre><code>x = 1</code></pre>",
    "<i><p><table></table></p></i>": (
        '<i><div class="table-scroll" tabindex="0"><table></table></div></i>'
    ),
}


def original(ours: Path) -> Path | None:
    """우리의 틀이 대신하는 원본입니다. 새로 지은 틀이면 없습니다."""
    [(folder, theirs)] = [pair for pair in COPIED.items() if ours.is_relative_to(pair[0])]
    place = theirs / ours.relative_to(folder)
    place = place.with_name(OTHER_NAMES.get(place.name, place.name))
    return place if place.is_file() else None


def outdated(ours: str, theirs: str, base: str = "") -> list[str]:
    """적어 둔 원본의 sha256과 다르면 원본이, 이어받을 마디가 사라졌으면 그 마디가 흠입니다."""
    recorded = RECORDED.search(ours)
    same = recorded is not None and sha256(theirs.encode()).hexdigest().startswith(recorded[1])
    lost = {*BLOCK.findall(ours)} - {*BLOCK.findall(theirs + base)}
    return [*([] if same else ["원본"]), *sorted(lost)]


@pytest.mark.parametrize(
    "ours",
    [file for folder in COPIED for file in sorted(folder.rglob("*")) if original(file)],
    ids=lambda file: file.name,
)
def test_a_copied_template_follows_its_original(ours: Path) -> None:
    text, place = ours.read_text("utf-8"), original(ours)
    assert place is not None
    theirs, base = place.read_text("utf-8"), (theme.TEMPLATES / "base.html").read_text("utf-8")
    assert outdated(text, theirs, base) == []
    assert outdated(text, theirs + " ", base) == ["원본"]
    assert set(outdated(text, "", "")) == {"원본", *BLOCK.findall(text)}


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """고칠 자리가 든 테마의 틀의 사본입니다."""
    for place in {place for place, _ in IN_THE_TEMPLATES} | {
        f"partials/javascripts/{name}" for name in theme.INLINE
    }:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(theme.TEMPLATES / place, tmp_path / place)
    theme.check(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("place", "written"), IN_THE_TEMPLATES)
def test_a_changed_theme_is_told(templates: Path, place: str, written: str) -> None:
    file = templates / place
    text = file.read_text("utf-8")
    assert written in text
    file.write_text(text.replace(written, written.replace('"', "'").upper()), "utf-8")
    with pytest.raises(theme.ThemeError, match="고칠 자리를 찾지 못했습니다"):
        theme.check(templates)


@pytest.mark.parametrize("flawed", MENDED)
def test_a_flaw_is_mended(flawed: str) -> None:
    assert MENDED[flawed] in theme.mend(flawed)


@pytest.mark.parametrize("markdown", IN_THE_MARKDOWN)
def test_markdown_still_writes_what_is_mended(markdown: str) -> None:
    config = load_config(str(ROOT / "mkdocs.yml"))
    engine = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
    drawn, mended = engine.convert(markdown), IN_THE_MARKDOWN[markdown]
    assert mended in theme.mend(drawn) and mended not in drawn
    changed = re.sub(r"<(code|table|label)", r"<new-\1", drawn)
    assert mended not in theme.mend(changed)


def searching(**insides: object) -> Any:
    """검색 플러그인의 속이 그런 설정입니다."""
    return SimpleNamespace(plugins={"material/search": SimpleNamespace(**insides)})


@pytest.mark.parametrize("lost", [None, "is_dirty", "search_index_prev"])
def test_a_search_that_remembers_no_more_is_told(lost: str | None) -> None:
    config = searching(**vars(SearchPlugin()))
    plugin = config.plugins["material/search"]
    if lost is None:
        theme.remember_search(config)
        assert plugin.is_dirty
        return
    delattr(plugin, lost)
    with pytest.raises(theme.ThemeError, match=lost):
        theme.remember_search(config)


def test_search_reads_the_same_code_without_its_colours() -> None:
    config = load_config(str(ROOT / "mkdocs.yml"))
    engine = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
    content = engine.convert(
        "# 제목\n\n<span>글</span> `코드`\n\n```python\nif a < 1:\n    a = '나'\n```"
    )
    page = SimpleNamespace(content=content, meta={}, toc=[], url="", title="")
    plain, light, seen = SearchIndex(), SearchIndex(), []
    plain.add_entry_from_context(page)
    theme.lighten_search(searching(search_index=light))
    light.add_entry_from_context(page)
    assert "if a &lt; 1" in plain.entries[0]["text"]
    assert light.entries == plain.entries and page.content == content
    index = SimpleNamespace(add_entry_from_context=lambda page: seen.append(page.content))
    theme.lighten_search(searching(search_index=index))
    index.add_entry_from_context(page)
    assert seen[0].count("<span") == 1 < content.count("<span")


def test_a_search_that_reads_elsewhere_is_told() -> None:
    with pytest.raises(theme.ThemeError, match="add_entry_from_context"):
        theme.lighten_search(searching(search_index=object()))


@pytest.mark.parametrize("lost", livereload.INSIDES)
def test_a_changed_server_is_told(lost: str) -> None:
    insides = {name: None for name in livereload.INSIDES if name != lost}
    with pytest.raises(PluginError, match=lost):
        livereload.hasten(SimpleNamespace(**insides), None, print)  # type: ignore[arg-type]


def test_an_edited_page_gathers_no_files_of_the_theme_again() -> None:
    config, files = load_config(str(ROOT / "mkdocs.yml")), Files([])
    files.add_files_from_theme(config.theme.get_env(), config)
    assert len(files) > 9
    livereload.forget_theme_files(config)
    again = Files([])
    again.add_files_from_theme(config.theme.get_env(), config)
    assert len(again) == 0


def test_a_theme_that_gathers_elsewhere_is_told() -> None:
    config = SimpleNamespace(theme=SimpleNamespace(get_env=object))
    with pytest.raises(PluginError, match="list_templates"):
        livereload.forget_theme_files(config)  # type: ignore[arg-type]


PYTHON = "```python\nfor each in range(3):\n    print(each)\n```"


@pytest.mark.parametrize("forgetful", [False, True])
def test_remembered_colours_are_those_of_pygments(
    monkeypatch: pytest.MonkeyPatch, forgetful: bool
) -> None:
    config = load_config(str(ROOT / "mkdocs.yml"))
    engine = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
    markdown = "\n\n".join([PYTHON, PYTHON.replace("python", "text"), "`#!python for x in y:`"])
    plain = engine.convert(markdown)
    monkeypatch.setattr(blocks, "highlight", blocks.highlight)  # 끝나면 제자리로
    colours = highlighting.Colours()
    colours.remember()
    if forgetful:  # 코드만 보고 언어와 설정은 잊음
        monkeypatch.setattr(highlighting, "type", lambda tool: None, raising=False)
        monkeypatch.setattr(highlighting, "repr", lambda tool: "", raising=False)
    drawn = [engine.reset().convert(markdown) for _ in range(2)]
    assert (drawn == [plain, plain]) != forgetful
    assert len(colours.kept) == (2 if forgetful else 3)  # 두 번째에는 새로 입히지 않음


def test_colours_that_are_put_elsewhere_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(blocks, "highlight")
    with pytest.raises(PluginError, match="highlight"):
        highlighting.Colours().remember()


def test_the_notebook_is_drawn_by_mkdocs() -> None:
    config = load_config(str(ROOT / "mkdocs.yml"))
    file = File("training/how-to-train.ipynb", config.docs_dir, config.site_dir, True)
    page = Page(None, file, config)
    plugin = config.plugins["mkdocs-jupyter"]
    plugin.on_files(Files([file]), config=config)
    plugin.on_pre_page(page, config=config, files=Files([file]))
    reading.give_back_drawing(page)
    assert page.render.__func__ is Page.render
    with pytest.raises(NotebookError, match=r"page\.render"):
        reading.give_back_drawing(page)
