"""평가: 심판의 특징에서 센 값이 `gan_docs.metrics`를 손으로 부른 값과 같은지.

심판은 화소를 그대로 특징으로 내놓는 신경망입니다. 그래서 특징을 손으로 적을 수 있습니다.
`check_…`는 모듈을 받습니다. 같은 확인에 고장 낸 모듈을 주어 알아채는지도 봅니다.
"""

import json
from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from spoiled import mutated
from torch import Tensor, nn

from gan_docs import data, metrics
from gan_docs.judging import evaluation

CLASSES = ("a", "b", "c")


def stub() -> nn.Sequential:
    """화소를 특징으로 내놓고, 앞의 세 화소 가운데 가장 밝은 것을 종류로 읽는 심판입니다."""
    head = nn.Linear(6, 3, bias=False)
    with torch.no_grad():
        head.weight.copy_(torch.eye(3, 6))
    return nn.Sequential(nn.Flatten(), head).eval()


def images(count: int, seed: int, spread: float = 0.2) -> tuple[Tensor, Tensor]:
    """종류의 차례로 놓인 `(count, 1, 2, 3)`의 이미지와 이름표입니다."""
    labels = torch.arange(count) * 3 // count
    noise = spread * torch.randn(count, 6, generator=torch.Generator().manual_seed(seed))
    pixels = (0.5 * torch.eye(3, 6)[labels] + noise).clamp(-1, 1)
    return pixels.reshape(count, 1, 2, 3), labels


def collection(count: int, seed: int = 0) -> data.ImageData:
    return data.ImageData("real", *images(count, seed), CLASSES)


def vectors(pictures: Tensor) -> NDArray[np.float64]:
    return pictures.flatten(1).double().numpy()


def by_hand(
    real: Tensor, made: Tensor, learned: Tensor, unseen: Tensor | None, most: int, few: int
) -> dict[str, float]:
    """진짜의 평균 분산이 1이 되도록 나눈 화소를 지표에 그대로 넣은 값입니다."""
    scale = np.mean([column.var() for column in vectors(real).T]) ** 0.5
    count = min(len(real), len(made), most)
    few = min(count, few)
    first, second = vectors(real)[:count] / scale, vectors(made)[:count] / scale
    pair = metrics.precision_recall(first[:few], second[:few])
    other = metrics.density_coverage(first[:few], second[:few])
    held_out = None if unseen is None else vectors(unseen)[:few] / scale
    near = metrics.memorisation(second[:few], vectors(learned) / scale, held_out)
    read = made.flatten(1)[:, :3].argmax(1)
    return {
        "compared": count,
        "frechet_distance": metrics.frechet_distance(first, second),
        "kernel_distance": metrics.kernel_distance(first, second),
        "precision": pair.precision,
        "recall": pair.recall,
        "density": other.density,
        "coverage": other.coverage,
        "nearest_neighbour_ratio": near.nearest_neighbour_ratio,
        "closer_share": near.closer_share,
        "smallest_class": min((read == label).double().mean().item() for label in range(3)),
    }


def check_numbers(evaluations: Any) -> None:
    """진짜가 많든, 가짜가 많든, 이웃을 셀 수보다 많든 손으로 센 값과 같습니다."""
    unseen = collection(40, seed=2)
    for count, made_count, few, most in (
        (60, 80, 99, 99), (80, 60, 99, 99), (60, 80, 30, 99), (60, 80, 30, 45)
    ):  # fmt: skip
        real, made = collection(count), images(made_count, seed=1, spread=0.3)[0]
        shuffled = evaluation.real_images(real, seed=5)
        with mock.patch.object(evaluations, "MOST_NEIGHBOURS", few):
            for held_out in (None, unseen):
                given = (made, None, stub(), real, held_out)
                found = evaluations.evaluate_images(*given, seed=5, most=most)
                wild = held_out and evaluation.real_images(held_out, seed=5)
                wanted = by_hand(shuffled, made, real.images, wild, most, few)
                assert found == pytest.approx(wanted, rel=1e-6, abs=1e-9)
        json.dumps(found)  # 파일에 적을 수 있는 수


def check_memory(evaluations: Any) -> None:
    """배운 이미지라면 견주려고 뽑지 않은 것을 베껴도, 흔들어 베껴도 드러납니다."""
    real = collection(90)
    with mock.patch.object(evaluations, "MOST_REAL", 30):
        found = evaluations.evaluate_images(real.images, None, stub(), real)
    assert (found["nearest_neighbour_ratio"], found["closer_share"]) == (0, 1)
    assert found["compared"] == 30
    shaken = data.ImageData("real", *images(90, 0), CLASSES, data.Jitter())
    with mock.patch.object(evaluations, "MOST_REAL", 200):
        still, *moved = evaluations.learned_images(shaken, seed=3)
    assert torch.equal(still, shaken.images)
    assert len(moved) == 2
    assert not torch.equal(*moved)
    assert torch.equal(moved[0], data.Jitter().apply(still, torch.Generator().manual_seed(3)))


def check_labels(evaluations: Any) -> None:
    """주문이 있을 때에만, 읽은 종류와 같은 비율을 냅니다."""
    real, (made, labels) = collection(60), images(60, seed=1)
    assert "label_agreement" not in evaluations.evaluate_images(made, None, stub(), real)
    read = made.flatten(1)[:, :3].argmax(1)
    for ordered in (labels, (labels + 1) % 3):
        found = evaluations.evaluate_images(made, ordered, stub(), real)
        assert found["label_agreement"] == (read == ordered).double().mean().item()


def check_classes(evaluations: Any) -> None:
    """이름표가 없는 데이터에서는 종류를 세지 않고, 다른 지표는 그대로입니다."""
    real, (made, labels) = collection(60), images(60, seed=1)
    whole = evaluations.evaluate_images(made, labels, stub(), real)
    bare = data.ImageData("real", real.images, None, ())
    found = evaluations.evaluate_images(made, None, stub(), bare)
    assert whole.keys() - found.keys() == {"smallest_class", "label_agreement"}
    assert found.items() <= whole.items()


def check_real(evaluations: Any) -> None:
    """진짜는 섞어서, 되풀이하지 않고, 정한 수까지만 뽑습니다."""
    real = collection(60)
    found = vectors(evaluations.real_images(real, seed=0))
    assert sorted(found.tolist()) == sorted(vectors(real.images).tolist())
    assert set(found[:12, :3].argmax(1)) == {0, 1, 2}  # 앞의 일부에도 모든 종류가
    with mock.patch.object(evaluations, "MOST_REAL", 50):
        first, again, other = (evaluations.real_images(real, seed) for seed in (0, 0, 1))
    assert len(first.unique(dim=0)) == 50
    assert torch.equal(first, again)
    assert not torch.equal(first, other)

    shaken = data.hangul(width=8, height=8)  # 흔드는 데이터는 흔들어서
    with mock.patch.object(evaluations, "MOST_REAL", 30):
        found = evaluations.real_images(shaken, seed=4)
    assert torch.equal(found, shaken.sample(30, torch.Generator().manual_seed(4))[0])


CHECKS = [check_numbers, check_memory, check_labels, check_classes, check_real]


@pytest.mark.parametrize("check", CHECKS)
def test_the_evaluation_keeps_its_promises(check: Callable[[Any], None]) -> None:
    check(evaluation)


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("np.sqrt(real.var(axis=0).mean())", "real.std(axis=0).mean()", check_numbers),
        (
            "frechet_distance(real[:count], made[:count])",
            "frechet_distance(real, made)",
            check_numbers,
        ),
        (
            "kernel_distance(real[:count], made[:count])",
            "kernel_distance(real, made)",
            check_numbers,
        ),
        ("len(made), most)", "len(made))", check_numbers),
        ("memorisation(made[:few], seen", "memorisation(made[:few], real", check_memory),
        ("yield from data.pieces()\n", "yield data.at(slice(30))\n", check_memory),
        ("train.classes).min()", "train.classes).max()", check_numbers),
        ("min(count, MOST_NEIGHBOURS)", "count", check_numbers),
        ("metrics.label_agreement(predicted, labels.numpy())", "1.0", check_labels),
        ("if train.labels is None:", "if labels is None:", check_numbers),
        ("return numbers\n    predicted", "return {}\n    predicted", check_classes),
        ("generator=random)[:MOST_REAL]", "generator=random)", check_real),
        ("if data.jitter is not None:\n        return", "if False:\n        return", check_real),
    ],
)
def test_a_broken_evaluation_is_caught(old: str, new: str, check: Callable[[Any], None]) -> None:
    copy = mutated(evaluation, old, new)
    with pytest.raises(AssertionError):
        check(copy)
