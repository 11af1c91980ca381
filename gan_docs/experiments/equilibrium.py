"""판별기가 구분하지 못할 때와 확신할 때의 손실과 기울기를 셉니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from gan_docs import losses
from gan_docs.experiments.experiment import Experiment, Report, Result


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """두 로짓이 같을 때의 손실과, 가짜의 로짓에 따른 생성기 손실의 기울기를 계산합니다."""
    level = torch.zeros(4)
    confident = torch.tensor([float(experiment.parameters["confident_logit"])])
    logits = torch.linspace(-8, 8, 161)
    minimax, slope = value_and_slope(losses.minimax_generator_loss, logits)
    saturating, steeper = value_and_slope(losses.non_saturating_generator_loss, logits)
    numbers = {
        "cross_entropy_discriminator": losses.cross_entropy_discriminator_loss(level, level).item(),
        "minimax_generator": losses.minimax_generator_loss(level, level).item(),
        "non_saturating_generator": losses.non_saturating_generator_loss(level, level).item(),
        "relativistic": losses.relativistic_discriminator_loss(level, level).item(),
        "confident_logit": experiment.parameters["confident_logit"],
        "minimax_slope": abs(value_and_slope(losses.minimax_generator_loss, confident)[1].item()),
        "non_saturating_slope": abs(
            value_and_slope(losses.non_saturating_generator_loss, confident)[1].item()
        ),
    }
    curves = [logits, minimax, slope, saturating, steeper]
    return Result(numbers, {"curves": np.stack([curve.numpy() for curve in curves])})


def value_and_slope(loss: losses.Loss, logits: Tensor) -> tuple[Tensor, Tensor]:
    """가짜의 로짓마다 손실과 그 기울기를 하나씩 구합니다. 모양은 모두 `(N,)`."""
    fake = logits.clone().requires_grad_()
    values = torch.stack([loss(torch.zeros(1), logit.unsqueeze(0)) for logit in fake])
    (slopes,) = torch.autograd.grad(values.sum(), fake)
    return values.detach(), slopes


# --8<-- [end:run]

EXPERIMENT = Experiment("equilibrium", "균형에서의 손실", run, parameters={"confident_logit": -6})
