"""디랙 GAN: 두 참가자가 번갈아 움직일 때, 함께 움직일 때, 벌점이 있을 때의 자취입니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.losses import R1, WASSERSTEIN

# --8<-- [start:run]
# 이름마다 두 참가자가 함께 움직이는지와, 벌점의 세기
WAYS = {"alternating": (False, 0.0), "together": (True, 0.0), "penalty": (False, 1.0)}


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """방법마다 같은 자리에서 출발해 스텝마다의 (ψ, θ)를 남깁니다."""
    rate = experiment.parameters["rate"]
    paths = {name: walk(*way, experiment.steps, rate) for name, way in WAYS.items()}
    numbers = {"rate": rate, "start": 2**0.5}
    for name, path in paths.items():
        distance = np.linalg.norm(path, axis=1)
        numbers |= {
            name: float(distance[-1]),
            f"{name}_least": float(distance.min()),
            f"{name}_most": float(distance.max()),
        }
    return Result(numbers, {f"path_{name}": path for name, path in paths.items()})


def walk(together: bool, gamma: float, steps: int, rate: float) -> NDArray[np.float64]:
    """패키지의 손실과 벌점으로 움직인 자취입니다. 모양 `(steps + 1, 2)`."""
    psi, theta = (torch.ones(1, dtype=torch.float64) for _ in range(2))
    path = [torch.cat([psi, theta])]
    for _ in range(steps):
        moved = psi - rate * slope_of_discriminator(psi, theta, gamma)
        # 번갈아: 고친 판별기를 봄. 함께: 고치기 전의 판별기를 봄
        theta = theta - rate * slope_of_generator(psi if together else moved, theta)
        psi = moved
        path.append(torch.cat([psi, theta]))
    return torch.stack(path).numpy()


def slope_of_discriminator(psi: Tensor, theta: Tensor, gamma: float) -> Tensor:
    """판별기 D(x) = ψx의 손실과 벌점을 ψ로 미분합니다. 진짜는 0, 가짜는 θ."""
    psi = psi.detach().requires_grad_()
    images = torch.stack([torch.zeros_like(theta), theta]).requires_grad_()
    logits = images @ psi
    loss = WASSERSTEIN.discriminator(logits[:1], logits[1:])
    penalty = R1.measure(lambda x: x @ psi, images, logits)
    (slope,) = torch.autograd.grad(loss + gamma * penalty, psi)
    return slope


def slope_of_generator(psi: Tensor, theta: Tensor) -> Tensor:
    """생성기의 손실을 θ로 미분합니다."""
    theta = theta.detach().requires_grad_()
    logits = theta.unsqueeze(0) @ psi
    (slope,) = torch.autograd.grad(WASSERSTEIN.generator(torch.zeros_like(logits), logits), theta)
    return slope


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "dirac", "디랙 GAN의 자취", run, steps=200, parameters={"rate": 0.1}, cost=1
)
