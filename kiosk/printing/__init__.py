"""The paper slip: printed after the commit, with its result kept."""
