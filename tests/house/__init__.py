"""Rules of the house, and the tools that everything else stands on."""
