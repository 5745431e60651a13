"""How fast the station is, beside a bare app on the same server: ratios, measured in one run."""
