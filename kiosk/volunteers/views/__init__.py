"""What volunteers see: open shifts, their own page, and what they carry while on duty."""
