"""사이트의 도구가 없는 프로세스에서, 패키지만으로 코드를 돌립니다."""

import json
import os
import subprocess
import sys
from pathlib import Path

from gan_docs.site.page.running import HIDDEN

ALONE = f"""
import json, os, sys, tempfile
sys.modules.update(dict.fromkeys({HIDDEN}))
failed = {{}}
for name, text in json.load(sys.stdin).items():
    os.chdir(tempfile.mkdtemp(dir=sys.argv[1]))
    try:
        exec(compile(text, name, "exec"), {{"__name__": "__main__"}})
    except BaseException as error:
        failed[name] = repr(error)
print()
print(json.dumps(failed))
"""


def failures(texts: dict[str, str], folder: Path) -> dict[str, str]:
    """코드를 저마다의 빈 폴더에서 차례로 돌려, 실패한 것의 이름과 이유를 모읍니다."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(folder)], input=json.dumps(texts),
        capture_output=True, encoding="utf-8", env={**os.environ, "MPLBACKEND": "Agg"}, check=True,
    )  # fmt: skip
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found
