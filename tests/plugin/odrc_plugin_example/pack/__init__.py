"""The pack of a country that does not exist."""
