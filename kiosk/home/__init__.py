"""The kiosk's home and the way to a service: pages that compose catalog, queues and hours."""
