"""증강의 값을 따로 적은 되풀이문과 견주고, 학습에서 진짜와 가짜에 어떻게 걸리는지 확인합니다."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
from learners import different, interrupted, make, straight
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd import gradcheck, gradgradcheck

from gan_docs import augmentation
from gan_docs.augmentation import NUMBERS, OPERATIONS, STRENGTHS, Augment, change, draw_changes
from gan_docs.cli import commands
from gan_docs.cli.parser import main
from gan_docs.losses import PENALTIES
from gan_docs.saving.weights import load_generator

ALL = Augment(flip=0.5)
NONE = dict.fromkeys(STRENGTHS, 0.0)
Array = NDArray[np.float64]


def pictures(channels: int = 3, count: int = 40, dtype: torch.dtype = torch.float64) -> Tensor:
    random = torch.Generator().manual_seed(1)
    return 2 * torch.rand(count, channels, 8, 16, generator=random, dtype=dtype) - 1


def numbers(count: int = 40) -> Tensor:
    return draw_changes(count, torch.Generator().manual_seed(2)).double()


def changed(image: Array, random: Array) -> Array:
    """화소 하나씩 따라가며 이미지 한 장 `(C, H, W)`를 바꿉니다."""
    image = image + (random[0] - 0.5)
    _, height, width = image.shape
    for row in range(height) if len(image) > 1 else ():
        for column in range(width):
            middle = image[:, row, column].mean()
            image[:, row, column] = middle + (image[:, row, column] - middle) * 2 * random[1]
    image = image.mean() + (image - image.mean()) * (random[2] + 0.5)
    moved, sides = np.zeros_like(image), (height, width)
    down, right = (
        int(each * (2 * (side // 8) + 1)) - side // 8
        for each, side in zip(random[3:5], sides, strict=True)
    )
    for row in range(height):
        for column in range(width):
            if 0 <= row - down < height and 0 <= column - right < width:
                moved[:, row, column] = image[:, row - down, column - right]
    first = [int(each * (side + 1)) for each, side in zip(random[5:7], sides, strict=True)]
    for row in range(first[0] - height // 4, first[0] + height // 4):
        for column in range(first[1] - width // 4, first[1] + width // 4):
            if 0 <= row < height and 0 <= column < width:
                moved[:, row, column] = 0
    return moved[:, :, ::-1] if random[7] < 0.5 else moved


@pytest.mark.parametrize("channels", [1, 3])
def test_a_change_is_what_following_each_pixel_gives(channels: int) -> None:
    images, random = pictures(channels), numbers()
    wanted = [changed(*pair) for pair in zip(images.numpy(), random.numpy(), strict=True)]
    assert np.abs(ALL.apply(images, random).numpy() - np.stack(wanted)).max() < 1e-12
    shifted = random.roll(1, 0)  # 심은 흠: 다른 이미지의 난수
    assert np.abs(ALL.apply(images, shifted).numpy() - np.stack(wanted)).max() > 0.1


@pytest.mark.parametrize("side", [8, 13, 16])
def test_every_place_is_reached_equally_often_and_no_other(side: int) -> None:
    random = (torch.arange(10_000) / 10_000).double()
    image = torch.zeros(1, 1, side, side).double()
    image[0, 0, side // 2, side // 2] = 1
    both = torch.stack([random, torch.full_like(random, 0.5)], 1)
    moved = augmentation.translation(image.expand(10_000, -1, -1, -1), both, 0.125)
    counts = moved.sum((0, 1, 3))
    reached = counts.nonzero().flatten() - side // 2
    assert reached.tolist() == list(range(-(side // 8), side // 8 + 1))
    assert counts[counts > 0].max() - counts[counts > 0].min() <= 1
    erased = augmentation.cutout(torch.ones(10_000, 1, side, side).double(), both, 0.5)
    assert (erased == 0).sum((1, 2, 3)).max() == (side // 2) ** 2
    assert erased.amin((0, 1, 3)).max() == 0  # 지워지지 않는 줄은 없음


@pytest.mark.slow
@pytest.mark.parametrize(("operation", "columns"), OPERATIONS)
def test_the_slope_and_its_slope_reach_the_image(
    operation: Callable[..., Tensor], columns: Any, wide: bool
) -> None:
    images, random = pictures(3, 2).requires_grad_(), numbers(2)[:, columns]

    def bent(images: Tensor) -> Tensor:  # 굽은 판별기: 두 번째 기울기가 0이 아니도록
        return operation(images, random, 0.5).pow(3)

    # 넓게는 화소마다, 여느 때에는 무작위 방향으로
    checked = {"inputs": (images,), "fast_mode": not wide}
    assert gradcheck(bent, **checked)
    assert gradgradcheck(bent, **checked)
    cut = gradcheck(lambda x: bent(x.detach()) + 0 * x, **checked, raise_exception=False)
    assert not cut  # 심은 흠: 끊긴 기울기


def test_grey_has_no_saturation_and_a_strength_of_zero_does_nothing() -> None:
    grey, colour = pictures(1), pictures(3)
    only = Augment(**{**NONE, "saturation": 1.0})
    assert only.apply(grey, numbers()) is grey
    assert not torch.equal(only.apply(colour, numbers()), colour)
    for name in STRENGTHS:
        alone = Augment(**{**NONE, name: STRENGTHS[name]})
        others = numbers()
        columns = next(place for each, place in OPERATIONS if each.__name__ == name)
        others[:, [each for each in range(NUMBERS) if each not in np.r_[columns]]] = 0.9
        assert torch.equal(alone.apply(colour, others), alone.apply(colour, numbers()))


def test_letters_are_not_turned_round_unless_asked() -> None:
    assert Augment().flip == 0
    assert [each.name for each in fields(Augment)] == list(STRENGTHS)
    left = torch.zeros(400, 1, 8, 8)
    left[..., 0] = 1
    asked = Augment(**{**NONE, "flip": 0.25})
    turned = asked.apply(left, draw_changes(400, torch.Generator().manual_seed(0)))[:, 0, 0, 7]
    assert 0.18 < turned.mean() < 0.32


@pytest.mark.parametrize("pack", [1, 2])
def test_real_and_fake_are_changed_apart_and_so_is_each_of_a_pack(pack: int) -> None:
    image = pictures(1, 1, torch.float32).expand(8, -1, -1, -1)
    both = torch.cat([image, image]).reshape(16 // pack, pack, 8, 16)
    random = torch.Generator().manual_seed(0)
    found = change(both, ALL, pack, lambda: draw_changes(8, random)).reshape(16, 1, 8, 16)
    assert len(found.unique(dim=0)) == 16
    again = torch.Generator().manual_seed(0)
    wanted = torch.cat([ALL.apply(image, draw_changes(8, again)) for _ in range(2)])
    assert torch.equal(found, wanted)


def test_what_d_judges_is_changed_in_both_turns_and_nothing_else() -> None:
    trainer = make("labelled", augment=ALL)
    plain, judged = list[Tensor](), list[Tensor]()
    judge, apply = trainer.gan.judge, Augment.apply

    def keep(images: Tensor, labels: Tensor | None = None) -> Tensor:
        judged.append(images.detach().clone())
        return judge(images, labels)

    def applied(self: Augment, images: Tensor, random: Tensor) -> Tensor:
        plain.append(images.detach().clone())
        return apply(self, images, random)

    with (
        mock.patch.object(trainer.gan, "judge", keep),
        mock.patch.object(Augment, "apply", applied),
    ):
        trainer.step()
    assert [len(each) for each in plain] == [8, 4, 4]  # 진짜와 가짜, 가짜, 짝이 되는 진짜
    assert torch.equal(plain[0], torch.cat([plain[2], plain[1]]))
    assert all(not torch.equal(*pair) for pair in zip(plain, judged, strict=True))
    assert not torch.equal(judged[0][4:], judged[1])  # 차례마다 새로 뽑음


def test_the_penalty_is_the_slope_at_the_unchanged_pixels() -> None:
    chosen = PENALTIES["r1"].with_strength(0.7, 0.7)
    trainer = make("images", augment=ALL, penalty=chosen)
    random = torch.Generator().manual_seed(trainer.seed)
    real, _ = trainer.data.sample(4, random)
    torch.randn(4, trainer.gan.latent_size, generator=random)
    apart = real.clone().requires_grad_()
    logits = trainer.gan.judge(ALL.apply(apart, draw_changes(4, random)))
    (slope,) = torch.autograd.grad(logits.sum(), apart)
    wanted = 0.7 * (slope**2).sum((1, 2, 3)).mean() / 2
    assert trainer.step().penalty == pytest.approx(wanted.item(), rel=1e-4)


def test_without_it_no_number_is_drawn() -> None:
    plain = straight(make("images"))
    with mock.patch.object(augmentation, "draw_changes", side_effect=AssertionError):
        assert different(plain, straight(make("images", augment=None))) == []
    wrong = different(plain, straight(make("images", augment=ALL)))
    assert "random.state" in wrong


@pytest.mark.parametrize("penalty", [None, "r1-and-r2", "toward-one"])
def test_a_resumed_run_is_the_same_to_the_last_bit(penalty: str | None, tmp_path: Path) -> None:
    def again(start: int = 0) -> Any:
        return make("labelled", start, augment=ALL, penalty=PENALTIES.get(penalty or ""))

    assert different(straight(again()), interrupted(again, tmp_path, 2)) == []


def test_another_augmentation_is_refused_by_its_name(tmp_path: Path) -> None:
    trainer = make("images", augment=ALL)
    trainer.train(1, progress=False)
    trainer.save(tmp_path)
    assert load_generator(tmp_path)[1]["augment"]["flip"] == 0.5
    with pytest.raises(ValueError, match=r"\(그때 \{'flip': 0.5\}, 지금 \{'flip': 0.25\}\)"):
        make("images", augment=replace(ALL, flip=0.25)).resume(tmp_path)  # 다른 것만 적음
    for other in (None, Augment(), Augment(flip=0.25)):
        with pytest.raises(ValueError, match=r"다른 설정이 있습니다: 증강\(그때 .*, 지금 .*\)\."):
            make("images", augment=other).resume(tmp_path)
    assert make("images", augment=Augment(flip=0.5)).resume(tmp_path) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"brightness": -0.1}, "augment의 brightness.*0 이상, 1 이하.*받은 값 -0.1"),
        ({"cutout": 1.5}, "augment의 cutout.*받은 값 1.5"),
        ({"flip": float("nan")}, "augment의 flip.*받은 값 nan"),
        ({"translation": "1/8"}, "augment의 translation.*받은 값 '1/8'"),
        ({"contrast": True}, "augment의 contrast.*받은 값 True"),
        (NONE, "모두 0.*None을 주세요"),
    ],
)
def test_a_bad_strength_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        Augment(**given)


def test_what_is_no_augmentation_and_what_is_no_image_are_refused() -> None:
    with pytest.raises(TypeError, match=r"augment은\(는\) Augment.*받은 값 'flip'"):
        make("images", augment="flip")
    with pytest.raises(ValueError, match=r"이미지 \(B, C, H, W\)에만 씁니다: 받은 모양 \(1, 2\)"):
        make("points", augment=Augment())


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ([], None),
        (["--augment"], Augment()),
        (["--augment", "flip"], Augment(**{**NONE, "flip": 0.25})),
        (["--augment", *STRENGTHS], Augment(flip=0.25)),
    ],
)
def test_the_trainer_gets_the_augmentation_that_was_asked(
    asked: list[str], given: Augment | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = mock.Mock(side_effect=KeyboardInterrupt)
    monkeypatch.setattr(commands, "Trainer", trainer)
    assert main(["train", "--data", "hangul", "--out", str(tmp_path), *asked]) == 130
    assert trainer.call_args.kwargs["augment"] == given


def test_a_name_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--data", "digits", "--out", "run", "--augment", "rotate"])
    assert "--augment: 고를 수 없는 값 'rotate' (고를 수 있는 값: 'brightness'" in (
        capsys.readouterr().err
    )
