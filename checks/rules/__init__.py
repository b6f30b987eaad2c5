"""The rules that come with odrc, one file each. A new one needs its file, its test table and a line in a pack."""
