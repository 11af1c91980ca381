"""글 속의 `{{ 실험.수:꼴 }}`을 이 빌드의 수와 표로 채웁니다."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from gan_docs.site.make import record, results, tables
from gan_docs.site.page import glossary, josa
from gan_docs.site.page.sources import PageError

NUMBER = re.compile(
    r"\{\{\s*(?P<experiment>[\w-]+)\.(?P<number>\w+)(?::(?P<format>[^}]*?))?\s*\}\}"
    rf"(?P<particle>{josa.PARTICLE})?"
)


def fill(text: str, place: str = "", escape: Callable[[str], str] = str) -> str:
    """글 속의 수를 채우고 조사를 맞춥니다. 글로 된 수는 `escape`를 거쳐 마크업이 되지 않습니다.

    Raises:
        PageError: 모르는 실험이나 수일 때, 수를 그 꼴로 적을 수 없을 때.
    """

    def value(found: re.Match[str]) -> str:
        experiment, number = found["experiment"], found["number"]
        if experiment == "build":
            if number not in record.PARTS:
                raise PageError(f"{place}: 빌드의 표는 {', '.join(record.PARTS)}입니다: {number}")
            return record.PARTS[number]()
        if (experiment, number) == ("glossary", "entries"):
            try:
                return glossary.entries()
            except glossary.GlossaryError as error:
                raise PageError(f"{place}: {error}") from error
        if experiment == "table":
            if number not in tables.TABLES:
                raise PageError(
                    f"{place}: 표는 {', '.join(tables.TABLES)}입니다: 받은 이름 {number}"
                )
            return tables.TABLES[number]()
        if experiment not in results.experiments():
            raise PageError(
                f"{place}: 실험 {experiment}이(가) 없습니다. "
                f"gan_docs/experiments/{experiment}.py에 EXPERIMENT를 두세요"
            )
        known: Mapping[str, Any] = results.numbers(results.load(experiment))
        if number not in known:
            raise PageError(
                f"{place}: 실험 {experiment}의 수는 {', '.join(known)}입니다: 받은 이름 {number}"
            )
        try:
            return escape(format(known[number], found["format"] or ""))
        except ValueError as error:
            raise PageError(f"{place}: {found[0]}을(를) 적을 수 없습니다: {error}") from error

    def with_particle(found: re.Match[str]) -> str:
        filled = value(found)
        return filled + (josa.chosen(filled, found["particle"]) if found["particle"] else "")

    return NUMBER.sub(with_particle, text)
