"""기본 크기의 세 모델이 가진 매개변수를 셉니다."""

from __future__ import annotations

from collections.abc import Mapping

from gan_docs.discriminator import Discriminator
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.gan import GAN
from gan_docs.generator import Generator


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """판별기, 생성기, 적대 모델의 매개변수를 셉니다."""
    gan = GAN(Discriminator(), Generator())
    parts = {"discriminator": gan.discriminator, "generator": gan.generator, "gan": gan}
    counts = {
        f"{name}_parameters": sum(parameter.numel() for parameter in part.parameters())
        for name, part in parts.items()
    }
    return Result({**counts}, {})


# --8<-- [end:run]

EXPERIMENT = Experiment("networks", "세 모델의 크기", run)
