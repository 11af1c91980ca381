"""받은 값을 판단하는 한 곳: 범위의 안과 밖, 그리고 오류에 적힌 이름과 받은 값."""

import math
from collections.abc import Callable
from functools import partial

import pytest
import torch

from gan_docs import Discriminator, Generator, checks

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


def test_labels_without_values_to_read_are_let_through() -> None:
    generator, discriminator = Generator(8, 8, classes=3).eval(), Discriminator(8, 8, classes=3)
    z, labels = torch.randn(4, 100), torch.tensor([0, 2, 1, 2])
    images = generator(z, labels).detach()
    for network, given in ((generator, z), (discriminator, images)):
        compiled = torch.compile(network, fullgraph=True, backend="eager")
        assert torch.equal(compiled(given, labels), network(given, labels))
    many = torch.func.vmap(lambda z, labels: generator(z, labels))
    assert torch.allclose(many(z.reshape(2, 2, 100), labels.reshape(2, 2)).flatten(0, 1), images)
    ask = torch.func.vmap(lambda image, label: discriminator(image[None], label[None])[0])
    assert torch.allclose(ask(images, labels), discriminator(images, labels), atol=1e-6)
    assert generator(z[:0], labels[:0]).shape == (0, 1, 8, 8)
    assert discriminator(images[:0], labels[:0]).shape == (0,)
    with torch.device("meta"):
        shapes = Generator(8, 8, classes=3)(z.to("meta"), labels.to("meta"))
    assert shapes.shape == (4, 1, 8, 8)
