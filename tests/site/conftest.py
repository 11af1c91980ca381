import pytest
from toy import Toy


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    """아무 일 없이 빌드한 작은 사이트입니다. 보기만 하거나 베껴 씁니다."""
    base = tmp_path_factory.mktemp("undisturbed")
    toy = Toy(base / "site", 0.3)
    done = toy.build(SOURCE_DATE_EPOCH="1566259200")
    assert done.returncode == 0, done.stdout
    return toy
