"""What visitors and couriers see of pickups."""
