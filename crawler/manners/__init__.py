"""How the crawl behaves as a guest: who it says it is, what it obeys, where it refuses to go."""
