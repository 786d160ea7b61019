"""The verified figures the tracker ships with, and the way they get into the store.

Places, regions, crossings and events are written straight; figures take the same road as an ingested payload (keep,
place, check, load), so that a seeded number can be traced, revised and undone like any other. Loading the seed again
changes nothing, and never turns back a figure that a source has revised since.
"""
