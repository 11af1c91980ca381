"""`python -m gan_docs.site`: MkDocs 없이 실험과 그림을 갖춥니다."""

import sys

from gan_docs.site.build import build

if __name__ == "__main__":
    try:
        build()
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(f"빌드하지 못했습니다: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
