"""함께 학습하는 프로세스들: 만나고, 몫을 나누고, 평균을 내고, 헤어집니다."""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor

from gan_docs.machines.interruption import Stopped

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
        """전체 배치 `(B, …)`에서 제 몫 `(B / size, …)`를 자릅니다."""
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
        ValueError: 나누어 배울 수 없는 장치일 때.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield Team()
        return
    if device.type not in BACKENDS:
        raise ValueError(
            f"여러 프로세스로 나누어 배우는 장치는 {', '.join(BACKENDS)}입니다: 받은 값 {device}"
        )
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
