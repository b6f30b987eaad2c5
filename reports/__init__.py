"""What is told: the ledger, views, exports and the written report."""
