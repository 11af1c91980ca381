"""고치는 사이의 `--quick`: 단위 테스트와, 마지막 성공 뒤에 바뀐 페이지만 돌립니다.

기준은 온 테스트나 `--quick`이 성공했을 때 적어 둔 페이지마다의 지문입니다. 바뀐 페이지의 블록을
실행하고, 실험의 결과가 모두 보관되어 있으면 사이트도 엄격하게 빌드합니다.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

PAGES = "tests/docs/"
UNITS = ("tests/unit/", "tests/search/", PAGES)
LONG = ("slow", "timed", "wide")
BEGUN = pytest.StashKey[dict[str, str]]()  # 시작할 때의 페이지: 도는 사이에 고친 것은 다음에 봄
NARROWING = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--quick`을 더합니다."""
    parser.addoption(
        "--quick", action="store_true", help="단위 테스트와, 마지막 성공 뒤에 바뀐 페이지의 블록만"
    )


def pytest_configure(config: pytest.Config) -> None:
    """고치는 사이에는 빼는 테스트의 표시를 알립니다."""
    config.addinivalue_line("markers", "slow: 오래 걸려 --quick이 빼는 테스트")


def pages(root: Path) -> dict[str, str]:
    """페이지마다의 지문입니다."""
    files = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("docs/**/*.ipynb")]
    return {
        file.relative_to(root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def pytest_sessionstart(session: pytest.Session) -> None:
    """시작할 때의 지문을 적어 둡니다."""
    session.config.stash[BEGUN] = pages(session.config.rootpath)


def stamp(root: Path) -> Path:
    """마지막 성공의 지문을 적는 파일입니다."""
    return root / ".cache" / "green.json"


def changed(root: Path) -> set[str]:
    """마지막 성공 뒤에 바뀐 페이지입니다. 성공한 적이 없으면 모두입니다."""
    file = stamp(root)
    before = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return {name for name, digest in pages(root).items() if before.get(name) != digest}


@functools.cache
def trained() -> bool:
    """실험의 결과가 모두 있어 사이트를 몇 초에 빌드할 수 있는지 봅니다."""
    from gan_docs.site.make import results

    return not results.missing()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """빌드와 브라우저를 쓰는 테스트는 부르지도 않습니다."""
    if not config.getoption("quick"):
        return None
    place = collection_path.relative_to(config.rootpath).as_posix()
    aside = place.startswith("tests/") and place.endswith(".py") and not place.startswith(UNITS)
    return True if aside else None


def kept(item: pytest.Item, pages_changed: set[str]) -> bool:
    """`--quick`에 돌 테스트인지 봅니다."""
    place = item.path.relative_to(item.config.rootpath).as_posix()
    if place.endswith(".md"):
        return place in pages_changed
    if any(item.get_closest_marker(name) for name in LONG):
        return False
    if "built_site" not in getattr(item, "fixturenames", ()):
        return True
    item.keywords["built"] = True  # 돌린 것을 알릴 때 셈
    return bool(pages_changed) and place.startswith(PAGES) and trained()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """오래 걸리는 테스트와 그대로인 페이지의 블록을 뺍니다."""
    if not config.getoption("quick"):
        return
    pages_changed = changed(config.rootpath)
    chosen = [item for item in items if kept(item, pages_changed)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """무엇을 돌렸는지 한 줄로 알립니다."""
    config = terminalreporter.config
    if not config.getoption("quick"):
        return
    reports = [
        report
        for kind in ("passed", "failed", "skipped", "error")
        for report in terminalreporter.getreports(kind)
        if isinstance(report, pytest.TestReport)  # 모으지 못한 파일의 보고는 빼고
    ]
    places = [report.nodeid.partition("::")[0] for report in reports]
    blocks = Counter(place for place in places if place.endswith(".md"))
    told = ", ".join(f"{name} {count}개" for name, count in sorted(blocks.items())) or "없음"
    built = any("built" in report.keywords for report in reports)
    terminalreporter.write_line(
        f"--quick: 테스트 {len(reports) - blocks.total()}개. 바뀐 페이지의 블록: {told}. "
        f"사이트 빌드: {'함' if built else '안 함'}. 브라우저와 오래 걸리는 테스트는 뺐습니다."
    )


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """모두를 돌려 성공했으면 지금의 페이지를 기준으로 삼습니다."""
    config = session.config
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    narrowed = any(vars(config.option).get(name) for name in NARROWING)
    worker = hasattr(config, "workerinput")
    if exitstatus == pytest.ExitCode.OK and whole and not narrowed and not worker:
        stamp(config.rootpath).parent.mkdir(exist_ok=True)
        stamp(config.rootpath).write_text(json.dumps(config.stash[BEGUN]), "utf-8")
