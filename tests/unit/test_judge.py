"""심판: 모양, 시드, 나누기, 배우기, 특징, 그리고 이름표가 없는 데이터의 거절.

`check_…`는 모듈을 받습니다. 같은 확인에 고장 낸 모듈을 주어 알아채는지도 봅니다.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from spoiled import mutated
from torch import nn

from gan_docs.data import ImageData, digits, hangul
from gan_docs.judging import judge

DIGITS = digits(8, 8)
UNLABELLED = ImageData("photos", DIGITS.images[:20], None, ())


def numbered(count: int) -> ImageData:
    """화소에 제 번호를 적은 데이터: 나눈 뒤에도 어느 것이었는지 압니다."""
    images = torch.full((count, 1, 8, 8), 0.0) + torch.arange(count).view(-1, 1, 1, 1) / count
    return ImageData("numbered", images, torch.arange(count) % 3, ("a", "b", "c"))


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 28, 28), (1, 9, 17)])
def test_every_shape_of_image_gets_a_score_for_each_class(shape: tuple[int, int, int]) -> None:
    network = judge.build_network(shape, classes=4).eval()
    images = torch.zeros(5, *shape)
    assert network(images).shape == (5, 4)
    assert judge.features(network, images).shape == (5, judge.FEATURE_SIZE)
    assert judge.read(network, images).shape == (5,)


def weights(network: nn.Module) -> torch.Tensor:
    return nn.utils.parameters_to_vector(network.parameters()).detach()


def follows_the_seed(make: Callable[[int], nn.Sequential]) -> nn.Sequential:
    """같은 시드는 같은 심판을, 다른 시드는 다른 심판을 내고, 밖의 난수는 건드리지 않습니다."""
    torch.manual_seed(7)
    before = torch.get_rng_state()
    first = make(1)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(8)
    again, other = make(1), make(2)
    assert torch.equal(weights(first), weights(again))
    assert not torch.equal(weights(first), weights(other))
    return first


def check_seeds(judges: Any) -> None:
    made = follows_the_seed(
        lambda seed: judges.train_judge(DIGITS, steps=2, batch_size=8, seed=seed)
    )
    assert not made.training


def check_untrained(judges: Any) -> None:
    """배우지 않은 심판도 시드대로이고, 배치에 매이지 않는 특징을 냅니다."""
    made = follows_the_seed(lambda seed: judges.untrained_judge((1, 8, 8), seed))
    whole, alone = (judge.features(made, DIGITS.images[:count]) for count in (9, 1))
    assert whole.shape == (9, judge.FEATURE_SIZE)
    assert np.allclose(whole[:1], alone, atol=1e-6)


def check_learning(judges: Any) -> None:
    """처음 보는 숫자를 찍는 것(10%)보다 훨씬 잘 읽습니다."""
    taught, unseen = judges.split(DIGITS)
    watched = list[int]()
    network = judges.train_judge(taught, steps=40, batch_size=64, report=watched.append)
    assert judges.accuracy(network, unseen) > 0.85
    assert watched == list(range(1, 41))


def check_split(judges: Any) -> None:
    """두 쪽은 겹치지 않고, 합하면 처음의 데이터이며, 이름표가 따라가고, 섞여 있습니다."""
    data = numbered(30)
    taught, unseen = judges.split(data, share=0.3, seed=2)
    assert (len(taught.images), len(unseen.images)) == (21, 9)
    places = [(30 * part.images[:, 0, 0, 0]).round().long() for part in (taught, unseen)]
    assert sorted(torch.cat(places).tolist()) == list(range(30))
    assert places[1].tolist() != sorted(places[1].tolist())
    for part, place in zip((taught, unseen), places, strict=True):
        assert torch.equal(part.labels, place % 3)
        assert part.class_names == data.class_names
    again, other = judges.split(data, 0.3, seed=2)[1], judges.split(data, 0.3, seed=3)[1]
    assert torch.equal(unseen.images, again.images)
    assert not torch.equal(unseen.images, other.images)


def check_features(judges: Any) -> None:
    """특징은 마지막 층이 받는 바로 그 값이고, 한 번에 보는 수에 매이지 않습니다."""
    network = judges.train_judge(DIGITS, steps=2, batch_size=8)
    received = list[torch.Tensor]()
    network[-1].register_forward_pre_hook(lambda _, given: received.append(given[0].detach()))
    images = DIGITS.images[:501]  # 500장씩 나누므로 둘째 묶음은 한 장
    with torch.no_grad():
        wanted = network(images).argmax(1)
    found = judges.features(network, images)
    assert found.dtype == np.float64
    assert np.allclose(found, received[0].numpy(), atol=1e-5)
    assert torch.equal(judges.read(network, images), wanted)


CHECKS = [check_seeds, check_untrained, check_learning, check_split, check_features]


@pytest.mark.parametrize("check", CHECKS)
def test_the_judge_keeps_its_promises(check: Callable[[Any], None]) -> None:
    check(judge)


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("        torch.manual_seed(seed)\n        network", "        network", check_seeds),
        ("        torch.manual_seed(seed)\n        return", "        return", check_untrained),
        ("classes=1).eval()", "classes=1)", check_untrained),
        ("    return network.eval()", "    return network", check_seeds),
        ("lr=1e-3", "lr=1e-9", check_learning),
        ("data.labels[index]", "data.labels[index.sort().values]", check_split),
        ("manual_seed(seed))\n    held", "manual_seed(0))\n    held", check_split),
        ("judge[:-1]", "judge[:-2]", check_features),
    ],
)
def test_a_broken_judge_is_caught(old: str, new: str, check: Callable[[Any], None]) -> None:
    copy = mutated(judge, old, new)
    with pytest.raises(AssertionError):
        check(copy)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: judge.train_judge(UNLABELLED, steps=1), "데이터로만 배웁니다: photos"),
        (lambda: judge.accuracy(nn.Sequential(), UNLABELLED), "데이터로만 잽니다: photos"),
        (lambda: judge.split(DIGITS, 1.0), "share.*받은 값 1.0"),
        (lambda: judge.split(numbered(2), 0.9), "모자랍니다: 받은 수 2"),
        (lambda: judge.train_judge(DIGITS, steps=0), "steps.*받은 값 0"),
    ],
)
def test_what_cannot_be_learned_or_split_is_refused(call: Callable[[], Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call()


def test_a_split_keeps_the_shaking_and_needs_no_labels() -> None:
    data = hangul(width=8, height=8)
    assert [part.jitter for part in judge.split(data)] == [data.jitter] * 2
    assert [part.labels for part in judge.split(UNLABELLED)] == [None] * 2
