"""The service station: what it knows, what can happen in it, and the pages visitors touch."""
