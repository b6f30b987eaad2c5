"""Keeps what was recorded: backups, restores, and the check that a ledger holds together."""
