"""용어집을 채운 우리의 찾기를 테마의 한국어 찾기 자리에 놓습니다."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from gan_docs.site.page import glossary
from gan_docs.site.page.glossary import Coined, Entry

SCRIPT = "assets/javascripts/search-korean.js"  # 우리의 찾기
TIE = "assets/javascripts/search-lunr.js"  # 그것을 테마의 lunr에 잇기
PLACE = "assets/javascripts/lunr/min/lunr.ko.min.js"  # 테마가 한국어 찾기를 읽는 자리
SLOT = "[/* 용어집 */]"


def concepts(
    entries: Iterable[Entry],
    coined: Iterable[Coined],
    address: Callable[[str], str | None],
) -> list[dict[str, Any]]:
    """찾기가 이어 줄 말들입니다: 낱말, 첫째가 영어인 다른 이름들, 다루는 페이지의 주소."""
    older: dict[str, list[str]] = {}
    for one in coined:
        older.setdefault(one.chosen, []).append(one.word)
    found = []
    for entry in entries:
        words = [entry.english, *entry.aliases, *entry.related, *older.pop(entry.term, [])]
        found.append({"term": entry.term, "words": words, "page": address(entry.page)})
    return found + [{"term": term, "words": words, "page": None} for term, words in older.items()]


def place(files: Files, config: MkDocsConfig) -> tuple[Entry, ...]:
    """용어집을 채운 우리의 찾기를 테마의 한국어 찾기 자리에 놓고, 읽은 용어집을 돌려줍니다.

    Raises:
        GlossaryError: 용어집이 잘못되었거나, 찾기에 용어집을 채울 자리가 없을 때.
    """
    docs = Path(config.docs_dir)
    source = "\n".join((docs / name).read_text("utf-8") for name in (SCRIPT, TIE))
    if SLOT not in source:
        raise glossary.GlossaryError(f"{SCRIPT}: 용어집을 채울 자리 {SLOT}가 없습니다")
    known = (docs / glossary.NAME).is_file()
    entries = glossary.read(docs / glossary.NAME) if known else ()

    def address(page: str) -> str | None:
        file = files.get_file_from_path(page)
        return None if file is None else file.url.removeprefix("./")

    searched = concepts(entries, glossary.coined(docs / glossary.NAME) if known else (), address)
    script = source.replace(SLOT, json.dumps(searched, ensure_ascii=False))
    for name in (SCRIPT, TIE, glossary.NAME, PLACE):
        if (file := files.get_file_from_path(name)) is not None:
            files.remove(file)
    files.append(File.generated(config, PLACE, content=script))
    return entries
