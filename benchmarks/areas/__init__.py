"""One module per area, each with `measure(corpus: Path) -> AreaReport`; the module's name is the area's."""
