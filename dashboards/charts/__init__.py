"""Frames become charts: pure functions, no store, no clock. Plotly figures are plain dicts."""
