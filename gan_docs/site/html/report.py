"""다 그린 사이트에 블록의 수를 채우고, 이 빌드가 무엇을 했는지 `build.json`에 적습니다."""

from __future__ import annotations

import json
from pathlib import Path

from gan_docs.site.html import theme
from gan_docs.site.html.census import HEADINGS, Census, take
from gan_docs.site.make import figures, record
from gan_docs.site.make.record import CENSUS, SUMMARY
from gan_docs.site.make.storage import write_text


def waiting(site: Path) -> bool:
    """아직 채우지 않은 자리가 있는지 봅니다."""
    pages = [file.read_text("utf-8") for file in counted(site)]
    return any(place in page for page in pages for place in (CENSUS, SUMMARY))


def counted(site: Path) -> list[Path]:
    """블록의 수를 보이는 페이지입니다."""
    return [file for file in (site / "build/index.html", site / "index.html") if file.is_file()]


def finish(site: Path) -> Census:
    """다 그린 사이트를 세어 빈자리를 채우고 `build.json`을 적습니다."""
    census = take(site)
    shown = theme.mend(census_table(census))
    for file in counted(site):
        page = file.read_text("utf-8")
        page = page.replace(CENSUS, shown).replace(SUMMARY, summary(census))
        write_text(file, page)
    document = {
        "experiments": record.experiments(),
        "figures": record.pictures(),
        "census": census.as_json(),
        "versions": record.versions(),
    }
    write_text(site / "build.json", json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    return census


def census_table(census: Census) -> str:
    """페이지마다 보인 블록과, 그것이 어떻게 설명되는지의 표입니다."""
    return record.table(HEADINGS, census.rows())


def summary(census: Census) -> str:
    """첫 페이지의 한 줄입니다."""
    counts, drawn = census.totals, len(figures.figures())
    return (
        f"코드 블록 {counts['shown']}개 가운데 {counts['run']}개를 실행했고 "
        f"{counts['included']}개는 테스트하는 파일의 구역입니다. "
        f"그림 {drawn}장을 이 빌드가 그렸습니다."
    )
