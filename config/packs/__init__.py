"""The country packs that are shipped: each a package of YAML files, read by `config.packload`."""
