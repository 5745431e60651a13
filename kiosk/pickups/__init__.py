"""Pickups (取件): a parcel or a meal is booked, dropped at a storage point (存放点), collected."""
