"""다시 만들 수 있는 것을 보관하는 폴더와, 그 안에 온전히 쓰기."""

from __future__ import annotations

import errno
import os
import re
import tempfile
import traceback
from pathlib import Path

from gan_docs import files
from gan_docs.files import CACHE_VARIABLE, cache_root

PACKAGE = Path(files.__file__).parent
KOREAN = re.compile("[가-힣]")
REASONS = {
    errno.EACCES: "권한이 없습니다",
    errno.EDQUOT: "디스크의 할당량이 찼습니다",
    errno.EEXIST: "폴더가 아니라 파일입니다",
    errno.EFBIG: "파일 크기의 한도를 넘었습니다",
    errno.EISDIR: "파일이 아니라 폴더입니다",
    errno.ENAMETOOLONG: "이름이 너무 깁니다",
    errno.ENOENT: "파일이나 폴더가 없습니다",
    errno.ENOSPC: "디스크가 가득 찼습니다",
    errno.ENOTDIR: "폴더가 아니라 파일입니다",
    errno.EPERM: "권한이 없습니다",
    errno.EROFS: "읽기만 하는 디스크입니다",
}


def cache_folder(name: str) -> Path:
    """보관하는 곳에서 이름이 붙은 폴더를 돌려줍니다."""
    return cache_root() / name


def prepare_cache() -> Path:
    """보관하는 곳에 쓸 수 있는지 확인하고, Matplotlib도 홈 폴더 대신 그 안을 쓰게 합니다.

    쓸 수 없는 홈 폴더에서도 빌드되고, 홈 폴더의 `matplotlibrc`가 그림을 바꾸지 못합니다.

    Raises:
        OSError: 폴더가 아니거나 쓸 수 없을 때.
    """
    remedy = f"환경 변수 {CACHE_VARIABLE}에 쓸 수 있는 폴더를 적으세요"
    root = check_folder(cache_root(), "보관할 폴더", remedy)
    os.environ["MPLCONFIGDIR"] = str(root.absolute() / "matplotlib")
    return root


def check_folder(folder: Path, role: str, remedy: str) -> Path:
    """폴더를 만들고, 파일을 쓸 수 있는지 확인합니다.

    Raises:
        OSError: 폴더가 아니거나 쓸 수 없을 때. 폴더의 이름 `role`과 할 일 `remedy`를 알립니다.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OSError(f"{role}에 쓸 수 없습니다: {folder}: {reason(error)}. {remedy}") from error
    return folder


def reason(error: OSError) -> str:
    """파일을 읽거나 쓰지 못한 까닭을 한국어로 돌려줍니다."""
    return REASONS.get(error.errno or 0, error.strerror or str(error))


def explain(error: BaseException) -> str:
    """오류를 한국어 한 줄로 적습니다. 까닭과 파일을 적고, 자리가 모자라면 할 일도 적습니다.

    한국어로 말하지 않는 오류는 파이썬이나 라이브러리의 것이라, 일어난 줄과 함께 적습니다.
    """
    if not isinstance(error, OSError) or error.errno is None:
        told = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())
        return told if KOREAN.search(told) else f"{line(error)}{type(error).__name__}: {told}"
    place = f": {error.filename}" if error.filename else ""
    remedy = ""
    if error.errno in files.FULL:
        remedy = ". 자리를 비우고 다시 빌드하세요. 끝난 실험은 남아 있습니다"
    return f"{reason(error)}{place}{remedy}"


def line(error: BaseException) -> str:
    """오류가 난 파일과 줄입니다. 패키지의 줄을 거치지 않았으면 빈 글."""
    steps = [(each.filename, each.lineno) for each in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        steps.append((error.filename or "", error.lineno))
    inside = [(Path(file), number) for file, number in steps if PACKAGE in Path(file).parents]
    if not inside:
        return ""
    file, number = inside[-1]
    return f"{file.relative_to(PACKAGE.parent).as_posix()}:{number}에서 "


def write_bytes(file: Path, content: bytes) -> None:
    """반쪽이 남지 않게 씁니다: 두 빌드가 함께 써도 다 쓴 것만 보입니다."""
    file.parent.mkdir(parents=True, exist_ok=True)
    files.replace(file, lambda temporary: temporary.write_bytes(content))


def write_text(file: Path, text: str) -> None:
    """글을 UTF-8로 온전히 씁니다."""
    write_bytes(file, text.encode("utf-8"))
