"""The core of Wirewatch: values, query language, matching, story identity, decisions.

Pure: no input or output, no clock, no randomness. Whatever depends on the world comes in as an argument, so
that every rule here can be tested by calling it.
"""
