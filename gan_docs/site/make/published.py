"""논문이 발표한 모드 붕괴의 수: 이 빌드가 만들 수 없는 것이라 출처와 함께 옮겨 적습니다."""

from __future__ import annotations

from typing import NamedTuple


class Published(NamedTuple):
    """논문의 표 한 줄입니다. 적히지 않은 값은 빈 글입니다. ±는 표준 오차입니다."""

    method: str
    source: str
    ring: tuple[str, str, str]  # 고리의 봉우리 수, 3σ 안에 든 비율(%), 역 KL
    grid: tuple[str, str, str]  # 격자의 같은 세 값


VEEGAN = "Srivastava et al. (2017), 5회"
PACGAN = "Lin et al. (2018), 10회"

# VEEGAN은 arXiv:1705.07761의 표 1, PacGAN은 arXiv:1712.04086의 표 1
ROWS = (
    Published("GAN", VEEGAN, ("1", "99.3", ""), ("3.3", "0.5", "")),
    Published("ALI", VEEGAN, ("2.8", "0.13", ""), ("15.8", "1.6", "")),
    Published("Unrolled GAN", VEEGAN, ("7.6", "35.6", ""), ("23.6", "16", "")),
    Published("VEEGAN", VEEGAN, ("8", "52.9", ""), ("24.6", "40", "")),
    Published(
        "GAN", PACGAN, ("6.3±0.5", "98.2±0.2", "0.45±0.09"), ("17.3±0.8", "94.8±0.7", "0.70±0.07")
    ),
    Published(
        "ALI", PACGAN, ("6.6±0.3", "97.6±0.4", "0.36±0.04"), ("24.1±0.4", "95.7±0.6", "0.14±0.03")
    ),
    Published(
        "PacGAN2",
        PACGAN,
        ("7.9±0.1", "95.6±2.0", "0.07±0.03"),
        ("23.8±0.7", "91.3±0.8", "0.13±0.04"),
    ),
    Published(
        "PacGAN3",
        PACGAN,
        ("7.8±0.1", "97.7±0.3", "0.10±0.02"),
        ("24.6±0.4", "94.2±0.4", "0.06±0.02"),
    ),
    Published(
        "PacGAN4",
        PACGAN,
        ("7.8±0.1", "95.9±1.4", "0.07±0.02"),
        ("24.8±0.2", "93.6±0.6", "0.04±0.01"),
    ),
)
