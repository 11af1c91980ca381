"""잠재 공간 탐험: 한글 생성기를 내보내고, 가장 크게 움직이는 방향을 찾아 이름을 붙입니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan_docs.data import SYLLABLES
from gan_docs.data.containers import from_bytes, to_bytes
from gan_docs.experiments import hangul
from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.experiments.judge import restored as restored_judge
from gan_docs.export import generator_to_onnx
from gan_docs.generator import Generator
from gan_docs.judging.judge import read

Array = NDArray[np.float64]


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """첫 층의 특이 벡터가 펴는 공간 안에서, 글자의 한 가지만 바꾸는 방향을 찾습니다."""
    chosen, count = experiment.parameters, experiment.parameters["latents"]
    generator = restored(needs["hangul"])
    first = generator.get_parameter("network.0.weight").detach()[:, : generator.latent_size]
    _, sizes, across = torch.linalg.svd(first, full_matrices=False)
    main = across[: chosen["main"]]  # 첫 층이 가장 크게 늘이는 방향들
    effects = np.stack([effect(generator, z, experiment.seed, count).mean(0) for z in main])
    # (방향, 잰 것)의 표를 뒤집으면, 저마다 하나만 바꾸고 나머지는 그대로 두는 방향
    turned = np.linalg.pinv(effects) @ main.numpy()
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    directions = torch.from_numpy(turned).float()
    fitted = np.stack([effect(generator, z, experiment.seed, count) for z in directions])
    # 찾을 때 쓰지 않은 잠재 벡터에서 다시 잰 것: (시드, 방향, 글자, 잰 것)
    fresh = np.stack(
        [[effect(generator, z, seed, count) for z in directions] for seed in chosen["fresh"]]
    )
    purity, own = purest(fresh.mean(2)), np.abs(np.einsum("sdgd->sd", fresh)) / generator.classes
    by_glyph = purest(fresh.mean(0).transpose(1, 0, 2))  # (글자, 방향)
    content = generator_to_onnx(generator.network, generator.latent_size + generator.classes)
    letters = range(generator.classes)
    rows = np.stack([[pushed(generator, z, label) for z in directions] for label in letters])
    judge = restored_judge(needs["judge"], (1, 28, 28), generator.classes)
    seen = read(judge, from_bytes(rows.reshape(-1, *rows.shape[3:]))).numpy()
    right = seen.reshape(rows.shape[:3]) == np.arange(generator.classes)[:, None, None]
    numbers: dict[str, Number] = {
        "bytes": len(content),
        "kilobytes": len(content) / 1000,
        "main": chosen["main"],
        "parameters": hangul.count(generator),
        "directions": len(directions),
        "fresh_seeds": len(chosen["fresh"]),
        "energy": float((sizes[: len(main)] ** 2).sum() / (sizes**2).sum()),
        "least_effect": float(own.min()),
        "purity": float(purity.min()),
        "purity_fitted": float(purest(fitted.mean(1)[None]).min()),
        "purity_before": float((np.abs(effects).max(1) / np.abs(effects).sum(1)).min()),
        "purity_glyph": float(np.median(by_glyph)),
        "purity_glyph_least": float(by_glyph.min()),
        "rows_shown": right[chosen["shown"]].size,
        "rows_read": int(right[chosen["shown"]].sum()),
        "inner_read": float(right[..., 1:-1].mean()),
        "ends_read": float(right[..., [0, -1]].mean()),
    }
    return Result(
        numbers,
        {
            "onnx": np.frombuffer(content, np.uint8),
            "directions": directions.numpy(),
            "effects": fresh.mean((0, 2)),
            "purity_seeds": purity,
            "purity_glyphs": by_glyph,
            "own": own,
            "rows": rows[chosen["shown"]],
        },
    )


def purest(effects: Array) -> Array:
    """바꾸려던 하나가 바뀐 것 모두에서 차지하는 비율입니다. `(…, 방향, 잰 것)` → `(…, 방향)`."""
    whole: Array = np.abs(effects)
    share: Array = np.diagonal(whole, axis1=-2, axis2=-1) / whole.sum(-1)
    return share


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
def effect(generator: Generator, direction: Tensor, seed: int, count: int) -> Array:
    """방향으로 ±1만큼 밀 때 다섯 가지가 글자마다 바뀌는 정도입니다. 모양 `(글자, 5)`.

    단위는 같은 글자의 표본 사이의 표준 편차입니다. 글자마다 잠재 벡터 `count`개의 평균입니다.
    """
    labels = torch.arange(count * generator.classes) % generator.classes
    z = torch.randn(
        len(labels), generator.latent_size, generator=torch.Generator().manual_seed(seed)
    )
    images = [generator(z + sign * direction, labels)[:, 0].double() for sign in (1, 0, -1)]
    after, still, before = (
        measured(each.numpy()).reshape(count, generator.classes, -1) for each in images
    )
    spread = np.sqrt(still.var(0).mean(0))
    difference: Array = ((after - before) / spread).mean(0)
    return difference


@torch.no_grad()
def pushed(generator: Generator, direction: Tensor, label: int) -> NDArray[np.uint8]:
    """0에서 방향을 따라 -3부터 3까지 일곱 단계로 민 글자입니다. 모양 `(7, 1, H, W)`."""
    z = torch.linspace(-3, 3, 7)[:, None] * direction.float()
    images = generator(z, torch.full((len(z),), label))
    return to_bytes(images).numpy()


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "explorer",
    "잠재 공간의 방향",
    run,
    parameters={"main": 6, "shown": 0, "latents": 20, "fresh": [1, 2, 3, 4, 5]},
    needs=("hangul", "judge"),
    tools=("onnx", "onnxscript"),
    cost=12,
)
