"""Word lists that the crawl's classifiers and link reading use. Each entry has an id that reasons cite."""
