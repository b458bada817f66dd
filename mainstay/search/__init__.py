"""Finding things: `actions` puts documents into the index, `queries` asks it. See README.md."""
