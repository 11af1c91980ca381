"""DCGAN의 조리법 그대로: 폴더의 그림을 32×32의 색 이미지로 배웁니다. 실행: python dcgan.py 폴더"""

import argparse
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

LATENT_SIZE, WIDTH, BATCH_SIZE = 100, 32, 64


# --8<-- [start:networks]
def networks() -> tuple[nn.Sequential, nn.Sequential]:
    """전치 합성곱으로 키우는 생성기와, 보폭 2로 줄이는 판별기입니다. 선형층은 없습니다."""
    up, down = [4 * WIDTH, 2 * WIDTH, WIDTH], [WIDTH, 2 * WIDTH, 4 * WIDTH]
    layers = [nn.ConvTranspose2d(LATENT_SIZE, up[0], 4, bias=False)]  # (B, 128, 4, 4)
    for wide, narrow in pairwise(up):
        layers += [nn.BatchNorm2d(wide), nn.ReLU()]
        layers += [nn.ConvTranspose2d(wide, narrow, 4, stride=2, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(WIDTH), nn.ReLU()]
    generator = nn.Sequential(*layers, nn.ConvTranspose2d(WIDTH, 3, 4, 2, 1), nn.Tanh())

    layers = [nn.Conv2d(3, WIDTH, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for narrow, wide in pairwise(down):
        layers += [nn.Conv2d(narrow, wide, 4, stride=2, padding=1, bias=False)]
        layers += [nn.BatchNorm2d(wide), nn.LeakyReLU(0.2)]
    discriminator = nn.Sequential(*layers, nn.Conv2d(4 * WIDTH, 1, 4), nn.Flatten(0))
    for network in (generator, discriminator):
        network.apply(start_small)
    return generator, discriminator


def start_small(layer: nn.Module) -> None:
    """합성곱의 가중치는 표준편차 0.02로, 배치 정규화의 배율은 1 둘레에서 시작합니다."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)


# --8<-- [end:networks]


# --8<-- [start:train]
def train(images: Tensor, steps: int, seed: int = 0) -> nn.Sequential:
    """[-1, 1]의 이미지 (N, 3, 32, 32)를 배운 생성기를 반환합니다."""
    torch.manual_seed(seed)
    generator, discriminator = networks()
    for_generator, for_discriminator = (
        torch.optim.Adam(each.parameters(), lr=2e-4, betas=(0.5, 0.999), fused=True)
        for each in (generator, discriminator)
    )
    ones, zeros = torch.ones(BATCH_SIZE), torch.zeros(BATCH_SIZE)
    for _ in range(steps):
        # 판별기의 차례: 진짜와 가짜를 따로 판정해 배치 정규화의 통계를 섞지 않음
        real = images[torch.randint(len(images), (BATCH_SIZE,))]
        fake = generator(torch.randn(BATCH_SIZE, LATENT_SIZE, 1, 1))
        loss = cross_entropy(discriminator(real), ones)
        loss = loss + cross_entropy(discriminator(fake.detach()), zeros)
        for_discriminator.zero_grad()
        loss.backward()
        for_discriminator.step()

        # 생성기의 차례
        loss = cross_entropy(discriminator(fake), ones)
        for_generator.zero_grad()
        loss.backward()
        for_generator.step()
    return generator.eval()


# --8<-- [end:train]


def read(folder: Path) -> Tensor:
    """폴더의 그림을 가운데의 정사각형만 32×32로 줄여 읽습니다."""
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in {".png", ".jpg"})
    pictures = [ImageOps.fit(Image.open(file).convert("RGB"), (32, 32)) for file in files]
    pixels = torch.from_numpy(np.stack([np.asarray(each) for each in pictures]))
    return pixels.permute(0, 3, 1, 2) / 127.5 - 1


def sheet(images: Tensor) -> Image.Image:
    """이미지 64장을 여덟 줄로 늘어놓습니다."""
    pixels = ((images + 1) * 127.5).round().to(torch.uint8)
    rows = pixels.unflatten(0, (8, 8)).permute(0, 3, 1, 4, 2)
    return Image.fromarray(rows.reshape(8 * 32, 8 * 32, 3).numpy())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=2000)
    chosen = parser.parse_args()
    made = train(read(chosen.folder), chosen.steps)(torch.randn(64, LATENT_SIZE, 1, 1)).detach()
    sheet(made).save("dcgan.png")
