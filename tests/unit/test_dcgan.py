"""DCGAN의 파일: 모양과 처음의 가중치, 한 번의 학습, 그리고 스크립트로 돌린 끝."""

import runpy
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import nn

from gan_docs.experiments import dcgan

FILE = runpy.run_path(str(dcgan.PATH))


def test_the_two_networks_fit_and_start_small() -> None:
    torch.manual_seed(0)
    generator, discriminator = FILE["networks"]()
    made = generator(torch.randn(4, FILE["LATENT_SIZE"], 1, 1))
    assert made.shape == (4, 3, 32, 32) and made.abs().max() <= 1
    assert discriminator(made).shape == (4,)
    kernels = [
        layer.weight
        for network in (generator, discriminator)
        for layer in network
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)
    ]
    spreads = torch.stack([kernel.std() for kernel in kernels])
    assert len(kernels) == 8 and ((spreads - 0.02).abs() < 0.002).all()
    assert not any(isinstance(layer, nn.Linear) for layer in [*generator, *discriminator])


def test_training_moves_the_generator_and_follows_the_seed() -> None:
    images = torch.rand(8, 3, 32, 32) * 2 - 1
    first, second, other = (
        FILE["train"](images, steps, seed).state_dict() for steps, seed in ((1, 0), (1, 0), (2, 0))
    )
    assert all(torch.equal(value, second[name]) for name, value in first.items())
    assert not torch.equal(first["0.weight"], other["0.weight"])


def test_the_script_reads_a_folder_and_draws_a_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("photos").mkdir()
    for number in range(3):
        Image.new("RGB", (40, 30), (80 * number, 0, 0)).save(f"photos/{number}.png")
    monkeypatch.setattr(sys, "argv", ["dcgan.py", "photos", "--steps", "1"])
    runpy.run_path(str(dcgan.PATH), run_name="__main__")
    with Image.open("dcgan.png") as sheet:
        assert sheet.size == (256, 256)
