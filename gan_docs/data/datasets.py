"""torch의 `Dataset`과 `DataLoader`를 학습기가 뽑아 쓸 수 있게 감쌉니다."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    Subset,
)

from gan_docs.checks import classes_within, sample_request
from gan_docs.data.containers import Batch, fingerprint, from_bytes

Source = Dataset[Any] | DataLoader[Any]
LOOKED_AT = 64  # 지문을 낼 때 들여다보는 표본의 수


@dataclass(frozen=True, eq=False)
class DatasetData:
    """torch의 `Dataset`에서 뽑는 데이터입니다. `from_dataset`이 만듭니다.

    Attributes:
        name: 기록에 쓰는 이름.
        dataset: 번호로 표본을 내놓는 `Dataset`.
        class_names: 종류의 이름. 비어 있으면 이름표를 쓰지 않습니다.
    """

    name: str
    dataset: Any
    class_names: tuple[str, ...] = ()

    def sample(self, count: int, generator: torch.Generator) -> Batch:
        """되풀이를 허락하여 뽑습니다. 무작위 변환도 받은 난수를 따릅니다.

        Args:
            count: 뽑을 수. 1 이상.
            generator: 뽑기와 변환을 정하는 난수. 같은 상태면 결과도 같습니다.

        Returns:
            표본 `(count, …)`와 이름표 `(count,)` 또는 `None`.

        Raises:
            TypeError: 표본이 텐서, NumPy 배열, PIL 이미지가 아닐 때.
            ValueError: 표본의 모양이나 값이 [-1, 1]을 벗어나는 등 학습할 수 없는 것일 때.
        """
        sample_request(count, generator)
        places = torch.randint(len(self.dataset), (count,), generator=generator)
        return self.at(places.tolist(), int(torch.randint(2**31, (), generator=generator)))

    def at(self, places: Sequence[int], seed: int) -> Batch:
        """번호마다의 표본과 이름표입니다. 변환이 쓰는 공용 난수는 `seed`에서 시작합니다."""
        with seeded(seed):
            items = [self.dataset[place] for place in places]
        parts = [item if isinstance(item, tuple | list) else (item,) for item in items]
        samples = [sample_of(part[0] if part else part) for part in parts]
        shapes = {tuple(each.shape) for each in samples}
        if len(shapes) > 1:
            raise ValueError(
                f"{self.name}의 표본은 모두 같은 모양이어야 합니다: 받은 모양 "
                f"{', '.join(map(str, sorted(shapes)[:3]))}. Resize와 CenterCrop으로 맞추세요"
            )
        labels = self.labels_of(parts) if self.class_names else None
        return checked(self.name, torch.stack(samples)), labels

    def labels_of(self, parts: Sequence[Sequence[Any]]) -> Tensor:
        """표본마다 딸린 이름표입니다. 모양 `(B,)`."""
        if any(len(part) < 2 for part in parts):
            raise ValueError(
                f"종류가 {len(self.class_names)}개인 {self.name}은(는) (이미지, 이름표)를 내놓아야 "
                "합니다: 이름표가 없습니다"
            )
        labels = torch.tensor([label_of(self.name, part[1]) for part in parts])
        low, high = (int(each) for each in labels.aminmax())
        classes_within(f"{self.name}의 이름표는", low, high, len(self.class_names))
        return labels

    def digest(self) -> str:
        """수와 설정, 고르게 고른 표본 몇 개의 SHA-256입니다. 모두 읽으면 오래 걸리기 때문입니다."""
        return self.fingerprint

    @cached_property
    def fingerprint(self) -> str:
        """한 번 세어 둔 지문입니다."""
        return fingerprint((self.name, self.class_names, len(self.dataset)), *self.looked_at)

    @cached_property
    def looked_at(self) -> Batch:
        """고르게 고른 표본입니다."""
        count = len(self.dataset)
        return self.at(torch.linspace(0, count - 1, min(count, LOOKED_AT)).long().tolist(), seed=0)


def from_dataset(source: Source, class_names: Sequence[str] | None = None) -> DatasetData:
    """torch의 `Dataset`이나 `DataLoader`를 학습기의 데이터로 감쌉니다.

    배치의 크기와 뽑는 순서는 학습기가 정합니다. `DataLoader`에서는 그 안의 `Dataset`만 씁니다.

    Args:
        source: 표본이나 (표본, 이름표)를 번호로 내놓는 `Dataset`, 또는 그것을 담은 `DataLoader`.
            표본은 값이 [-1, 1]인 텐서나 NumPy 배열 `(C, H, W)`, 8비트 화소, PIL 이미지, 점 `(D,)`
            가운데 하나.
        class_names: 종류의 이름. 생략하면 `Dataset`의 `classes`를 쓰고, 그것도 없으면 이름표를
            쓰지 않습니다.

    Returns:
        감싼 데이터.

    Raises:
        TypeError: 번호로 꺼낼 수 없는 `Dataset`이거나, 종류의 이름이 목록이 아닐 때.
        ValueError: 비어 있거나, 값의 범위가 다르거나, 순서나 묶는 법을 직접 정한 `DataLoader`일 때.
    """
    dataset: Any = source.dataset if isinstance(source, DataLoader) else source
    if isinstance(dataset, IterableDataset) or not hasattr(dataset, "__len__"):
        raise TypeError(
            "번호로 꺼낼 수 있는 Dataset(__getitem__과 __len__)이어야 합니다. 차례로만 내놓는 것은 "
            f"이어 배울 수 없습니다: 받은 값 {type(dataset).__name__}"
        )
    if isinstance(source, DataLoader):
        check_loader(source)
    if not len(dataset):
        raise ValueError(f"{type(dataset).__name__}에 표본이 하나도 없습니다")
    whole = dataset
    while isinstance(whole, Subset):  # 이름과 종류는 온전한 것이 앎
        whole = whole.dataset
    found = getattr(whole, "classes", None) or () if class_names is None else class_names
    if not isinstance(found, Iterable):
        raise TypeError(
            "종류의 이름은 목록이어야 합니다. class_names에 주세요(쓰지 않으려면 빈 목록): "
            f"받은 값 {found!r}"
        )
    data = DatasetData(type(whole).__name__, dataset, tuple(map(str, found)))
    check_range(data)
    return data


def check_loader(loader: DataLoader[Any]) -> None:
    """순서와 묶는 법이 `DataLoader`의 기본값인지 확인합니다. 다르면 학습기가 따를 수 없습니다.

    Raises:
        ValueError: `sampler`, `batch_sampler`, `collate_fn` 가운데 하나를 직접 정했을 때.
    """
    usual = DataLoader[Any](loader.dataset).collate_fn
    if loader.collate_fn is not usual:
        raise ValueError(
            "collate_fn을 정한 DataLoader는 쓸 수 없습니다. 표본을 바꾸는 일은 Dataset의 "
            "__getitem__으로 옮기세요"
        )
    if type(loader.batch_sampler) not in (BatchSampler, type(None)):
        raise ValueError(
            "batch_sampler를 정한 DataLoader는 쓸 수 없습니다. 묶는 법은 학습기가 정합니다. "
            f"그 안의 Dataset을 주세요: 받은 값 {type(loader.batch_sampler).__name__}"
        )
    sampler = getattr(loader.batch_sampler, "sampler", loader.sampler)  # 묶는 것의 차례가 앞섬
    if not isinstance(sampler, RandomSampler | SequentialSampler):
        raise ValueError(
            "sampler를 정한 DataLoader는 쓸 수 없습니다. 뽑는 순서는 학습기가 시드로 정합니다. "
            f"그 안의 Dataset을 주세요: 받은 값 {type(sampler).__name__}"
        )


def label_of(name: str, value: Any) -> int:
    """이름표 하나입니다. 수 하나만 든 텐서와 배열, 2.0처럼 정수와 같은 소수도 됩니다.

    Raises:
        TypeError: 정수가 아닐 때.
    """
    plain = value.item() if getattr(value, "ndim", None) == 0 else value
    if not isinstance(plain, Real) or not float(plain).is_integer():
        raise TypeError(f"{name}의 이름표는 종류의 번호(정수)여야 합니다: 받은 값 {value!r}")
    return int(float(plain))


def sample_of(value: Any) -> Tensor:
    """표본 하나를 float32로 바꿉니다. 8비트 화소 0–255는 [-1, 1]로 옮깁니다.

    Raises:
        TypeError: 텐서, NumPy 배열, PIL 이미지가 아닐 때.
    """
    if not isinstance(value, Tensor | np.ndarray):
        value = pixels_of(value)
    sample = torch.as_tensor(value)
    return from_bytes(sample) if sample.dtype == torch.uint8 else sample.float()


def pixels_of(picture: Any) -> NDArray[np.uint8]:
    """PIL 이미지의 8비트 화소입니다. 모양 `(C, H, W)`.

    Raises:
        TypeError: PIL 이미지가 아닐 때.
    """
    from PIL import Image  # 이미지를 읽지 않는 데이터는 부르지 않도록

    if not isinstance(picture, Image.Image):
        raise TypeError(
            "Dataset은 텐서 (C, H, W)나 PIL 이미지, 또는 그것과 이름표를 내놓아야 합니다: "
            f"받은 값 {type(picture).__name__}"
        )
    plain = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
    pixels = np.array(plain, np.uint8).reshape(picture.height, picture.width, -1)
    return pixels.transpose(2, 0, 1)


def checked(name: str, samples: Tensor) -> Tensor:
    """묶은 표본이 배울 수 있는 모양과 값인지 확인하고 돌려줍니다.

    Raises:
        ValueError: 모양이 다르거나, 이미지의 값이 [-1, 1]을 벗어날 때.
    """
    if samples.ndim not in (2, 4):
        raise ValueError(
            f"{name}의 표본은 모양 (C, H, W)의 이미지이거나 (D,)의 점이어야 합니다: "
            f"받은 모양 {tuple(samples.shape[1:])}"
        )
    low, high = (float(each) for each in samples.aminmax())
    if samples.ndim == 4 and not (-1 <= low and high <= 1):
        raise ValueError(f"{name}의 값은 [-1, 1]이어야 합니다: 받은 범위 [{low:.3g}, {high:.3g}]")
    return samples


def check_range(data: DatasetData) -> None:
    """8비트가 아닌 이미지가 [0, 1]에 머물지 않는지 봅니다. 배우면 생성기의 [-1, 1]과 어긋납니다.

    Raises:
        ValueError: 고르게 고른 표본이 모두 0 이상일 때.
    """
    images, _ = data.looked_at
    low, high = (float(each) for each in images.aminmax())
    with seeded(0):
        item = data.dataset[0]
    first = item[0] if isinstance(item, tuple | list) else item
    told = isinstance(first, Tensor | np.ndarray) and torch.as_tensor(first).dtype != torch.uint8
    if images.ndim == 4 and told and low >= 0 and high > 0:
        raise ValueError(
            f"{data.name}의 값이 [0, 1]인 듯합니다. [-1, 1]로 옮기세요(2 * x - 1 또는 "
            f"transforms.Normalize(0.5, 0.5)): 받은 범위 [{low:.3g}, {high:.3g}]"
        )


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """무작위 변환이 쓰는 공용 난수를 잠시 `seed`에서 시작하게 하고 되돌려 놓습니다."""
    python, arrays = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        random.seed(seed)
        np.random.seed(seed % 2**32)
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(arrays)
