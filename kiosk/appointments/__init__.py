"""Appointments (预约): a visitor books a time for a service, and stands in line by it."""
