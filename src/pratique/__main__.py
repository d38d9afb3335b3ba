"""`python -m pratique`."""

from pratique.cli import main

raise SystemExit(main())
