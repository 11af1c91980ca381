"""특징 맵의 크기와 채널: 이미지의 크기가 두 신경망의 깊이를 정합니다."""

from __future__ import annotations

SMALLEST_SIDE = 8  # 가장 작은 특징 맵의 긴 변의 상한
MOST_CHANNELS = 64


# --8<-- [start:maps]
def map_channels(height: int, width: int) -> list[int]:
    """가장 작은 특징 맵부터, 두 배로 키우기 전의 채널 수를 차례로 냅니다.

    긴 변이 8 이하가 될 때까지 절반으로 줄이되, 적어도 두 번 줄입니다. 채널은 맵이 절반으로 줄
    때마다 두 배로 늘어 64에서 멈춥니다.

    Returns:
        줄이는 횟수만큼의 채널 수. 28×28이면 `[64, 32]`, 128×128이면 `[64, 64, 32, 16]`.
    """
    halvings = max(2, ((max(height, width) - 1) // SMALLEST_SIDE).bit_length())
    fewest = 32 if halvings < 4 else 16  # 가장 큰 맵의 채널: 넓을수록 계산이 비쌈
    return [min(MOST_CHANNELS, fewest << step) for step in reversed(range(halvings))]


def smallest_map(height: int, width: int) -> tuple[int, int]:
    """가장 작은 특징 맵의 세로와 가로입니다. 나누어떨어지지 않으면 올립니다."""
    scale = 2 ** len(map_channels(height, width))
    return -(-height // scale), -(-width // scale)


# --8<-- [end:maps]
