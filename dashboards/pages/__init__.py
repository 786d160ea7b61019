"""One page a file; `dashboards.app` finds them."""
