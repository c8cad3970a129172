-- Plain SQL that PostgreSQL takes with BLOB read as BYTEA; every table is keyed
-- by municipality so that it can be spread by it.
CREATE TABLE epochs (
    gmina TEXT NOT NULL,
    epoch TEXT NOT NULL,
    PRIMARY KEY (gmina)
) STRICT;

CREATE TABLE buckets (
    gmina         TEXT    NOT NULL,
    bucket        TEXT    NOT NULL,
    seq           INTEGER NOT NULL,
    digest        BLOB    NOT NULL,
    pruned        INTEGER NOT NULL DEFAULT 0,
    pruned_digest BLOB    NOT NULL DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000',
    PRIMARY KEY (gmina, bucket)
) STRICT;

CREATE TABLE feed (
    gmina    TEXT    NOT NULL,
    bucket   TEXT    NOT NULL,
    seq      INTEGER NOT NULL,
    key      TEXT    NOT NULL,
    value    BLOB    NOT NULL,
    deleted  INTEGER NOT NULL,
    hash     BLOB    NOT NULL,
    digest   BLOB    NOT NULL,
    replaced INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (gmina, bucket, seq)
) STRICT;

CREATE UNIQUE INDEX feed_current ON feed (gmina, bucket, key) WHERE replaced = 0;

CREATE TABLE receipts (
    gmina    TEXT    NOT NULL,
    op       BLOB    NOT NULL,
    sha      BLOB    NOT NULL,
    kind     TEXT    NOT NULL,
    status   TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    kiosk    TEXT    NOT NULL,
    counter  INTEGER NOT NULL,
    received INTEGER NOT NULL,
    sealed   BLOB,
    PRIMARY KEY (gmina, op)
) STRICT;

CREATE INDEX receipts_counter ON receipts (gmina, kiosk, counter);

CREATE TABLE conflicts (
    gmina    TEXT    NOT NULL,
    op       BLOB    NOT NULL,
    sha      BLOB    NOT NULL,
    kind     TEXT    NOT NULL,
    key_id   TEXT    NOT NULL,
    kiosk    TEXT    NOT NULL,
    counter  INTEGER NOT NULL,
    received INTEGER NOT NULL,
    sealed   BLOB    NOT NULL,
    PRIMARY KEY (gmina, op, sha)
) STRICT;

CREATE INDEX conflicts_counter ON conflicts (gmina, kiosk, counter);

CREATE TABLE accounts (
    gmina  TEXT NOT NULL,
    blind  TEXT NOT NULL,
    payer  TEXT NOT NULL,
    public BLOB NOT NULL,
    ledger BLOB NOT NULL,
    sum    BLOB NOT NULL,
    PRIMARY KEY (gmina, blind)
) STRICT;

CREATE TABLE readings (
    gmina     TEXT    NOT NULL,
    place     INTEGER NOT NULL,
    op        BLOB    NOT NULL,
    account   TEXT    NOT NULL,
    meter     TEXT    NOT NULL,
    day       TEXT    NOT NULL,
    value     INTEGER NOT NULL,
    roll_over INTEGER NOT NULL,
    flags     TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    kiosk     TEXT    NOT NULL,
    received  INTEGER NOT NULL,
    PRIMARY KEY (gmina, place),
    UNIQUE (gmina, op)
) STRICT;

CREATE INDEX readings_account ON readings (gmina, account, place);

CREATE TABLE places (
    gmina TEXT    NOT NULL,
    last  INTEGER NOT NULL,
    PRIMARY KEY (gmina)
) STRICT;

CREATE TABLE kiosks (
    gmina     TEXT    NOT NULL,
    pin       TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    seen      INTEGER NOT NULL,
    counter   INTEGER NOT NULL,
    durable   INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    PRIMARY KEY (gmina, pin)
) STRICT;
