"""The rules of this package, one file each."""
