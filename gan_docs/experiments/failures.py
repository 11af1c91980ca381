"""지표마다 무엇을 보고 무엇을 놓치는지, 일부러 망친 표본으로 확인합니다."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import avg_pool2d

from gan_docs.data import ImageData, digits
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.judge import restored
from gan_docs.judging.evaluation import evaluate_images
from gan_docs.judging.judge import split

Spoil = Callable[[ImageData, ImageData, torch.Generator], Tensor]


# --8<-- [start:cases]
def honest(seen: ImageData, unseen: ImageData, random: torch.Generator) -> Tensor:
    """처음 보는 진짜: 가장 좋은 생성기가 낼 값입니다."""
    return unseen.images


def memorised(seen: ImageData, unseen: ImageData, random: torch.Generator) -> Tensor:
    """배운 진짜를 그대로 베낀 것입니다."""
    return seen.sample(len(unseen.images), random)[0]


def one_class(seen: ImageData, unseen: ImageData, random: torch.Generator) -> Tensor:
    """처음 보는 진짜 가운데 숫자 하나만 되풀이한 것: 완벽한 봉우리 하나입니다."""
    assert unseen.labels is not None
    zeros = unseen.images[unseen.labels == 0]
    return zeros[torch.randint(len(zeros), (len(unseen.images),), generator=random)]


def blurred(seen: ImageData, unseen: ImageData, random: torch.Generator) -> Tensor:
    """처음 보는 진짜를 3×3 평균으로 흐린 것입니다."""
    return avg_pool2d(unseen.images, 3, stride=1, padding=1, count_include_pad=False)


def noisy(seen: ImageData, unseen: ImageData, random: torch.Generator) -> Tensor:
    """처음 보는 진짜에 잡음을 뿌린 것입니다."""
    noise = torch.randn(unseen.images.shape, generator=random)
    return (unseen.images + 0.5 * noise).clamp(-1, 1)


def three_missing(seen: ImageData, unseen: ImageData, random: torch.Generator) -> Tensor:
    """처음 보는 진짜에서 숫자 셋(7, 8, 9)을 뺀 것입니다."""
    assert unseen.labels is not None
    return unseen.images[unseen.labels < 7]


CASES: dict[str, Spoil] = {
    "honest": honest,
    "memorised": memorised,
    "one_class": one_class,
    "three_missing": three_missing,
    "blurred": blurred,
    "noisy": noisy,
}
# --8<-- [end:cases]


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """진짜를 반으로 나누어, 한쪽을 학습한 데이터로 삼고 다른 쪽을 망칩니다."""
    data = digits(8, 8)
    judge = restored(needs["judge_digits"], (1, 8, 8), data.classes)
    seen, unseen = split(data, share=0.5, seed=experiment.seed)
    random = torch.Generator().manual_seed(experiment.seed)
    numbers: dict[str, float] = {}
    arrays: dict[str, NDArray[np.float32]] = {}
    made = {case: spoil(seen, unseen, random) for case, spoil in CASES.items()}
    most = min(map(len, made.values()))  # 값을 견주려면 표본의 수가 같아야 함
    for case, images in made.items():
        for name, value in evaluate_images(images, None, judge, seen, most=most).items():
            numbers[f"{case}_{name}"] = value
        arrays[case] = images[:16].numpy().astype(np.float32)
    # 외운 것을 학습한 적 없는 절반과 견주면: 기준을 어느 이미지로 삼는지에 따라 달라짐
    against = evaluate_images(made["memorised"], None, judge, unseen, most=most)
    numbers["memorised_test_frechet_distance"] = against["frechet_distance"]
    numbers["memorised_test_kernel_distance"] = against["kernel_distance"]
    return Result({"real": len(seen.images), "compared": most, **numbers}, arrays)


# --8<-- [end:run]

EXPERIMENT = Experiment("failures", "지표 속이기", run, needs=("judge_digits",), cost=10)
