"""지표: 배열만 받는 순수 함수. 이 패키지에서는 값을 확인하는 `checks`만 부릅니다."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gan_docs.checks import classes_within, whole_number

# 나누어 드는 거리의 표의 칸 수(32 MB). 정밀도, 재현율, 밀도, 포괄도의 진짜 × 가짜 표는 나누지 않음
PIECE = 2**22

# 함수와 필드의 이름마다, 화면과 표와 그림에 적을 이름
OF_FEATURES = {
    "frechet_distance": "프레셰 거리",
    "kernel_distance": "커널 거리",
    "precision": "정밀도",
    "recall": "재현율",
    "density": "밀도",
    "coverage": "포괄도",
    "nearest_neighbour_ratio": "최근접 비율",
    "closer_share": "진짜 쌍보다 가까운 비율",
}
OF_MODES = {
    "modes": "찾은 봉우리(모드)",
    "strict_modes": "찾은 봉우리(10% 기준)",
    "high_quality": "3σ 안에 든 비율",
    "reverse_kl": "역 KL (nat)",
}


# --8<-- [start:modes]
class ModeStatistics(NamedTuple):
    """봉우리를 얼마나 찾고, 얼마나 또렷하고 균등하게 찍었는지입니다.

    가장 가까운 봉우리에서 3σ 안에 든 표본을 또렷하다고(high quality) 합니다.

    Attributes:
        modes: 또렷한 표본이 하나라도 든 봉우리의 수.
        strict_modes: 또렷한 표본이 균등한 몫의 10분의 1(N / M / 10) 이상 든 봉우리의 수.
        high_quality: 또렷한 표본의 비율. 0–1.
        reverse_kl: 모든 표본을 가장 가까운 봉우리에 담은 분포가 균등분포에서 벗어난 정도.
            단위 nat. M개에 균등하면 0, 한 봉우리에 몰리면 ln M입니다.
    """

    modes: int
    strict_modes: int
    high_quality: float
    reverse_kl: float


def mode_statistics(points: ArrayLike, centers: ArrayLike, sigma: float) -> ModeStatistics:
    """표본을 가장 가까운 봉우리에 담고, 3σ 안에 든 표본을 따로 셉니다.

    Args:
        points: 만든 점. 모양 `(N, 2)`.
        centers: 비중이 모두 같은 봉우리의 가운데. 모양 `(M, 2)`.
        sigma: 봉우리의 표준 편차. 0보다 큰 수.

    Raises:
        ValueError: 모양이 다르거나, 비었거나, 유한하지 않거나, `sigma`가 0 이하일 때.

    Source:
        Lin et al. (2018), PacGAN, Section 4.1. arXiv:1712.04086.
        `strict_modes`의 10분의 1은 이 책이 정한 값입니다.
    """
    samples, modes = _features(points=(points, 1), centers=(centers, 1))
    if samples.shape[1] != 2:
        raise ValueError(f"points의 모양은 (N, 2)여야 합니다: 받은 모양 {samples.shape}")
    if not sigma > 0:
        raise ValueError(f"sigma는 0보다 커야 합니다: 받은 값 {sigma}")
    distance = np.linalg.norm(samples[:, None] - modes[None], axis=2)  # (N, M)
    nearest, good = distance.argmin(1), distance.min(1) <= 3 * sigma
    hits = np.bincount(nearest[good], minlength=len(modes))
    share = np.bincount(nearest, minlength=len(modes)) / len(samples)
    filled = share[share > 0]  # 빈 봉우리의 몫: 0 ln 0 = 0
    return ModeStatistics(
        modes=int((hits > 0).sum()),
        strict_modes=int((10 * len(modes) * hits >= len(samples)).sum()),
        high_quality=float(good.mean()),
        reverse_kl=max(0.0, float(filled @ np.log(filled * len(modes)))),
    )


# --8<-- [end:modes]


def label_agreement(predicted: ArrayLike, labels: ArrayLike) -> float:
    """읽은 종류가 지정한 종류와 같은 비율입니다. 0–1.

    Args:
        predicted: 분류기가 읽은 종류. 모양 `(N,)`.
        labels: 지정한 종류. 모양 `(N,)`.

    Raises:
        ValueError: 모양이 다르거나 비었을 때.
    """
    read, ordered = np.asarray(predicted), np.asarray(labels)
    if read.shape != ordered.shape or read.ndim != 1 or len(read) == 0:
        raise ValueError(
            f"predicted와 labels는 같은 길이의 벡터여야 합니다: "
            f"받은 모양 {read.shape}, {ordered.shape}"
        )
    return float((read == ordered).mean())


def class_shares(labels: ArrayLike, classes: int) -> NDArray[np.float64]:
    """종류마다 차지하는 비율입니다. 모양 `(classes,)`, 모두 더하면 1.

    Args:
        labels: 종류의 번호. 0 이상 `classes` 미만의 정수. 모양 `(N,)`.
        classes: 종류의 수. 나오지 않은 종류의 비율은 0입니다.

    Raises:
        ValueError: 정수의 벡터가 아니거나 비었거나, 번호가 범위를 벗어날 때.
    """
    numbers = np.asarray(labels)
    if numbers.ndim != 1 or len(numbers) == 0 or not np.issubdtype(numbers.dtype, np.integer):
        raise ValueError(
            f"labels는 비지 않은 정수의 벡터여야 합니다: 받은 모양 {numbers.shape}, {numbers.dtype}"
        )
    classes_within("labels는", int(numbers.min()), int(numbers.max()), classes)
    return np.bincount(numbers, minlength=classes) / len(numbers)


# --8<-- [start:frechet]
def frechet_distance(real: ArrayLike, fake: ArrayLike) -> float:
    r"""두 특징의 무리를 정규분포로 보고 그 사이의 거리를 잽니다.

    $\lVert\mu_1-\mu_2\rVert^2
    + \operatorname{tr}\bigl(\Sigma_1+\Sigma_2-2(\Sigma_1\Sigma_2)^{1/2}\bigr)$입니다.
    $\Sigma = R^\top R$로 나누면 $\operatorname{tr}(\Sigma_1\Sigma_2)^{1/2}$은 $R_1R_2^\top$의
    특잇값의 합과 같습니다. 공분산을 만들지도 뒤집지도 않으므로 납작한 무리에서도 안정합니다.

    Args:
        real: 진짜의 특징. 모양 `(N, F)`, 표본 두 개 이상.
        fake: 가짜의 특징. 모양 `(M, F)`, 표본 두 개 이상.

    Returns:
        0 이상의 거리. 단위는 특징의 제곱. 같은 무리면 0이고, 표본이 적을수록 커집니다.
            그래서 N과 M이 모두 같은 값끼리만 견줄 수 있습니다.

    Raises:
        ValueError: 모양이나 특징의 수가 다르거나, 표본이 모자라거나, 유한하지 않은 값이 있을 때.

    Source:
        Heusel et al. (2017), Eq. 6. arXiv:1706.08500
    """
    first, second = _features(real=(real, 2), fake=(fake, 2))  # 2: 공분산에 드는 표본의 수
    moved = first.mean(0) - second.mean(0)
    first_root, second_root = _covariance_root(first), _covariance_root(second)
    spread = (first_root**2).sum() + (second_root**2).sum()  # tr Σ₁ + tr Σ₂
    shared = np.linalg.svd(first_root @ second_root.T, compute_uv=False).sum()
    return max(0.0, float(moved @ moved + spread - 2 * shared))


def _covariance_root(features: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""공분산이 $R^\top R$인 $R$입니다. 모양 `(min(N, F), F)`."""
    centered = features - features.mean(0)
    root: NDArray[np.float64] = np.linalg.qr(centered).R / np.sqrt(len(features) - 1)
    return root


# --8<-- [end:frechet]


# --8<-- [start:kernel]
def kernel_distance(real: ArrayLike, fake: ArrayLike) -> float:
    r"""두 특징의 무리를 커널 $k(x, y) = (x^\top y / F + 1)^3$으로 견줍니다.

    $\operatorname{E}k(x, x') + \operatorname{E}k(y, y') - 2\operatorname{E}k(x, y)$를, 표본이
    저 자신과 이루는 짝을 빼고 셉니다. 그래서 표본이 적어도 기댓값이 그대로입니다.

    Args:
        real: 진짜의 특징. 모양 `(N, F)`, 표본 두 개 이상.
        fake: 가짜의 특징. 모양 `(M, F)`, 표본 두 개 이상.

    Returns:
        거리의 제곱을 어림한 값. 두 분포가 같으면 기댓값이 0이라 음수도 나옵니다.

    Raises:
        ValueError: 모양이나 특징의 수가 다르거나, 표본이 모자라거나, 유한하지 않은 값이 있을 때.

    Source:
        Bińkowski et al. (2018), Section 4. arXiv:1801.01401
    """
    first, second = _features(real=(real, 2), fake=(fake, 2))  # 2: 짝을 이루는 표본의 수
    within = sum(_within(each) for each in (first, second))
    return float(within - 2 * _kernel_sum(first, second) / (len(first) * len(second)))


def _within(features: NDArray[np.float64]) -> float:
    """서로 다른 두 표본의 커널의 평균입니다. 저 자신과의 짝은 언제나 가까워 뺍니다."""
    count, size = features.shape
    own = _cubes((features**2).sum(1) / size)
    return float((_kernel_sum(features, features) - own) / (count * (count - 1)))


def _kernel_sum(points: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """모든 짝의 커널을 더합니다. 짝의 표는 나누어 듭니다."""
    size = points.shape[1]
    return float(sum(_cubes(piece @ others.T / size) for piece in _pieces(points, others)))


def _cubes(products: NDArray[np.float64]) -> float:
    """1을 더해 세제곱한 것의 합입니다."""
    each = products + 1
    return float((each * each * each).sum())  # 곱이 거듭제곱보다 열 배 빠름


# --8<-- [end:kernel]


# --8<-- [start:manifold]
class PrecisionRecall(NamedTuple):
    """가짜가 진짜 같은지(정밀도)와, 진짜를 빠뜨리지 않았는지(재현율)입니다.

    Attributes:
        precision: 진짜의 이웃 공 가운데 하나에라도 든 가짜의 비율. 0–1.
        recall: 가짜의 이웃 공 가운데 하나에라도 든 진짜의 비율. 0–1.
    """

    precision: float
    recall: float


class DensityCoverage(NamedTuple):
    """진짜의 이웃 공만 써서 외톨이에 덜 흔들리는 짝입니다.

    Attributes:
        density: 가짜 하나가 든 진짜의 공의 수를 k로 나눈 평균. 0 이상이며 1을 넘기도 합니다.
        coverage: 가짜가 하나라도 든 진짜의 공의 비율. 0–1.
    """

    density: float
    coverage: float


def precision_recall(real: ArrayLike, fake: ArrayLike, neighbours: int = 3) -> PrecisionRecall:
    """표본마다 k번째 이웃까지 닿는 공을 그리고, 상대의 공에 든 비율을 셉니다.

    공의 겉면에 꼭 걸린 표본은 빼서, `prdc` 패키지와 같은 값을 냅니다. 논문의 Eq. 1은 넣습니다.

    Args:
        real: 진짜의 특징. 모양 `(N, F)`.
        fake: 가짜의 특징. 모양 `(M, F)`.
        neighbours: 공의 반지름을 정하는 이웃의 차례 k. 자기 자신은 세지 않습니다.

    Raises:
        TypeError: `neighbours`가 정수가 아닐 때.
        ValueError: `neighbours`가 1보다 작거나, 표본이 k + 1개보다 적거나,
            모양이나 특징의 수가 다르거나, 유한하지 않은 값이 있을 때.

    Source:
        Kynkäänniemi et al. (2019), Eq. 1–2. arXiv:1904.06991
    """
    from scipy.spatial.distance import cdist

    least = whole_number("neighbours", neighbours, least=1) + 1
    first, second = _features(real=(real, least), fake=(fake, least))
    distance = cdist(first, second)  # (N, M): 가로줄은 진짜, 세로줄은 가짜
    in_real = distance < _nearest(first, neighbours)[:, None]
    in_fake = distance < _nearest(second, neighbours)
    return PrecisionRecall(float(in_real.any(0).mean()), float(in_fake.any(1).mean()))


def density_coverage(real: ArrayLike, fake: ArrayLike, neighbours: int = 5) -> DensityCoverage:
    """진짜마다 k번째 이웃까지 닿는 공을 그리고, 그 안에 든 가짜를 셉니다.

    두 분포가 같으면 밀도의 기댓값은 1입니다. 진짜와 가짜의 수가 같고 많으면 포괄도는
    1-2⁻ᵏ에 가깝습니다. 공의 겉면에 꼭 걸린 가짜는 뺍니다.

    Args:
        real: 진짜의 특징. 모양 `(N, F)`.
        fake: 가짜의 특징. 모양 `(M, F)`.
        neighbours: 공의 반지름을 정하는 이웃의 차례 k. 자기 자신은 세지 않습니다.

    Raises:
        TypeError: `neighbours`가 정수가 아닐 때.
        ValueError: `neighbours`가 1보다 작거나, 표본이 k + 1개보다 적거나,
            모양이나 특징의 수가 다르거나, 유한하지 않은 값이 있을 때.

    Source:
        Naeem et al. (2020), Section 3. arXiv:2002.09797
    """
    from scipy.spatial.distance import cdist

    least = whole_number("neighbours", neighbours, least=1) + 1
    first, second = _features(real=(real, least), fake=(fake, least))
    inside = cdist(first, second) < _nearest(first, neighbours)[:, None]  # (N, M)
    density = inside.sum(0).mean() / neighbours
    return DensityCoverage(float(density), float(inside.any(1).mean()))


def _nearest(points: NDArray[np.float64], rank: int) -> NDArray[np.float64]:
    """표본마다 `rank`번째 이웃까지의 거리입니다. 모양 `(N,)`. 0번째는 자기 자신입니다."""
    from scipy.spatial.distance import cdist

    tables = (cdist(piece, points) for piece in _pieces(points, points))
    return np.concatenate([np.partition(table, rank, axis=1)[:, rank] for table in tables])


# --8<-- [end:manifold]


# --8<-- [start:memory]
class Neighbours(NamedTuple):
    """표본마다 가장 가까운 이웃입니다.

    Attributes:
        place: 이웃의 번호. 모양 `(N,)`.
        distance: 이웃까지의 거리. 모양 `(N,)`. 똑같은 표본이면 0입니다.
    """

    place: NDArray[np.int64]
    distance: NDArray[np.float64]


def nearest_neighbours(
    points: ArrayLike, others: ArrayLike, *, leave_one_out: bool = False
) -> Neighbours:
    """`points`마다 `others` 모두에서 가장 가까운 표본을 찾습니다.

    Args:
        points: 찾을 표본의 특징. 모양 `(N, F)`.
        others: 이웃이 될 표본의 특징. 모양 `(M, F)`.
        leave_one_out: 참이면 차례가 같은 표본, 곧 자기 자신을 뺍니다. 두 배열이 같을 때 씁니다.

    Raises:
        ValueError: 모양이나 특징의 수가 다르거나, 표본이 모자라거나, 유한하지 않은 값이 있을 때.
    """
    made, known = _features(points=(points, 1), others=(others, 1 + leave_one_out))
    middle = known.mean(0)  # 가운데로 옮겨, 큰 수의 차에서 잃는 자릿수를 줄임
    centered = known - middle
    squares, doubled, found, start = (centered**2).sum(1), -2 * centered.T, [], 0
    for piece in _pieces(made - middle, known):
        table = piece @ doubled
        table += squares  # 거리의 제곱에서, 줄마다 같은 수를 뺀 것
        if leave_one_out:
            rows = np.arange(len(piece))
            table[rows, start + rows] = np.inf
        found.append(table.argmin(1))
        start += len(piece)
    place = np.concatenate(found)
    return Neighbours(place, np.linalg.norm(made - known[place], axis=1))


class Memorisation(NamedTuple):
    """가짜가 학습 표본에 얼마나 붙어 있는지입니다.

    Attributes:
        nearest_neighbour_ratio: 가짜에서 가장 가까운 학습 표본까지의 평균 거리를, 새 진짜의 같은
            거리로 나눈 것. 1이면 새 진짜만큼 떨어져 있고, 모두 베꼈으면 0입니다.
            1보다 작은 값은 뭉갠 표본에서도 나옵니다. 평균 근처는 모두와 가깝기 때문입니다.
        closer_share: 새 진짜 가운데 학습 표본에 가장 가까운 것보다도 더 가까운 가짜의 비율.
            평균이 가리는 몇 장의 베낌을 드러냅니다. 새 진짜라면 0에 가깝습니다.
    """

    nearest_neighbour_ratio: float
    closer_share: float


def memorisation(
    fake: ArrayLike, train: ArrayLike, held_out: ArrayLike | None = None
) -> Memorisation:
    """가짜에서 학습 표본까지의 거리를, 외우지 않은 새 진짜의 거리에 견줍니다.

    `held_out`이 없으면 학습 표본을 하나씩 빼 두고, 나머지 가운데 가장 가까운 것까지 잽니다.

    Args:
        fake: 가짜의 특징. 모양 `(N, F)`.
        train: 학습에 쓴 표본 모두의 특징. 모양 `(M, F)`, 두 개 이상.
            일부만 주면 나머지를 베낀 가짜를 놓칩니다.
        held_out: 학습에 쓰지 않은 진짜의 특징. 모양 `(K, F)`.

    Raises:
        ValueError: 모양이나 특징의 수가 다르거나, 표본이 모자라거나, 유한하지 않은 값이 있을 때.
            견줄 거리가 0일 때, 곧 견줄 진짜가 모두 학습 표본과 겹칠 때.

    Source:
        이 책이 정한 두 수. 이웃으로 외움을 보는 이유는 Meehan et al. (2020), arXiv:2004.05675
    """
    made, seen = _features(fake=(fake, 1), train=(train, 2))
    honest = fresh_distances(seen, held_out)
    distance = nearest_neighbours(made, seen).distance
    closest = honest[honest > 0].min()  # 똑같은 진짜 둘은 한 장으로 봄
    return Memorisation(float(distance.mean() / honest.mean()), float((distance < closest).mean()))


def fresh_distances(train: ArrayLike, held_out: ArrayLike | None = None) -> NDArray[np.float64]:
    """외우지 않은 새 진짜마다, 가장 가까운 학습 표본까지의 거리입니다. 모양 `(K,)`.

    Args:
        train: 학습에 쓴 표본 모두의 특징. 모양 `(M, F)`, 두 개 이상.
        held_out: 학습에 쓰지 않은 진짜의 특징. 모양 `(K, F)`. 없으면 학습 표본을 하나씩 빼 둡니다.

    Raises:
        ValueError: 거리가 모두 0일 때, 곧 견줄 진짜가 모두 다른 학습 표본과 겹칠 때.
    """
    if held_out is None:
        distance = nearest_neighbours(train, train, leave_one_out=True).distance
    else:
        unseen, seen = _features(held_out=(held_out, 1), train=(train, 2))
        distance = nearest_neighbours(unseen, seen).distance
    if not distance.any():
        raise ValueError(
            "견줄 거리가 0보다 커야 합니다: 견줄 진짜가 모두 다른 학습 표본과 같아 받은 거리 0"
        )
    return distance


# --8<-- [end:memory]


def _pieces(
    points: NDArray[np.float64], others: NDArray[np.float64]
) -> Iterator[NDArray[np.float64]]:
    """`others`와의 표가 `PIECE`칸을 넘지 않게 `points`를 나눕니다."""
    rows = max(1, PIECE // len(others))
    return (points[row : row + rows] for row in range(0, len(points), rows))


def _features(**sets: tuple[ArrayLike, int]) -> list[NDArray[np.float64]]:
    """이름마다 받은 `(배열, 표본의 최소 수)`를 확인하고 float64 배열로 돌려줍니다."""
    arrays = {name: np.asarray(given, dtype=np.float64) for name, (given, _) in sets.items()}
    for name, array in arrays.items():
        least = sets[name][1]
        if array.ndim != 2 or array.shape[1] == 0:
            raise ValueError(f"{name}의 모양은 (N, F)여야 합니다: 받은 모양 {array.shape}")
        if len(array) < least:
            raise ValueError(f"{name}의 표본은 {least}개 이상이어야 합니다: 받은 수 {len(array)}")
        if bad := int((~np.isfinite(array)).sum()):
            raise ValueError(f"{name}의 값은 모두 유한해야 합니다: 받은 NaN·무한대 {bad}개")
    if len({array.shape[1] for array in arrays.values()}) > 1:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"특징의 수 F가 모두 같아야 합니다: 받은 모양 {shapes}")
    return list(arrays.values())
