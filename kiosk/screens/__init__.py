"""Screens in the hall: the board (大屏)."""
