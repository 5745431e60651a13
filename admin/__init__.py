"""The staff's door into the station: pages and nothing else."""
