"""What is asked: settings, assessment framework, country packs, vendored standards data."""
