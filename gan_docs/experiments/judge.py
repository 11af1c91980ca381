"""진짜 글자를 읽는 작은 분류기를 학습합니다. 만든 글자를 이 심판이 읽습니다."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from gan_docs.data import hangul
from gan_docs.experiments.experiment import Experiment, Report, Result


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """학습용 글꼴로 배우고, 한 번도 보지 못한 글꼴에서 정확도를 잽니다."""
    torch.manual_seed(experiment.seed)
    data, held_out = hangul(), hangul("held_out", jitter=False)
    network = reader(len(data.class_names))
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, experiment.steps)
    random = torch.Generator().manual_seed(experiment.seed)
    for step in range(experiment.steps):
        images, labels = data.sample(experiment.parameters["batch_size"], random)
        assert labels is not None
        optimizer.zero_grad()
        cross_entropy(network(images), labels).backward()
        optimizer.step()
        schedule.step()
        report(step + 1)
    assert held_out.labels is not None
    right = read(network, held_out.images) == held_out.labels
    numbers = {
        "accuracy": right.double().mean().item(),
        "glyphs": len(held_out.images),
        "faces_held_out": len(held_out.images) // len(data.class_names),
        "faces": len(data.images) // len(data.class_names),
    }
    return Result(numbers, {name: value.numpy() for name, value in network.state_dict().items()})


def reader(classes: int) -> nn.Sequential:
    """28×28 글자 하나를 읽어 글자마다의 점수를 내는 합성곱 신경망입니다."""
    return nn.Sequential(
        nn.Conv2d(1, 32, kernel_size=3, stride=2, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Conv2d(32, 64, kernel_size=3, stride=2, padding=1),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(64 * 7 * 7, 128),
        nn.ReLU(),
        nn.Linear(128, classes),
    )


@torch.no_grad()
def read(network: nn.Module, images: Tensor) -> Tensor:
    """이미지 `(N, 1, 28, 28)`마다 읽은 글자의 번호 `(N,)`를 냅니다."""
    network.eval()
    return torch.cat([network(part).argmax(1) for part in images.split(500)])


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "judge",
    "글자를 읽는 심판",
    run,
    steps=800,
    parameters={"batch_size": 128},
    files=("gan_docs/assets/hangul.npz",),
)
