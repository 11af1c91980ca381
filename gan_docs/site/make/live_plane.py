"""2차원 실시간 학습의 목록: 부를 모델, 신경망의 크기, 데이터, 손실, 기본값."""

from __future__ import annotations

from functools import cache
from typing import Any

from gan_docs.experiments import own_loss, plane, plane_sizes, turns
from gan_docs.export import Function
from gan_docs.losses import LOSSES
from gan_docs.site.make.formulas import formula

EXPERIMENTS = ("turns", "own_loss", "plane_sizes")  # 부를 모델을 내보내는 것
BY_TURNS = {"discriminator_steps": 1}  # 학습기의 기본값처럼 한 번씩 번갈아
DEFAULT_SIZE = dict(zip(("width", "depth"), plane_sizes.DEFAULT, strict=True))


@cache
def functions() -> dict[str, Function]:
    """평면에서 부르는 모든 함수입니다."""
    return {**turns.functions(), **own_loss.functions(), **plane_sizes.functions()}


def settings() -> dict[str, Any]:
    """2차원 실시간 학습의 신경망, 데이터, 손실, 기본값입니다."""
    return {
        "batch": plane.BATCH_SIZE,
        "measured": plane.MEASURED,
        "window": plane.WINDOW,
        "field": {"side": plane.FIELD, "half": plane.WINDOW},
        "lattice": {"side": plane.LATTICE, "half": plane.REACH},
        "waves": {"count": plane.WAVES, "frequency": plane.FREQUENCY},
        "widths": list(plane_sizes.WIDTHS),
        "depths": list(plane_sizes.DEPTHS),
        "sizes": {plane_sizes.label(size): of_size(size) for size in plane_sizes.SIZES},
        "data": {
            name: {"centers": data.centers.tolist(), "sigma": data.sigma}
            for name, data in plane.stages().items()
        },
        "losses": {
            name: {
                "title": loss.name,
                "formulas": {
                    "discriminator": formula(loss.discriminator),
                    "generator": formula(loss.generator),
                },
            }
            for name, loss in LOSSES.items()
        },
        "penalties": {
            name: "없음" if penalty is None else penalty.name
            for name, penalty in plane.PENALTIES.items()
        },
        "defaults": {**plane.DEFAULTS, **BY_TURNS, **DEFAULT_SIZE},
        "presets": {
            "collapse": {**plane.COLLAPSE, **BY_TURNS, **DEFAULT_SIZE},
            "cure": {**plane.CURE, **BY_TURNS},  # 크기를 바꾸면 무너진 가중치가 사라짐
        },
    }


def of_size(size: plane_sizes.Size) -> dict[str, Any]:
    """한 크기의 신경망의 모양과, 손실과 벌점을 고르면 부를 모델입니다."""
    networks = zip(("discriminator", "generator"), plane_sizes.pair(size), strict=True)
    losses = LOSSES if size == plane_sizes.DEFAULT else ()
    return {
        "networks": {
            name: [list(each.shape) for each in network.parameters()] for name, network in networks
        },
        "losses": {
            name: {penalty: turns.names(name, penalty) for penalty in plane.PENALTIES}
            for name in losses
        },
        "slopes": {penalty: plane_sizes.names(size, penalty) for penalty in plane.PENALTIES},
        "points": plane_sizes.named(plane_sizes.POINTS, size),
    }
