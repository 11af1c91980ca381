"""글 속의 `{{ 실험.수:꼴 }}`을 이 빌드의 수와 표로 채웁니다."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from gan_docs.hint import closest
from gan_docs.site.make import record, results, tables
from gan_docs.site.page import glossary, josa
from gan_docs.site.page.sources import PageError

NUMBER = re.compile(
    r"\{\{\s*(?P<experiment>[\w-]+)\.(?P<number>\w+)(?::(?P<format>[^}]*?))?\s*\}\}"
    rf"(?P<particle>{josa.PARTICLE})?"
)
LEFT = re.compile(r"\{\{[^}]*\}{0,2}")
# 실험의 수가 아니라, 부르면 글을 내는 것
MADE: dict[str, tuple[str, Mapping[str, Callable[[], str]]]] = {
    "build": ("빌드의 표", record.PARTS),
    "glossary": ("용어집의 표", {"entries": glossary.entries}),
    "table": ("표", tables.TABLES),
}


def fill(text: str, place: str = "", escape: Callable[[str], str] = str) -> str:
    """글 속의 수를 채우고 조사를 맞춥니다. 글로 된 수는 `escape`를 거쳐 마크업이 되지 않습니다.

    Raises:
        PageError: 모르는 실험이나 수일 때, 수를 그 꼴로 적을 수 없을 때, `{{`이 남을 때.
    """

    def value(found: re.Match[str]) -> str:
        experiment, number = found["experiment"], found["number"]
        known: Mapping[str, Any]
        if experiment in MADE:
            title, known = MADE[experiment]
        elif experiment in results.experiments():
            title, known = f"실험 {experiment}의 수", results.numbers(results.load(experiment))
        else:
            raise PageError(
                f"{place}: 실험 {experiment}이(가) 없습니다. "
                f"gan_docs/experiments/{experiment}.py에 EXPERIMENT를 두세요"
                + closest(experiment, results.experiments())
            )
        if number not in known:
            raise PageError(
                f"{place}: {title}는 {', '.join(known)}입니다: "
                f"받은 이름 {number}{closest(number, known)}"
            )
        try:
            if experiment in MADE:
                return str(known[number]())
            return escape(format(known[number], found["format"] or ""))
        except glossary.GlossaryError as error:
            raise PageError(f"{place}: {error}") from error
        except ValueError as error:
            raise PageError(f"{place}: {found[0]}을(를) 적을 수 없습니다: {error}") from error

    def with_particle(found: re.Match[str]) -> str:
        filled = value(found)
        return filled + (josa.chosen(filled, found["particle"]) if found["particle"] else "")

    if left := LEFT.search(NUMBER.sub("", text)):
        raise PageError(f"{place}: {{{{ }}}}에는 실험.수:꼴만 적습니다: 받은 글 {left[0]}")
    return NUMBER.sub(with_particle, text)
