"""Compares fgs-emulator with what people would otherwise run, and with the floor of the machine.

`contenders` are what is compared, one per file; `measurements` are how, one per file; `floors` are harnesses for
what cannot be beaten. `python -m bench` runs them, see `../README.md`.
"""
