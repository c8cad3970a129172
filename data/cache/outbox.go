package cache

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"egmina/data"
)

// compactAt is how many bytes of acts no longer kept the journal may carry.
const compactAt = 1 << 20

// outbox keeps acts twice: in the journal first, then in the database.
type outbox struct {
	dir       string
	now       func() time.Time
	compactAt int64

	mu     sync.RWMutex // held for writing by whatever changes a file
	db     *database
	j      *journal
	base   link // the act before the first one kept
	head   link // the last act
	epoch  string
	broken bool // a write failed half-way: put the files together again first
	closed bool
}

// record is an act as it was when it was put in; its JSON is hashed and kept
// byte by byte, so later programs must go on reading it.
type record struct {
	ID     data.ID      `json:"id"`
	Kind   string       `json:"kind"`
	Schema int          `json:"schema"`
	Made   data.Instant `json:"made"`
	KeyID  string       `json:"key_id"`
	Sealed []byte       `json:"sealed"`
	Bucket string       `json:"bucket,omitempty"`
	Echo   []byte       `json:"echo,omitempty"`
}

func encode(e Entry) ([]byte, error) {
	op := e.Op
	return json.Marshal(record{op.ID, op.Kind, op.Schema, op.Made, op.KeyID, op.Sealed, e.Bucket, e.Echo})
}

// row is an act with what the office said of it.
type row struct {
	frame
	rec                    record
	state, receipt, reason string
}

func (r row) sum() int64 {
	h := r.hash()
	return checksum(h[:], r.rec.ID[:], r.rec.Bucket, r.state, r.receipt, r.reason)
}

func (r row) entry() Entry {
	return Entry{
		Op: data.Op{
			ID: r.rec.ID, Kind: r.rec.Kind, Schema: r.rec.Schema, Made: r.rec.Made,
			KeyID: r.rec.KeyID, Sealed: r.rec.Sealed, Counter: r.counter,
		},
		Bucket: r.rec.Bucket, Echo: r.rec.Echo, State: r.state, Receipt: r.receipt, Reason: r.reason,
	}
}

// rowOf reads an act from a frame; it waits until the office answers.
func rowOf(f frame) (row, error) {
	r := row{frame: f, state: StateWaiting}
	if err := json.Unmarshal(f.payload, &r.rec); err != nil {
		return r, fmt.Errorf("%w: act %d: %w", errDamaged, f.counter, err)
	}
	if r.rec.ID.IsZero() {
		return r, fmt.Errorf("%w: act %d without ID", errDamaged, f.counter)
	}
	if r.rec.Kind == kindLost {
		r.state = stateLost
	}
	return r, nil
}

const rowColumns = `counter, id, bucket, payload, prev, state, receipt, reason, sum`

// scanRow reads and verifies a row of table op. A row whose act is whole but
// whose answer is not gives the act as waiting: the office will answer again.
func scanRow(rows interface{ Scan(...any) error }) (row, error) {
	var f frame
	var id, prev []byte
	var bucket, state, receipt, reason string
	var sum int64
	if err := rows.Scan(&f.counter, &id, &bucket, &f.payload, &prev, &state, &receipt, &reason, &sum); err != nil {
		return row{}, err
	}
	if len(prev) != len(f.prev) {
		return row{}, fmt.Errorf("%w: act %d", errDamaged, f.counter)
	}
	copy(f.prev[:], prev)
	r, err := rowOf(f)
	if err != nil {
		return r, err
	}
	answered := r
	answered.state, answered.receipt, answered.reason = state, receipt, reason
	if answered.sum() != sum || !bytes.Equal(id, r.rec.ID[:]) || bucket != r.rec.Bucket {
		return r, fmt.Errorf("%w: act %d", errDamaged, f.counter)
	}
	return answered, nil
}

func insertRow(ctx context.Context, tx *sql.Tx, r row) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO op (`+rowColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		r.counter, r.rec.ID[:], r.rec.Bucket, r.payload, r.prev[:], r.state, r.receipt, r.reason, r.sum())
	return err
}

func updateRow(ctx context.Context, tx *sql.Tx, r row) error {
	_, err := tx.ExecContext(ctx, `UPDATE op SET state = $2, receipt = $3, reason = $4, sum = $5 WHERE counter = $1`,
		r.counter, r.state, r.receipt, r.reason, r.sum())
	return err
}

// Enqueue keeps an act durably and returns it with its counter. Errors: the
// same ID with the same bytes again gives the first answer again, with other
// bytes ErrConflict; cache.op_invalid, cache.full; cache.not_saved when the disk
// did not take it, and then nothing of it is kept unless the act is put in again.
func (c *Cache) Enqueue(ctx context.Context, e Entry) (data.Op, error) {
	op, fresh, err := c.out.enqueue(ctx, e)
	if fresh {
		c.notify(BucketOutbox)
	}
	return op, err
}

func (o *outbox) enqueue(ctx context.Context, e Entry) (op data.Op, fresh bool, err error) {
	if err := errors.Join(checkEntry(e), ctx.Err()); err != nil {
		return op, false, err
	}
	ctx = context.WithoutCancel(ctx) // half an act is worse than a late one
	payload, err := encode(e)
	if err != nil {
		return op, false, data.Fail("cache.op_invalid", err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.ready(); err != nil {
		return op, false, err
	}
	r, err := scanRow(o.db.w.QueryRowContext(ctx, `SELECT `+rowColumns+` FROM op WHERE id = $1`, e.Op.ID[:]))
	switch {
	case err == nil && !bytes.Equal(r.payload, payload):
		return op, false, ErrConflict
	case err == nil:
		return r.entry().Op, false, nil
	case !errors.Is(err, sql.ErrNoRows):
		return op, false, o.fail("cache.not_saved", err)
	}
	r, err = rowOf(frame{counter: o.head.counter + 1, prev: o.head.hash, payload: payload})
	if err == nil {
		err = o.put(ctx, r)
	}
	if err != nil {
		return op, false, err
	}
	return r.entry().Op, true, nil
}

// put writes an act to the journal and then to the database, or to neither.
func (o *outbox) put(ctx context.Context, r row) error {
	if err := o.j.add(r.frame); err != nil {
		o.broken = errors.Is(err, errTorn)
		return notSaved(err)
	}
	err := o.db.tx(ctx, func(tx *sql.Tx) error { return insertRow(ctx, tx, r) })
	if err == nil {
		o.head = r.link()
		return nil
	}
	// A commit that reports an error may still have happened: look, and take
	// the act out of the journal only when the database has not got it.
	var n int
	look := o.db.w.QueryRowContext(ctx, `SELECT count(*) FROM op WHERE counter = $1`, r.counter).Scan(&n)
	if look != nil || n > 0 || o.j.cut(len(o.j.starts)-1) != nil {
		o.broken = true
	}
	return notSaved(errors.Join(err, look))
}

func notSaved(err error) error {
	var e *data.Error
	if errors.As(err, &e) {
		return err
	}
	return data.Fail("cache.not_saved", err)
}

// ready reports whether the files can be used, mending them first when a
// write failed half-way. The caller holds the lock for writing.
func (o *outbox) ready() error {
	if o.closed {
		return ErrClosed
	}
	if !o.broken {
		return nil
	}
	var rep Report
	o.shut()
	if err := o.recover(&rep); err != nil {
		return err
	}
	slog.Warn("outbox put together again", "recovered", rep.Recovered, "lost", len(rep.Lost))
	return nil
}

// fail remembers damage, so that the next call mends it.
func (o *outbox) fail(code string, err error) error {
	o.broken = o.broken || isDamage(err)
	return diskError(code, err)
}

// read runs f, once more after mending when it met damage.
func (o *outbox) read(f func() error) error {
	o.mu.RLock()
	usable, err := !o.broken && !o.closed, error(nil)
	if usable {
		err = f()
	}
	o.mu.RUnlock()
	if usable && !isDamage(err) {
		return readError(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.broken = true
	if err := o.ready(); err != nil {
		return err
	}
	return readError(f())
}

// write runs f in a transaction under the lock.
func (o *outbox) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	if err := o.ready(); err != nil {
		return err
	}
	err := o.db.tx(ctx, f)
	if isDamage(err) {
		o.broken = true
	}
	return writeError(err)
}

func (o *outbox) rows(ctx context.Context, where string, args ...any) ([]row, error) {
	return queryRows(ctx, o.db.r, where, args...)
}

type rowsQuerier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func queryRows(ctx context.Context, q rowsQuerier, where string, args ...any) ([]row, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+rowColumns+` FROM op `+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []row
	for rows.Next() {
		r, err := scanRow(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Waiting returns up to limit acts the office has not answered, in the order
// of their counters.
func (c *Cache) Waiting(ctx context.Context, limit int) (ops []data.Op, err error) {
	err = c.out.read(func() error {
		rows, err := c.out.rows(ctx, `WHERE state = 'waiting' ORDER BY counter LIMIT $1`, limit)
		ops = nil
		for _, r := range rows {
			ops = append(ops, r.entry().Op)
		}
		return err
	})
	return ops, err
}

// WaitingIn reports whether an act of a bucket waits for the office.
func (c *Cache) WaitingIn(ctx context.Context, bucket string) (waits bool, err error) {
	err = c.out.read(func() error {
		return c.out.db.r.QueryRowContext(ctx,
			`SELECT EXISTS (SELECT 1 FROM op WHERE bucket = $1 AND state = 'waiting')`, bucket).Scan(&waits)
	})
	return waits, err
}

// Of returns a bucket's acts that are still kept, oldest first.
func (c *Cache) Of(ctx context.Context, bucket string) (entries []Entry, err error) {
	err = c.out.read(func() error {
		rows, err := c.out.rows(ctx, `WHERE bucket = $1 AND state <> 'lost' ORDER BY counter`, bucket)
		entries = nil
		for _, r := range rows {
			entries = append(entries, r.entry())
		}
		return err
	})
	return entries, err
}

// Counts tells how many acts are kept, by state.
func (c *Cache) Counts(ctx context.Context) (n Counts, err error) {
	err = c.out.read(func() error {
		n = Counts{}
		rows, err := c.out.db.r.QueryContext(ctx, `SELECT state, count(*) FROM op GROUP BY state`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var state string
			var k int
			if err := rows.Scan(&state, &k); err != nil {
				return err
			}
			n.add(state, k)
		}
		return rows.Err()
	})
	return n, err
}

func (n *Counts) add(state string, k int) {
	switch state {
	case StateWaiting:
		n.Waiting += k
	case StateApplied:
		n.Applied += k
	case StateRejected:
		n.Rejected += k
	case StateConflict:
		n.Conflict += k
	case stateLost:
		n.Lost += k
	}
}

func (o *outbox) path(file string) string { return filepath.Join(o.dir, file) }

// shut closes the files, keeping nothing.
func (o *outbox) shut() {
	o.db.close()
	if o.j != nil {
		_ = o.j.f.Close() // everything in it is synced
	}
	o.db, o.j = nil, nil
}

func (o *outbox) close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.closed = true
		o.shut()
	}
	return nil
}
