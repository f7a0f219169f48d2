"""Loads that do everything to a server at once, and what has to hold afterwards.

`scripts/chaos` runs them for as long as one likes, test_chaos.py for a few seconds.
"""
