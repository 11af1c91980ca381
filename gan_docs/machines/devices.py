"""어디에서 계산할지(CPU와 GPU), 어떤 자료형으로 계산할지(float32와 bfloat16)."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_docs.checks import one_of
from gan_docs.gan import GAN

KINDS = ("cpu", "cuda", "mps")
PRECISIONS = ("float32", "bfloat16")
SOONEST = (8, 0)  # bfloat16을 계산하는 첫 CUDA 세대 Ampere


def usable_device(device: str | torch.device) -> torch.device:
    """계산할 장치를 확인합니다.

    Args:
        device: "cpu", "cuda", "cuda:1"처럼 번호를 붙인 GPU, 또는 "mps"(애플 GPU).

    Returns:
        확인한 장치.

    Raises:
        ValueError: 모르는 장치이거나, 그 GPU가 없을 때.
    """
    try:
        found = torch.device(device)
    except (RuntimeError, TypeError):
        found = None
    if found is None or found.type not in KINDS:
        raise ValueError(f"device는 cpu, cuda, cuda:1, mps처럼 적습니다: 받은 값 {device}")
    if found.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(
            f"GPU를 찾지 못했습니다(torch {torch.__version__}). CUDA용 torch와 드라이버를 "
            f"설치하거나 cpu를 고르세요: 받은 값 {device}"
        )
    if found.type == "cuda" and (found.index or 0) >= (count := torch.cuda.device_count()):
        raise ValueError(f"GPU는 {count}개이고 번호는 0부터입니다: 받은 값 {device}")
    if found.type == "mps" and (found.index or not torch.backends.mps.is_available()):
        raise ValueError(
            "mps(애플 GPU)를 찾지 못했습니다. 애플 실리콘에서 번호 없이 적거나 cpu를 고르세요: "
            f"받은 값 {device}"
        )
    return found


def usable_precision(precision: str, device: torch.device) -> str:
    """신경망을 계산할 자료형을 확인합니다.

    Raises:
        ValueError: 모르는 자료형이거나 GPU가 bfloat16을 계산하지 못할 때.
    """
    one_of("precision", precision, PRECISIONS)
    if precision == "bfloat16" and device.type == "mps":
        raise ValueError(f"mps에서는 float32로만 계산합니다: 받은 값 {precision}")
    brief = precision == "bfloat16" and device.type == "cuda"
    if brief and torch.cuda.get_device_capability(device) < SOONEST:
        raise ValueError(f"이 GPU는 bfloat16을 계산하지 못합니다: 받은 값 {device}")
    return precision


# --8<-- [start:precision]
class MixedPrecisionGAN(GAN):
    """합성곱과 선형층을 bfloat16으로 계산하는 적대 모델입니다.

    가중치, 이미지, 로짓은 float32 그대로입니다. 배치 정규화와 손실도 float32로 셈합니다.

    Args:
        gan: 계산할 적대 모델. 두 신경망을 나눕니다.

    Source:
        Micikevicius et al. (2018), Mixed Precision Training. arXiv:1710.03740
    """

    def __init__(self, gan: GAN) -> None:
        self.inner = (gan,)  # 튜플에 두어, 같은 가중치가 두 이름으로 저장되지 않게
        super().__init__(gan.discriminator, gan.generator)

    def generate(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """잠재 벡터로 가짜를 만듭니다. 모양 `(B, latent_size)` → `(B, C, H, W)`."""
        with torch.autocast(z.device.type, torch.bfloat16):
            return self.inner[0].generate(z, labels).float()

    def judge(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """이미지마다 로짓을 매깁니다. 모양 `(B, C, H, W)` → `(B,)`."""
        with torch.autocast(images.device.type, torch.bfloat16):
            return self.inner[0].judge(images, labels).float()


def in_precision(gan: GAN, precision: str) -> GAN:
    """고른 자료형으로 계산하는 적대 모델을 냅니다. float32면 받은 것 그대로입니다."""
    return MixedPrecisionGAN(gan) if precision == "bfloat16" else gan


# --8<-- [end:precision]
