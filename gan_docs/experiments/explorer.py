"""잠재 공간 탐험: 한글 생성기를 내보내고, 가장 크게 움직이는 방향을 찾아 이름을 붙입니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan_docs.data import SYLLABLES
from gan_docs.experiments import hangul
from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.export import generator_to_onnx
from gan_docs.generator import Generator

Array = NDArray[np.float64]


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """첫 층의 특이 벡터가 펴는 공간 안에서, 글자의 한 가지만 바꾸는 방향을 찾습니다."""
    chosen = experiment.parameters
    generator = restored(needs["hangul"])
    first = generator.get_parameter("network.0.weight").detach()[:, : generator.latent_size]
    _, sizes, across = torch.linalg.svd(first, full_matrices=False)
    main = across[: chosen["main"]]  # 첫 층이 가장 크게 늘이는 방향들
    effects = np.stack([effect(generator, each, experiment.seed) for each in main])
    # (방향, 잰 것)의 표를 뒤집으면, 저마다 하나만 바꾸고 나머지는 그대로 두는 방향
    turned = np.linalg.pinv(effects) @ main.numpy()
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    directions = torch.from_numpy(turned).float()
    after = np.stack([effect(generator, each, experiment.seed) for each in directions])
    content = generator_to_onnx(generator.network, generator.latent_size + generator.classes)
    rows = [pushed(generator, each, chosen["shown"]) for each in directions]
    own = np.abs(np.diag(after))
    numbers: dict[str, Number] = {
        "bytes": len(content),
        "kilobytes": len(content) / 1000,
        "main": chosen["main"],
        "parameters": hangul.count(generator),
        "directions": len(directions),
        "energy": float((sizes[: len(main)] ** 2).sum() / (sizes**2).sum()),
        "least_effect": float(own.min()),
        "purity": float((own / np.abs(after).sum(1)).min()),
        "purity_before": float((np.abs(effects).max(1) / np.abs(effects).sum(1)).min()),
    }
    return Result(
        numbers,
        {
            "onnx": np.frombuffer(content, np.uint8),
            "directions": directions.numpy(),
            "effects": after,
            "rows": np.stack(rows),
        },
    )


def restored(result: Result) -> Generator:
    """한글 실험이 남긴 가중치로 생성기를 되살립니다."""
    generator = Generator(
        latent_size=hangul.EXPERIMENT.parameters["latent_size"], classes=len(SYLLABLES)
    )
    weights = {
        name.removeprefix("generator."): torch.from_numpy(np.array(array))
        for name, array in result.arrays.items()
        if name.startswith("generator.")
    }
    generator.load_state_dict(weights)
    return generator.eval()


# 재는 것마다 줄어들 때와 늘어날 때의 이름
MEASURES = {
    "ink": ("가늘게", "굵게"),
    "width": ("좁게", "넓게"),
    "height": ("납작하게", "길게"),
    "right": ("왼쪽으로", "오른쪽으로"),
    "down": ("위로", "아래로"),
}


def measured(images: Array) -> Array:
    """글자마다 `MEASURES`의 다섯 가지를 잽니다. 모양 `(N, H, W)` → `(N, 5)`."""
    ink = (images + 1) / 2
    total = ink.sum((1, 2)) + 1e-9
    down, right = np.mgrid[: images.shape[1], : images.shape[2]].astype(float)
    x, y = ((ink * place).sum((1, 2)) / total for place in (right, down))
    width, height = (
        np.sqrt((ink * (place - middle[:, None, None]) ** 2).sum((1, 2)) / total)
        for place, middle in ((right, x), (down, y))
    )
    return np.stack([total, width, height, x, y], axis=1)


@torch.no_grad()
def effect(generator: Generator, direction: Tensor, seed: int) -> Array:
    """방향으로 ±1만큼 밀 때 다섯 가지가 바뀌는 정도입니다. 단위는 표본 사이의 표준 편차."""
    labels = torch.arange(10 * generator.classes) % generator.classes
    z = torch.randn(
        len(labels), generator.latent_size, generator=torch.Generator().manual_seed(seed)
    )
    images = [generator(z + sign * direction, labels)[:, 0].double() for sign in (1, 0, -1)]
    after, still, before = (measured(each.numpy()) for each in images)
    spread = np.sqrt(
        np.mean(
            [still[labels.numpy() == label].var(0) for label in range(generator.classes)], axis=0
        )
    )
    difference: Array = ((after - before) / spread).mean(0)
    return difference


@torch.no_grad()
def pushed(generator: Generator, direction: Tensor, label: int) -> NDArray[np.uint8]:
    """0에서 방향을 따라 -3부터 3까지 일곱 단계로 민 글자입니다. 모양 `(7, 1, H, W)`."""
    z = torch.linspace(-3, 3, 7)[:, None] * direction.float()
    images = generator(z, torch.full((len(z),), label))
    return np.asarray(hangul.pixels(images))


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "explorer",
    "잠재 공간의 방향",
    run,
    parameters={"main": 6, "shown": 0},
    needs=("hangul",),
    tools=("onnx", "onnxscript"),
    cost=15,
)
