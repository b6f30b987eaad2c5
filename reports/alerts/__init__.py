"""Tells operators and agencies by themselves what changed: transitions alone, confirmed, each once."""
