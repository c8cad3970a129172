package cache

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"
)

// The brake on guessing: the first tries are free, then the wait doubles up to
// a limit short enough that a stranger cannot lock a neighbour out.
const (
	freeTries  = 3
	maxWait    = 60 * time.Second
	kioskFree  = 10
	kioskWait  = 30 * time.Second
	kioskCalm  = 20 * time.Second // of quiet take one try off the kiosk's count
	keptTries  = 5000             // accounts whose tries are remembered
	kioskShare = ""               // the subject that stands for the whole kiosk
)

// Attempts slows guessing of access codes and PINs down, by blind ID and for
// the whole kiosk. Record goes to the disk before the PIN is checked, so pulling
// the plug wins nothing; waits are measured by monotonic time and start again in
// full after a restart, so setting the clock wins nothing either.
type Attempts struct {
	out  *outbox
	mono func() time.Duration

	mu   sync.Mutex
	last map[string]time.Duration // when the last try of this process was
}

func newAttempts(o *outbox) *Attempts {
	start := time.Now()
	return &Attempts{out: o, mono: func() time.Duration { return time.Since(start) }, last: map[string]time.Duration{}}
}

// Allow returns how long a login to the account must still wait; 0 means now.
func (a *Attempts) Allow(ctx context.Context, blind string) (wait time.Duration, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, subject := range []string{blind, kioskShare} {
		n, err := a.tries(ctx, subject)
		if err != nil {
			return 0, err
		}
		wait = max(wait, penalty(subject, n)-(a.mono()-a.last[subject]))
	}
	return wait, nil
}

// Record counts a try, durably, before it is checked.
func (a *Attempts) Record(ctx context.Context, blind string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	calmed := 0
	if at, ok := a.last[kioskShare]; ok {
		calmed = int((a.mono() - at) / kioskCalm)
	}
	err := a.out.attempt(ctx, func(tx *sql.Tx) error {
		if err := count(ctx, tx, kioskShare, 1, calmed); err != nil {
			return err
		}
		if err := count(ctx, tx, blind, 1, 0); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM attempt WHERE subject <> '' AND
			rowid <= (SELECT max(rowid) FROM attempt) - $1`, keptTries)
		return err
	})
	if err != nil {
		return err
	}
	if len(a.last) > keptTries {
		clear(a.last)
	}
	a.last[blind], a.last[kioskShare] = a.mono(), a.mono()
	return nil
}

// Clear forgets an account's tries after a login that succeeded, and takes its
// own try off the kiosk's count; the tries of others stay.
func (a *Attempts) Clear(ctx context.Context, blind string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	err := a.out.attempt(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM attempt WHERE subject = $1 AND subject <> ''`, blind); err != nil {
			return err
		}
		return count(ctx, tx, kioskShare, 0, 1)
	})
	if err == nil {
		delete(a.last, blind)
	}
	return err
}

// count takes off, not below zero, and then adds.
func count(ctx context.Context, tx *sql.Tx, subject string, add, off int) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO attempt (subject, tries) VALUES ($1, $2)
		ON CONFLICT (subject) DO UPDATE SET tries = max(0, tries - $3) + $2`, subject, add, off)
	return err
}

func (a *Attempts) tries(ctx context.Context, subject string) (n int, err error) {
	err = a.out.read(func() error {
		err := a.out.db.r.QueryRowContext(ctx, `SELECT tries FROM attempt WHERE subject = $1`, subject).Scan(&n)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return n, err
}

// penalty is the wait after the n-th try.
func penalty(subject string, n int) time.Duration {
	free, limit := freeTries, maxWait
	if subject == kioskShare {
		free, limit = kioskFree, kioskWait
	}
	if n <= free {
		return 0
	}
	return min(limit, time.Second<<min(n-free, 10))
}

// attempt runs f in a durable transaction.
func (o *outbox) attempt(ctx context.Context, f func(tx *sql.Tx) error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.write(ctx, f)
}
