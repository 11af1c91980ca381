"""저장소에 적힌 것: 기계의 자리와 서버의 이름이 없고, 작업 흐름이 끝나고, 버전이 맞는지."""

import json
import re
import subprocess
import tomllib
from importlib.metadata import metadata, version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
HOSTS = re.compile(
    r"(?:files\.)?pyth" r"onhosted\.org|registry\.npmj" r"s\.org|download\.pytor" r"ch\.org"
    r"|\bpypi\.or" r"g|/wor" r"k/|/ro" r"ot/|/hom" r"e/\w+/"
)  # fmt: skip
TEXT = {".py", ".md", ".toml", ".txt", ".yml", ".json", ".ipynb", ".css", ".html", ".cjs", ""}


def test_no_file_names_a_machine_or_a_registry() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    assert len(files) > 50
    here = Path(__file__)  # 찾을 이름을 적은 이 파일은 뺌
    texts = [f for f in files if f.suffix in TEXT and f.is_file() and f != here]
    assert not [file.name for file in texts if HOSTS.search(file.read_text("utf-8", "replace"))]


@pytest.mark.parametrize("text", ["https://registry.npmjs.org/x", "/root/x", "pypi.org"])
def test_a_name_of_a_machine_or_a_registry_is_seen(text: str) -> None:
    assert HOSTS.search(text)


def test_the_lock_file_holds_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    assert len(lock["packages"]) > 3
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_the_workflows_end_and_do_what_the_house_relies_on() -> None:
    files = (ROOT / ".github" / "workflows").glob("*.yml")
    found = {file.name: yaml.safe_load(file.read_text("utf-8")) for file in files}
    jobs = [job for workflow in found.values() for job in workflow["jobs"].values()]
    assert all("timeout-minutes" in job for job in jobs)  # 나머지는 zizmor가 봄
    commands = {
        name: " ".join(
            step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]
        )
        for name, workflow in found.items()
    }
    assert ".ci/run" in commands["ci.yml"]
    assert ".ci/run --all" in commands["nightly.yml"]
    assert all(tool in commands["audit.yml"] for tool in ("pip-audit", "npm audit"))
    assert "ATEN_CPU_CAPABILITY" in found["nightly.yml"]["jobs"]["rounding"]["steps"][-1]["env"]
    assert found["pages.yml"]["jobs"]["deploy"]["needs"] == ["build", "notebooks"]


def pins() -> list[Requirement]:
    """고정한 패키지들입니다."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines]


def test_every_pin_is_what_is_installed() -> None:
    assert len(pins()) > 50
    wrong = [str(pin) for pin in pins() if not pin.specifier.contains(version(pin.name))]
    assert not wrong


def newer(oldest: str) -> list[str]:
    """파이썬 `oldest`에는 설치되지 않는 것들입니다."""
    wanted = {pin.name: metadata(pin.name)["Requires-Python"] for pin in pins()}
    return [name for name, asked in wanted.items() if asked and oldest not in SpecifierSet(asked)]


def test_every_pin_installs_on_the_oldest_promised_python() -> None:
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = promised["requires-python"].removeprefix(">=")
    assert not newer(f"{oldest}.0")
    assert newer("3.8.0")
