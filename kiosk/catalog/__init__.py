"""The catalog: domains (领域), categories (类别) and services (事项)."""
