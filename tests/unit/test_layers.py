"""층을 바꾼 짧은 학습이 재는 것은, 따로 계산한 값과 같습니다."""

from collections import Counter

import numpy as np
import pytest
import torch
from torch import nn

from gan_docs.discriminator import Discriminator
from gan_docs.drawing.palette import LIGHT
from gan_docs.experiments import distance, layers
from gan_docs.experiments.experiment import Result
from gan_docs.experiments.letters import (
    SIDE,
    dead_share,
    in_turn,
    letters,
    phase_share,
    spread,
)
from gan_docs.generator import Generator
from gan_docs.site.make.figures.layers import pixel_shuffle

DATA = letters(4)


def test_the_phase_share_knows_a_board_from_a_letter() -> None:
    board = torch.tensor([[1.0, -1.0], [-1.0, 1.0]]).repeat(8, 8).reshape(1, 1, 16, 16)
    blocks = nn.Upsample(scale_factor=2)(torch.randn(3, 1, 8, 8))
    assert phase_share(board) == pytest.approx(1)
    assert phase_share(blocks) == pytest.approx(0, abs=1e-12)
    assert phase_share(torch.cat([board, blocks[:1]])) == pytest.approx(0.5)
    # 진짜의 획에도 자리의 치우침은 거의 없음
    assert phase_share(in_turn(DATA, 40, seed=0)[0]) < 0.01


def test_the_phase_share_is_the_share_between_the_four_places() -> None:
    image = np.random.default_rng(0).normal(size=(6, 4))
    places = [image[down::2, right::2] for down in (0, 1) for right in (0, 1)]
    expected = np.var([place.mean() for place in places]) / np.var(image)
    found = phase_share(torch.from_numpy(image).reshape(1, 1, 6, 4))
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("name", layers.DOUBLINGS)
def test_every_doubling_doubles(name: str) -> None:
    network = nn.Sequential(*layers.DOUBLINGS[name](5, 3))
    assert network(torch.randn(2, 5, 7, 7)).shape == (2, 3, 14, 14)


def test_the_same_four_channels_start_without_a_board() -> None:
    images = nn.Sequential(*layers.icnr(5, 3))(torch.randn(2, 5, 7, 7))
    corners = [images[..., down::2, right::2] for down in (0, 1) for right in (0, 1)]
    assert all(torch.equal(corners[0], corner) for corner in corners)


@pytest.mark.parametrize(
    ("change", "gone", "come"),
    [
        ("transposed", {"Conv2d": 2, "PixelShuffle": 2}, {"ConvTranspose2d": 2}),
        ("nearest", {"PixelShuffle": 2}, {"Upsample": 2}),
        ("without_norm", {"BatchNorm2d": 2}, {}),
        ("without_tanh", {"Tanh": 1}, {}),
        ("relu", {"LeakyReLU": 3}, {"ReLU": 3}),
        ("pixel", {}, {}),
    ],
)
def test_one_thing_is_changed(change: str, gone: dict[str, int], come: dict[str, int]) -> None:
    pair = layers.networks(change, DATA, 32, 64)
    usual = Discriminator(SIDE, SIDE, latent_size=64), Generator(SIDE, SIDE, latent_size=32)
    kinds, before = (
        Counter(type(layer).__name__ for model in models for layer in model.network)
        for models in (pair, usual)
    )
    assert (before - kinds, kinds - before) == (Counter(gone), Counter(come))


def test_a_neuron_that_no_image_lights_is_dead() -> None:
    torch.manual_seed(0)
    discriminator = Discriminator(SIDE, SIDE, latent_size=4)
    images = torch.randn(8, 1, SIDE, SIDE)
    with torch.no_grad():
        discriminator.network[-3].bias.copy_(torch.tensor([-1e3, -1e3, -1e3, 1e3]))
    assert dead_share(discriminator, images) == 0.75


def test_letters_come_in_turn_and_their_spread_is_within_a_letter() -> None:
    images, labels = in_turn(DATA, 8, seed=0)
    assert labels.tolist() == [0, 1, 2, 3, 0, 1, 2, 3]
    expected = np.stack([images[0::4], images[1::4], images[2::4], images[3::4]]).std(1, ddof=1)
    assert spread(images, 4) == pytest.approx(expected.mean(), rel=1e-5)
    assert spread(images[:4].repeat(3, 1, 1, 1), 4) == 0


def test_the_nearest_distance_looks_at_every_real_image() -> None:
    torch.manual_seed(0)
    fake, real = torch.randn(3, 1, 2, 2), torch.randn(5, 1, 2, 2)
    expected = [min(float((one - other).pow(2).mean()) for other in real) for one in fake]
    assert distance.nearest(fake, real).item() == pytest.approx(np.mean(expected), rel=1e-4)
    assert distance.nearest(real[:2], real).item() < 1e-5 < distance.paired(real[:2], real[1:3])


def test_the_drawing_shuffles_as_pytorch_does() -> None:
    axes = pixel_shuffle(Result({}, {}), LIGHT).axes[0]
    names = {
        text.get_text(): text.get_position() for text in axes.texts if text.get_position()[0] > 6
    }
    cells = torch.arange(16).reshape(1, 4, 2, 2)
    for row, numbers in enumerate(nn.PixelShuffle(2)(cells)[0, 0].tolist()):
        for column, number in enumerate(numbers):
            x, y = names["abcd"[number // 4] + str(number % 4 + 1)]
            assert (round(x - 7.1), round(y - 0.72)) == (column, row)
