"""여러 프로세스가 나누어 계산하는 신경망: 기울기와 배치의 통계를 평균 냅니다."""

from __future__ import annotations

import inspect
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.parallel import DistributedDataParallel

from gan_docs.gan import GAN, judge_images
from gan_docs.machines.team import Team
from gan_docs.sampling import latent_shape

# 스텝마다 통계를 순위 0의 것으로 덮는 일을 끄는 인자: 새 torch에서 이름이 바뀜
KNOWN = inspect.signature(DistributedDataParallel).parameters
BUFFERS = "forward_sync_buffers" if "forward_sync_buffers" in KNOWN else "broadcast_buffers"


# --8<-- [start:gan]
class SharedGAN(GAN):
    """배우는 차례의 신경망을 DistributedDataParallel로 감싸 기울기를 평균 냅니다.

    두 신경망을 따로 감쌉니다. 가중치는 감싸기 전의 것 그대로입니다.
    """

    def __init__(self, gan: GAN, team: Team) -> None:
        share_statistics(gan, team)
        super().__init__(gan.discriminator, gan.generator)
        options: dict[str, Any] = {BUFFERS: False}
        self.wrapped = {  # 사전에 두어, 같은 가중치가 두 이름으로 저장되지 않게
            network: DistributedDataParallel(network, **options)
            for network in (self.discriminator, self.generator)
        }

    def generate(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """제 몫의 가짜를 만듭니다. 모양 `(B, latent_size)` → `(B, C, H, W)`."""
        network = self.learning(self.generator)
        z = z.reshape(-1, *latent_shape(self.generator))
        fake: Tensor = network(z) if labels is None else network(z, labels)
        return fake

    def judge(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """제 몫의 로짓을 매깁니다. 모양 `(B, C, H, W)` → `(B,)`."""
        return judge_images(self.learning(self.discriminator), images, labels)

    def learning(self, network: nn.Module) -> nn.Module:
        """배우는 차례면 감싼 것을, 점수만 매기는 차례면 그대로 냅니다."""
        learns = torch.is_grad_enabled() and any(
            each.requires_grad for each in network.parameters()
        )
        return self.wrapped[network] if learns else network


# --8<-- [end:gan]


# --8<-- [start:statistics]
class SharedBatchNorm(_BatchNorm):
    """모든 프로세스의 배치에서 평균과 분산을 재는 배치 정규화입니다. CPU에서도 돕니다."""

    team = Team()

    def _check_input_dim(self, input: Tensor) -> None:
        pass

    def forward(self, x: Tensor) -> Tensor:
        """전체 배치의 평균과 분산으로 정규화합니다. 모양은 그대로입니다."""
        if not self.training:
            return super().forward(x)
        x = x.to(torch.promote_types(x.dtype, torch.float32))  # 통계는 bfloat16으로 재지 않음
        over = [0, *range(2, x.ndim)]
        mean = self.team.mean(x.mean(over, keepdim=True))
        variance = self.team.mean((x - mean).square().mean(over, keepdim=True))
        self.remember(mean, variance, self.team.size * x.numel() // x.shape[1])
        x = (x - mean) * (variance + self.eps).rsqrt()
        shape = [1, -1] + [1] * (x.ndim - 2)
        return x * self.weight.view(shape) + self.bias.view(shape)

    @torch.no_grad()
    def remember(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """평가할 때 쓸 평균과 분산을 조금 옮깁니다."""
        if self.running_mean is None or self.running_var is None or self.momentum is None:
            return
        self.running_mean.lerp_(mean.flatten(), self.momentum)
        self.running_var.lerp_(variance.flatten() * count / (count - 1), self.momentum)
        if self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)


def share_statistics(network: nn.Module, team: Team) -> None:
    """신경망 안의 배치 정규화를 모두 `SharedBatchNorm`으로 바꿉니다. 가중치는 그대로 씁니다."""
    for name, layer in network.named_children():
        if isinstance(layer, _BatchNorm):
            shared = SharedBatchNorm(layer.num_features, layer.eps, layer.momentum, layer.affine)
            shared.weight, shared.bias = layer.weight, layer.bias
            shared.running_mean, shared.running_var = layer.running_mean, layer.running_var
            shared.num_batches_tracked = layer.num_batches_tracked
            shared.team = team
            network.add_module(name, shared)
        else:
            share_statistics(layer, team)


# --8<-- [end:statistics]
