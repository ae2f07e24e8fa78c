"""`python -m metaharmon`."""

from metaharmon.cli import main

raise SystemExit(main())
