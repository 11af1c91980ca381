"""명령줄: `train`은 학습해 저장하고, `sample`은 만들고, `evaluate`는 지표를 셉니다."""

from __future__ import annotations

import argparse
import io
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from gan_docs.cli import sources
from gan_docs.files import FULL

OLDEST_TORCH = (2, 4)
OUT_OF_MEMORY = ("out of memory", "DefaultCPUAllocator")  # torch는 RuntimeError로 알림


class Parser(argparse.ArgumentParser):
    """틀린 인자를 한국어 한 줄로 알립니다."""

    def error(self, message: str) -> NoReturn:
        """무엇이 틀렸는지 알리고 2로 끝냅니다."""
        known = {
            "the following arguments are required: ": "빠진 인자: ",
            "unrecognized arguments: ": "모르는 인자: ",
            "expected one argument": "값이 하나 있어야 합니다",
            "invalid choice: ": "고를 수 없는 값 ",
            "choose from": "고를 수 있는 값:",
            "invalid int value: ": "정수가 아닌 값 ",
            "invalid float value: ": "수가 아닌 값 ",
            "argument ": "인자 ",
        }
        for english, korean in known.items():
            message = message.replace(english, korean)
        self.exit(2, f"오류: {message}\n")


def build_parser() -> Parser:
    """인자를 정의합니다. 이름과 기본값은 그것을 정한 모듈의 소스에서 읽습니다."""
    parser = Parser(prog="python -m gan_docs", description="적대적 생성 신경망을 학습하고 씁니다.")
    commands = parser.add_subparsers(dest="command", required=True, title="명령")
    add_train(commands.add_parser("train", help="학습하고 저장합니다"))
    add_sample(commands.add_parser("sample", help="이미지를 만듭니다"))
    add_evaluate(commands.add_parser("evaluate", help="지표를 세어 보이고 JSON으로 씁니다"))
    return parser


def add_train(train: argparse.ArgumentParser) -> None:
    """`train`의 인자입니다."""
    trainer = sources.defaults("gan_docs.trainer", "Trainer")
    names = ", ".join(sources.table("gan_docs.data", "DATASETS"))
    train.add_argument("--data", required=True, help=f"{names} 또는 이미지 폴더")
    for name, meaning in (("width", "가로 화소 수"), ("height", "세로 화소 수")):
        train.add_argument(f"--{name}", type=int, help=f"이미지를 맞출 {meaning} (기본값 28)")
    colours = "1은 흑백, 3은 색 (기본값 1)"
    train.add_argument("--channels", type=int, choices=(1, 3), help=colours)
    train.add_argument("--out", required=True, type=Path, help="저장할 폴더")
    add_number(train, "--steps", "스텝 수", int(trainer["steps"]))
    add_number(train, "--seed", "난수의 시드", int(trainer["seed"]))
    add_number(train, "--batch-size", "한 스텝에 볼 수", int(trainer["batch_size"]))
    losses = sources.table("gan_docs.losses", "LOSSES")
    add_choice(train, "--loss", "손실", losses, trainer["loss"])
    penalties = {"none": "None", **sources.table("gan_docs.losses", "PENALTIES")}
    add_choice(train, "--penalty", "기울기 벌점", penalties, trainer["penalty"])
    scale = "벌점의 세기에 곱할 수. 큰 이미지에는 키웁니다 (기본값 1)"
    train.add_argument("--penalty-scale", type=float, default=1.0, help=scale)
    train.add_argument(
        "--augment",
        nargs="*",
        choices=list(sources.table("gan_docs.augmentation", "STRENGTHS")),
        help="판별기가 볼 진짜와 가짜를 바꿀 증강. 이름이 없으면 flip을 뺀 모두",
    )
    train.add_argument("--unconditional", action="store_true", help="종류를 알려 주지 않습니다")
    add_number(train, "--threads", "스레드 수", 1)
    devices = sources.table("gan_docs.machines.devices", "KINDS")
    add_choice(train, "--device", "계산할 장치", devices, trainer["device"])
    precisions = sources.table("gan_docs.machines.devices", "PRECISIONS")
    add_choice(train, "--precision", "자료형", precisions, trainer["precision"])
    add_number(train, "--checkpoint-every", "체크포인트 사이의 스텝 수", 500)
    add_number(train, "--patience", "다른 프로세스의 답을 기다릴 초", 60)
    train.add_argument("--resume", action="store_true", help="체크포인트가 있으면 이어 합니다")
    train.add_argument("--overwrite", action="store_true", help="앞선 결과를 바꿉니다")


def add_sample(sample: argparse.ArgumentParser) -> None:
    """`sample`의 인자입니다."""
    sample.add_argument("--from", dest="run", required=True, type=Path, help="학습한 폴더")
    sample.add_argument("--out", required=True, type=Path, help=".png 또는 .npz 파일")
    add_number(sample, "--count", "만들 수", 64)
    add_number(sample, "--seed", "난수의 시드", 0)


def add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    """`evaluate`의 인자입니다."""
    judge = sources.defaults("gan_docs.judging.judge", "train_judge")
    evaluate.add_argument("--from", dest="run", required=True, type=Path, help="학습한 폴더")
    evaluate.add_argument("--out", type=Path, help="JSON 파일 (기본값 학습한 폴더/evaluation.json)")
    add_number(evaluate, "--count", "만들 수", 5000)
    add_number(evaluate, "--seed", "난수의 시드", 0)
    add_number(evaluate, "--judge-steps", "심판의 스텝 수", int(judge["steps"]))


def add_number(parser: argparse.ArgumentParser, name: str, meaning: str, default: int) -> None:
    """정수 하나를 받는 인자를 더합니다."""
    parser.add_argument(name, type=int, default=default, help=f"{meaning} (기본값 {default})")


def add_choice(
    parser: argparse.ArgumentParser, name: str, meaning: str, table: dict[str, str], default: str
) -> None:
    """표의 이름 가운데 하나를 받는 인자를 더합니다. 기본값은 그 값을 적은 코드로 찾습니다."""
    chosen = next(key for key, code in table.items() if code == default)
    choices = list(table)
    parser.add_argument(name, choices=choices, default=chosen, help=f"{meaning} (기본값 {chosen})")


def main(arguments: Sequence[str] | None = None) -> int:
    """명령을 실행하고 종료 코드를 반환합니다.

    Args:
        arguments: 명령줄의 인자. 생략하면 `sys.argv`를 읽습니다.

    Returns:
        0은 끝까지, 1은 오류, 130은 Ctrl-C(SIGINT), 143은 SIGTERM, 129는 닫힌 터미널(SIGHUP).
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # 적을 수 없는 글자가 끝난 일을 망치지 않도록
    chosen = build_parser().parse_args(arguments)
    try:
        check_torch()
        from gan_docs.cli.commands import sample, train  # 도움말만 보일 때는 torch를 읽지 않도록
        from gan_docs.cli.evaluation import evaluate

        {"train": train, "sample": sample, "evaluate": evaluate}[chosen.command](chosen)
    except KeyboardInterrupt as stopped:
        print("멈추었습니다.", file=sys.stderr)
        return 128 + getattr(stopped, "number", signal.SIGINT)
    except OSError as error:
        print(f"오류: {unreached(error)}".replace("\n", " "), file=sys.stderr)
        return 1
    except (ArithmeticError, TypeError, ValueError) as error:
        print(f"오류: {error}".replace("\n", " "), file=sys.stderr)
        return 1
    except Exception as error:
        if (reason := lacking(error)) is None:
            raise
        print(f"오류: {reason}".replace("\n", " "), file=sys.stderr)
        return 1
    return 0


def lacking(error: Exception) -> str | None:
    """라이브러리가 디스크나 메모리가 모자란다고 알린 것이면 한국어 한 줄, 아니면 `None`입니다."""
    from safetensors import SafetensorError  # OSError가 아니라 이것으로 알림

    if isinstance(error, SafetensorError):
        return f"모델을 쓰지 못했습니다. 디스크의 자리를 비우세요: {error}"
    if isinstance(error, MemoryError) or any(each in str(error) for each in OUT_OF_MEMORY):
        return "메모리가 모자랍니다. --batch-size나 --count, 이미지의 크기를 줄이세요"
    return None


def unreached(error: OSError) -> str:
    """파일을 읽거나 쓰지 못한 이유입니다. 이 패키지가 알린 것은 그대로 옮깁니다."""
    if error.errno is None:
        return str(error)
    if error.errno in FULL:
        place = f": {error.filename}" if error.filename else ""
        return f"쓸 자리가 모자랍니다. 디스크의 자리를 비우세요{place}"
    return f"읽거나 쓸 수 없습니다: {error.filename or error.strerror}"


def check_torch() -> None:
    """torch를 읽기 전에 버전을 확인합니다.

    Raises:
        ValueError: 없거나 낡았을 때.
    """
    from importlib.metadata import PackageNotFoundError, version

    wanted = ".".join(map(str, OLDEST_TORCH))
    try:
        found = version("torch")
    except PackageNotFoundError:
        raise ValueError(f"torch {wanted} 이상이 필요합니다: 설치되어 있지 않습니다") from None
    if tuple(int(part) for part in found.split("+")[0].split(".")[:2]) < OLDEST_TORCH:
        raise ValueError(f"torch {wanted} 이상이 필요합니다: 설치된 버전 {found}")
