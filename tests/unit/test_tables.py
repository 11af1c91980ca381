"""결과의 표: 중앙값과 범위를 바르게 적는지, 발표된 줄이 빠짐없는지."""

from types import ModuleType

import pytest
from test_mutations import mutated

from gan_docs.experiments import golden, losses
from gan_docs.losses import LOSSES, MINIMAX
from gan_docs.site.make import published, tables
from gan_docs.site.make.record import table
from gan_docs.site.page import filling, sources


def numbers(middle: float, least: float, most: float) -> dict[str, float]:
    return {"a": middle, "a_least": least, "a_most": most}


def test_a_spread_shows_the_middle_and_the_ends_only_where_seeds_differ() -> None:
    assert tables.spread(numbers(8, 7, 8), "a", "{:.0f}") == "8 <small>(7–8)</small>"
    assert tables.spread(numbers(8, 8, 8), "a", "{:.0f}") == "8"
    assert (
        tables.spread(numbers(0.951, 0.9, 1), "a", "{:.1%}") == "95.1 <small>(90.0–100.0)</small>"
    )


def test_a_measure_that_was_not_taken_is_a_dash() -> None:
    measures = (("good", "좋음", "{:.1f}"), ("bad", "나쁨", "{:.1f}"))
    made = tables.compared({"x_good": 0.25}, {"x": "표본"}, measures)
    assert '<td>표본</td><td class="number">0.2</td><td class="number">–</td>' in made


def test_the_published_rows_are_whole() -> None:
    assert len(published.ROWS) == 9
    for row in published.ROWS:
        assert row.method and row.source
        assert all(row.ring[:2]) and all(row.grid[:2])  # 역 KL은 VEEGAN의 표에 없음


def test_a_page_that_asks_for_an_unknown_table_is_refused() -> None:
    with pytest.raises(sources.PageError, match=r"페이지:1: 표는 browser_speed.*받은 이름 nothing"):
        filling.fill("{{ table.nothing }}", "페이지:1")


def test_the_table_of_losses_follows_the_losses(monkeypatch: pytest.MonkeyPatch) -> None:
    class Anything(dict[str, float]):
        def __missing__(self, key: str) -> float:
            return 1.0

    monkeypatch.setattr(tables, "found", lambda experiment: Anything())
    monkeypatch.setitem(LOSSES, "one-more", MINIMAX._replace(name="하나 더"))
    made = tables.losses()
    assert made.count("<tr>") == 1 + 2 * len(LOSSES) + 1  # 머리 한 줄, WGAN-GP 한 줄
    assert made.count("하나 더") == 2


@pytest.mark.parametrize("experiment", [losses, golden])
def test_one_more_loss_shortens_no_run(
    experiment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = experiment.EXPERIMENT
    monkeypatch.setitem(LOSSES, "one-more", MINIMAX)
    longer = mutated(experiment).EXPERIMENT
    more = {losses: 2 * 1500, golden: whole.steps // (len(LOSSES) - 1)}[experiment]
    assert longer.steps == whole.steps + more


def test_a_table_of_no_rows_is_a_head_alone() -> None:
    made = table(("수", "값"), [])
    assert made == "<table><thead><tr><th>수</th><th>값</th></tr></thead><tbody></tbody></table>"
