"""이 빌드의 기록: `build.json`에 적을 실험과 그림, 그리고 그것을 보이는 표."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gan_docs.drawing.palette import PALETTES
from gan_docs.site.make import figures, keys, measured, results

TOOLS = (*keys.TOOLS, "scikit-learn", "matplotlib", "safetensors", "mkdocs", "mkdocs-material")
NUMBER = re.compile(r"–|[-+]?[\d,.]+(×10<sup>-?\d+</sup>)?[%배]?")
CENSUS = '<div class="census">CENSUS</div>'  # 사이트를 다 그린 다음에 채움
CLAIMS = '<div class="claims">CLAIMS</div>'
SUMMARY = '<span class="summary">SUMMARY</span>'


def experiments() -> list[dict[str, Any]]:
    """실험마다 키, 시드, 스텝, 시간, 수입니다. 시간을 재는 실험은 잰 배열까지 적습니다."""
    rows = []
    for name, experiment in results.experiments().items():
        row = results.load(name)._asdict()
        if experiment.alone:
            row["arrays"] = measured.written(results.result(name).arrays)
        rows.append(row)
    return rows


def pictures() -> list[dict[str, Any]]:
    """그림마다 파일, 실험, 키입니다."""
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
        found = [(html.escape(name), written(value)) for name, value in made["numbers"].items()]
        numbers = table(("수", "값"), found)
        folds.append(f"<details><summary>{title}: 결과</summary>{numbers}</details>")
    heads = ("실험", "시드", "스텝", "CPU 초", "지난 초", "키")
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
    return table(("그림", "실험", "키"), rows)


def versions() -> dict[str, Any]:
    """도구의 버전입니다. 스레드의 수도 결과를 바꿉니다."""
    return {**keys.versions(TOOLS), "threads": keys.THREADS}


def version_table() -> str:
    """버전의 표입니다."""
    rows = [("스레드" if name == "threads" else name, value) for name, value in versions().items()]
    return table(("도구", "버전"), rows)


PARTS: dict[str, Callable[[], str]] = {
    "experiments": experiment_table,
    "figures": figure_table,
    "versions": version_table,
    "census": lambda: CENSUS,
    "claims": lambda: CLAIMS,
    "summary": lambda: SUMMARY,
}


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
    if not isinstance(value, float):
        return html.escape(str(value))
    digits, _, power = f"{value:.4g}".partition("e")
    return f"{digits}×10<sup>{int(power)}</sup>" if power else digits
