"""판별기가 구분하지 못할 때와 확신할 때의 손실과 기울기를 셉니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.losses import LOSSES, Loss


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """손실마다, 구분하지 못할 때의 값과 가짜의 로짓에 따른 생성기 손실의 기울기를 계산합니다."""
    undecided = experiment.parameters["undecided"]
    confident = float(experiment.parameters["confident_logit"])
    logits = torch.linspace(-8, 8, 161)
    numbers: dict[str, Number] = {"confident_logit": confident}
    slopes = []
    for name, loss in LOSSES.items():
        key, level = name.replace("-", "_"), torch.full((4,), undecided.get(name, 0.0))
        # 0을 더해 -0을 0으로
        numbers[f"{key}_discriminator"] = loss.discriminator(level, level).item() + 0
        numbers[f"{key}_generator"] = loss.generator(level, level).item() + 0
        numbers[f"slope_{key}"] = slope(loss.generator, torch.tensor([confident])).item()
        slopes.append(slope(loss.generator, logits).numpy())
    # 두 참가자의 손실이 같은 값이거나, 두 손실이 판별기를 함께 쓸 때의 짧은 이름
    numbers["cross_entropy_discriminator"] = numbers["minimax_discriminator"]
    numbers["relativistic"] = numbers["relativistic_discriminator"]
    numbers["minimax_slope"] = numbers["slope_minimax"]
    numbers["non_saturating_slope"] = numbers["slope_non_saturating"]
    return Result(numbers, {"logits": logits.numpy(), "slopes": np.stack(slopes)})


def slope(loss: Loss, fake_logits: Tensor) -> Tensor:
    """진짜의 로짓이 0일 때, 가짜의 로짓마다 손실의 기울기의 크기를 구합니다. 모양 `(N,)`."""
    fake = fake_logits.clone().requires_grad_()
    total = loss(torch.zeros_like(fake), fake) * len(fake)  # 배치의 평균을 합으로
    (slopes,) = torch.autograd.grad(total, fake)
    return slopes.abs()


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "equilibrium",
    "균형에서의 손실",
    run,
    # 최소제곱의 판별기는 두 이름표 0과 1의 한가운데에서 망설임
    parameters={"confident_logit": -6, "undecided": {"least-squares": 0.5}},
)
