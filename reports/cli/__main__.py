"""``python -m reports.cli``, for where the console script is not on the path."""

from reports.cli import main

main()
