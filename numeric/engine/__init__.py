"""How a twin is run: random streams, blocks of paths, streaming moments, worker processes."""
