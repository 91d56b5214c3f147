"""The shell of Wirewatch: configuration, database, fetching, parsing, scheduling, delivery, command line."""
