"""크기마다의 시간과 메모리: 큰 이미지가 더 쓰고, 부른 프로세스가 쓴 것은 섞이지 않습니다."""

import numpy as np
import pytest

from gan_docs.experiments import image_sizes

BYTES = 400 * 10**6


@pytest.mark.slow
def test_a_size_is_measured_in_its_own_process() -> None:
    hoard = np.ones(BYTES, np.uint8)  # 쓴 것만 셈하므로 1로 채움
    (quick, little, few), (slow, much, many) = (
        image_sizes.apart(size, batch, 1) for size, batch in (((8, 8, 1), 4), ((48, 48, 3), 32))
    )
    assert 0 < quick < slow and few < many
    assert little + 30 < much
    assert little < image_sizes.peak_megabytes() and len(hoard) == BYTES
