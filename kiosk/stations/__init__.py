"""Stations (站点), their opening hours, counters (窗口), and paired devices."""
