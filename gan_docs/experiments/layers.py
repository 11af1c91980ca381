"""층을 하나씩 바꿔 봅니다: 키우는 방법, 배치 정규화, Tanh, LeakyReLU."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gan_docs.data import ImageData, hangul
from gan_docs.data.containers import to_bytes
from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.experiments.judge import restored
from gan_docs.experiments.letters import (
    SIDE,
    dead_share,
    enlarged,
    grey,
    in_turn,
    letters,
    phase_share,
    spread,
)  # fmt: skip
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.judging.judge import features, read
from gan_docs.losses import NON_SATURATING
from gan_docs.metrics import frechet_distance, label_agreement
from gan_docs.sampling import sample_images
from gan_docs.trainer import Trainer

Doubling = Callable[[int, int], list[nn.Module]]


# --8<-- [start:doublings]
def pixel(inputs: int, outputs: int) -> list[nn.Module]:
    """합성곱으로 네 배의 채널을 만들어 2×2 자리에 펼칩니다."""
    return [nn.Conv2d(inputs, 4 * outputs, kernel_size=3, padding=1), nn.PixelShuffle(2)]


def icnr(inputs: int, outputs: int) -> list[nn.Module]:
    """`pixel`과 같지만 펼칠 네 채널을 같은 가중치에서 시작합니다(Aitken et al., 2017)."""
    convolution, shuffle = pixel(inputs, outputs)
    first = {name: each[::4] for name, each in convolution.state_dict().items()}
    same = {name: each.repeat_interleave(4, dim=0) for name, each in first.items()}
    convolution.load_state_dict(same)
    return [convolution, shuffle]


def transposed(inputs: int, outputs: int) -> list[nn.Module]:
    """전치 합성곱. 커널 4가 보폭 2로 나누어떨어져 겹치는 수가 어디서나 같습니다."""
    return [nn.ConvTranspose2d(inputs, outputs, kernel_size=4, stride=2, padding=1)]


def transposed_odd(inputs: int, outputs: int) -> list[nn.Module]:
    """전치 합성곱. 커널 3은 보폭 2로 나누어떨어지지 않아 겹치는 수가 자리마다 다릅니다."""
    return [nn.ConvTranspose2d(inputs, outputs, 3, stride=2, padding=1, output_padding=1)]


def nearest(inputs: int, outputs: int) -> list[nn.Module]:
    """화소를 2×2로 되풀이해 키운 뒤 합성곱을 지납니다."""
    return [nn.Upsample(scale_factor=2), nn.Conv2d(inputs, outputs, kernel_size=3, padding=1)]


# --8<-- [end:doublings]


# --8<-- [start:run]
DOUBLINGS: dict[str, Doubling] = {
    each.__name__: each for each in (pixel, icnr, transposed, transposed_odd, nearest)
}
# 이름마다 바꾼 것 하나: 생성기를 두 배로 키우는 방법, 또는 빼거나 바꾼 층
CHANGES = ("pixel", "transposed", "nearest", "without_norm", "without_tanh", "relu")


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """학습하기 전의 바둑판 무늬를 재고, 바꾼 것마다 모든 시드를 짧게 학습해 잽니다."""
    chosen, data = experiment.parameters, letters(experiment.parameters["letters"])
    judge = restored(needs["judge"], (1, 28, 28), hangul().classes)
    arrays: dict[str, NDArray[Any]] = {}
    for name, doubling in DOUBLINGS.items():
        starts = [images_at_start(doubling, data, seed) for seed in chosen["seeds_at_start"]]
        arrays[f"start_{name}"] = np.array([phase_share(images) for images in starts])
        arrays[f"shown_start_{name}"] = starts[0][: data.classes].numpy()
    real, real_labels = in_turn(data, chosen["samples"], seed=9)
    arrays |= {
        "phase_real": np.array([phase_share(real)]),
        "agreement_real": np.array([agreement(judge, enlarged(real), real_labels)]),
        "spread_real": np.array([spread(real, data.classes)]),
    }
    each = experiment.steps // len(CHANGES) // len(chosen["seeds"])
    for turn, change in enumerate(CHANGES):
        rows = []
        for place, seed in enumerate(chosen["seeds"]):
            trainer = learn(change, data, each, seed, chosen)
            generator = trainer.finished_generator(batches=4)  # 통계는 어림으로
            images, labels = sample_images(generator, len(real), seed=0)
            made = Made(trainer.gan.discriminator, images, labels)
            rows.append(measure(made, real, judge, data.classes))
            report((turn * len(chosen["seeds"]) + place + 1) * each)
            if place == 0:
                arrays[f"shown_{change}"] = to_bytes(images[: chosen["shown"]]).numpy()
        arrays |= {f"{name}_{change}": np.array([row[name] for row in rows]) for name in rows[0]}
    numbers: dict[str, Number] = {
        "steps_each": each,
        "seeds": len(chosen["seeds"]),
        "seeds_at_start": len(chosen["seeds_at_start"]),
        "samples": chosen["samples"],
        "batch_size": chosen["batch_size"],
    }
    numbers |= {
        f"{name}_median": float(np.median(values))
        for name, values in arrays.items()
        if values.ndim == 1
    }
    return Result(numbers, arrays)


def learn(change: str, data: ImageData, steps: int, seed: int, chosen: Mapping[str, Any]) -> Any:
    """한 가지를 바꾼 적대 모델을 비포화 손실로 학습합니다. 벌점은 없습니다."""
    torch.manual_seed(seed)
    gan = GAN(*networks(change, data, chosen["latent_size"], chosen["feature_size"]))
    trainer = Trainer(
        gan, data, steps=steps, loss=NON_SATURATING, penalty=None,
        batch_size=chosen["batch_size"], seed=seed,
    )  # fmt: skip
    trainer.train(progress=False)
    return trainer


def networks(
    change: str, data: ImageData, latent_size: int, feature_size: int
) -> tuple[Discriminator, Generator]:
    """패키지의 두 신경망에서 한 가지만 바꿉니다."""
    discriminator = Discriminator(SIDE, SIDE, latent_size=feature_size, classes=data.classes)
    generator = Generator(SIDE, SIDE, latent_size=latent_size, classes=data.classes)
    if change in DOUBLINGS:
        generator.network = doubled(generator.network, DOUBLINGS[change])
    elif change == "relu":
        discriminator.network = swapped(discriminator.network, nn.LeakyReLU, [nn.ReLU()])
    else:
        gone = {"without_norm": nn.BatchNorm2d, "without_tanh": nn.Tanh}[change]
        generator.network = swapped(generator.network, gone, [])
    return discriminator, generator


def doubled(network: nn.Sequential, doubling: Doubling) -> nn.Sequential:
    """합성곱과 `PixelShuffle`의 짝을 다른 방법으로 바꿉니다."""
    layers: list[nn.Module] = []
    for layer in network:
        if isinstance(layer, nn.Conv2d):
            layers += doubling(layer.in_channels, layer.out_channels // 4)
        elif not isinstance(layer, nn.PixelShuffle):
            layers.append(layer)
    return nn.Sequential(*layers)


def swapped(network: nn.Sequential, kind: type, instead: list[nn.Module]) -> nn.Sequential:
    """`kind`인 층을 모두 `instead`로 바꿉니다."""
    lists = [instead if isinstance(layer, kind) else [layer] for layer in network]
    return nn.Sequential(*(layer for each in lists for layer in each))


class Made(NamedTuple):
    """한 학습이 끝나고 남은 것: 판별기와, 생성기가 만든 글자."""

    discriminator: nn.Module
    images: Tensor
    labels: Tensor | None


def measure(made: Made, real: Tensor, judge: nn.Sequential, classes: int) -> dict[str, float]:
    """심판이 읽은 비율과 진짜와의 거리, 그리고 층마다 물을 것을 잽니다."""
    images = made.images.clamp(-1, 1)  # Tanh가 없으면 범위를 벗어나므로 보이는 대로
    pair = [features(judge, enlarged(each)) for each in (real, images)]
    scale = np.sqrt(pair[0].var(axis=0).mean())  # 특징의 눈금을 1로
    return {
        "agreement": agreement(judge, enlarged(images), made.labels),
        "distance": frechet_distance(pair[0] / scale, pair[1] / scale),
        "phase": phase_share(images),
        "dead": dead_share(made.discriminator, torch.cat([real, images])),
        "spread": spread(images, classes),
        "grey": grey(images),
        "outside": (made.images.abs() > 1).double().mean().item(),
    }


def agreement(judge: nn.Sequential, images: Tensor, labels: Tensor | None) -> float:
    """심판이 이름표대로 읽은 비율입니다."""
    assert labels is not None
    return label_agreement(read(judge, images).numpy(), labels.numpy())


@torch.no_grad()
def images_at_start(doubling: Doubling, data: ImageData, seed: int) -> Tensor:
    """학습하지 않은 생성기가 만든 이미지입니다."""
    torch.manual_seed(seed)
    generator = Generator(SIDE, SIDE, latent_size=32, classes=data.classes)
    generator.network = doubled(generator.network, doubling)
    z = torch.randn(64, 32, generator=torch.Generator().manual_seed(seed))
    images: Tensor = generator(z, torch.arange(64) % data.classes)
    return images


# --8<-- [end:run]

SEEDS, STEPS_EACH = [0, 1, 2, 3, 4], 120
EXPERIMENT = Experiment(
    "layers",
    "층을 하나씩 바꿔 보기",
    run,
    steps=STEPS_EACH * len(SEEDS) * len(CHANGES),
    parameters={
        "letters": 4,
        "seeds": SEEDS,
        "seeds_at_start": [0, 1, 2, 3, 4],
        "batch_size": 32,
        "latent_size": 32,
        "feature_size": 64,
        "samples": 500,
        "shown": 16,
    },
    needs=("judge",),
    files=("gan_docs/assets/hangul.npz",),
    cost=80,
)
