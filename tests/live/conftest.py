"""파이썬의 답입니다: 브라우저의 셈이 같아야 할 수와, 사이트가 담은 배열입니다."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from gan_docs.experiments import plane
from gan_docs.metrics import mode_statistics
from gan_docs.site.make import live

REPEATS = 60  # 처음 매개변수의 흩어짐을 재는 신경망의 수


def statistics() -> list[dict[str, Any]]:
    """점과 봉우리, 그리고 파이썬이 센 값입니다."""
    random = np.random.default_rng(0)
    corners = [[0, 0], [8, 0], [0, 8], [8, 8]]
    spread = np.repeat(np.array(corners), [37, 1, 2, 0], axis=0)  # 40점의 균등한 몫의 1/10은 1점
    cases: list[tuple[str, Any, Any, float]] = [
        ("한 봉우리에 모두", random.normal(0, 0.1, (50, 2)), corners, 0.1),
        ("빈 봉우리와 꼭 10분의 1", spread, corners, 0.5),
        ("10분의 1에 하나 모자람", np.repeat(corners, [40, 1, 0, 0], axis=0), corners, 0.5),
        # 축과 3 : 4 : 5에서 셈이 꼭 떨어지는 3σ
        ("꼭 3σ", [[3.75, 0], [2.25, 3], [-3, -2.25], [0, 3.7501], [3, 3]], [[0, 0]], 1.25),
        ("두 봉우리의 한가운데", [[1, 0], [1, 0], [0, 5]], [[0, 0], [2, 0]], 0.5),
        ("모두 먼 곳", random.normal(100, 1, (30, 2)), corners, 0.5),
        ("점 하나", [[0, 8]], corners, 0.5),
        ("봉우리 하나", random.normal(0, 1, (200, 2)), [[0, 0]], 0.5),
    ]
    for name, data in plane.stages().items():
        centers, generator = data.centers, torch.Generator().manual_seed(1)
        points = data.sample(500, generator)[0]
        cases += [
            (f"{name}에서 뽑은 점", points, centers, data.sigma),
            (f"{name}에서 번진 점", 1.1 * points, centers, data.sigma),
            (f"{name}의 앞쪽만", points[points[:, 0] > 0.3], centers, data.sigma),
            (f"{name}과 상관없는 점", random.normal(0, 0.7, (300, 2)), centers, data.sigma),
        ]
    for case in range(12):
        modes = random.uniform(-2, 2, (int(random.integers(1, 30)), 2))
        points = random.normal(0, 1.2, (int(random.integers(1, 400)), 2))
        cases.append((f"아무렇게나 {case}", points, modes, float(random.uniform(0.02, 0.6))))
    return [case_of(*case) for case in cases]


def case_of(name: str, points: Any, centers: Any, sigma: float) -> dict[str, Any]:
    rounded = np.asarray(points, np.float32)  # 브라우저가 받는 점
    places = np.asarray(centers, dtype=float)
    found = mode_statistics(rounded, places, sigma)
    answer = {
        "modes": found.modes,
        "strictModes": found.strict_modes,
        "highQuality": found.high_quality,
        "reverseKl": found.reverse_kl,
    }
    return {
        "name": name,
        "points": rounded.ravel().tolist(),
        "centers": places.tolist(),
        "sigma": sigma,
        "answer": answer,
    }


def initial() -> dict[str, Any]:
    """PyTorch가 뽑은 처음 매개변수의 모양과 표준 편차입니다."""
    torch.manual_seed(0)
    makers = {"discriminator": plane.make_discriminator, "generator": plane.make_generator}
    found = {}
    for name, make in makers.items():
        networks: list[nn.Module] = [make() for _ in range(REPEATS)]
        each = zip(*(network.parameters() for network in networks), strict=True)
        values = [torch.stack([one.detach() for one in many]) for many in each]
        found[name] = {
            "shapes": [list(value.shape[1:]) for value in values],
            "total": sum(value[0].numel() for value in values),
            "deviations": [float(value.std(correction=0)) for value in values],
        }
    return found


def packed(place: Path) -> dict[str, Any]:
    """사이트가 배열을 담는 함수로 담은 파일입니다."""
    random = np.random.default_rng(2)
    arrays = {
        "before.generator": random.normal(size=7).astype(np.float32),
        "real": random.integers(-4096, 4096, (3, 5, 1)).astype(
            np.int16
        ),  # 30바이트: 2바이트를 채움
        "counts": random.integers(0, 65536, (1, 3)).astype(np.uint16),
        "frames": random.integers(0, 16, (2, 3)).astype(np.uint8),
        "losses": random.normal(size=(2, 2)).astype(np.float32),
    }
    asset = live.pack_arrays(place, "things.bin", arrays)
    return {
        "packed": base64.b64encode((place / asset["file"]).read_bytes()).decode(),
        "asset": asset,
        "arrays": {
            name: {
                "type": array.dtype.name,
                "shape": list(array.shape),
                "values": array.ravel().tolist(),
            }
            for name, array in arrays.items()
        },
    }


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """파이썬의 답을 적은 파일입니다."""
    place = tmp_path_factory.mktemp("live")
    squares = [(21, 2.0), (40, 1.5), (2, 1.0), (3, 0.7)]
    settings = live.plane_settings()
    models = {"points"}.union(
        *(one.values() for loss in settings["losses"].values() for one in loss["models"].values())
    )
    answers = {
        "statistics": statistics(),
        "squares": [
            {"side": side, "half": half, "points": plane.square(side, half).ravel().tolist()}
            for side, half in squares
        ],
        "initial": initial(),
        "repeats": REPEATS,
        "packed": packed(place),
        "plane": settings,
        "models": {name: live.shapes(name)["inputs"] for name in sorted(models)},
    }
    file = place / "known.json"
    file.write_text(json.dumps(answers), "utf-8")
    return file
