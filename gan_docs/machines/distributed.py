"""여러 프로세스가 배치를 나누어 배웁니다. 한 프로세스가 온 배치로 배운 것과 같은 걸음입니다."""

from __future__ import annotations

import gc
import inspect
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.parallel import DistributedDataParallel

from gan_docs.data import Batch, Data
from gan_docs.gan import GAN
from gan_docs.losses import Judge, Penalty, toward_one, toward_one_between
from gan_docs.machines.devices import in_precision
from gan_docs.machines.interruption import Stopped
from gan_docs.saving import checkpoint, state
from gan_docs.saving.state import Step
from gan_docs.trainer import Trainer

# 걸음마다 통계를 순위 0의 것으로 덮는 일을 끄는 인자: 새 torch에서 이름이 바뀜
KNOWN = inspect.signature(DistributedDataParallel).parameters
BUFFERS = "forward_sync_buffers" if "forward_sync_buffers" in KNOWN else "broadcast_buffers"
# 계산하는 장치마다, 어느 장치의 텐서를 무엇이 나르는지
BACKENDS = {"cpu": "gloo", "cuda": "cpu:gloo,cuda:nccl"}
CPU = torch.device("cpu")


# --8<-- [start:team]
class Team(NamedTuple):
    """함께 배우는 프로세스들에서 이 프로세스의 자리입니다.

    Attributes:
        rank: 순위. 0부터 셉니다. 0만 파일을 쓰고 화면에 적습니다.
        size: 프로세스의 수.
    """

    rank: int = 0
    size: int = 1

    def share(self, tensor: Tensor) -> Tensor:
        """온 배치 `(B, …)`에서 제 몫 `(B / size, …)`를 자릅니다."""
        return tensor.chunk(self.size)[self.rank]

    def mean(self, tensor: Tensor) -> Tensor:
        """모든 프로세스의 평균입니다. 기울기도 모두에게 흐릅니다."""
        mean: Tensor = Mean.apply(tensor) if self.size > 1 else tensor  # type: ignore[no-untyped-call]
        return mean

    def most(self, value: int) -> int:
        """모든 프로세스의 값 가운데 가장 큰 것입니다. 모두가 같은 답을 받습니다."""
        if self.size == 1:
            return value
        values = torch.tensor(value)
        dist.all_reduce(values, dist.ReduceOp.MAX)
        return int(values)

    def told(self, content: bytes) -> bytes:
        """순위 0의 바이트를 모두가 받습니다."""
        if self.size == 1:
            return content
        letters = torch.zeros(self.most(len(content)), dtype=torch.uint8)
        if self.rank == 0:
            letters = torch.frombuffer(bytearray(content), dtype=torch.uint8)
        dist.broadcast(letters, src=0)
        return letters.numpy().tobytes()


class Mean(torch.autograd.Function):
    """프로세스마다의 값을 평균 내고, 거꾸로 갈 때에는 기울기를 평균 냅니다."""

    @staticmethod
    def forward(context: Any, tensor: Tensor) -> Tensor:
        """평균입니다."""
        total = tensor.detach().clone(memory_format=torch.contiguous_format)
        dist.all_reduce(total)
        return total / dist.get_world_size()

    @staticmethod
    def backward(context: Any, *slopes: Tensor) -> Tensor:
        """기울기의 평균입니다. 다시 미분할 수 있습니다."""
        mean: Tensor = Mean.apply(slopes[0])  # type: ignore[no-untyped-call]
        return mean


# --8<-- [end:team]


# --8<-- [start:trainer]
class SharedTrainer(Trainer):
    """배치를 프로세스의 수로 나누어 배우는 학습기입니다.

    모든 프로세스가 같은 시드로 온 배치를 뽑아 제 몫만 씁니다. 그래서 난수의 상태도, 고친
    가중치도 모든 프로세스에서 같습니다.

    Args:
        gan: 학습할 적대 모델. 모든 프로세스에서 같은 시드로 만듭니다.
        data: `sample(count, generator)`로 진짜를 내놓는 데이터.
        team: 함께 배우는 프로세스들.
        chosen: `Trainer`가 받는 그 밖의 값. `batch_size`는 모두가 나눌 온 배치의 크기입니다.

    Raises:
        ValueError: 배치를 프로세스의 수로 똑같이 나눌 수 없을 때.

    Source:
        기울기의 평균은 Li et al. (2020), PyTorch Distributed. arXiv:2006.15704
    """

    def __init__(self, gan: GAN, data: Data, team: Team, **chosen: Any) -> None:
        super().__init__(gan, data, **chosen)
        if self.batch_size % team.size:
            raise ValueError(
                f"batch_size는 프로세스의 수 {team.size}의 배수여야 합니다: "
                f"받은 값 {self.batch_size}"
            )
        self.team = team
        self.gan = in_precision(SharedGAN(gan, team), self.precision)
        self.regularizer = shared_penalty(self.regularizer, team)

    def real_batch(self) -> Batch:
        """온 배치를 뽑아 제 몫만 냅니다."""
        images, labels = super().real_batch()
        return self.team.share(images), None if labels is None else self.team.share(labels)

    def latent_vectors(self, count: int) -> Tensor:
        """잠재 벡터 `count`개를 뽑아 제 몫만 냅니다."""
        return self.team.share(super().latent_vectors(count))

    def record(self, *values: Tensor) -> Step:
        """모든 프로세스의 평균을 기록합니다. 유한하지 않으면 모두가 같은 걸음에서 멈춥니다."""
        means = torch.stack([value.detach().mean() for value in values])
        return super().record(*self.team.mean(means).unbind())

    def save(self, folder: str | Path, extra: dict[str, Any] | None = None) -> Path:
        """순위 0만 저장합니다."""
        if self.team.rank == 0:
            return super().save(folder, extra)
        state.collect(self)  # 유한하지 않으면 모두가 함께 멈춤
        return Path(folder)

    def save_checkpoint(self, folder: str | Path) -> Path:
        """순위 0만 저장합니다."""
        if self.team.rank == 0:
            return super().save_checkpoint(folder)
        state.collect(self)
        return Path(folder)

    def resume(self, folder: str | Path) -> list[str]:
        """순위 0이 읽어 모두에게 나누어 줍니다. 저장할 때와 프로세스의 수가 달라도 됩니다."""
        content, notes = b"", list[str]()
        if self.team.rank == 0:
            found, notes = checkpoint.read(Path(folder))
            content = checkpoint.encode(found)
        return notes + state.restore(self, checkpoint.decode(self.team.told(content)))


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
        fake: Tensor = network(z) if labels is None else network(z, labels)
        return fake

    def judge(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """제 몫의 로짓을 매깁니다. 모양 `(B, C, H, W)` → `(B,)`."""
        network = self.learning(self.discriminator)
        logits: Tensor = network(images) if labels is None else network(images, labels)
        return logits.flatten()

    def learning(self, network: nn.Module) -> nn.Module:
        """배우는 차례면 감싼 것을, 심판만 보는 차례면 그대로 냅니다."""
        learns = torch.is_grad_enabled() and next(network.parameters()).requires_grad
        return self.wrapped[network] if learns else network


def shared_penalty(penalty: Penalty, team: Team) -> Penalty:
    """난수를 쓰는 벌점은 온 배치의 난수를 뽑아 제 몫만 쓰게 합니다."""
    if penalty is not toward_one:
        return penalty

    @wraps(toward_one)
    def shared(judge: Judge, images: Tensor, logits: Tensor, random: torch.Generator) -> Tensor:
        share = torch.rand(team.size * len(logits) // 2, generator=random)
        return toward_one_between(judge, images, logits, team.share(share).to(images.device))

    return shared


# --8<-- [end:trainer]


# --8<-- [start:statistics]
class SharedBatchNorm(_BatchNorm):
    """모든 프로세스의 배치에서 평균과 분산을 재는 배치 정규화입니다. CPU에서도 돕니다."""

    team = Team()

    def _check_input_dim(self, input: Tensor) -> None:
        pass

    def forward(self, x: Tensor) -> Tensor:
        """온 배치의 평균과 분산으로 고르게 합니다. 모양은 그대로입니다."""
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


# --8<-- [start:join]
@contextmanager
def joined(seconds: int, device: torch.device = CPU) -> Iterator[Team]:
    """`torchrun`이 부른 프로세스들을 만납니다. 혼자 불렸으면 혼자인 채로 갑니다.

    Args:
        seconds: 다른 프로세스의 답을 기다릴 초.
        device: 계산할 장치. GPU면 기울기는 nccl이, 나머지는 gloo가 나릅니다.

    Yields:
        이 프로세스의 자리.

    Raises:
        ConnectionError: 다른 프로세스가 죽었거나 `seconds`초 안에 답하지 않을 때.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield Team()
        return
    rank = int(os.environ["RANK"])
    try:
        if device.type == "cuda":
            torch.cuda.set_device(device)
        meet(seconds, BACKENDS[device.type])
        try:
            yield Team(rank, size)
        except Stopped:
            part()
            raise
        part()
    except RuntimeError as error:
        if not of_connection(error):
            raise
        raise ConnectionError(
            f"다른 프로세스가 죽었거나 {seconds}초 안에 답하지 않았습니다"
            f"(이 프로세스는 {size}개 가운데 순위 {rank}). "
            "모두 멈춘 뒤 같은 명령에 --resume을 붙여 다시 시작하세요"
        ) from error


def meet(seconds: float, backend: str = BACKENDS["cpu"], **where: Any) -> None:
    """다른 프로세스를 만납니다. 만날 자리는 `torchrun`이 환경 변수로 알려 줍니다."""
    warnings.filterwarnings("ignore", message="Grad strides do not match")  # 두 번 미분한 기울기
    dist.init_process_group(backend, timeout=timedelta(seconds=seconds), **where)


def part() -> None:
    """순위 0의 저장까지 모두 끝나기를 기다려 함께 헤어집니다."""
    gc.collect()  # 감싼 신경망이 쥔 연결이 남지 않도록
    dist.barrier()
    dist.destroy_process_group()


def of_connection(error: RuntimeError) -> bool:
    """프로세스 사이의 연결이 낸 오류인지 봅니다."""
    return isinstance(error, dist.DistError) or "gloo" in str(error)


# --8<-- [end:join]
