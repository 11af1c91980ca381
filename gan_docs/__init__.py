"""한국어로 배우는 적대적 생성 신경망(GAN)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gan_docs.discriminator import Discriminator
    from gan_docs.gan import GAN
    from gan_docs.generator import Generator
    from gan_docs.trainer import Trainer

__all__ = ["GAN", "Discriminator", "Generator", "Trainer"]


def __getattr__(name: str) -> Any:
    """모델과 학습기는 처음 쓸 때 부릅니다: 패키지를 부르는 것만으로 torch를 읽지 않습니다."""
    if name not in __all__:
        raise AttributeError(f"gan_docs에는 {name}이(가) 없습니다")
    return getattr(import_module(f"gan_docs.{name.lower()}"), name)
