"""세 모델: 모양, 범위, 매개변수의 수, 요약, 구조의 그림, 틀린 크기."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import nn

from gan_docs import GAN, Discriminator, Generator
from gan_docs.feature_maps import map_channels, smallest_map


def count(network: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize("classes", [0, 3])
@pytest.mark.parametrize("size", [(8, 8, 1), (11, 17, 3), (33, 64, 1), (8, 256, 3)])
def test_any_size_becomes_images_in_range_and_one_logit_each(
    size: tuple[int, int, int], classes: int
) -> None:
    width, height, channels = size
    generator = Generator(*size, latent_size=5, classes=classes)
    discriminator = Discriminator(*size, latent_size=6, classes=classes)
    labels = torch.tensor([0, 1, 2, 1]) if classes else None
    images = generator(torch.randn(4, 5), labels)
    assert images.shape == (4, channels, height, width)
    assert images.abs().max() <= 1
    gan = GAN(discriminator, generator)
    z = torch.randn(4, 5)
    gan.eval()
    assert torch.equal(gan(z, labels), discriminator(generator(z, labels), labels))
    assert gan(z, labels).shape == (4,)


@pytest.mark.parametrize("size", [(28, 28, 1), (8, 8, 1), (13, 30, 3), (32, 9, 1)])
def test_up_to_32_pixels_two_doublings_start_from_the_weights_of_the_layers_written_out(
    size: tuple[int, int, int],
) -> None:
    width, height, channels = size
    rows, columns = (height + 3) // 4, (width + 3) // 4
    torch.manual_seed(3)
    cut = [nn.Identity()] if height % 4 or width % 4 else []
    generator = nn.Sequential(
        nn.Linear(100, 128), nn.ReLU(), nn.Linear(128, 64 * rows * columns),
        nn.Unflatten(1, (64, rows, columns)), nn.BatchNorm2d(64), nn.ReLU(),
        nn.Conv2d(64, 128, 3, padding=1), nn.PixelShuffle(2), nn.BatchNorm2d(32), nn.ReLU(),
        nn.Conv2d(32, 4 * channels, 3, padding=1), nn.PixelShuffle(2), *cut, nn.Tanh(),
    )  # fmt: skip
    even = [nn.ReplicationPad2d((0, width % 2, 0, height % 2))] if width % 2 or height % 2 else []
    discriminator = nn.Sequential(
        *even, nn.PixelUnshuffle(2), nn.Conv2d(4 * channels, 32, 3, padding=1), nn.LeakyReLU(0.2),
        nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.LeakyReLU(0.2), nn.Flatten(),
        nn.Linear(64 * rows * columns, 100), nn.LeakyReLU(0.2), nn.Linear(100, 1),
    )  # fmt: skip
    torch.manual_seed(3)
    made = Generator(*size), Discriminator(*size)
    z = torch.randn(5, 100)
    images = generator(z)[..., :height, :width]
    assert torch.equal(made[0](z), images)
    assert torch.equal(made[1](images), discriminator(images).squeeze(1))
    for written, other in zip((generator, discriminator), made, strict=True):
        same = other.network.state_dict()
        assert written.state_dict().keys() == same.keys()
        assert all(torch.equal(each, same[name]) for name, each in written.state_dict().items())


def test_every_size_is_halved_until_its_longer_side_is_at_most_eight() -> None:
    for longer in range(8, 257):
        side, halved = longer, 0
        while side > 8 or halved < 2:
            side, halved = -(-side // 2), halved + 1
        for shape in ((longer, 8), (longer, longer), (20, longer)):
            channels = map_channels(*shape)
            rows, columns = smallest_map(*shape)
            if max(shape) == longer:
                assert len(channels) == halved and max(rows, columns) == side
            assert rows * columns <= 64 and channels[0] <= 64  # 선형층은 넓이를 따라 커지지 않음
            assert channels == sorted(channels, reverse=True) and channels[0] == 64


@pytest.mark.parametrize("make", [Generator, Discriminator])
def test_large_images_need_few_more_weights(make: Callable[..., torch.nn.Module]) -> None:
    assert count(make(64, 64)) <= 800_000
    assert count(make(256, 256, 3)) < 3 * count(make())


def test_the_parameters_are_as_many_as_the_layers_say() -> None:
    linear = (100 + 1) * 128 + (128 + 1) * 64 * 7 * 7
    generator = linear + 2 * 64 + (9 * 64 + 1) * 4 * 32 + 2 * 32 + (9 * 32 + 1) * 4
    assert count(Generator()) == generator == 492_676
    convolutions = (9 * 4 + 1) * 32 + (9 * 32 + 1) * 64
    discriminator = convolutions + (64 * 7 * 7 + 1) * 100 + (100 + 1)
    assert count(Discriminator()) == discriminator == 333_481
    assert count(GAN(Discriminator(), Generator())) == generator + discriminator


def test_the_discriminator_answers_for_the_class_it_was_asked() -> None:
    discriminator = Discriminator(8, 8, classes=3)
    images = torch.randn(3, 1, 8, 8)
    asked = torch.tensor([2, 0, 1])
    every = discriminator.network(images)
    assert torch.equal(discriminator(images, asked), every[range(3), asked])


def test_model_makes_a_fresh_network_with_as_many_weights() -> None:
    for made in (Generator(8, 8), Discriminator(8, 8)):
        other = made.model()
        assert count(other) == count(made.network)
        assert not {*map(id, other.parameters())} & {*map(id, made.parameters())}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: GAN(Discriminator(8, 8), Generator(12, 12)), "받지 못합니다"),
        (
            lambda: GAN(Discriminator(8, 8, classes=3), Generator(8, 8, classes=2)),
            "생성기 2, 판별기 3$",
        ),
        (lambda: Discriminator(channels=2), "받은 값 2"),
        (lambda: Generator(latent_size=0), "latent_size.*받은 값 0"),
        (lambda: Generator(classes=-1), "classes.*받은 값 -1"),
        (lambda: Discriminator(classes=1), "classes.*받은 값 1"),
        (
            lambda: Generator(257, 8),
            "width은\\(는\\) 8 이상 256 이하의 정수여야 합니다: 받은 값 257",
        ),
        (lambda: Discriminator(8, 10_000), "height.*256 이하.*받은 값 10000"),
        (lambda: Generator(8, 8)(torch.randn(2, 99)), r"z의 모양은 \(B, 100\).*\(2, 99\)"),
        (
            lambda: Discriminator(8, 8)(torch.randn(2, 1, 9, 8)),
            r"\(B, 1, 8, 8\).*\(2, 1, 9, 8\)",
        ),
        (
            lambda: Generator(8, 8, classes=3)(torch.randn(2, 100), torch.tensor([0, 5])),
            "받은 범위 0–5",
        ),
        (
            lambda: Discriminator(8, 8, classes=3)(torch.randn(2, 1, 8, 8), torch.tensor([0, 5])),
            "받은 범위 0–5",
        ),
    ],
)
def test_what_does_not_fit_is_refused(call: Callable[[], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call()


def test_the_summary_prints_layers_shapes_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    Generator().summary()
    printed = capsys.readouterr().out
    for part in ("Linear", "PixelShuffle", "[1, 64, 7, 7]", "[1, 1, 28, 28]", "492,676"):
        assert part in printed, printed


def test_save_model_draws_a_picture(tmp_path: Path) -> None:
    generator = Generator(11, 9, 3, classes=4)
    file = generator.save_model(tmp_path / "data")  # 없는 글자의 경고도 오류
    assert file == tmp_path / "data" / "generator.png"
    with Image.open(file) as picture:
        assert min(picture.size) > 200
        assert len(picture.convert("RGB").getcolors(2**24) or []) > 20
    with pytest.raises(OSError):
        generator.save_model("/proc/nowhere")
