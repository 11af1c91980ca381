"""한국어로 배우는 적대적 생성 신경망(GAN)."""

from gan_docs.discriminator import Discriminator
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.trainer import Trainer

__all__ = ["GAN", "Discriminator", "Generator", "Trainer"]
