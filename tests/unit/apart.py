"""GPU가 없는 기계에서 텐서가 한 장치에 모여 있는지 봅니다. 먼 장치의 구실은 meta가 합니다."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

import torch
from torch import Tensor
from torch.utils import _foreach_utils
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from gan_docs import trainer
from gan_docs.saving.state import Step

FAR = torch.device("meta")


class Apart(TorchDispatchMode):
    """CPU와 먼 장치의 텐서를 한 연산에 섞으면 CUDA처럼 오류를 냅니다. 옮기는 것만 허락합니다."""

    def __torch_dispatch__(
        self, operation: Any, types: Any, args: Any = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        named = dict(kwargs or {})
        tensors = [each for each in tree_leaves((args, named)) if isinstance(each, Tensor)]
        aten = torch.ops.aten
        if operation is aten._local_scalar_dense.default and args[0].is_meta:
            return 1  # 먼 텐서의 값 읽기: 값은 없으므로 아무 수나
        if operation is aten._to_copy.default:
            goes = torch.device(named.get("device") or args[0].device)
            if args[0].is_meta and goes.type == "cpu":
                return torch.zeros(args[0].shape, dtype=named.get("dtype") or args[0].dtype)
        elif operation is not aten.copy_.default:
            places = {each.device.type for each in tensors if each.ndim or each.is_meta}
            if len(places) > 1:
                raise RuntimeError(f"장치가 섞였습니다: {operation}")
        return operation(*args, **named)


def recorded(learner: trainer.Trainer, *values: Tensor) -> Step:
    """먼 텐서에는 값이 없어, 어디에 있는지만 봅니다."""
    assert {value.device.type for value in values} == {"meta"}
    return Step(len(learner.history) + 1, 1.0, 1.0, 1.0, 1.0, 1.0)


@contextmanager
def far_device() -> Iterator[None]:
    """학습기가 meta를 여느 장치로 알게 합니다."""
    fused = [*_foreach_utils._get_fused_kernels_supported_devices(), "meta"]
    name = "_get_fused_kernels_supported_devices"
    with (
        mock.patch.object(trainer, "usable_device", torch.device),
        mock.patch.object(trainer.Trainer, "record", recorded),
        mock.patch(f"torch.optim.adam.{name}", lambda: fused, create=True),  # 버전마다 다른 곳
        mock.patch(f"torch.optim.optimizer.{name}", lambda: fused),
        Apart(),
    ):
        yield
