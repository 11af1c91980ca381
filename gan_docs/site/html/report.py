"""다 그린 사이트에 블록의 수를 채우고, 이 빌드가 무엇을 했는지 `build.json`에 적습니다."""

from __future__ import annotations

import json
from pathlib import Path

from gan_docs.site.html import theme
from gan_docs.site.html.census import HEADINGS, Census, claimed, take
from gan_docs.site.make import figures, record
from gan_docs.site.make.record import CENSUS, CLAIMS, SUMMARY
from gan_docs.site.make.storage import write_text
from gan_docs.site.page.claims import Claim

PLACES = (CENSUS, CLAIMS, SUMMARY)


def waiting(site: Path) -> bool:
    """아직 채우지 않은 자리가 있는지 봅니다."""
    pages = [file.read_text("utf-8") for file in counted(site)]
    return any(place in page for page in pages for place in PLACES)


def counted(site: Path) -> list[Path]:
    """블록의 수를 보이는 페이지입니다."""
    return [file for file in (site / "build/index.html", site / "index.html") if file.is_file()]


def finish(site: Path) -> tuple[Census, str]:
    """다 그린 사이트를 세어 빈자리를 채우고 `build.json`을 적습니다. 센 것과 채운 글을 냅니다."""
    census, claims = take(site), claimed()
    shown = parts(census, claims)
    for file in counted(site):
        page = file.read_text("utf-8")
        for place, text in shown.items():
            page = page.replace(place, text)
        write_text(file, page)
    document = {
        "experiments": record.experiments(),
        "figures": record.pictures(),
        "census": census.as_json(),
        "claims": [claim._asdict() for claim in claims],
        "versions": record.versions(),
    }
    write_text(site / "build.json", json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    return census, "".join(shown.values())


def parts(census: Census, claims: list[Claim]) -> dict[str, str]:
    """빈자리마다 채울 글입니다."""
    tables = (theme.mend(census_table(census)), theme.mend(claims_table(claims)))
    return dict(zip(PLACES, (*tables, summary(census)), strict=True))


def census_table(census: Census) -> str:
    """페이지마다 보인 블록과, 그것이 어떻게 설명되는지의 표입니다."""
    return record.table(HEADINGS, census.rows())


def claims_table(claims: list[Claim]) -> str:
    """페이지마다 실험이 정하는 문장과, 그 문장을 받치는 식의 수입니다."""
    pages: dict[str, list[Claim]] = {}
    for claim in claims:
        drawn = claim.place.startswith("그림 ")
        pages.setdefault("그림" if drawn else claim.place.partition(":")[0], []).append(claim)
    rows = []
    for page, own in [*sorted(pages.items()), ("모두", claims)]:
        tested = sum(bool(claim.expressions) for claim in own)
        count = sum(len(claim.expressions) for claim in own)
        rows.append((page, len(own), tested, count, len(own) - tested))
    return record.table(("페이지", "문장", "식이 있는 문장", "식", "식이 없는 문장"), rows)


def summary(census: Census) -> str:
    """첫 페이지의 한 줄입니다."""
    counts, drawn = census.totals, len(figures.figures())
    return (
        f"코드 블록 {counts['shown']}개 가운데 {counts['run']}개를 실행해 출력을 붙였고 "
        f"{counts['included']}개는 테스트하는 파일에서 옮겨 왔습니다. "
        f"그림 {drawn}장도 이 빌드가 그렸습니다."
    )
