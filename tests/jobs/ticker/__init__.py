"""A test's own app: its schedule is found like anybody's, and nobody else's fires beside it."""
