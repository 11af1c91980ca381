"""큰 이미지: 새 프로세스에서 잰 시간과 메모리, 적은 메모리의 학습, 64×64의 한글이 금방 읽히는지."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from gan_docs import GAN, Discriminator, Generator, Trainer, data
from gan_docs.experiments import image_sizes
from gan_docs.judging.evaluation import evaluate_images
from gan_docs.judging.judge import train_judge
from gan_docs.losses import R1_AND_R2

BYTES = 400 * 10**6
Measured = tuple[float, float, int]

pytestmark = pytest.mark.slow


def ten_steps(width: int, height: int) -> Measured:
    """색 이미지를 몸을 푸는 한 스텝까지 열 스텝 배운 프로세스가 잰 것입니다."""
    return image_sizes.apart((width, height, 3), 64, 9)


@pytest.fixture(scope="module")
def large(once: Callable[..., Measured]) -> Measured:
    return once("large-image", lambda _: ten_steps(64, 96))


def test_a_size_is_measured_in_its_own_process(large: Measured) -> None:
    hoard = np.ones(BYTES, np.uint8)  # 쓴 것만 셈하므로 1로 채움
    (quick, little, few), (slow, much, many) = image_sizes.apart((8, 8, 1), 4, 1), large
    assert 0 < quick < slow and few < many
    assert little + 30 < much
    assert little < image_sizes.peak_megabytes() and len(hoard) == BYTES


def test_ten_steps_of_colour_fit_in_two_gigabytes(large: Measured, wide: bool) -> None:
    for _, megabytes, _ in [large, ten_steps(128, 128)] if wide else [large]:
        assert megabytes < 2000


@pytest.mark.wide
@pytest.mark.timeout(1800)  # 한 코어로 몇 분을 학습함
def test_hangul_at_64_pixels_is_read_after_500_steps() -> None:
    glyphs = data.hangul(width=64, height=64)
    torch.manual_seed(0)
    gan = GAN(
        Discriminator(64, 64, latent_size=128, classes=glyphs.classes),
        Generator(64, 64, latent_size=64, classes=glyphs.classes),
    )
    assert sum(each.numel() for each in gan.generator.parameters()) <= 800_000
    first, last = R1_AND_R2.strength
    penalty = R1_AND_R2.with_strength(3 * first, 3 * last)
    trainer = Trainer(gan, glyphs, steps=500, penalty=penalty, batch_size=128)
    trainer.train(progress=False)
    made, labels = trainer.sample(2000)
    found = evaluate_images(made, labels, train_judge(glyphs, steps=300), glyphs, most=2000)
    assert found["label_agreement"] >= 0.94  # 잰 값 .953: 표본 2,000개의 표준 오차가 .005
    assert found["frechet_distance"] <= 4
