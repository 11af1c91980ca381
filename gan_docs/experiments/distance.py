"""판별기 없이, 진짜와의 화소 거리만 줄여 생성기를 학습해 봅니다."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan_docs.data import ImageData
from gan_docs.data.containers import to_bytes
from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.experiments.letters import SIDE, grey, in_turn, letters, spread
from gan_docs.generator import Generator
from gan_docs.sampling import sample_images
from gan_docs.turns import BETAS, descend, fused_adam, set_learning_rate

Distance = Callable[[Tensor, Tensor], Tensor]


# --8<-- [start:run]
def paired(fake: Tensor, real: Tensor) -> Tensor:
    """가짜마다 제비로 짝지은, 같은 글자의 진짜까지의 제곱 거리."""
    return (fake - real).pow(2).mean()


def nearest(fake: Tensor, real: Tensor) -> Tensor:
    """가짜마다 배치에서 가장 가까운 진짜까지의 제곱 거리. 글자가 달라도 됩니다."""
    apart = torch.cdist(fake.flatten(1), real.flatten(1)).pow(2)  # (가짜, 진짜)
    return apart.min(dim=1).values.mean() / fake[0].numel()


DISTANCES: dict[str, Distance] = {each.__name__: each for each in (paired, nearest)}


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """거리마다 모든 시드를 학습합니다. 같은 시드와 스텝 수의 GAN은 `layers`가 학습한 것입니다."""
    chosen, data = experiment.parameters, letters(experiment.parameters["letters"])
    real, _ = in_turn(data, chosen["samples"], seed=9)
    gan = needs["layers"].arrays
    arrays: dict[str, NDArray[Any]] = {
        "shown_real": to_bytes(real[: chosen["shown"]]).numpy(),
        "shown_gan": gan["shown_pixel"][: chosen["shown"]],
        "spread_gan": gan["spread_pixel"] / gan["spread_real"],
        "grey_gan": gan["grey_pixel"],
    }
    each = experiment.steps // len(DISTANCES) // len(chosen["seeds"])
    for turn, (way, distance) in enumerate(DISTANCES.items()):
        spreads, greys = [], []
        for place, seed in enumerate(chosen["seeds"]):
            generator = follow_distance(distance, data, each, seed, chosen)
            images, _ = sample_images(generator, len(real), seed=0)
            spreads.append(spread(images, data.classes) / spread(real, data.classes))
            greys.append(grey(images))
            if place == 0:
                arrays[f"shown_{way}"] = to_bytes(images[: chosen["shown"]]).numpy()
            report((turn * len(chosen["seeds"]) + place + 1) * each)
        arrays |= {f"spread_{way}": np.array(spreads), f"grey_{way}": np.array(greys)}
    numbers: dict[str, Number] = {"steps_each": each, "seeds": len(chosen["seeds"])}
    numbers |= {f"{name}_median": float(np.median(a)) for name, a in arrays.items() if a.ndim == 1}
    return Result({**numbers, "grey_real": grey(real)}, arrays)


def follow_distance(
    distance: Distance, data: ImageData, steps: int, seed: int, chosen: Mapping[str, Any]
) -> Generator:
    """판별기 없이 거리만 줄입니다. 데이터, 스텝 수, 학습률의 일정은 GAN과 같습니다."""
    torch.manual_seed(seed)
    random = torch.Generator().manual_seed(seed)
    generator = Generator(SIDE, SIDE, latent_size=chosen["latent_size"], classes=data.classes)
    optimizer = fused_adam(generator.parameters(), chosen["learning_rate"], BETAS)
    for step in range(steps):
        set_learning_rate([optimizer], chosen["learning_rate"], step / steps)
        real, labels = data.sample(chosen["batch_size"], random)
        z = torch.randn(len(real), generator.latent_size, generator=random)
        descend(optimizer, distance(generator(z, labels), real))
    return generator


# --8<-- [end:run]

SEEDS, STEPS_EACH = [0, 1, 2, 3, 4], 120
EXPERIMENT = Experiment(
    "distance",
    "판별기 없이 화소의 거리로",
    run,
    steps=STEPS_EACH * len(SEEDS) * len(DISTANCES),
    parameters={
        "letters": 4,
        "seeds": SEEDS,
        "batch_size": 32,
        "latent_size": 32,
        "learning_rate": 2e-3,
        "samples": 500,
        "shown": 16,
    },
    needs=("layers",),
    files=("gan_docs/assets/hangul.npz",),
    cost=12,
)
