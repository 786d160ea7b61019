"""One provider's product a file; nothing is registered here."""
