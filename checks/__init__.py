"""What it means: facts from bytes, rules from facts to findings, marking from findings to marks."""
