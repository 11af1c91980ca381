"""받은 값을 판단하는 한 곳: 범위의 안과 밖, 그리고 오류에 적힌 이름과 받은 값."""

import math
from collections.abc import Callable
from functools import partial

import pytest
import torch

from gan_docs import checks

WHOLE = partial(checks.whole_number, "n", least=2)
BETWEEN = partial(checks.number, "n", above=0, below=1)


def test_what_is_within_comes_back() -> None:
    assert [WHOLE(2), WHOLE(4, most=4)] == [2, 4]
    assert [checks.number("n", 0, least=0), BETWEEN(1e-300)] == [0, 1e-300]


@pytest.mark.parametrize(
    ("check", "given", "kind", "wanted"),
    [
        (WHOLE, 1, ValueError, "n은(는) 2 이상의 정수여야 합니다"),
        (partial(WHOLE, most=4), 5, ValueError, "n은(는) 2 이상 4 이하의 정수여야 합니다"),
        (WHOLE, 2.0, TypeError, "n은(는) 2 이상의 정수여야 합니다"),
        (partial(checks.whole_number, "n", least=0), True, TypeError, "0 이상의 정수"),
        (BETWEEN, 0, ValueError, "n은(는) 0 초과, 1 미만의 유한한 수여야 합니다"),
        (BETWEEN, math.nan, ValueError, "0 초과, 1 미만"),
        (partial(checks.number, "n", above=0), math.inf, ValueError, "0 초과의 유한한 수"),
        (partial(checks.number, "n", least=0), -1e-9, ValueError, "0 이상의 유한한 수"),
        (BETWEEN, "0.5", TypeError, "0 초과, 1 미만"),
    ],
)
def test_what_is_outside_is_told_with_its_name(
    check: Callable[[object], float], given: object, kind: type[Exception], wanted: str
) -> None:
    with pytest.raises(kind) as caught:
        check(given)
    assert wanted in str(caught.value)
    assert str(caught.value).endswith(f"받은 값 {given!r}")


@pytest.mark.parametrize(
    ("labels", "classes", "wanted"),
    [
        (None, 3, "labels가 필요합니다: 받은 값 None"),
        ([0, 1], 0, r"classes=0\)은 labels를 받지 않습니다"),
        ([0], 3, r"\(2,\)이어야 합니다: 받은 모양 \(1,\)"),
        ([0, 3], 3, "0 이상 3 미만.*받은 범위 0–3"),
        ([-1, 0], 3, "받은 범위 -1–0"),
    ],
)
def test_labels_that_do_not_fit_are_refused(
    labels: list[int] | None, classes: int, wanted: str
) -> None:
    checks.matching_labels(torch.tensor([2, 0]), 3, 2)
    checks.matching_labels(None, 0, 2)
    with pytest.raises(ValueError, match=wanted):
        checks.matching_labels(None if labels is None else torch.tensor(labels), classes, 2)
