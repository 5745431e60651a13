"""The voice (语音): audio pieces that a call is spoken with, made ahead of time or recorded."""
