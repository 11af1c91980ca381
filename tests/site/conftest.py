from pathlib import Path

import pytest
from reduced import Project
from toy import Toy


@pytest.fixture
def project(tmp_path: Path, built_site: Path) -> Project:
    """빈 프로젝트입니다. 실험은 온전한 사이트의 빌드가 이미 끝내 두었습니다."""
    assert built_site.is_dir()
    return Project(tmp_path)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    """아무 일 없이 빌드한 작은 사이트입니다. 보기만 하거나 베껴 씁니다."""
    base = tmp_path_factory.mktemp("undisturbed")
    toy = Toy(base / "site", base / "cache", base / "log", 0.3)
    done = toy.make(SOURCE_DATE_EPOCH="1566259200")
    assert done.returncode == 0, done.stdout
    return toy
