"""`python -m gan_docs.site`: MkDocs 없이 실험과 그림을 갖춥니다."""

import sys

from gan_docs.site.make.schedule import build
from gan_docs.site.make.storage import explain

if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit("쓰는 법: python -m gan_docs.site (인자 없이 모자란 실험과 그림을 모두 만듭니다)")
    try:
        build()
    except Exception as error:
        sys.exit(f"빌드하지 못했습니다: {explain(error)}")
    except KeyboardInterrupt:
        print("멈추었습니다. 끝난 실험은 남아 있습니다.", file=sys.stderr)
        sys.exit(130)
