"""이 빌드가 무엇을 했는지: `build.json`과, 그것을 보이는 쪽의 표."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from gan_docs.drawing.palette import PALETTES
from gan_docs.site.html import theme
from gan_docs.site.html.census import HEADINGS, Census, take
from gan_docs.site.make import figures, keys, measured, results
from gan_docs.site.make.storage import write_text

TOOLS = (*keys.TOOLS, "scikit-learn", "matplotlib", "safetensors", "mkdocs", "mkdocs-material")
NUMBER = re.compile(r"–|-?[\d,.]+(e[-+]?\d+)?[%배]?")
CENSUS = '<div class="census">CENSUS</div>'
SUMMARY = '<span class="summary">SUMMARY</span>'


def experiments() -> list[dict[str, Any]]:
    """실험마다 열쇠, 시드, 걸음, 시간, 수입니다. 시간을 재는 실험은 잰 배열까지 적습니다."""
    rows = []
    for name, experiment in results.experiments().items():
        row = results.load(name)._asdict()
        if experiment.alone:
            row["arrays"] = measured.written(results.result(name).arrays)
        rows.append(row)
    return rows


def pictures() -> list[dict[str, Any]]:
    """그림마다 파일, 실험, 열쇠입니다."""
    return [
        {
            "name": name,
            "files": [figure.address(scheme) for scheme in PALETTES],
            "experiment": figure.experiment,
            "key": figures.key(name),
        }
        for name, figure in figures.figures().items()
    ]


def experiment_table() -> str:
    """실험의 표와, 실험마다 접어 둔 수입니다."""
    rows, folds = [], []
    for made in experiments():
        steps = f"{made['steps']:,}" if made["steps"] else "–"
        times = (f"{made['cpu_seconds']:.1f}", f"{made['wall_seconds']:.1f}")
        title = html.escape(made["title"])
        rows.append((title, made["seed"], steps, *times, code(made["key"][:8])))
        numbers = table(("수", "값"), [(code(n), written(v)) for n, v in made["numbers"].items()])
        folds.append(f"<details><summary>{title}: 결과</summary>{numbers}</details>")
    heads = ("실험", "시드", "걸음", "CPU 초", "지난 초", "열쇠")
    return "\n\n".join([table(heads, rows), *folds])


def figure_table() -> str:
    """그림의 표입니다."""
    titles = {
        name: html.escape(experiment.title) for name, experiment in results.experiments().items()
    }
    rows = [
        (code(made["name"]), titles.get(made["experiment"], "학습 없음"), code(made["key"][:8]))
        for made in pictures()
    ]
    return table(("그림", "실험", "열쇠"), rows)


def version_table() -> str:
    """판의 표입니다. 스레드의 수도 결과를 바꿉니다."""
    rows = [(tool, number) for tool, number in keys.versions(TOOLS).items()]
    return table(("도구", "판"), [*rows, ("스레드", keys.THREADS)])


PARTS: dict[str, Callable[[], str]] = {
    "experiments": experiment_table,
    "figures": figure_table,
    "versions": version_table,
    "census": lambda: CENSUS,
    "summary": lambda: SUMMARY,
}


def waiting(site: Path) -> bool:
    """아직 채우지 않은 자리가 있는지 봅니다."""
    pages = [file.read_text("utf-8") for file in counted(site)]
    return any(place in page for page in pages for place in (CENSUS, SUMMARY))


def counted(site: Path) -> list[Path]:
    """덩이의 수를 보이는 쪽입니다."""
    return [file for file in (site / "build/index.html", site / "index.html") if file.is_file()]


def finish(site: Path) -> Census:
    """다 그린 사이트를 세어 빈자리를 채우고 `build.json`을 적습니다.

    Args:
        site: 다 그린 사이트의 폴더.
    """
    census = take(site)
    shown = theme.scrollable(census_table(census))
    for file in counted(site):
        page = file.read_text("utf-8")
        page = page.replace(CENSUS, shown).replace(SUMMARY, summary(census))
        write_text(file, page)
    document = {
        "experiments": experiments(),
        "figures": pictures(),
        "census": census.as_json(),
        "versions": {**keys.versions(TOOLS), "threads": keys.THREADS},
    }
    write_text(site / "build.json", json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    return census


def census_table(census: Census) -> str:
    """쪽마다 보인 덩이와, 그것이 어떻게 설명되는지의 표입니다."""
    return table(HEADINGS, census.rows())


def summary(census: Census) -> str:
    """첫 쪽의 한 줄입니다."""
    counts, drawn = census.totals, len(figures.figures())
    return (
        f"코드 덩이 {counts['shown']}개 가운데 {counts['run']}개를 실행했고 "
        f"{counts['included']}개는 테스트하는 파일의 구역입니다. "
        f"그림 {drawn}장을 이 빌드가 그렸습니다."
    )


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """HTML 표입니다. 수만 든 칸은 자릿수가 맞도록 오른쪽에 붙입니다."""
    heads = list(heads)
    body = [[str(cell) for cell in row] for row in rows]
    marks = [
        ' class="number"' if column and all(map(NUMBER.fullmatch, column)) else ""
        for column in (zip(*body, strict=True) if body else [()] * len(heads))
    ]

    def line(kind: str, cells: Iterable[str]) -> str:
        marked = zip(cells, marks, strict=True)
        return "".join(f"<{kind}{mark}>{cell}</{kind}>" for cell, mark in marked)

    head = line("th", heads)
    lines = "".join(f"<tr>{line('td', row)}</tr>" for row in body)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def code(text: str) -> str:
    """글자 폭이 같은 글입니다."""
    return f"<code>{html.escape(text)}</code>"


def written(value: Mapping[str, Any] | float | int | str) -> str:
    """수를 읽기 좋게 적습니다."""
    return f"{value:.4g}" if isinstance(value, float) else html.escape(str(value))
