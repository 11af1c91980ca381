"""세 모델: 모양, 범위, 매개변수의 수, 요약, 구조의 그림, 틀린 크기."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from gan_docs import GAN, Discriminator, Generator


def count(network: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize("classes", [0, 3])
@pytest.mark.parametrize("size", [(8, 8, 1), (11, 17, 3), (32, 32, 3)])
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


def test_model_makes_a_fresh_network_and_the_joined_one_shares_its_weights() -> None:
    gan = GAN(Discriminator(8, 8), Generator(8, 8))
    for made in (gan.generator, gan.discriminator):
        other = made.model()
        assert count(other) == count(made.network)
        assert not {*map(id, other.parameters())} & {*map(id, made.parameters())}
    joined = gan.model().eval()
    gan.eval()
    z = torch.randn(3, 100)
    assert torch.equal(joined(z).flatten(), gan(z))
    assert {*map(id, joined.parameters())} == {*map(id, gan.parameters())}


def test_plain_sequential_networks_can_be_joined() -> None:
    generator = torch.nn.Sequential(torch.nn.Linear(5, 64), torch.nn.Unflatten(1, (1, 8, 8)))
    discriminator = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 1))
    gan = GAN(discriminator, generator)
    assert gan.latent_size == 5
    assert gan(torch.randn(2, 5)).shape == (2,)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: GAN(Discriminator(8, 8), Generator(12, 12)), "받지 못합니다"),
        (
            lambda: GAN(Discriminator(8, 8, classes=3), Generator(8, 8, classes=2)),
            "생성기 2, 판별기 3$",
        ),
        (lambda: Generator(width=7), "width.*받은 값 7"),
        (lambda: Discriminator(channels=2), "받은 값 2"),
        (lambda: Generator(latent_size=0), "latent_size.*받은 값 0"),
        (lambda: Generator(classes=-1), "classes.*받은 값 -1"),
        (lambda: Discriminator(classes=1), "classes.*받은 값 1"),
        (lambda: Discriminator(height=7), "height.*받은 값 7"),
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
