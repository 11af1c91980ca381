"""독자가 만날 흠은 빌드를 멈춥니다."""

import json
import re

import pytest
from fontTools.ttLib import TTFont
from reduced import FRONT_MATTER, Project

from gan_docs.site.html import fonts

WARNED = {
    "anchor": ("[없는 곳](#nowhere)", "'anchor.md' contains a link '#nowhere'"),
    "far-anchor": ("[먼 곳](tags.md#nowhere)", "'far-anchor.md' contains a link 'tags.md#nowhere'"),
    "page": ("[없는 쪽](nothing.md)", "'page.md' contains a link 'nothing.md'"),
    "picture": ("![없는 그림](nothing.png)", "'picture.md' contains a link 'nothing.png'"),
    "heading": ("## 제목의 $x$", "heading.md: 제목에는 수식을 쓰지 않습니다"),
}


def test_a_sound_project_builds_with_the_byline_of_every_page(project: Project) -> None:
    project.write("index.md", "# 첫 페이지\n\n드문 글자 뷁이 있습니다. $2 \\ln 2$\n")
    done = project.build()
    assert done.returncode == 0, done.stderr
    page = (project.site / "index.html").read_text("utf-8")
    assert '<time datetime="2019-08-20">2019년 8월 20일</time>' in page
    assert "Deep Learning" in page
    assert re.search(r'<a href="[^"]*tags/#tag:gan" rel="tag">GAN</a>', page)
    assert "읽는 데 1분" in page
    assert 'rel="next"' in page
    assert 'class="katex"' in page
    with TTFont(project.site / fonts.FOLDER / fonts.TEXT.file) as font:
        assert ord("뷁") in font.getBestCmap()


def test_every_broken_link_stops_the_build_and_names_its_page(project: Project) -> None:
    for name, (body, _) in WARNED.items():
        project.write(f"{name}.md", f"# 페이지\n\n{body}\n")
    project.write("dateless.md", "# 페이지\n", FRONT_MATTER.replace("date: 2019-08-20\n", ""))
    done = project.build()
    assert done.returncode != 0
    for _, complaint in WARNED.values():
        assert complaint in done.stderr
    assert "dateless.md: 앞머리에 없는 항목: date" in done.stderr
    assert f"Aborted with {len(WARNED) + 1} warnings" in done.stdout


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (
            '```python\n--8<-- "gan_docs/losses.py:nothing"\n```',
            "flaw.md:3: 옮겨 올 구역이 없습니다: gan_docs/losses.py:nothing",
        ),
        ("```figure\nnothing\n```", "그림 nothing이(가) 없습니다"),
        ("$\\frak{x$", "flaw.md: 수식을 그릴 수 없습니다"),
    ],
)
def test_what_cannot_be_shown_stops_the_build(project: Project, body: str, complaint: str) -> None:
    project.write("flaw.md", f"# 페이지\n\n{body}\n")
    done = project.build()
    assert done.returncode != 0
    assert complaint in done.stderr


def test_a_failing_notebook_cell_stops_the_build(project: Project) -> None:
    file = project.folder / "docs" / "training" / "how-to-train.ipynb"
    file.parent.mkdir()
    cell = {"id": "a", "cell_type": "code", "source": "raise OSError('셀의 까닭')", "metadata": {}}
    empty = {"outputs": [], "execution_count": None}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{**cell, **empty}]}
    file.write_text(json.dumps(notebook), "utf-8")
    done = project.build()
    assert done.returncode != 0
    assert "training/how-to-train.ipynb: 노트북의 셀이 실패했습니다" in done.stderr
    assert "셀의 까닭" in done.stderr
