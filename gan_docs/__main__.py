"""`python -m gan_docs`: 명령줄을 부릅니다."""

import sys

from gan_docs.cli.parser import main

if __name__ == "__main__":
    sys.exit(main())
