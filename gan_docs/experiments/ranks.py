"""순위만으로 견주는 두 수입니다."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

# scipy.stats는 읽는 데 오래 걸려 셈할 때 읽음


def rank_correlation(first: NDArray[Any], second: NDArray[Any]) -> float:
    """스피어만의 순위 상관입니다. 순위가 같으면 1, 거꾸로이면 -1입니다."""
    from scipy.stats import spearmanr

    return float(spearmanr(first, second)[0])


def above(first: NDArray[Any], second: NDArray[Any]) -> float:
    """앞과 뒤에서 하나씩 뽑았을 때 앞이 더 클 확률(AUC)입니다. 같으면 반으로 셉니다."""
    from scipy.stats import mannwhitneyu

    return float(mannwhitneyu(first, second).statistic) / (len(first) * len(second))
