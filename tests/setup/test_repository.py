"""저장소에 적힌 것: 기계의 자리와 서버의 이름이 없고, 작업 흐름이 고정되어 있고, 판이 맞는지."""

import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
HOSTS = re.compile(
    r"(?:files\.)?pyth" r"onhosted\.org|registry\.npmj" r"s\.org|download\.pytor" r"ch\.org"
    r"|\bpypi\.or" r"g|/wor" r"k/|/ro" r"ot/|/hom" r"e/\w+/"
)  # fmt: skip
PINNED = re.compile(r"^[\w.-]+/[\w.-]+@[0-9a-f]{40}$")
TEXT = {".py", ".md", ".toml", ".txt", ".yml", ".json", ".ipynb", ".css", ".html", ".cjs", ""}


def unpinned(workflow: dict) -> list[str]:
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    return [s["uses"] for s in steps if "uses" in s and not PINNED.match(s["uses"])]


def generous(workflow: dict) -> bool:
    """모두에게 쓸 권한을 주는지, 시간의 끝이 없는 일이 있는지."""
    return workflow.get("permissions") != {"contents": "read"} or any(
        "timeout-minutes" not in job for job in workflow["jobs"].values()
    )


def workflows() -> dict[str, dict]:
    files = (ROOT / ".github" / "workflows").glob("*.yml")
    return {file.name: yaml.safe_load(file.read_text("utf-8")) for file in files}


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


def test_actions_are_pinned_and_permissions_are_least() -> None:
    found = workflows()
    assert found.keys() == {"audit.yml", "ci.yml", "lighthouse.yml", "pages.yml", "reproduce.yml"}
    assert not {name: bad for name, workflow in found.items() if (bad := unpinned(workflow))}
    assert not [name for name, workflow in found.items() if generous(workflow)]
    assert found["pages.yml"]["jobs"]["deploy"]["permissions"] == {
        "pages": "write",
        "id-token": "write",
    }
    assert found["pages.yml"]["jobs"]["notebooks"]["permissions"] == {
        "actions": "read",
        "contents": "write",
    }
    assert found["pages.yml"]["jobs"]["deploy"]["needs"] == ["build", "notebooks"]


def test_a_loose_action_or_permission_is_seen() -> None:
    workflow = workflows()["ci.yml"]
    workflow["jobs"]["check"]["steps"][0]["uses"] = "actions/checkout@v7"
    assert unpinned(workflow) == ["actions/checkout@v7"]
    assert generous({**workflow, "permissions": "write-all"})


def audited(folder: Path) -> subprocess.CompletedProcess[str]:
    """`dev.py check`처럼, 밖에 묻지 않고 작업 흐름을 살핍니다."""
    zizmor = shutil.which("zizmor", path=Path(sys.executable).parent)
    assert zizmor is not None
    command = [zizmor, "--offline", "--pedantic", "--no-progress", folder]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_the_workflows_hold_nothing_that_zizmor_finds() -> None:
    done = audited(ROOT / ".github")
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"{name}" in done.stderr for name in [*workflows(), "dependabot.yml"])


WEAK = {
    "unpinned-uses": ("checkout@3d3c42e5aac5ba805825da76410c181273ba90b1", "checkout@main"),
    "template-injection": ("run: .ci/run", "run: echo ${{ github.event.pull_request.title }}"),
    "excessive-permissions": ("contents: read", "contents: write"),
    "dangerous-triggers": ("  pull_request:\n", "  pull_request_target:\n"),
}


@pytest.mark.parametrize("name", WEAK)
def test_a_weak_workflow_is_seen(tmp_path: Path, name: str) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    assert WEAK[name][0] in text
    (folder / "ci.yml").write_text(text.replace(*WEAK[name]), "utf-8")
    done = audited(tmp_path)
    assert done.returncode != 0
    assert name in done.stdout


def test_known_weaknesses_are_asked_for_every_week() -> None:
    workflow = workflows()["audit.yml"]
    assert workflow[True].keys() == {"schedule", "workflow_dispatch"}  # YAML은 on을 참으로 읽음
    commands = [step.get("run", "") for step in workflow["jobs"]["audit"]["steps"]]
    assert any("pip-audit" in line and "constraints.txt" in line for line in commands)
    assert any("npm audit" in line for line in commands)


def test_every_pin_is_what_is_installed() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert len(pins) > 50
    wrong = [
        str(pin)
        for pin in pins
        if (pin.marker is None or pin.marker.evaluate())
        and not pin.specifier.contains(version(pin.name), prereleases=True)
    ]
    assert not wrong
