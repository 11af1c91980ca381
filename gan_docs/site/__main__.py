"""`python -m gan_docs.site`: MkDocs 없이 실험과 그림을 갖추고, 페이지의 코드를 실행해 둡니다."""

import sys

from gan_docs.site.make.keys import ROOT
from gan_docs.site.make.schedule import build
from gan_docs.site.make.storage import explain
from gan_docs.site.page import ahead

ONLY = ["--results"]
USAGE = f"쓰는 법: python -m gan_docs.site [{ONLY[0]}] (붙이면 모자란 실험과 그림만 갖춥니다)"

if __name__ == "__main__":
    if sys.argv[1:] not in ([], ONLY):
        sys.exit(USAGE)
    try:
        build()
        if sys.argv[1:] != ONLY:
            ahead.run(ROOT / "docs")
    except Exception as error:
        sys.exit(f"빌드하지 못했습니다: {explain(error)}")
    except KeyboardInterrupt:
        print("멈추었습니다. 끝난 실험은 남아 있습니다.", file=sys.stderr)
        sys.exit(130)
