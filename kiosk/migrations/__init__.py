"""The database's shape, step by step; each step works beside the release before it."""
