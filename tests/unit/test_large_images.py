"""큰 이미지: 28×28보다 큰 색 이미지도 적은 메모리로 배우고, 64×64의 한글도 금방 읽히는지."""

import subprocess
import sys

import pytest
import torch

from gan_docs import GAN, Discriminator, Generator, Trainer, data
from gan_docs.judging.evaluation import evaluate_images
from gan_docs.judging.judge import train_judge
from gan_docs.losses import R1_AND_R2

MEGABYTE = 1024  # ru_maxrss의 단위는 KiB
LEARN = """
import resource, sys, torch
from gan_docs import GAN, Discriminator, Generator, Trainer
from gan_docs.data import ImageData
torch.set_num_threads(1)
width, height, channels, steps, ballast = map(int, sys.argv[1:])
kept = torch.ones(ballast, 2**18)
data = ImageData("noise", 2 * torch.rand(64, channels, height, width) - 1, None, ())
gan = GAN(Discriminator(width, height, channels), Generator(width, height, channels))
Trainer(gan, data, steps=steps).train(progress=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(width: int, height: int, channels: int, steps: int, ballast: int = 0) -> float:
    """새 프로세스에서 배우는 동안 가장 많이 쓴 메모리(MiB)입니다. `ballast`MiB를 더 쥐게 합니다."""
    given = map(str, (width, height, channels, steps, ballast))
    done = subprocess.run(
        [sys.executable, "-c", LEARN, *given], capture_output=True, encoding="utf-8", check=True
    )
    return int(done.stdout) / MEGABYTE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "height"), [(64, 96), pytest.param(128, 128, marks=pytest.mark.wide)]
)
def test_ten_steps_of_colour_fit_in_two_gigabytes(width: int, height: int) -> None:
    assert peak(width, height, 3, steps=10) < 2000


@pytest.mark.slow
def test_what_a_process_holds_is_seen() -> None:
    assert peak(8, 8, 1, steps=1, ballast=700) > 900


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
