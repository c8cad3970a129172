package cache

import (
	"fmt"
	"testing"
	"time"
)

// clock is the monotonic time of a brake under test.
type clock struct{ at time.Duration }

func brake(c *Cache) (*Attempts, *clock) {
	k := &clock{at: time.Hour}
	a := c.Attempts()
	a.mono = func() time.Duration { return k.at }
	return a, k
}

func waits(t *testing.T, a *Attempts, blind string, want time.Duration) {
	t.Helper()
	if got, err := a.Allow(ctx, blind); err != nil || got != want {
		t.Errorf("must wait %v, want %v, %v", got, want, err)
	}
}

func TestAttemptsBackOff(t *testing.T) {
	c, _ := open(t, t.TempDir())
	a, k := brake(c)
	for i, want := range []time.Duration{0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60} {
		must(t, a.Record(ctx, "abc"))
		waits(t, a, "abc", want*time.Second)
		k.at += want*time.Second - 1
		if want > 0 {
			waits(t, a, "abc", 1)
		}
		k.at++
		waits(t, a, "abc", 0)
		if t.Failed() {
			t.Fatalf("try %d", i+1)
		}
	}
	must(t, a.Clear(ctx, "abc"))
	must(t, a.Record(ctx, "abc"))
	waits(t, a, "abc", 0)
}

// Pulling the plug shortens no wait, and the wall clock has no say.
func TestAttemptsAfterRestart(t *testing.T) {
	dir := t.TempDir()
	c, _ := open(t, dir)
	a, _ := brake(c)
	for range 5 {
		must(t, a.Record(ctx, "abc"))
	}
	waits(t, a, "abc", 4*time.Second)
	must(t, c.Close())
	c, rep, err := Open(dir, func() time.Time { return wall().AddDate(1, 0, 0) })
	must(t, err)
	clean(t, rep)
	defer func() { _ = c.Close() }()
	k := &clock{}
	c.attempts.mono = func() time.Duration { return k.at }
	waits(t, c.Attempts(), "abc", 4*time.Second)
	k.at = time.Second
	waits(t, c.Attempts(), "abc", 3*time.Second)
}

// Whoever tries many codes slows the kiosk down, but no neighbour for long.
func TestAttemptsOfAStranger(t *testing.T) {
	c, _ := open(t, t.TempDir())
	a, k := brake(c)
	for n := range 40 {
		must(t, a.Record(ctx, fmt.Sprint(n)))
	}
	waits(t, a, "neighbour", kioskWait)
	k.at += kioskWait
	waits(t, a, "neighbour", 0)
	must(t, a.Record(ctx, "neighbour"))
	must(t, a.Clear(ctx, "neighbour")) // success says nothing of the others
	waits(t, a, "0", kioskWait)
	k.at += time.Hour // a quiet hour does
	must(t, a.Record(ctx, "0"))
	waits(t, a, "neighbour", 0)
}

func TestAttemptsAreBounded(t *testing.T) {
	c, _ := open(t, t.TempDir())
	a, _ := brake(c)
	_, err := c.out.db.w.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
		INSERT INTO attempt (subject, tries) SELECT 'x' || i, 1 FROM n`)
	must(t, err)
	must(t, a.Record(ctx, "abc"))
	var n int
	must(t, c.out.db.r.QueryRow(`SELECT count(*) FROM attempt`).Scan(&n))
	if n > keptTries+1 {
		t.Errorf("%d accounts remembered", n)
	}
}
