package cache

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"egmina/data"
)

// answers maps what the office says to the state it leaves an act in.
var answers = map[string]string{
	data.OpApplied: StateApplied, data.OpDuplicate: StateApplied,
	data.OpConflict: StateConflict, data.OpRejected: StateRejected,
}

// Acked stores the office's answers. Acts stay until a backup holds them
// (counter ≤ durableUpTo), then they go, oldest first and without gaps. Another
// epoch than before means that the office was restored: every act still kept
// waits again.
func (c *Cache) Acked(ctx context.Context, results []data.OpResult, epoch string, durableUpTo int64) error {
	if epoch == "" || len(epoch) > maxName {
		return data.Fail("cache.answer_invalid", fmt.Errorf("epoch %.80q", epoch))
	}
	changed, err := c.out.acked(ctx, results, epoch, durableUpTo)
	if changed {
		c.notify(BucketOutbox)
	}
	return err
}

// SetEpoch tells which epoch the office is in, as its feed shows it: a kiosk
// with nothing to send learns of a restored office only there.
func (c *Cache) SetEpoch(ctx context.Context, epoch string) error {
	return c.Acked(ctx, nil, epoch, 0)
}

func (o *outbox) acked(ctx context.Context, results []data.OpResult, epoch string, durable int64) (changed bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	base := o.base
	err = o.write(ctx, func(tx *sql.Tx) error {
		base = o.base
		if o.epoch != epoch && o.epoch != "" {
			if changed, err = waitAgain(ctx, tx); err != nil {
				return err
			}
		}
		for _, r := range results {
			did, err := answer(ctx, tx, r)
			if err != nil {
				return err
			}
			changed = changed || did
		}
		if base, err = pruned(ctx, tx, base, min(durable, o.head.counter)); err != nil {
			return err
		}
		if base == o.base && epoch == o.epoch {
			return nil
		}
		return setChain(ctx, tx, base, epoch)
	})
	if err != nil {
		return false, err
	}
	changed = changed || base != o.base
	o.base, o.epoch = base, epoch
	o.compact()
	return changed, nil
}

// waitAgain puts every kept act back to waiting. The receipt stays: the
// resident holds it, and the office computes the same one.
func waitAgain(ctx context.Context, tx *sql.Tx) (bool, error) {
	rows, err := queryRows(ctx, tx, `WHERE state NOT IN ('waiting', 'lost')`)
	if err != nil {
		return false, err
	}
	for _, r := range rows {
		r.state, r.reason = StateWaiting, ""
		if err := updateRow(ctx, tx, r); err != nil {
			return false, err
		}
	}
	return len(rows) > 0, nil
}

// answer stores one answer. The first final one stands: a late duplicate of
// another answer changes nothing. Acts not kept are passed over.
func answer(ctx context.Context, tx *sql.Tx, res data.OpResult) (changed bool, err error) {
	state, ok := answers[res.Status]
	if !ok {
		return false, nil // retry, or a word of a newer office
	}
	r, err := scanRow(tx.QueryRowContext(ctx, `SELECT `+rowColumns+` FROM op WHERE id = $1`, res.ID[:]))
	if errors.Is(err, sql.ErrNoRows) || err == nil && r.state != StateWaiting {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r.state, r.receipt, r.reason = state, short(res.Receipt), short(res.Reason)
	return true, updateRow(ctx, tx, r)
}

func short(s string) string {
	if len(s) > maxName {
		return s[:maxName]
	}
	return s
}

// pruned deletes the answered acts up to durable and returns the new base.
// One that still waits keeps all behind it, so that no gap appears.
func pruned(ctx context.Context, tx *sql.Tx, base link, durable int64) (link, error) {
	var first sql.NullInt64
	err := tx.QueryRowContext(ctx, `SELECT min(counter) FROM op WHERE state = 'waiting'`).Scan(&first)
	if err != nil {
		return base, err
	}
	if first.Valid {
		durable = min(durable, first.Int64-1)
	}
	if durable <= base.counter {
		return base, nil
	}
	last, err := scanRow(tx.QueryRowContext(ctx, `SELECT `+rowColumns+` FROM op WHERE counter = $1`, durable))
	if err != nil {
		return base, err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM op WHERE counter <= $1`, durable)
	return last.link(), err
}

func setChain(ctx context.Context, tx *sql.Tx, base link, epoch string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO chain (one, base, base_hash, epoch, sum) VALUES (1, $1, $2, $3, $4)
		ON CONFLICT (one) DO UPDATE SET base = excluded.base, base_hash = excluded.base_hash,
		epoch = excluded.epoch, sum = excluded.sum`,
		base.counter, base.hash[:], epoch, checksum(base.counter, base.hash[:], epoch))
	return err
}

// compact rewrites the journal when most of it is no longer needed. Failing
// costs only space, and the files are checked before the next act.
func (o *outbox) compact() {
	if dead := o.j.dead(o.base); dead < o.compactAt || dead < o.j.size/2 {
		return
	}
	if err := o.j.compact(o.base); err != nil {
		o.broken = true
		slog.Warn("journal not compacted", "err", err)
	}
}
