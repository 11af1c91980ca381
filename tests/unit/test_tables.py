"""결과의 표: 중앙값과 범위를 바르게 적는지, 손실을 따라 늘어나는지."""

from types import ModuleType
from unittest import mock

import pytest
from spoiled import mutated

from gan_docs.experiments import golden, losses
from gan_docs.losses import LOSSES, MINIMAX
from gan_docs.site.make import tables


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


def test_measures_go_down_the_page_where_they_are_many() -> None:
    measures = (("good", "좋음", "{:.1f}"), ("bad", "나쁨", "{:.1f}"))
    numbers = {"x_good": 0.25, "y_good": 1, "y_bad": 2}
    made = tables.compared(numbers, {"x": "처음", "y": "다음"}, measures, down=True)
    assert '<th>지표</th><th class="number">처음</th><th class="number">다음</th>' in made
    assert '<td>좋음</td><td class="number">0.2</td><td class="number">1.0</td>' in made
    assert '<td>나쁨</td><td class="number">–</td><td class="number">2.0</td>' in made


def test_the_table_of_losses_follows_the_losses(monkeypatch: pytest.MonkeyPatch) -> None:
    anything = mock.MagicMock()
    anything.__getitem__.return_value = 1.0
    monkeypatch.setattr(tables, "found", lambda experiment: anything)
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
