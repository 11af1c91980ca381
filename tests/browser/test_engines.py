"""세 엔진으로 여는 사이트: 보안 정책, 오류, 살아 움직이는 요소를 봅니다. 없는 엔진은 건너뜁니다."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from engines import LONGER, Chromium, Engine, firefox, webkit
from inspection import places
from live import PLACES, TRAINER
from machine import watch

ENGINES = ("Chromium", "Firefox", "WebKit")
SHORT = ("", "architecture/loss/")  # 첫 페이지와 수식이 있는 페이지
PAPER = ".live__paper"  # 쓰기를 기다리는 요소의 종이
STROKE = ((0.25, 0.25), (0.55, 0.25), (0.5, 0.7))  # 종이의 몫
PATIENCE = 60_000  # 밀리초
AFTER_LOAD = 0.2  # 미리 받기는 다 연 뒤에 시작함


@dataclass
class Seen:
    """한 엔진으로 본 것입니다."""

    visited: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    rates: dict[str, float] = field(default_factory=dict)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "Chromium":
        page = request.getfixturevalue("browser").new_page()
        yield Chromium(page)
        page.close()
        return
    with {"Firefox": firefox, "WebKit": webkit}[request.param]() as started:
        yield started


def look(
    engine: Engine,
    site: Path,
    visited: Sequence[str],
    elements: Mapping[str, str],
    widely: bool = False,
) -> Seen:
    """페이지를 차례로 열고, 요소를 열어 시켜 봅니다."""
    seen = Seen()
    with watch(site) as (address, refused):
        for tag, place in [*((None, place) for place in visited), *elements.items()]:
            engine.go(address + place)
            time.sleep(AFTER_LOAD)
            seen.visited.append(place)
            if tag is not None:
                work(engine, tag, seen, widely)
            watched = engine.ask("watched")
            seen.violations += [f"{place}: {each}" for each in watched["violations"]]
            seen.errors += [f"{place}: {each}" for each in watched["errors"]]
    seen.errors += refused
    return seen


def work(engine: Engine, tag: str, seen: Seen, widely: bool) -> None:
    """요소를 열고, 종이가 있으면 쓰고, 그림이 바뀌는지 봅니다. 넓게는 밝기와 PyTorch도 봅니다."""
    try:
        engine.press(f"{tag} .live__offer button")
        engine.ask("works.opened", tag, PATIENCE)
        if points := engine.ask("works.along", f"{tag} {PAPER}", STROKE):
            engine.drag(points)
        rate = engine.ask("works.moved", tag, PATIENCE)
        answer = None
        if widely:
            engine.ask("works.dimmed", tag, PATIENCE)
            answer = engine.ask("works.compared", tag, PATIENCE)
    except Exception as error:  # 엔진마다 오류의 종류가 다름
        seen.failed.append(f"{tag}: {error}")
        return
    if rate is not None:
        seen.rates[tag] = rate
    if answer is not None and not answer.startswith("같습니다"):
        seen.failed.append(f"{tag}: {answer}")


def test_every_engine_opens_pages_and_elements(
    engine: Engine, built_site: Path, wide: bool
) -> None:
    elements = PLACES if wide else {TRAINER: PLACES[TRAINER]}
    seen = look(engine, built_site, places(built_site) if wide else SHORT, elements, wide)
    rates = ", ".join(f"{tag} 초당 {rate:.0f}스텝" for tag, rate in seen.rates.items())
    print(
        f"{type(engine).__name__}: 페이지 {len(seen.visited)}, 요소 {len(elements)}, "
        f"위반 {len(seen.violations)}, 오류 {len(seen.errors)}, 실패 {len(seen.failed)}, {rates}"
    )
    assert (seen.violations, seen.errors, seen.failed) == ([], [], [])
    assert seen.rates[TRAINER] > 0


def page(folder: Path, body: str, policy: str = "script-src 'self'") -> None:
    """심은 흠을 볼 작은 페이지입니다."""
    meta = f"<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; {policy}\">"
    text = f"<!doctype html><html><head><meta charset='utf-8'>{meta}<link rel='icon' href='data:,'>"
    (folder / "index.html").write_text(f"{text}</head><body>{body}</body></html>", "utf-8")


def test_what_the_policy_stops_is_seen(engine: Engine, tmp_path: Path) -> None:
    page(tmp_path, "<img src='x.png' alt=''>")
    assert any("img-src" in each for each in look(engine, tmp_path, [""], {}).violations)


def test_every_kind_of_error_is_seen(engine: Engine, tmp_path: Path) -> None:
    page(tmp_path, "<script src='x.js'></script><script src='none.js'></script>")
    (tmp_path / "x.js").write_text(
        "console.error('적은 것'); Promise.reject(Error('놓친 것')); throw Error('던진 것')",
        "utf-8",
    )
    errors = look(engine, tmp_path, [""], {}).errors
    for wanted in ("적은 것", "놓친 것", "던진 것", "받지 못함", "404 /none.js"):
        assert any(wanted in each for each in errors), (wanted, errors)


def test_an_element_that_fails_is_seen(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("test_engines.PATIENCE", 300)
    still = "<div class='live__stage'><button class='live__button--main'>시작</button></div>"
    offer = "<div class='live__offer'><button>열기</button></div>"
    page(tmp_path, f"<gan-trainer>{offer}{still}<p role='status'>멈춘 요소</p></gan-trainer>")
    (failed,) = look(engine, tmp_path, [], {TRAINER: ""}).failed
    assert "그림이 바뀌지 않음: 멈춘 요소" in failed


@pytest.mark.wide  # 밝기는 넓게 볼 때에만 바꿈
@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        ("", "밝기를 바꾸어도 그림이 바뀌지 않음"),
        ("document.querySelector('canvas').width += 1", "밝기를 되돌려도 그림이 돌아오지 않음"),
    ],
)
def test_an_element_that_does_not_follow_the_scheme_is_seen(
    engine: Engine, tmp_path: Path, drawn: str, told: str
) -> None:
    toggle = "<form data-md-component='palette'><label>밝기</label></form>"
    stage = "<div class='live__stage'><canvas></canvas></div><p role='status'></p>"
    page(tmp_path, f"{toggle}{stage}<script src='x.js'></script>")
    heard = f"document.querySelector('label').onclick = () => {{ {drawn} }};"
    (tmp_path / "x.js").write_text(heard, "utf-8")
    with watch(tmp_path) as (address, _):
        engine.go(address)
        with pytest.raises(Exception, match=told):
            engine.ask("works.dimmed", "body", 3000)


def test_a_button_that_comes_late_is_pressed(engine: Engine, tmp_path: Path) -> None:
    page(tmp_path, "<script src='x.js'></script>")
    late = "const b = document.createElement('button'); b.onclick = () => (globalThis.heard = 1);"
    (tmp_path / "x.js").write_text(f"setTimeout(() => {{ {late} document.body.append(b) }}, 700)")
    with watch(tmp_path) as (address, _):
        engine.go(address)
        engine.press("button")
        assert engine.ask("heard") == 1


@pytest.mark.parametrize(("place", "told"), [("bin/false", "켜지지 않습니다"), ("none", "apt-get")])
def test_a_webkit_that_is_not_there_or_does_not_start_is_skipped_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, place: str, told: str
) -> None:
    if shutil.which("WebKitWebDriver") is None:
        told = "apt-get"
    monkeypatch.setattr("engines.BROWSERS", (place,))
    # 브라우저가 죽어도 드라이버는 언제까지나 기다림
    monkeypatch.setattr("engines.SECONDS", 2 - LONGER)
    with pytest.raises(pytest.skip.Exception, match=told), webkit():
        pass
