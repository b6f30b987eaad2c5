"""Freezing: what was known of a period, fixed for good, signed, and bundled so that anybody can check it."""
