"""A local Bot API server with sample feeds: the whole program with no token and no internet."""
