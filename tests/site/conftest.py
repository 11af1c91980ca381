from collections.abc import Callable
from pathlib import Path

import pytest
from toy import Toy


@pytest.fixture(scope="session")
def undisturbed(once: Callable[..., Toy]) -> Toy:
    """아무 일 없이 빌드한 작은 사이트입니다. 보기만 하거나 베껴 씁니다."""

    def make(folder: Path) -> Toy:
        toy = Toy(folder / "site", 0.3)
        done = toy.build(SOURCE_DATE_EPOCH="1566259200")
        assert done.returncode == 0, done.stdout
        return toy

    return once("undisturbed", make)
