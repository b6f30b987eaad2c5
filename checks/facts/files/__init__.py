"""Facts of files: type from bytes, whether they parse, and their shape. Bounded, and never more than measures."""
