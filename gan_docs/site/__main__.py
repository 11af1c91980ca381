"""`python -m gan_docs.site`: MkDocs 없이 실험과 그림을 갖춥니다."""

import sys

from gan_docs.site.make.schedule import build
from gan_docs.site.make.storage import explain

if __name__ == "__main__":
    try:
        build()
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(f"빌드하지 못했습니다: {explain(error)}")
    except KeyboardInterrupt:
        print("멈추었습니다. 끝난 실험은 남아 있습니다.", file=sys.stderr)
        sys.exit(130)
