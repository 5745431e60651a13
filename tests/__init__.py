"""The suite: house rules, the station, its pages in a real browser, and the load bench."""
