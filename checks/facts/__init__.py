"""Facts: what bytes say, typed and frozen, independent of night, rule and indicator."""
