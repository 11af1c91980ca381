"""저장한 가중치를 그대로 불러오고, 상한 파일은 알아챕니다."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from spoiled import flipped

from gan_docs import GAN, Discriminator, Generator, Trainer, data
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.sampling import sample_images
from gan_docs.saving import weights
from gan_docs.saving.checkpoint import NEWEST
from gan_docs.saving.weights import HISTORY, WEIGHTS, load_discriminator, load_generator


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    torch.manual_seed(0)
    gan = GAN(Discriminator(8, 8, classes=10), Generator(8, 8, latent_size=5, classes=10))
    trainer = Trainer(gan, data.digits(8, 8), steps=2, batch_size=4)
    trainer.train(progress=False)
    return trainer


def test_a_saved_generator_draws_the_same_images(trainer: Trainer, tmp_path: Path) -> None:
    trainer.save(tmp_path / "run", {"threads": 1})
    generator, settings = load_generator(tmp_path / "run")
    images, labels = sample_images(generator, 12, seed=5)
    wanted, wanted_labels = trainer.sample(12, seed=5)
    assert torch.equal(images, wanted)
    assert labels is not None and wanted_labels is not None
    assert torch.equal(labels, wanted_labels)
    with pytest.raises(ValueError, match=f"seed.*받은 값 {2**64}"):
        sample_images(generator, 12, seed=2**64)
    assert (settings["step"], settings["seed"], settings["threads"]) == (2, 0, 1)
    history = json.loads((tmp_path / "run" / HISTORY).read_text("utf-8"))
    assert history == [step._asdict() for step in trainer.history]
    assert sorted(file.name for file in (tmp_path / "run").iterdir()) == [NEWEST, HISTORY, WEIGHTS]


@pytest.mark.parametrize("given", [{"start": None, "gain": 3.0}, {"start": 0.0}], ids=str)
def test_a_generator_of_points_comes_back_as_it_was(given: dict[str, Any], tmp_path: Path) -> None:
    generator = PointGenerator(4, 1, **given)
    for parameter in generator.parameters():
        torch.nn.init.normal_(parameter)
    weights.save(tmp_path, generator, PointDiscriminator(4, 1), {}, [])
    found, _ = load_generator(tmp_path)
    assert isinstance(found, PointGenerator)
    assert (found.start, found.gain) == (generator.start, generator.gain)
    assert torch.equal(sample_images(found, 5)[0], sample_images(generator, 5)[0])


@pytest.mark.parametrize("lost", ["start", "gain"])
def test_a_forgotten_setting_of_a_generator_is_seen(
    lost: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = weights.describe

    def forgetful(network: torch.nn.Module) -> dict[str, Any]:
        return {key: value for key, value in whole(network).items() if key != lost}

    monkeypatch.setattr(weights, "describe", forgetful)
    with pytest.raises(AssertionError):
        test_a_generator_of_points_comes_back_as_it_was({"start": None, "gain": 3.0}, tmp_path)


@pytest.mark.parametrize("given", [{"pack": 2, "gain": 2.0}, {"waves": 5}], ids=str)
def test_a_discriminator_of_points_comes_back_as_it_was(
    given: dict[str, Any], tmp_path: Path
) -> None:
    discriminator = PointDiscriminator(4, 1, **given)
    weights.save(tmp_path, PointGenerator(4, 1), discriminator, {}, [])
    found, _ = load_discriminator(tmp_path)
    points = torch.randn(6, *discriminator.shape)
    assert torch.equal(found(points), discriminator(points))
    assert not found.training


def test_a_saved_discriminator_judges_the_same(trainer: Trainer, tmp_path: Path) -> None:
    trainer.save(tmp_path)
    found, settings = load_discriminator(tmp_path)
    images, labels = trainer.data.sample(6, torch.Generator().manual_seed(1))
    assert isinstance(found, Discriminator)
    assert torch.equal(found(images, labels), trainer.gan.discriminator(images, labels))
    assert settings == load_generator(tmp_path)[1]
    with pytest.raises(FileNotFoundError, match="저장한 모델이 없습니다"):
        load_discriminator(tmp_path / "none")


@pytest.mark.parametrize("place", [0.3, 0.7, 1])
def test_one_flipped_bit_is_seen(trainer: Trainer, tmp_path: Path, place: float) -> None:
    file = trainer.save(tmp_path) / WEIGHTS
    content = file.read_bytes()
    for spoiled in (flipped(content, int(place * (len(content) - 1))), b""):
        file.write_bytes(spoiled)
        with pytest.raises(ValueError, match="손상되었거나 다른 프로그램의 것"):
            load_generator(tmp_path)
