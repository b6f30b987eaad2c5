"""The ledger's migrations, shipped with the package."""
