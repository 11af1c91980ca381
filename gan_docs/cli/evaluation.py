"""명령줄의 `evaluate`: 저장한 생성기로 만들어 진짜와 견줍니다."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from gan_docs import metrics
from gan_docs.cli import learned
from gan_docs.cli.arguments import check_file, check_number
from gan_docs.data import ImageData, MixtureData, hangul
from gan_docs.files import replace
from gan_docs.generator import Generator
from gan_docs.judging.evaluation import MOST_REAL, evaluate_images, evaluate_points
from gan_docs.judging.judge import accuracy, split, train_judge, untrained_judge
from gan_docs.points import PointGenerator
from gan_docs.sampling import sample_images
from gan_docs.saving.weights import load_generator

FEWEST_REAL = 10  # 이웃을 세고 심판의 정확도를 재려면 있어야 할 진짜의 수
UNLABELLED = (
    "이름표가 없어 학습하지 않은 심판의 눈으로 봅니다. 값은 같은 눈으로 잰 것끼리만 견주세요."
)
MEASURES = {
    "judge_accuracy": "심판의 정확도",
    "compared": "견준 표본의 수",
    **metrics.OF_FEATURES,
    "smallest_class": "가장 드문 종류의 비율",
    "label_agreement": "주문과 읽은 종류가 같은 비율",
    **metrics.OF_MODES,
}


def evaluate(chosen: argparse.Namespace) -> None:
    """저장한 생성기로 만들어 진짜와 견줍니다. 이미지는 심판의 눈으로 봅니다."""
    check_number("--count", chosen.count, least=100)
    check_number("--judge-steps", chosen.judge_steps, least=1)
    check_number("--seed", chosen.seed, least=0)
    generator, settings = load_generator(chosen.run)
    out = chosen.out or chosen.run / learned.EVALUATION
    check_file(out, ".json")
    sizes = dict(zip(("channels", "height", "width"), generator.shape, strict=False))
    real = learned.read_again(settings, sizes)
    check_real(real, generator, settings)
    torch.set_num_threads(int(settings.get("threads", 1)))
    made, labels = sample_images(generator, chosen.count, seed=chosen.seed)
    if isinstance(real, MixtureData):
        numbers = evaluate_points(made.numpy(), real)
    else:
        held_out = None
        if learned.dataset(settings) == "hangul":  # 한글은 처음 보는 글꼴과도 견줌
            held_out = hangul("held_out", real.width, real.height)
        numbers = evaluate_by_judge(made, labels, real, held_out, chosen)
    about = {"data": real.name, "step": settings["step"], "count": chosen.count}
    document = {**about, "seed": chosen.seed, **numbers}
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    replace(out, lambda path: path.write_text(text, "utf-8"))
    for name, value in numbers.items():
        print(f"{MEASURES.get(name, name)}: {value:.4g}")
    print(f"{out}에 저장했습니다.")


def evaluate_by_judge(
    made: Tensor,
    labels: Tensor | None,
    real: ImageData,
    held_out: ImageData | None,
    chosen: argparse.Namespace,
) -> dict[str, float]:
    """심판의 눈으로 만든 이미지를 잽니다. 이름표가 있으면 심판을 먼저 학습합니다.

    심판의 정확도는 처음 보는 진짜에서 잽니다.
    """
    if real.labels is None:
        print(UNLABELLED, file=sys.stderr)
        judge = untrained_judge((real.channels, real.height, real.width), chosen.seed)
        return evaluate_images(made, labels, judge, real, seed=chosen.seed)
    taught, unseen = (real, held_out) if held_out else split(real, seed=chosen.seed)
    with tqdm(total=chosen.judge_steps, unit="스텝", desc="심판") as bar:
        judge = train_judge(
            taught, steps=chosen.judge_steps, seed=chosen.seed, report=lambda step: bar.update()
        )
    numbers = evaluate_images(made, labels, judge, real, held_out, seed=chosen.seed)
    return {"judge_accuracy": accuracy(judge, unseen), **numbers}


def check_real(
    real: ImageData | MixtureData, generator: Generator | PointGenerator, settings: dict[str, Any]
) -> None:
    """만들기 전에, 이 데이터와 견줄 수 있는지 확인합니다.

    Raises:
        ValueError: 모양이나 종류가 학습할 때와 다르거나, 너무 적을 때.
    """
    shape = (2,) if isinstance(real, MixtureData) else tuple(real.images.shape[1:])
    if shape != tuple(generator.shape):
        raise ValueError(
            f"데이터의 모양 {shape}이(가) 생성기의 모양 {tuple(generator.shape)}과(와) 다릅니다"
        )
    if list(real.class_names) != settings["class_names"]:
        raise ValueError(
            f"데이터의 종류가 학습할 때와 다릅니다: 그때 {settings['class_names']}, "
            f"지금 {list(real.class_names)}"
        )
    if isinstance(real, MixtureData):
        return
    _, times = real.images[:MOST_REAL].unique(dim=0, return_counts=True)
    if (alone := int((times == 1).sum())) < FEWEST_REAL:
        raise ValueError(f"서로 다른 진짜가 {FEWEST_REAL}장 이상이어야 합니다: 받은 수 {alone}")
