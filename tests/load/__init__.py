"""The station under load: real servers, many clients at once."""
