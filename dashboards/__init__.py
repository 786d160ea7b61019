"""From store to eye: pages that read through `tracker.series` and write nothing."""
