"""평가: 심판의 특징에서 센 값이 `gan_docs.metrics`를 손으로 부른 값과 같은지.

심판은 화소를 그대로 특징으로 내놓는 신경망입니다. 그래서 특징을 손으로 적을 수 있습니다.
`check_…`는 모듈을 받습니다. 같은 확인에 고장 낸 모듈을 주어 알아채는지도 봅니다.
"""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from test_mutations import mutated
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


def by_hand(real: Tensor, made: Tensor, unseen: Tensor | None = None) -> dict[str, float]:
    """진짜의 평균 분산이 1이 되도록 나눈 화소를 지표에 그대로 넣은 값입니다."""
    scale = np.mean([column.var() for column in vectors(real).T]) ** 0.5
    first, second = vectors(real) / scale, vectors(made) / scale
    count = min(len(first), len(second), evaluation.MOST_NEIGHBOURS)
    pair = metrics.precision_recall(first[:count], second[:count])
    other = metrics.density_coverage(first[:count], second[:count])
    held_out = None if unseen is None else vectors(unseen) / scale
    read = made.flatten(1)[:, :3].argmax(1)
    return {
        "frechet_distance": metrics.frechet_distance(first, second),
        "precision": pair.precision,
        "recall": pair.recall,
        "density": other.density,
        "coverage": other.coverage,
        "nearest_neighbour_ratio": metrics.nearest_neighbour_ratio(second[:count], first, held_out),
        "smallest_class": min((read == label).double().mean().item() for label in range(3)),
    }


def check_numbers(evaluations: Any) -> None:
    """진짜가 많든, 가짜가 많든, 이웃을 셀 수보다 많든 손으로 센 값과 같습니다."""
    unseen = collection(40, seed=2)
    for count, made_count, most in ((60, 80, 99), (80, 60, 99), (60, 80, 30)):
        real, made = collection(count), images(made_count, seed=1, spread=0.3)[0]
        shuffled = evaluation.real_images(real, seed=5)
        with pytest.MonkeyPatch.context() as patch:
            for module in (evaluation, evaluations):
                patch.setattr(module, "MOST_NEIGHBOURS", most)
            for held_out in (None, unseen):
                found = evaluations.evaluate_images(made, None, stub(), real, held_out, seed=5)
                wanted = by_hand(shuffled, made, held_out and held_out.images)
                assert found == pytest.approx(wanted, rel=1e-6)
        json.dumps(found)  # 파일에 적을 수 있는 수


def check_labels(evaluations: Any) -> None:
    """주문이 있을 때에만, 읽은 종류와 같은 비율을 냅니다."""
    real, (made, labels) = collection(60), images(60, seed=1)
    assert "label_agreement" not in evaluations.evaluate_images(made, None, stub(), real)
    read = made.flatten(1)[:, :3].argmax(1)
    for ordered in (labels, (labels + 1) % 3):
        found = evaluations.evaluate_images(made, ordered, stub(), real)
        assert found["label_agreement"] == (read == ordered).double().mean().item()


def check_real(evaluations: Any) -> None:
    """진짜는 섞어서, 되풀이하지 않고, 정한 수까지만 뽑습니다."""
    real = collection(60)
    found = vectors(evaluations.real_images(real, seed=0))
    assert sorted(found.tolist()) == sorted(vectors(real.images).tolist())
    assert set(found[:12, :3].argmax(1)) == {0, 1, 2}  # 앞의 일부에도 모든 종류가
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluations, "MOST_REAL", 50)
        first, again, other = (evaluations.real_images(real, seed) for seed in (0, 0, 1))
    assert len(first.unique(dim=0)) == 50
    assert torch.equal(first, again)
    assert not torch.equal(first, other)

    shaken = data.hangul(width=8, height=8)  # 흔드는 데이터는 흔들어서
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluations, "MOST_REAL", 30)
        found = evaluations.real_images(shaken, seed=4)
    assert torch.equal(found, shaken.sample(30, torch.Generator().manual_seed(4))[0])


CHECKS = [check_numbers, check_labels, check_real]


@pytest.mark.parametrize("check", CHECKS)
def test_the_evaluation_keeps_its_promises(check: Callable[[Any], None]) -> None:
    check(evaluation)


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("np.sqrt(real.var(axis=0).mean())", "real.std(axis=0).mean()", check_numbers),
        ("made[:few], real, unseen", "made[:few], real[:few], unseen", check_numbers),
        ("train.classes).min()", "train.classes).max()", check_numbers),
        ("len(made), MOST_NEIGHBOURS)", "len(made))", check_numbers),
        ("metrics.label_agreement(predicted, labels.numpy())", "1.0", check_labels),
        ("generator=random)[:MOST_REAL]", "generator=random)", check_real),
        ("if data.jitter is not None:", "if False:", check_real),
    ],
)
def test_a_broken_evaluation_is_caught(old: str, new: str, check: Callable[[Any], None]) -> None:
    copy = mutated(evaluation, [(old, new)])
    with pytest.raises(AssertionError):
        check(copy)
