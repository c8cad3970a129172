package cache

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"egmina/data"
)

// TestMain lets the tests start this binary again as another kiosk process.
func TestMain(m *testing.M) {
	if role := os.Getenv("CACHE_CHILD"); role != "" {
		os.Exit(children[role](os.Getenv("CACHE_DIR")))
	}
	os.Exit(m.Run())
}

var children = map[string]func(dir string) int{
	"open": func(dir string) int {
		c, _, err := Open(dir, wall)
		if err != nil {
			fmt.Println(err)
			return 1
		}
		fmt.Println("opened")
		_ = c.Close()
		return 0
	},
}

func child(t *testing.T, role, dir string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "CACHE_CHILD="+role, "CACHE_DIR="+dir)
	out, _ := cmd.CombinedOutput() // what it printed is the answer
	return string(out)
}

// act makes the n-th act, the same bytes each time.
func act(n int) Entry {
	id := data.ID{0: 1, 6: 0x70, 8: 0x80, 14: byte(n >> 8), 15: byte(n)}
	return Entry{
		Op: data.Op{
			ID: id, Kind: data.ActReading, Schema: 1, Made: data.InstantOf(wall()), KeyID: "0badcafe",
			Sealed: []byte(strings.Repeat(fmt.Sprintf("sealed %d ", n), 400)),
		},
		Bucket: fmt.Sprintf("account.a%d", n%2), Echo: []byte(strings.Repeat("echo", 1000)),
	}
}

func enqueue(t testing.TB, c *Cache, from, to int) {
	t.Helper()
	for n := from; n <= to; n++ {
		op, err := c.Enqueue(ctx, act(n))
		if err != nil {
			t.Fatalf("act %d: %v", n, err)
		}
		if op.Counter == 0 {
			t.Fatalf("act %d has no counter", n)
		}
	}
}

// holds fails the test unless exactly the acts from..to wait, in order and with
// their bytes.
func holds(t testing.TB, c *Cache, from, to int) {
	t.Helper()
	ops, err := c.Waiting(ctx, 1000)
	must(t, err)
	var ids []data.ID
	for i, op := range ops {
		ids = append(ids, op.ID)
		want := act(int(op.ID[14])<<8 | int(op.ID[15])).Op
		want.Counter = op.Counter
		if fmt.Sprint(op) != fmt.Sprint(want) {
			t.Fatalf("act %v came back changed", op.ID)
		}
		if i > 0 && ops[i-1].Counter >= op.Counter {
			t.Fatalf("counter %d after %d", op.Counter, ops[i-1].Counter)
		}
	}
	var want []data.ID
	for n := from; n <= to; n++ {
		want = append(want, act(n).Op.ID)
	}
	if !slices.Equal(ids, want) {
		t.Fatalf("waiting %v, want %v", ids, want)
	}
}

func result(n int, status string) data.OpResult {
	id := act(n).Op.ID
	return data.OpResult{ID: id, Status: status, Receipt: id.ReceiptNumber()}
}

func results(from, to int, status string) (out []data.OpResult) {
	for n := from; n <= to; n++ {
		out = append(out, result(n, status))
	}
	return out
}

func TestEnqueueIsIdempotent(t *testing.T) {
	dir := t.TempDir()
	c, _ := open(t, dir)
	heard := 0
	c.Subscribe(func(b string) {
		if b == BucketOutbox {
			heard++
		}
	})
	first, err := c.Enqueue(ctx, act(1))
	must(t, err)
	again, err := c.Enqueue(ctx, act(1))
	if err != nil || again.Counter != first.Counter || first.Counter != 1 || heard != 1 {
		t.Errorf("again: counter %d, %v, heard %d", again.Counter, err, heard)
	}
	other := act(1)
	other.Op.Sealed = []byte("other")
	if _, err := c.Enqueue(ctx, other); !errors.Is(err, ErrConflict) {
		t.Errorf("other bytes: %v", err)
	}
	must(t, c.Close())
	if _, err := c.Enqueue(ctx, act(2)); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	c, rep := open(t, dir)
	clean(t, rep)
	if again, err := c.Enqueue(ctx, act(1)); err != nil || again.Counter != 1 {
		t.Errorf("after a restart: counter %d, %v", again.Counter, err)
	}
	holds(t, c, 1, 1)
}

func TestEnqueueLimits(t *testing.T) {
	c, _ := open(t, t.TempDir())
	for name, spoil := range map[string]func(*Entry){
		"id":     func(e *Entry) { e.Op.ID = data.ID{} },
		"kind":   func(e *Entry) { e.Op.Kind = "" },
		"lost":   func(e *Entry) { e.Op.Kind = kindLost },
		"empty":  func(e *Entry) { e.Op.Sealed = nil },
		"large":  func(e *Entry) { e.Op.Sealed = make([]byte, MaxValue+1) },
		"echo":   func(e *Entry) { e.Echo = make([]byte, MaxValue+1) },
		"bucket": func(e *Entry) { e.Bucket = "public" },
		"key":    func(e *Entry) { e.Op.KeyID = strings.Repeat("k", 65) },
	} {
		e := act(1)
		spoil(&e)
		if _, err := c.Enqueue(ctx, e); code(err) != "cache.op_invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
	largest := act(1)
	largest.Op.Sealed, largest.Echo, largest.Bucket = make([]byte, MaxValue), make([]byte, MaxValue), ""
	if _, err := c.Enqueue(ctx, largest); err != nil {
		t.Errorf("the largest act: %v", err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := c.Enqueue(gone, act(2)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestAnswers(t *testing.T) {
	dir := t.TempDir()
	c, _ := open(t, dir)
	enqueue(t, c, 1, 6)
	must(t, c.Acked(ctx, []data.OpResult{
		result(1, data.OpApplied), result(2, data.OpDuplicate), result(3, data.OpConflict),
		{ID: act(4).Op.ID, Status: data.OpRejected, Reason: "meter_unknown"}, result(5, data.OpRetry),
		{ID: data.ID{9}, Status: data.OpApplied}, result(6, "word of a newer office"),
	}, "e1", 0))
	must(t, c.Acked(ctx, []data.OpResult{{ID: act(1).Op.ID, Status: data.OpRejected}}, "e1", 0)) // late: passed over
	holds(t, c, 5, 6)
	n, err := c.Counts(ctx)
	if err != nil || n != (Counts{Waiting: 2, Applied: 2, Rejected: 1, Conflict: 1}) {
		t.Errorf("counts %+v, %v", n, err)
	}
	odd, err := c.Of(ctx, "account.a1")
	must(t, err)
	if len(odd) != 3 || odd[0].State != StateApplied || odd[0].Receipt != act(1).Op.ID.ReceiptNumber() ||
		odd[1].State != StateConflict || odd[2].State != StateWaiting || string(odd[0].Echo) != string(act(1).Echo) {
		t.Errorf("acts of an account: %+v", odd)
	}
	even, err := c.Of(ctx, "account.a0")
	if err != nil || even[1].State != StateRejected || even[1].Reason != "meter_unknown" {
		t.Errorf("acts of an account: %+v, %v", even, err)
	}
	for bucket, want := range map[string]bool{"account.a1": true, "account.zz": false} {
		if got, err := c.WaitingIn(ctx, bucket); got != want || err != nil {
			t.Errorf("waiting in %s: %v, %v", bucket, got, err)
		}
	}
	if err := c.Acked(ctx, nil, "", 0); code(err) != "cache.answer_invalid" {
		t.Errorf("no epoch: %v", err)
	}
	must(t, c.Close())
	c, rep := open(t, dir)
	clean(t, rep)
	if m, _ := c.Counts(ctx); m != n {
		t.Errorf("after a restart %+v", m)
	}
}

// An answered act goes only when a backup has it, and never one behind an act
// that still waits.
func TestPruning(t *testing.T) {
	dir := t.TempDir()
	c, _ := open(t, dir)
	enqueue(t, c, 1, 6)
	must(t, c.Acked(ctx, append(results(1, 3, data.OpApplied), results(5, 6, data.OpApplied)...), "e1", 2))
	if n, _ := c.Counts(ctx); n != (Counts{Waiting: 1, Applied: 3}) {
		t.Errorf("durable to 2: %+v", n)
	}
	must(t, c.Acked(ctx, nil, "e1", 1000))
	if n, _ := c.Counts(ctx); n != (Counts{Waiting: 1, Applied: 2}) {
		t.Errorf("durable beyond the waiting one: %+v", n)
	}
	must(t, c.Acked(ctx, results(4, 4, data.OpApplied), "e1", 1000))
	if n, _ := c.Counts(ctx); n != (Counts{}) {
		t.Errorf("all durable: %+v", n)
	}
	must(t, c.Close())
	c, rep := open(t, dir)
	clean(t, rep)
	op, err := c.Enqueue(ctx, act(7))
	if err != nil || op.Counter != 7 {
		t.Errorf("counter %d after 6 pruned acts, %v", op.Counter, err)
	}
}

// A restored office has another epoch: kiosks push what they kept again.
func TestRestoredOffice(t *testing.T) {
	c, _ := open(t, t.TempDir())
	enqueue(t, c, 1, 4)
	must(t, c.Acked(ctx, results(1, 3, data.OpApplied), "e1", 1))
	holds(t, c, 4, 4)
	must(t, c.SetEpoch(ctx, "e1"))
	holds(t, c, 4, 4)
	must(t, c.SetEpoch(ctx, "e2"))
	holds(t, c, 2, 4)
	must(t, c.Acked(ctx, results(2, 2, data.OpDuplicate), "e3", 2))
	if n, _ := c.Counts(ctx); n != (Counts{Waiting: 2}) {
		t.Errorf("answer of a third epoch: %+v", n)
	}
}

func TestCompaction(t *testing.T) {
	dir := t.TempDir()
	c, _ := open(t, dir)
	c.out.compactAt = 20_000
	size := func() int64 {
		info, err := os.Stat(filepath.Join(dir, journalFile))
		must(t, err)
		return info.Size()
	}
	enqueue(t, c, 1, 10)
	full := size()
	must(t, c.Acked(ctx, results(1, 8, data.OpApplied), "e1", 8))
	if got := size(); got > full/2 {
		t.Errorf("%d bytes of %d after 8 of 10 acts went", got, full)
	}
	enqueue(t, c, 11, 12)
	must(t, c.Close())
	c, rep := open(t, dir)
	clean(t, rep)
	holds(t, c, 9, 12)
	c.out.compactAt = 1
	must(t, c.Acked(ctx, results(9, 12, data.OpApplied), "e1", 12))
	if got := size(); got != headerSize {
		t.Errorf("%d bytes with no act", got)
	}
	enqueue(t, c, 13, 13)
	must(t, c.Close())
	must(t, os.Remove(filepath.Join(dir, "outbox.db"))) // the compacted journal alone
	c, rep = open(t, dir)
	holds(t, c, 13, 13)
	if rep.Recovered != 1 || len(rep.Lost) > 0 {
		t.Errorf("%+v", *rep)
	}
}

func TestConcurrentUse(t *testing.T) {
	c, _ := open(t, t.TempDir())
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 10 {
				n := g*10 + i + 1
				_, err := c.Enqueue(ctx, act(n))
				_, err2 := c.Waiting(ctx, 5)
				err3 := c.Acked(ctx, results(n, n, data.OpApplied), "e1", 0)
				if err := errors.Join(err, err2, err3); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n, err := c.Counts(ctx); err != nil || n != (Counts{Applied: 80}) {
		t.Errorf("%+v, %v", n, err)
	}
}

// failing is a journal file on a disk that goes wrong.
type failing struct {
	journalFS
	write, sync, truncate error
}

func (f *failing) WriteAt(b []byte, at int64) (int, error) {
	if f.write != nil {
		n, _ := f.journalFS.WriteAt(b[:len(b)/2], at) // what a full disk takes
		return n, f.write
	}
	return f.journalFS.WriteAt(b, at)
}

func (f *failing) Sync() error {
	if f.sync != nil {
		err := f.sync
		f.sync = nil
		return err
	}
	return f.journalFS.Sync()
}

func (f *failing) Truncate(n int64) error {
	if f.truncate != nil {
		return f.truncate
	}
	return f.journalFS.Truncate(n)
}

func TestJournalWriteError(t *testing.T) {
	for name, bad := range map[string]failing{
		"disk full":             {write: syscall.ENOSPC},
		"sync":                  {sync: syscall.EIO},
		"cannot be taken back":  {write: syscall.ENOSPC, truncate: syscall.EIO},
		"sync, cannot be taken": {sync: syscall.EIO, truncate: syscall.EIO},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c, _ := open(t, dir)
			enqueue(t, c, 1, 2)
			real := c.out.j.f
			bad.journalFS = real
			c.out.j.f = &bad
			if _, err := c.Enqueue(ctx, act(3)); code(err) != "cache.not_saved" {
				t.Fatalf("%v", err)
			}
			if c.out.j.f == &bad {
				c.out.j.f = real // the disk is well again
			}
			sc := journalOnDisk(t, dir)
			if bad.truncate == nil && (len(sc.frames) != 2 || sc.end != c.out.j.size) {
				t.Errorf("the refused act left %d acts, %d of %d bytes", len(sc.frames), sc.end, c.out.j.size)
			}
			_, err := c.Enqueue(ctx, act(3)) // the resident tries again
			must(t, err)
			enqueue(t, c, 4, 5)
			holds(t, c, 1, 5)
			must(t, c.Close())
			c, rep := open(t, dir)
			clean(t, rep)
			holds(t, c, 1, 5)
		})
	}
}

// When the database does not take an act, the journal gives it back.
func TestDatabaseWriteError(t *testing.T) {
	dir := t.TempDir()
	c, _ := open(t, dir)
	enqueue(t, c, 1, 2)
	_, err := c.out.db.w.Exec(`CREATE TEMP TRIGGER no BEFORE INSERT ON main.op BEGIN SELECT RAISE(FAIL, 'no'); END`)
	must(t, err)
	if _, err := c.Enqueue(ctx, act(3)); code(err) != "cache.not_saved" {
		t.Fatalf("%v", err)
	}
	holds(t, c, 1, 2)
	if sc := journalOnDisk(t, dir); len(sc.frames) != 2 || sc.damaged {
		t.Errorf("%d acts in the journal", len(sc.frames))
	}
	_, err = c.out.db.w.Exec(`DROP TRIGGER no`)
	must(t, err)
	enqueue(t, c, 3, 3)
	holds(t, c, 1, 3)
}

func journalOnDisk(t testing.TB, dir string) scan {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, journalFile))
	must(t, err)
	return scanJournal(raw)
}

func BenchmarkEnqueue(b *testing.B) {
	c, _ := open(b, b.TempDir())
	var took []time.Duration
	n := 0
	for b.Loop() {
		n++
		e := act(n % 60_000)
		e.Op.ID[1], e.Op.ID[2] = byte(n>>16), byte(n>>24)
		start := time.Now()
		if _, err := c.Enqueue(ctx, e); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}
