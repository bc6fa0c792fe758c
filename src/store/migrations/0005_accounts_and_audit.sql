-- Sign-ins with what their account is told of them. Times are seconds since 1970. Of tokens and of devices' cookies, only the SHA-256 is kept.
ALTER TABLE account ADD COLUMN seen INTEGER;

CREATE TABLE sign_in_now (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token BLOB NOT NULL UNIQUE,
    account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    since INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    device TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;

INSERT INTO sign_in_now (token, account, since, seen, expires, device, address)
    SELECT token, account, unixepoch(), unixepoch(), expires, '', '' FROM sign_in;
DROP TABLE sign_in;
ALTER TABLE sign_in_now RENAME TO sign_in;
CREATE INDEX sign_in_account ON sign_in (account);

-- Browsers that have signed in to an account before.
CREATE TABLE device (
    cookie BLOB NOT NULL,
    account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    seen INTEGER NOT NULL,
    PRIMARY KEY (account, cookie)
) STRICT;

-- Wrong passwords. `who`: a digest of the name, or of the name and a known browser. `until`: when a lock ends; 0: none.
CREATE TABLE attempt (
    who BLOB PRIMARY KEY,
    since INTEGER NOT NULL,
    wrong INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT;

CREATE INDEX attempt_since ON attempt (since);

-- The audit trail, docs/audit.md. `at`: milliseconds since 1970. `hash`: SHA-256.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    who TEXT NOT NULL,
    session TEXT,
    about TEXT NOT NULL,
    times INTEGER,
    hash BLOB NOT NULL
) STRICT;

CREATE INDEX audit_session ON audit (session, seq) WHERE session IS NOT NULL;

-- The last entry that was taken out because of its age: the chain begins after it.
CREATE TABLE audit_anchor (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;

-- What the command line did: the server takes it into the trail.
CREATE TABLE audit_pending (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    about TEXT NOT NULL
) STRICT;
