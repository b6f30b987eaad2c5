"""The ledger: the history of findings and marks, as spans of nights."""

from __future__ import annotations

from reports.ledger.changes import Cause, MarkChange, Step
from reports.ledger.runs import Cell, Course, Inputs, Layer, MarkSpan, Run, RunKind, TallySpan, inputs_of
from reports.ledger.store import Ledger

__all__ = [
    "Cause",
    "Cell",
    "Course",
    "Inputs",
    "Layer",
    "Ledger",
    "MarkChange",
    "MarkSpan",
    "Run",
    "RunKind",
    "Step",
    "TallySpan",
    "inputs_of",
]
