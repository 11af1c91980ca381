"""CI의 스크립트: 없는 브라우저만 갖추고, 검사와 테스트를 차례로 부릅니다."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "run"
SHELL = ("bash", "dirname", "env", "id")
LOGGING = '#!{bash}\necho "$(basename "$0") $*" >> {log}\n[[ "$*" != *{bad}* ]]\n'
ENGINES = ("firefox-esr", "WebKitWebDriver", "Xvfb")


def installed(folder: Path, present: tuple[str, ...], bad: str = "!") -> list[str]:
    """있는 프로그램이 `present`뿐인 기계가 설치하려 한 것입니다. `bad`가 든 명령은 실패합니다."""
    programs, log = folder / "bin", folder / "log"
    programs.mkdir()
    for name in (*SHELL, "basename"):
        (programs / name).symlink_to(str(shutil.which(name)))
    for name in (*present, "apt-get", "sudo", "python3"):
        file = programs / name
        file.write_text(LOGGING.format(bash=shutil.which("bash"), log=log, bad=bad), "utf-8")
        file.chmod(0o755)
    script = folder / ".ci" / "run"
    script.parent.mkdir()
    shutil.copy(SCRIPT, script)
    subprocess.run([script, "-x"], env={"PATH": str(programs)}, check=True)
    lines = [line.replace("sudo ", "") for line in log.read_text("utf-8").splitlines()]
    ran = [line.removeprefix("python3 ") for line in lines if line.startswith("python3 ")]
    assert ran == ["dev.py check", "dev.py test -x"]
    return [line.partition("-qq ")[2] for line in lines if line.startswith("apt-get install")]


@pytest.mark.parametrize(
    ("present", "wanted"),
    [
        ((), ["chromium-headless-shell", "firefox-esr", "webkit2gtk-driver xvfb"]),
        (("chromium",), ["firefox-esr", "webkit2gtk-driver xvfb"]),
        (("chromium", "firefox", "Xvfb"), ["webkit2gtk-driver xvfb"]),
        (("chromium-headless-shell", *ENGINES), []),
    ],
)
def test_only_what_is_missing_is_installed(
    tmp_path: Path, present: tuple[str, ...], wanted: list[str]
) -> None:
    assert installed(tmp_path, present) == wanted


def test_an_engine_that_cannot_be_had_stops_nothing(tmp_path: Path) -> None:
    assert installed(tmp_path, ("chromium",), bad="firefox")[0] == "firefox-esr"


def test_a_chromium_that_cannot_be_had_stops_all(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        installed(tmp_path, (), bad="chromium")
