package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"

	"egmina/data"
	"egmina/data/store"
)

type readTx struct {
	ctx   context.Context
	tx    *sql.Tx
	gmina string
}

type writeTx struct {
	readTx
	touched []string // topics told after the commit
}

func (t *readTx) row(query string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(t.ctx, query, args...)
}

func (t *writeTx) exec(query string, args ...any) error {
	_, err := t.tx.ExecContext(t.ctx, query, args...)
	return err
}

func (t *writeTx) touch(bucket string) { t.touched = append(t.touched, t.gmina+"\x00"+bucket) }

// found turns the driver's "no rows" into ours.
func found(what string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return wrap(what, err)
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// pad32 makes any stored bytes 32 long, so that a damaged row is a wrong digest and not a panic.
func pad32(b []byte) []byte {
	out := make([]byte, sha256.Size)
	copy(out, b)
	return out
}

func toID(b []byte) data.ID {
	var id data.ID
	copy(id[:], b)
	return id
}

// Epoch names the life of this database, "" before the first SetEpoch.
func (t *readTx) Epoch() (string, error) {
	var epoch string
	err := t.row(`SELECT epoch FROM epochs WHERE gmina = $1`, t.gmina).Scan(&epoch)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return epoch, wrap("epoch", err)
}

// SetEpoch starts another life of the database.
func (t *writeTx) SetEpoch(epoch string) error {
	return wrap("epoch", t.exec(`INSERT INTO epochs (gmina, epoch) VALUES ($1, $2) ON CONFLICT (gmina) DO UPDATE SET epoch = excluded.epoch`, t.gmina, epoch))
}

// Receipt returns the receipt of an act.
func (t *readTx) Receipt(op data.ID) (store.Receipt, error) {
	r := store.Receipt{Op: op}
	var sha []byte
	err := t.row(`SELECT sha, kind, status, reason, kiosk, counter, received, sealed FROM receipts WHERE gmina = $1 AND op = $2`, t.gmina, op[:]).
		Scan(&sha, &r.Kind, &r.Status, &r.Reason, &r.Kiosk, &r.Counter, &r.Received, &r.Sealed)
	r.SHA = [sha256.Size]byte(pad32(sha))
	return r, found("receipt", err)
}

// PutReceipt inserts first; only when that meets a receipt it reads it.
func (t *writeTx) PutReceipt(r store.Receipt) (*store.Receipt, error) {
	res, err := t.tx.ExecContext(t.ctx, `INSERT INTO receipts (gmina, op, sha, kind, status, reason, kiosk, counter, received, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (gmina, op) DO NOTHING`,
		t.gmina, r.Op[:], r.SHA[:], r.Kind, r.Status, r.Reason, r.Kiosk, r.Counter, int64(r.Received), r.Sealed)
	if err != nil {
		return nil, wrap("receipt", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return nil, wrap("receipt", err)
	}
	old, err := t.Receipt(r.Op)
	return &old, err
}

// PutConflict keeps an act that came again with other bytes.
func (t *writeTx) PutConflict(c store.Conflict) error {
	return wrap("conflict", t.exec(`INSERT INTO conflicts (gmina, op, sha, kind, key_id, kiosk, counter, received, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (gmina, op, sha) DO NOTHING`,
		t.gmina, c.Op[:], c.SHA[:], c.Kind, c.KeyID, c.Kiosk, c.Counter, int64(c.Received), c.Sealed))
}

// Conflicts returns the acts that came again with other bytes.
func (t *readTx) Conflicts() ([]store.Conflict, error) {
	rows, err := t.tx.QueryContext(t.ctx, `SELECT op, sha, kind, key_id, kiosk, counter, received, sealed FROM conflicts WHERE gmina = $1 ORDER BY received, op, sha`, t.gmina)
	return collect("conflicts", rows, err, func(c *store.Conflict) error {
		var op, sha []byte
		err := rows.Scan(&op, &sha, &c.Kind, &c.KeyID, &c.Kiosk, &c.Counter, &c.Received, &c.Sealed)
		c.Op, c.SHA = toID(op), [sha256.Size]byte(pad32(sha))
		return err
	})
}

// Account returns one account.
func (t *readTx) Account(blind string) (store.Account, error) {
	a := store.Account{Blind: blind}
	var sum []byte
	err := t.row(`SELECT payer, public, ledger, sum FROM accounts WHERE gmina = $1 AND blind = $2`, t.gmina, blind).
		Scan(&a.Payer, &a.Public, &a.Ledger, &sum)
	a.Sum = [sha256.Size]byte(pad32(sum))
	return a, found("account", err)
}

// Accounts returns the blind IDs of all accounts.
func (t *readTx) Accounts() ([]string, error) {
	rows, err := t.tx.QueryContext(t.ctx, `SELECT blind FROM accounts WHERE gmina = $1 ORDER BY blind`, t.gmina)
	return collect("accounts", rows, err, func(s *string) error { return rows.Scan(s) })
}

// PutAccount inserts or replaces an account.
func (t *writeTx) PutAccount(a store.Account) error {
	return wrap("account", t.exec(`INSERT INTO accounts (gmina, blind, payer, public, ledger, sum) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (gmina, blind) DO UPDATE SET payer = excluded.payer, public = excluded.public, ledger = excluded.ledger, sum = excluded.sum`,
		t.gmina, a.Blind, a.Payer, a.Public, a.Ledger, a.Sum[:]))
}

const readingColumns = `place, op, account, meter, day, value, roll_over, flags, state, kiosk, received`

// Readings returns the readings residents sent for an account.
func (t *readTx) Readings(account string) ([]store.Reading, error) {
	rows, err := t.tx.QueryContext(t.ctx, `SELECT `+readingColumns+` FROM readings WHERE gmina = $1 AND account = $2 ORDER BY place`, t.gmina, account)
	return collect("readings", rows, err, func(r *store.Reading) error { return scanReading(rows, r) })
}

// Worklist returns readings of all accounts after a place.
func (t *readTx) Worklist(after int64, limit int) ([]store.Reading, error) {
	rows, err := t.tx.QueryContext(t.ctx, `SELECT `+readingColumns+` FROM readings WHERE gmina = $1 AND place > $2 ORDER BY place LIMIT $3`, t.gmina, after, limit)
	return collect("worklist", rows, err, func(r *store.Reading) error { return scanReading(rows, r) })
}

func scanReading(rows *sql.Rows, r *store.Reading) error {
	var op []byte
	var day string
	err := rows.Scan(&r.Place, &op, &r.Account, &r.Meter, &day, &r.Value, &r.RollOver, &r.Flags, &r.State, &r.Kiosk, &r.Received)
	if err != nil {
		return err
	}
	r.Op = toID(op)
	return r.Date.UnmarshalText([]byte(day))
}

// PutReading inserts a reading, or sets flags and state of the act's reading.
func (t *writeTx) PutReading(r store.Reading) error {
	res, err := t.tx.ExecContext(t.ctx, `UPDATE readings SET flags = $3, state = $4 WHERE gmina = $1 AND op = $2`, t.gmina, r.Op[:], r.Flags, r.State)
	if err != nil {
		return wrap("reading", err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return wrap("reading", err)
	}
	var place int64
	err = t.row(`INSERT INTO places (gmina, last) VALUES ($1, 1) ON CONFLICT (gmina) DO UPDATE SET last = places.last + 1 RETURNING last`, t.gmina).Scan(&place)
	if err != nil {
		return wrap("place", err)
	}
	return wrap("reading", t.exec(`INSERT INTO readings (gmina, `+readingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		t.gmina, place, r.Op[:], r.Account, r.Meter, r.Date.String(), r.Value, number(r.RollOver), r.Flags, r.State, r.Kiosk, int64(r.Received)))
}

// Kiosks returns what is known of each kiosk.
func (t *readTx) Kiosks() ([]store.Kiosk, error) {
	rows, err := t.tx.QueryContext(t.ctx, `SELECT pin, name, seen, counter, durable, last_seen FROM kiosks WHERE gmina = $1 ORDER BY pin`, t.gmina)
	return collect("kiosks", rows, err, func(k *store.Kiosk) error {
		return rows.Scan(&k.Pin, &k.Name, &k.Seen, &k.Counter, &k.Durable, &k.LastSeen)
	})
}

// Kiosk returns what is known of one kiosk.
func (t *readTx) Kiosk(pin string) (store.Kiosk, error) {
	k := store.Kiosk{Pin: pin}
	err := t.row(`SELECT name, seen, counter, durable, last_seen FROM kiosks WHERE gmina = $1 AND pin = $2`, t.gmina, pin).
		Scan(&k.Name, &k.Seen, &k.Counter, &k.Durable, &k.LastSeen)
	return k, found("kiosk", err)
}

// PutKiosk inserts or replaces what is known of a kiosk.
func (t *writeTx) PutKiosk(k store.Kiosk) error {
	return wrap("kiosk", t.exec(`INSERT INTO kiosks (gmina, pin, name, seen, counter, durable, last_seen) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (gmina, pin) DO UPDATE SET name = excluded.name, seen = excluded.seen, counter = excluded.counter,
		durable = excluded.durable, last_seen = excluded.last_seen`,
		t.gmina, k.Pin, k.Name, int64(k.Seen), k.Counter, k.Durable, k.LastSeen))
}

// Advance walks the receipts' counters while they are dense.
func (t *writeTx) Advance(pin string, from int64) (int64, error) {
	rows, err := t.tx.QueryContext(t.ctx, `SELECT counter FROM receipts WHERE gmina = $1 AND kiosk = $2 AND counter > $3
		UNION SELECT counter FROM conflicts WHERE gmina = $1 AND kiosk = $2 AND counter > $3 ORDER BY counter`, t.gmina, pin, from)
	if err != nil {
		return from, wrap("advance", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return from, wrap("advance", err)
		}
		if n != from+1 {
			break
		}
		from = n
	}
	return from, wrap("advance", rows.Err())
}

// collect reads all rows with scan and closes them.
func collect[T any](what string, rows *sql.Rows, err error, scan func(*T) error) ([]T, error) {
	if err != nil {
		return nil, wrap(what, err)
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		var v T
		if err := scan(&v); err != nil {
			return nil, wrap(what, err)
		}
		out = append(out, v)
	}
	return out, wrap(what, rows.Err())
}
