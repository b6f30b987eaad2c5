from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve()
for folder in (str(HERE.parent), str(HERE.parents[2])):
    if folder not in sys.path:
        sys.path.insert(0, folder)
