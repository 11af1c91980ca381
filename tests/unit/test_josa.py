"""빌드가 채운 값 뒤의 조사가 값을 읽은 대로 갈리는지, 손으로 적은 조사가 남지 않았는지 봅니다."""

import re

import pytest

from gan_docs.site.make import figures, keys, results
from gan_docs.site.page import filling, josa

BARE = re.compile(
    r"\}\}(?:으?로(?:서|써|부터|는)?|[을를은는이가과와]|이?(?:라|라고|라는|라면|며|면|고|다|나|든))"
    r"(?![가-힣(])"
    rf"|\}}\}}(?!{josa.PARTICLE})[가-힣]?\([가-힣]\)"  # 빌드가 모르는 꼴
)


@pytest.mark.parametrize(
    ("value", "particle", "written"),
    [
        ("1.33", "(으)로", "1.33으로"),
        ("0.07", "(으)로", "0.07로"),
        ("-0.5", "은(는)", "-0.5는"),
        ("0", "이(가)", "0이"),
        ("6", "과(와)", "6과"),
        ("7", "(으)로", "7로"),
        ("7", "을(를)", "7을"),
        ("10", "(으)로", "10으로"),
        ("1,000", "을(를)", "1,000을"),
        ("20,000", "(이)", "20,000이"),
        ("2e-10", "(으)로", "2e-10으로"),
        ("7.1%", "이(가)", "7.1%가"),
        ("0.01σ", "은(는)", "0.01σ는"),
        ("how-to-train.ipynb", "을(를)", "how-to-train.ipynb를"),
        ("GAN", "과(와)", "GAN과"),
        ("하", "을(를)", "하를"),
        ("숫자 셋", "(으)로", "숫자 셋으로"),
    ],
)
def test_the_particle_follows_what_is_read_aloud(value: str, particle: str, written: str) -> None:
    assert value + josa.chosen(value, particle) == written


def test_every_number_of_the_book_takes_its_particle_from_the_build() -> None:
    pages = {
        file.relative_to(keys.ROOT).as_posix(): file.read_text("utf-8")
        for file in sorted((keys.ROOT / "docs").rglob("*.md"))
    }
    words = {f"그림 {f.name}": f"{f.caption}\n{f.alt}" for f in figures.figures().values()}
    found = {place: BARE.findall(text) for place, text in {**pages, **words}.items()}
    assert not {place: bare for place, bare in found.items() if bare}


def test_a_bare_particle_is_seen() -> None:
    for bare in (
        "}}로 키웁니다",
        "}}을 둘이",
        "}}이면 믿음",
        "}}는",
        "}}이라 하면",
        "}}와(과)",
        "}}(로)",
    ):
        assert BARE.search(bare), bare
    for kept in ("}}가지의", "}}이(가)", "}}개를", "}}입니다", "}}에서", "}}은닉"):
        assert not BARE.search(kept), kept


def test_the_build_writes_the_particle(monkeypatch: pytest.MonkeyPatch) -> None:
    record = results.Record("hangul", "한글", "k", 7, 64, 1.0, 1.0, {"share": 0.975})
    monkeypatch.setattr(results, "load", lambda name: record)
    text = "{{ hangul.steps }}을(를), {{ hangul.share:.2f }}(으)로, {{ hangul.share:.0%}}이(가)"
    assert filling.fill(text) == "64를, 0.97로, 98%가"
