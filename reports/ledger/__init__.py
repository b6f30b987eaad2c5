"""The ledger: the history of findings and marks, as spans of nights."""

from __future__ import annotations

from reports.ledger.runs import Inputs, MarkSpan, Run, RunKind, inputs_of
from reports.ledger.store import Ledger

__all__ = ["Inputs", "Ledger", "MarkSpan", "Run", "RunKind", "inputs_of"]
