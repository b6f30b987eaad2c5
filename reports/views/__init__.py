"""Views: what the ledger says, arranged for a reader. No texts, no markup."""
