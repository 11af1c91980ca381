"""여러 파일이 함께 쓰는 계산의 설정: 배정밀도와 한 스레드."""

from collections.abc import Iterator

import pytest
import torch


@pytest.fixture
def double() -> Iterator[None]:
    """배정밀도로 계산합니다."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """작은 신경망은 한 스레드가 빠릅니다. 바쁜 기계에서는 스레드끼리 기다리느라 훨씬 느려집니다."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
