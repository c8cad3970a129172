CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
INSERT INTO meta (key, value) VALUES ('sentinel', 'egmina');

-- Where each bucket stands. rows lets a start see that entries are missing;
-- sum covers the other columns.
CREATE TABLE bucket (
    name    TEXT    PRIMARY KEY,
    epoch   TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    digest  BLOB    NOT NULL,
    rows    INTEGER NOT NULL,
    applied INTEGER NOT NULL, -- UTC microseconds
    sum     INTEGER NOT NULL
) STRICT;

CREATE TABLE entry (
    bucket TEXT    NOT NULL,
    key    TEXT    NOT NULL,
    value  BLOB    NOT NULL,
    sum    INTEGER NOT NULL,
    PRIMARY KEY (bucket, key)
) STRICT;
