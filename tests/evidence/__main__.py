"""`python3 tests/evidence < cases.jsonl` does the same as main.py."""
from __future__ import annotations

import sys

from main import run

run(sys.stdin, sys.stdout)
