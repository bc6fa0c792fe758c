-- Sessions that run, each sealed under its identifier (store/seal.rs).
CREATE TABLE session (
    sid TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;

-- What outlives sessions and must not be read: sealed under its name.
CREATE TABLE secret (
    name TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;

-- Sessions that have ended: who ended them, and whose they were (JSON). `ended`: seconds since 1970.
CREATE TABLE tombstone (
    sid TEXT PRIMARY KEY,
    ended INTEGER NOT NULL,
    told TEXT NOT NULL
) STRICT;

CREATE INDEX tombstone_ended ON tombstone (ended);
