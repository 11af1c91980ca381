"""둥근 얼굴: 공개된 네 디자인의 이모지. 인터넷 없이 읽습니다."""

from __future__ import annotations

from pathlib import Path

import torch

from gan_docs.data.containers import ImageData, from_bytes
from gan_docs.data.shipped import shipped

EMOJI_FILE = Path(__file__).parents[1] / "assets" / "emoji.npz"


def emoji() -> ImageData:
    """네 디자인의 둥근 얼굴 408장입니다. 흰 바탕에 그린 32×32의 컬러 이미지입니다.

    종류는 디자인입니다. 네 디자인이 같은 표정 102가지를 그렸으므로, 조건부로 학습하면 화풍을 골라
    만듭니다. 표정은 이름표로 주지 않습니다.

    Returns:
        모양 `(408, 3, 32, 32)`의 이미지와 디자인의 이름표. 차례는 디자인과 표정순.

    Raises:
        FileNotFoundError: 얼굴 파일이 없을 때.
        ValueError: 얼굴 파일이 깨졌을 때.

    Source:
        Noto Emoji, Twemoji, Fluent Emoji. 저작권과 허가는 `gan_docs/assets/EMOJI.md`에 있습니다.
    """
    arrays = shipped(EMOJI_FILE, "images", "designs")
    drawn = torch.from_numpy(arrays["images"])  # (디자인, 표정, 32, 32, 3)
    designs, kinds = drawn.shape[:2]
    images = from_bytes(drawn.flatten(0, 1).permute(0, 3, 1, 2)).contiguous()
    labels = torch.arange(designs).repeat_interleave(kinds)
    return ImageData("emoji", images, labels, tuple(arrays["designs"].tolist()))
