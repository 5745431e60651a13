"""Notices (通知): what a station tells the people in its hall, beside the calls."""
