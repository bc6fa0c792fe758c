-- Versions of the rules, each the whole TOML. `at`: seconds since 1970; `by`: name of an account, empty: taken from the configuration file.
CREATE TABLE rules (
    version INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    comment TEXT NOT NULL,
    added INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    toml TEXT NOT NULL
) STRICT;
