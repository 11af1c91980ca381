"""torch의 `Dataset`과 `DataLoader`를 준 학습: 시드대로 뽑고, 이어 하고, 틀린 것은 알립니다."""

import random
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from learners import different, interrupted, straight
from PIL import Image
from torch import Tensor
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    Dataset,
    IterableDataset,
    SequentialSampler,
    Subset,
    TensorDataset,
    WeightedRandomSampler,
    random_split,
)

from gan_docs import GAN, Discriminator, Generator, Trainer
from gan_docs.data import datasets, from_dataset
from gan_docs.points import PointDiscriminator, PointGenerator

IMAGES = 2 * torch.rand(20, 1, 8, 8, generator=torch.Generator().manual_seed(0)) - 1


class Pictures(Dataset[Any]):
    """(이미지, 이름표)를 내놓고, 내놓을 때마다 무작위로 뒤집습니다."""

    classes = ("가", "나")

    def __init__(self, change: Callable[[Tensor], Any] = lambda image: image) -> None:
        self.change = change

    def __len__(self) -> int:
        return len(IMAGES)

    def __getitem__(self, place: int) -> tuple[Any, Any]:
        image = IMAGES[place]
        if torch.rand(()) < 0.5:
            image = image.flip(-1)
        if random.random() < 0.5:
            image = image.flip(-2)
        if np.random.rand() < 0.5:
            image = -image
        return self.change(image), place % 2


def make(source: Any, classes: int = 0, start: int = 0) -> Trainer:
    torch.manual_seed(start)
    gan = GAN(Discriminator(8, 8, classes=classes), Generator(8, 8, classes=classes))
    return Trainer(gan, source, steps=4, batch_size=6, seed=3)


SOURCES: dict[str, tuple[Callable[[], Any], int]] = {
    "Dataset": (Pictures, 2),
    "DataLoader": (lambda: DataLoader(Pictures(), batch_size=3, shuffle=True), 2),
    "나눈 것": (lambda: random_split(Pictures(), [15, 5], torch.Generator().manual_seed(1))[0], 2),
    "나눈 것의 DataLoader": (lambda: DataLoader(Subset(Pictures(), range(9))), 2),
    "조건 없이": (Pictures, 0),
    "TensorDataset": (lambda: TensorDataset(IMAGES), 0),
    "목록": (lambda: from_dataset(TensorDataset(IMAGES, torch.arange(20) % 2), ["가", "나"]), 2),
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_drawn_by_the_seed_and_resumes(name: str, tmp_path: Path) -> None:
    source, classes = SOURCES[name]

    def again(start: int = 0) -> Trainer:
        return make(source(), classes, start)

    whole = straight(again())
    random.seed(7)  # 처음의 공용 난수만 같으면, 변환은 학습의 난수를 따름
    assert different(whole, interrupted(again, tmp_path, 2)) == []
    assert whole.sample(4)[0].shape == (4, 1, 8, 8)


def test_drawing_leaves_the_shared_randomness_alone() -> None:
    before = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist()  # type: ignore[union-attr,index]
    drawn = from_dataset(Pictures())
    assert (drawn.name, drawn.class_names) == ("Pictures", ("가", "나"))
    one, two = (drawn.sample(9, torch.Generator().manual_seed(5)) for _ in range(2))
    other = drawn.sample(9, torch.Generator().manual_seed(6))
    assert torch.equal(one[0], two[0]) and not torch.equal(one[0], other[0])
    after = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist()  # type: ignore[union-attr,index]
    assert torch.equal(before[0], after[0]) and before[1:] == after[1:]


def test_without_the_seed_of_the_changes_a_draw_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(datasets, "seeded", lambda seed: nullcontext())
    drawn = from_dataset(Pictures())
    one, two = (drawn.sample(9, torch.Generator().manual_seed(5))[0] for _ in range(2))
    assert not torch.equal(one, two)


def test_the_digest_repeats_and_follows_the_content() -> None:
    def digest(images: Tensor, names: Any = None) -> str:
        return from_dataset(TensorDataset(images, torch.zeros(len(images))), names).digest()

    changed = IMAGES.clone()
    changed[7, 0, 3, 3] = 0.123
    found = [digest(IMAGES), digest(changed), digest(IMAGES[:19]), digest(IMAGES, ["가", "나"])]
    assert len(set(found)) == 4
    assert digest(IMAGES) == found[0]
    assert from_dataset(Pictures()).digest() == from_dataset(Pictures()).digest()


class Same(Dataset[Any]):
    """언제나 같은 것을 내놓습니다."""

    def __init__(self, item: Any, classes: Any = ("가", "나")) -> None:
        self.item, self.classes = item, classes

    def __len__(self) -> int:
        return 3

    def __getitem__(self, place: int) -> Any:
        return self.item


def picture(mode: str) -> Image.Image:
    pixels = np.zeros((8, 8), np.uint8)
    pixels[0, :3] = (255, 51, 102)
    return Image.fromarray(pixels).convert(mode)


@pytest.mark.parametrize(
    ("item", "channels"),
    [
        (picture("L"), 1),
        (picture("RGB"), 3),
        (picture("RGBA"), 3),
        (torch.from_numpy(np.asarray(picture("L")).copy())[None], 1),
        (np.asarray(picture("L"))[None].copy(), 1),
        (np.asarray(picture("L"))[None] / 127.5 - 1, 1),
    ],
    ids=lambda item: type(item).__name__,
)
def test_each_kind_of_sample_becomes_the_same_image(item: Any, channels: int) -> None:
    images, labels = from_dataset(Same(item, classes=None)).sample(2, torch.Generator())
    assert images.shape == (2, channels, 8, 8) and images.dtype == torch.float32
    assert labels is None
    assert images[0, :, 0, :4] == pytest.approx(np.tile([1, -0.6, -0.2, -1], (channels, 1)))


def test_points_are_learned_too() -> None:
    points = TensorDataset(5 * torch.randn(30, 2))
    trainer = Trainer(GAN(PointDiscriminator(), PointGenerator()), points, steps=2, batch_size=4)
    trainer.train(progress=False)
    assert trainer.sample(3)[0].shape == (3, 2)


class Endless(IterableDataset[Any]):
    def __iter__(self) -> Iterator[Any]:
        return iter(IMAGES)


class Pairs(BatchSampler):
    """여느 것과 다른 차례로 묶는 것입니다."""


WEIGHTS = WeightedRandomSampler([1.0] * 20, 20)
REFUSED: dict[str, tuple[Callable[[], Any], int, str]] = {
    "차례로만": (Endless, 0, r"__getitem__.*차례로만.*받은 값 Endless"),
    "차례로만 내놓는 DataLoader": (lambda: DataLoader(Endless()), 0, r"__getitem__.*Endless"),
    "빈 것": (lambda: TensorDataset(torch.zeros(0, 1, 8, 8)), 0, "TensorDataset에 표본이 하나도"),
    "묶는 법": (lambda: DataLoader(Pictures(), collate_fn=list), 0, "collate_fn을 정한 DataLoader"),
    "뽑는 법": (
        lambda: DataLoader(Pictures(), sampler=WEIGHTS),
        0,
        "받은 값 WeightedRandomSampler",
    ),
    "묶는 것 속의 뽑는 법": (
        lambda: DataLoader(Pictures(), batch_sampler=BatchSampler(WEIGHTS, 2, False)),
        0,
        "받은 값 WeightedRandomSampler",
    ),
    "묶는 차례": (
        lambda: DataLoader(Pictures(), batch_sampler=Pairs(SequentialSampler(IMAGES), 2, False)),
        0,
        "batch_sampler를 정한 DataLoader.*받은 값 Pairs",
    ),
    "[0, 1]": (lambda: TensorDataset(IMAGES.abs()), 0, r"\[0, 1\]인 듯.*2 \* x - 1"),
    "[0, 255]": (lambda: TensorDataset(255 * IMAGES.abs()), 0, r"\[-1, 1\]이어야.*받은 범위"),
    "모양": (lambda: TensorDataset(IMAGES[:, 0]), 0, r"\(C, H, W\)의 이미지.*\(8, 8\)"),
    "크기가 섞임": (
        lambda: TensorDataset(IMAGES[:, :, :4]) + TensorDataset(IMAGES),
        0,
        r"모두 같은 모양.*\(1, 4, 8\), \(1, 8, 8\).*Resize",
    ),
    "이름표 없음": (lambda: from_dataset(TensorDataset(IMAGES), "가나"), 2, "이름표가 없습니다"),
    "이름표 범위": (
        lambda: from_dataset(TensorDataset(IMAGES, torch.arange(20)), "가나"),
        2,
        "0 이상 2 미만이어야 합니다: 받은 범위 0–19",
    ),
    "종류 수": (Pictures, 3, "모델의 classes는 3인데 데이터의 종류는 2개"),
    "크기": (lambda: TensorDataset(torch.randn(9, 1, 9, 9).tanh()), 0, r"\(1, 9, 9\).*다릅니다"),
    "글": (lambda: Pictures(lambda image: "그림"), 0, "PIL 이미지.*받은 값 str"),
    "빈 표본": (lambda: Same(()), 0, "PIL 이미지.*받은 값 tuple"),
    "0과 1뿐인 정수": (lambda: TensorDataset((IMAGES > 0).long()), 0, r"\[0, 1\]인 듯"),
    "종류의 수만": (lambda: Same((IMAGES[0], 0), classes=2), 0, "목록이어야.*받은 값 2"),
    **{
        f"이름표가 {kind}": (lambda label=label: Same((IMAGES[0], label)), 2, "정수.*받은 값")
        for kind, label in (
            ("소수", 0.7), ("글", "가"), ("빈칸", None), ("소수 텐서", torch.tensor(0.7)),
            ("원-핫", torch.tensor([0, 1])),
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_learned_is_told_in_one_line_before_any_step(name: str) -> None:
    source, classes, said = REFUSED[name]
    with pytest.raises((TypeError, ValueError), match=said) as refused:
        make(source(), classes)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("label", [1, np.int64(1), torch.tensor(1.0), np.array(1)])
def test_a_label_is_any_whole_number(label: Any) -> None:
    _, labels = from_dataset(Same((IMAGES[0], label))).sample(2, torch.Generator())
    assert labels is not None and labels.tolist() == [1, 1]
    _, none = from_dataset(Same((IMAGES[0], label), classes=None)).sample(2, torch.Generator())
    assert none is None
