CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
INSERT INTO meta (key, value) VALUES ('sentinel', 'egmina');

-- The act before the first one kept, and the office's epoch: one row.
CREATE TABLE chain (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    base      INTEGER NOT NULL,
    base_hash BLOB    NOT NULL,
    epoch     TEXT    NOT NULL,
    sum       INTEGER NOT NULL
) STRICT;

-- An act's hash is SHA-256(prev, counter, payload), as in the journal; sum
-- covers what the office's answer changes. The payload is last, so that looking
-- through the acts does not read it; an outbox is short enough to need no index.
CREATE TABLE op (
    counter INTEGER PRIMARY KEY,
    id      BLOB    NOT NULL UNIQUE,
    bucket  TEXT    NOT NULL,
    state   TEXT    NOT NULL,
    receipt TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    sum     INTEGER NOT NULL,
    prev    BLOB    NOT NULL,
    payload BLOB    NOT NULL
) STRICT;

-- Attempts to log in since the last success, by blind ID; '' is the kiosk.
CREATE TABLE attempt (
    subject TEXT    PRIMARY KEY,
    tries   INTEGER NOT NULL
) STRICT;
