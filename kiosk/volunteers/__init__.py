"""Volunteers (志愿服务): shifts at storage points, who signed up, what they carry, their hours."""
