"""An example of a plugin package: a rule, a portal adapter, a platform reader, a country pack, a format reader."""
