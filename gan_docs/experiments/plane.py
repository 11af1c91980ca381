"""2차원 실시간 학습의 무대: 브라우저와 같은 신경망, 데이터, 기본값으로 배운 한 장면입니다."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor

from gan_docs import losses
from gan_docs.data import MixtureData, grid, moons, ring
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.export import flat, look
from gan_docs.gan import GAN
from gan_docs.judging.evaluation import evaluate_points
from gan_docs.losses import LOSSES, Penalty
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.trainer import Trainer

# --8<-- [start:stage]
HIDDEN_SIZE, DEPTH, WAVES, FREQUENCY = 64, 2, 16, 6.0
BATCH_SIZE = 256
MEASURED = 2048  # 봉우리를 셀 때 만드는 점의 수
LATTICE, FIELD = 21, 40  # 한 변에 놓는 격자점과 화소의 수
WINDOW, REACH = 1.5, 2.0  # 보이는 평면의 절반 너비, 격자를 놓는 잠재 공간의 절반 너비

make_discriminator = partial(
    PointDiscriminator, HIDDEN_SIZE, DEPTH, waves=WAVES, frequency=FREQUENCY
)
make_generator = partial(PointGenerator, HIDDEN_SIZE, DEPTH, start=None)

# 벌점 가운데 브라우저로 내보낼 것
PENALTIES: dict[str, Penalty | None] = {
    "none": None,
    **{name: losses.PENALTIES[name] for name in ("r1-and-r2", "toward-one")},
}
# 처음에 열리는 설정과, 단추 하나로 거는 설정
DEFAULTS: dict[str, Any] = {
    "data": "ring",
    "loss": "relativistic",
    "penalty": "r1-and-r2",
    "strength": 0.1,
    "discriminator_rate": 1e-3,
    "generator_rate": 1e-3,
}
COLLAPSE = {
    **DEFAULTS, "loss": "non-saturating", "penalty": "none", "generator_rate": 3e-3,
}  # fmt: skip
CURE = {name: DEFAULTS[name] for name in ("loss", "penalty", "strength", "generator_rate")}


def stages() -> dict[str, MixtureData]:
    """브라우저에서 고를 수 있는 데이터입니다. 봉우리를 화면에서 보일 만큼 넓혔습니다."""
    return {
        "ring": ring(sigma=0.05),
        "grid": grid(spacing=0.5, sigma=0.03),
        "moons": moons(),
    }


# --8<-- [end:stage]


# --8<-- [start:run]
def square(side: int, half: float) -> Tensor:
    """정사각형에 균등하게 놓은 점들입니다. 윗줄부터, 왼쪽부터. 모양 `(side * side, 2)`."""
    line = torch.linspace(-half, half, side)
    down, right = torch.meshgrid(-line, line, indexing="ij")
    return torch.stack([right, down], dim=2).reshape(-1, 2)


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """기본값으로 배운 뒤, 브라우저가 보는 것과 같은 네 가지를 남깁니다."""
    torch.manual_seed(experiment.seed)
    chosen, data = experiment.parameters, stages()[DEFAULTS["data"]]
    discriminator, generator = make_discriminator(), make_generator()
    gan = GAN(discriminator, generator)
    loss, strength = LOSSES[chosen["loss"]], chosen["strength"]
    penalty = losses.PENALTIES[chosen["penalty"]]
    trainer = Trainer(
        gan,
        data,
        steps=2 * experiment.steps,  # 학습률이 그대로인 앞의 절반만
        loss=loss,
        penalty=penalty.with_strength(strength),
        batch_size=BATCH_SIZE,
        learning_rate=chosen["generator_rate"],
        seed=experiment.seed,
    )
    trainer.train(
        experiment.steps, on_step=lambda trainer: report(len(trainer.history)), progress=False
    )
    real, z = trainer.real_batch()[0], trainer.latent_vectors(BATCH_SIZE)
    view = look(discriminator, generator, loss, BATCH_SIZE, LATTICE * LATTICE, FIELD * FIELD)
    given = {
        "other": flat(discriminator),
        "parameters": flat(generator),
        "real": real,
        "z": z,
        "lattice": square(LATTICE, REACH),
        "field": square(FIELD, WINDOW),
        "directions": discriminator.directions,
    }
    seen = view.call(given)
    points, _ = trainer.sample(MEASURED, averaged=False)
    numbers = {
        **evaluate_points(points.numpy(), data),
        "batch_size": BATCH_SIZE,
        "measured": MEASURED,
        "hidden_size": HIDDEN_SIZE,
        "waves": WAVES,
        "sigma": data.sigma,
        "strength": strength,
        "collapse_generator_rate": COLLAPSE["generator_rate"],
        "learning_rate": chosen["generator_rate"],
    }
    arrays = {name: each.detach().numpy() for name, each in zip(view.outputs, seen, strict=True)}
    return Result(numbers, {"real": real.numpy(), **arrays})


# --8<-- [end:run]

EXPERIMENT = Experiment("plane", "2차원 실시간 학습", run, steps=1500, parameters=DEFAULTS, cost=8)
