"""People who work here: sign-in, roles, permissions, audit (人员)."""
