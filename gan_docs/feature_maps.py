"""특징 맵의 크기와 채널: 이미지의 크기가 두 신경망의 깊이를 정합니다."""

from __future__ import annotations

SMALL_SIDE = 8  # 가장 작은 특징 맵의 긴 변의 상한
FEWEST_CHANNELS, MOST_CHANNELS = 16, 64


# --8<-- [start:maps]
def map_channels(height: int, width: int) -> list[int]:
    """가장 작은 특징 맵부터, 두 배로 키우기 전의 채널 수를 차례로 냅니다.

    긴 변을 8 이하로 줄일 때까지 절반으로 줄이되, 적어도 두 번 줄입니다. 채널은 맵이 절반으로
    줄 때마다 두 배로 늘립니다.

    Returns:
        키우는 횟수만큼의 채널 수. 28×28이면 `[64, 32]`, 128×128이면 `[64, 64, 32, 16]`.
    """
    doublings = max(2, ((max(height, width) - 1) // SMALL_SIDE).bit_length())
    fewest = max(FEWEST_CHANNELS, MOST_CHANNELS >> (doublings - 1))  # 가장 큰 맵의 채널
    return [min(MOST_CHANNELS, fewest << step) for step in reversed(range(doublings))]


def smallest_map(height: int, width: int) -> tuple[int, int]:
    """가장 작은 특징 맵의 세로와 가로입니다. 나누어떨어지지 않으면 올립니다."""
    scale = 2 ** len(map_channels(height, width))
    return -(-height // scale), -(-width // scale)


# --8<-- [end:maps]
