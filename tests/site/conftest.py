from pathlib import Path

import pytest
from reduced import Project


@pytest.fixture
def project(tmp_path: Path, built_site: Path) -> Project:
    """빈 프로젝트입니다. 실험은 온전한 사이트의 빌드가 이미 끝내 두었습니다."""
    assert built_site.is_dir()
    return Project(tmp_path)
