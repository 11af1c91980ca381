"""글이 마크업이 될 만한 모든 자리에 짓궂은 글을 심고, 글로만 보이는지 봅니다."""

from __future__ import annotations

import datetime
import json
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml
from inspection import MEASURE, Open, places, violations
from lxml import etree, html
from machine import serve
from markdown import Markdown
from mkdocs.config import load_config
from PIL import Image
from playwright.sync_api import expect
from reduced import ROOT, Project

from gan_docs.experiments.experiment import Experiment
from gan_docs.site.html import categories, feed
from gan_docs.site.make import figures, record, results
from gan_docs.site.page import cards, expand, filling, glossary, notebook, running

ADDRESS = "https://example.invalid/"
RUN = "window.planted=1"
PAYLOADS = {
    "image": f"<img src=x onerror={RUN}>",
    "quote": f'"><script>{RUN}</script>',
    "single": f"'><svg onload={RUN}>",
    "script": f"</script><script>{RUN}</script>",
    "comment": f"--><img src=x onerror={RUN}><!--",
    "style": f"</title></style></textarea><img src=x onerror={RUN}>",
    "entity": "& &amp; &lt;b&gt;",
}
FENCE = f"```\n\n<img src=x onerror={RUN}>\n\n```"
BREAKING = ("comment", "style")  # HTML로 내놓으면 다음 셀까지 삼켜 빌드가 멈춤
CELLS = {
    "text": "{payload!r}",
    "value": "class Shown:\n    def __repr__(self):\n        return {payload!r}\nShown()",
    "stream": "print({payload!r})",
    "html": "from IPython.display import HTML\nHTML({payload!r})",
    "markdown": "from IPython.display import Markdown\nMarkdown({payload!r})",
}


def front_matter(payload: str) -> str:
    """모든 항목이 짓궂은 앞머리입니다."""
    fields = {
        "title": payload,
        "date": datetime.date(2020, 1, 1),
        "categories": [payload],
        "tags": [payload],
        "description": payload,
        "author": payload,
    }
    return f"---\n{yaml.safe_dump(fields, allow_unicode=True)}---\n\n"


def parsed(file: Path) -> Any:
    return html.document_fromstring(file.read_text("utf-8"))


def made_of(tree: Any) -> list[str]:
    """글이 마크업이 된 자국입니다: 심은 스크립트, 사건 속성, 심은 그림."""
    marks = [each for each in tree.iter("script") if RUN == (each.text or "").strip()]
    marks += tree.xpath("//@*[starts-with(name(), 'on')] | //img[@src='x']")
    return [str(getattr(mark, "tag", mark)) for mark in marks]


def written(payload: str) -> dict[str, Any]:
    """셀마다 다른 갈래의 출력을 내는 노트북입니다."""
    empty = {"outputs": [], "execution_count": None, "cell_type": "code"}
    cells = []
    for name, code in CELLS.items():
        source = code.format(payload=payload)
        cells.append({**empty, "id": name, "source": source, "metadata": {}})
    front = {**yaml.safe_load(front_matter(payload).strip("-\n")), "date": "2020-01-01"}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"front_matter": front},
        "cells": cells,
    }


@pytest.fixture(scope="module")
def hostile(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """앞머리마다 짓궂은 페이지와, 짓궂은 것을 내놓는 노트북이 있는 사이트입니다."""
    assert built_site.is_dir()
    project = Project(tmp_path_factory.mktemp("hostile"), named=False)
    project.write("index.md", "# 첫 페이지\n")
    project.write("categories.md", f"# 분류\n\n{categories.PLACE}\n")
    for name, payload in PAYLOADS.items():
        project.write(f"{name}.md", f"페이지 {name}의 글\n", front_matter(payload))
    file = project.folder / "docs" / "training" / "how-to-train.ipynb"
    file.parent.mkdir()
    whole = [text for name, text in PAYLOADS.items() if name not in BREAKING]
    everything = "\n".join([*whole, FENCE])
    file.write_text(json.dumps(written(everything), ensure_ascii=False), "utf-8")
    done = project.build(GAN_DOCS_SITE_URL=ADDRESS)
    assert done.returncode == 0, done.stderr
    return project.site


def test_no_page_makes_markup_of_text(hostile: Path) -> None:
    found = {file.relative_to(hostile): made_of(parsed(file)) for file in hostile.rglob("*.html")}
    assert len(found) >= len(PAYLOADS) + 5
    assert not {place: marks for place, marks in found.items() if marks}


def test_the_head_says_what_was_written(hostile: Path) -> None:
    for name, payload in PAYLOADS.items():
        tree = parsed(hostile / name / "index.html")
        assert tree.findtext(".//title") == f"{payload} - GAN은"
        [shown] = tree.xpath("//h1")
        assert shown.text_content() == payload
        for path in ("//meta[@name='description']", "//meta[@name='author']"):
            assert tree.xpath(f"{path}/@content") == [payload]
        for kind in ("og:title", "og:description", "article:section", "article:tag"):
            assert tree.xpath(f"//meta[@property='{kind}']/@content") == [payload]
        assert payload in tree.xpath("//meta[@property='og:image:alt']/@content")[0]
        [data] = tree.xpath("//script[@type='application/ld+json']/text()")
        article = json.loads(data)["@graph"][0]
        assert article["headline"] == article["description"] == payload
        assert article["keywords"] == article["articleSection"] == [payload]
        assert "<" not in data and ">" not in data and "&" not in data
        assert [one.text_content() for one in tree.find_class("byline__category")] == [
            f"분류: {payload}"
        ]
        assert tree.xpath("//ul[@class='byline__tags']/li/a/text()") == [payload]


def test_lists_and_the_next_page_show_the_title_as_text(hostile: Path) -> None:
    tree = parsed(hostile / "tags/index.html")
    tags = [one.text_content().strip() for one in tree.xpath("//h2//span[@class='md-tag']")]
    assert {*PAYLOADS.values()} <= {*tags}
    assert {*PAYLOADS.values()} <= {one.strip() for one in tree.xpath("//article//li/a/text()")}
    tree = parsed(hostile / "categories/index.html")
    assert {*PAYLOADS.values()} <= {*tree.xpath("//article//li/a/text()")}
    for file in hostile.rglob("index.html"):
        turned = {
            one.strip() for one in parsed(file).xpath("//span[@class='page-turn__title']/text()")
        }
        assert turned and not [one for one in turned if "&amp;amp;" in one or "&lt;img" in one]


def test_the_feed_and_the_index_hold_text(hostile: Path) -> None:
    root = etree.parse(hostile / feed.PLACE)
    space = {"atom": feed.ATOM}
    for name in ("title", "summary", "category/@term"):
        path = f"//atom:entry/atom:{name}" + ("" if "@" in name else "/text()")
        assert {*PAYLOADS.values()} <= {*root.xpath(path, namespaces=space)}
    index = json.loads((hostile / "search/search_index.json").read_text("utf-8"))
    for entry in index["docs"]:
        for part in ("title", "text"):
            assert made_of(html.document_fromstring(f"<p>{entry[part]}</p>")) == [], entry


def test_every_output_of_the_notebook_is_shown_as_text(hostile: Path) -> None:
    tree = parsed(hostile / "training/how-to-train/index.html")
    shown = [one.text_content() for one in tree.xpath("//article//*[contains(@class, 'output')]")]
    assert sum(PAYLOADS["image"] in text for text in shown) >= 3  # 값, 손수 적은 값, 찍은 글
    assert sum(FENCE in text for text in shown) >= 2


@pytest.mark.parametrize("payload", [*PAYLOADS.values(), FENCE])
def test_captions_and_experiments_and_words_stay_text(
    payload: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = next(iter(figures.figures().values()))
    figure = figure._replace(experiment="ring", caption=payload, alt=payload, claims=())
    one = Experiment("ring", payload, lambda *_: pytest.fail("돌리지 않음"))
    loaded = results.Record("ring", payload, "key", 0, 1, 0.0, 0.0, {"number": payload})
    monkeypatch.setattr(figures, "figures", lambda: {figure.name: figure})
    monkeypatch.setattr(results, "experiments", lambda: {"ring": one})
    monkeypatch.setattr(results, "load", lambda name: loaded)
    outcome = running.Outcome(True, payload, "", "")
    monkeypatch.setattr(running, "run", lambda block: outcome)
    monkeypatch.setenv("GAN_DOCS_CACHE", str(tmp_path / "cache"))
    Image.new("RGB", (2, 2)).save(tmp_path / "picture.png")
    monkeypatch.setattr(cards, "source", lambda *_: tmp_path / "picture.png")
    monkeypatch.setattr(figures, "key", lambda name: "key")
    parts = {
        "그림": cards.card(figure.name, "page.md"),
        "수": filling.fill("수는 {{ ring.number }}", "", escape),
        "실험의 표": record.experiment_table(),
        "그림의 표": record.figure_table(),
        "출력": expand.expand("```python\n1\n```\n\n```output\n```\n", "page.md"),
        "용어집": words(tmp_path, payload),
    }
    for name, part in parts.items():
        tree = html.document_fromstring(drawn(part))
        assert made_of(tree) == [], name
        flat = "".join(tree.text_content().split()) + "".join(tree.xpath("//@alt")).replace(" ", "")
        if (payload, name) != (FENCE, "용어집"):  # 뜻은 Markdown이라 따옴표가 코드가 됨
            assert "".join(payload.split()) in flat, name


def words(folder: Path, payload: str) -> str:
    """모든 말이 짓궂은 용어집의 페이지입니다."""
    (folder / "page.md").write_text("---\ntitle: 페이지\n---\n", "utf-8")
    line = " ".join(payload.split())
    rows = {
        "term": f"하나 {line}",
        "english": f"one {line}",
        "aliases": [f"둘 {line}"],
        "related": [],
        "definition": f"뜻 {line}",
        "page": "page.md",
    }
    written = "\n".join(f"{name} = {json.dumps(value)}" for name, value in rows.items())
    (folder / glossary.NAME).write_text(f"[[terms]]\n{written}\n", "utf-8")
    return glossary.entries(folder)


def drawn(markdown: str) -> str:
    """사이트의 설정으로 그린 HTML입니다. 옮겨 오는 코드는 빼고 봅니다."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    extensions = [name for name in config.markdown_extensions if "snippets" not in name]
    return Markdown(extensions=extensions, extension_configs=config.mdx_configs).convert(markdown)


def test_even_an_open_page_runs_nothing_that_was_written(hostile: Path, open_tab: Open) -> None:
    page = open_tab(bypass_csp=True)  # 정책이 막아서가 아니라, 글이라서 돌지 않음
    with serve(hostile) as address:
        for place in (*(f"{name}/" for name in PAYLOADS), "tags/"):
            page.goto(address + place)
            assert page.evaluate("window.planted") is None, place
        page.locator(".md-search__input").click()
        page.keyboard.type("planted", delay=20)
        expect(page.locator(".md-search-result__item").first).to_be_visible()
        assert page.evaluate("window.planted") is None


def test_what_is_not_escaped_is_seen() -> None:
    for name, payload in PAYLOADS.items():
        bare = html.document_fromstring(f"<title>{payload}</title><p title='{payload}'>{payload}")
        assert bool(made_of(bare)) is (name != "entity"), name


def test_html_of_a_cell_keeps_its_table_and_nothing_that_runs() -> None:
    shown = notebook.clean(
        '<table class="dataframe"><tr><td colspan="2" onclick="x">1</td></tr></table>'
        '<a href="javascript:x">a</a><img src="x" onerror="x"><svg onload="x"></svg>'
        '<p style="color:red">글</p>'
    )
    tree = html.fragment_fromstring(shown, create_parent="div")
    assert tree.xpath("//table[@class='dataframe']//td[@colspan='2']/text()") == ["1"]
    assert not tree.xpath("//img | //svg | //@style | //@onclick | //a/@href")
    assert tree.xpath("//p/text()") == ["글"]


def test_a_site_that_knows_its_address_is_closed_too(hostile: Path, open_tab: Open) -> None:
    page = open_tab()
    page.add_init_script(MEASURE)
    with serve(hostile) as address:
        visited = places(hostile)
        assert len(visited) > len(PAYLOADS)
        for place in visited:
            page.goto(address + place)
            assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1
            assert violations(page) == [], place
