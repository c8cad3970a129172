package sync_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	gosync "sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"egmina/data"
	"egmina/data/cache"
	"egmina/data/sync"
)

const pin = "k0"

// soon waits for something that goroutines of this process bring about.
func soon(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 20 s", what)
		}
	}
}

func inStep(c *cache.Cache, d *desk) bool {
	for _, b := range buckets() {
		if snap, err := d.snapshot(b); err != nil || differs(c, snap) != "" {
			return false
		}
	}
	return true
}

// run starts a client and stops it at the end of the test.
func run(t testing.TB, c *sync.Client) {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	var all gosync.WaitGroup
	all.Go(func() { c.Run(ctx) })
	t.Cleanup(func() { cancel(); all.Wait() })
}

func TestThreeReadingsReachTheOfficeAndComeBack(t *testing.T) {
	d, c := newDesk(t, pin), newCache(t)
	if err := errors.Join(d.putAccounts("x"), d.Publish(ctx, map[string][]byte{"gmina": []byte("{}")})); err != nil {
		t.Fatal(err)
	}
	client := newClient(c, direct(d.handler, pin))
	run(t, client)
	soon(t, "first sync", func() bool { return inStep(c, d) })
	for i, meter := range []string{"m1", "m2", "m3"} {
		enqueue(t, c, accounts[0], meter, int64(100+i))
	}
	soon(t, "readings in the office", func() bool { w, err := d.work(); return err == nil && len(w) == 3 })
	soon(t, "readings in the bundle", func() bool {
		b, err := openBundle(c, accounts[0])
		return err == nil && len(b.Meters[0].Readings) == 1 && b.Meters[1].Readings[0].Value == 101 && len(b.Meters[2].Readings) == 1
	})
	kept, err := c.Of(ctx, accounts[0].bucket())
	if err != nil || len(kept) != 3 {
		t.Fatalf("outbox: %d acts, %v", len(kept), err)
	}
	for _, e := range kept {
		if e.State != cache.StateApplied || e.Receipt != e.Op.ID.ReceiptNumber() {
			t.Errorf("act %+v", e.State)
		}
	}
	soon(t, "nothing waiting", func() bool { s := client.Status(); return s.Waiting == 0 && s.Trouble == "" && !s.LastReached.IsZero() })
}

func TestNewsArriveByThemselves(t *testing.T) {
	d, c := newDesk(t, pin), newCache(t)
	run(t, newClient(c, direct(d.handler, pin)))
	for i := range 3 {
		if err := errors.Join(d.putAccounts(fmt.Sprint(i)), d.Publish(ctx, map[string][]byte{"gmina": fmt.Append(nil, i)})); err != nil {
			t.Fatal(err)
		}
		soon(t, "news", func() bool { return inStep(c, d) })
	}
	snap, _ := d.snapshot(data.BucketPublic)
	if docs, err := c.Documents(ctx); err != nil || string(docs["gmina"]) != "2" || snap.At.Seq != 3 {
		t.Errorf("documents %q, %v", docs, err)
	}
}

// TestAccountWaitsForItsActs refuses acts but serves the feeds.
func TestAccountWaitsForItsActs(t *testing.T) {
	d, c := newDesk(t, pin), newCache(t)
	if err := d.putAccounts("before"); err != nil {
		t.Fatal(err)
	}
	refuse := true
	client := newClient(c, trip(func(req *http.Request, body []byte) (*http.Response, error) {
		if refuse && req.Method == http.MethodPost {
			return answer(500, "{}", nil), nil
		}
		return handle(d.handler, pin, req, body), nil
	}))
	if err := client.SyncOnce(ctx); err != nil {
		t.Fatal(err)
	}
	enqueue(t, c, accounts[0], "m1", 5)
	if err := errors.Join(d.putAccounts("after"), d.Publish(ctx, map[string][]byte{"page/a": []byte("1")}), client.SyncOnce(ctx)); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"before", "after"} {
		if b, err := openBundle(c, accounts[i]); err != nil || b.Place != want {
			t.Errorf("account %d: %q, %v; want %q", i, b.Place, err, want)
		}
	}
	if docs, _ := c.Documents(ctx); len(docs) != 1 {
		t.Error("public content waited for an act")
	}
	refuse = false
	time.Sleep(time.Second) // the act that failed alone is tried again within a second
	if err := client.SyncOnce(ctx); err != nil {
		t.Fatal(err)
	}
	if b, err := openBundle(c, accounts[0]); err != nil || b.Place != "after" || len(b.Meters[0].Readings) != 1 {
		t.Errorf("afterwards: %+v, %v", b, err)
	}
}

// TestLateAnswerOfAFormerOffice holds an acknowledgement back until the kiosk
// has heard that the office was restored.
func TestLateAnswerOfAFormerOffice(t *testing.T) {
	d, c := newDesk(t, pin), newCache(t)
	held, free := make(chan struct{}), make(chan struct{})
	first := atomic.Bool{}
	client := newClient(c, trip(func(req *http.Request, body []byte) (*http.Response, error) {
		resp := handle(d.handler, pin, req, body)
		if req.Method == http.MethodPost && first.CompareAndSwap(false, true) {
			close(held)
			<-free
		}
		return resp, nil
	}))
	if err := client.SyncOnce(ctx); err != nil {
		t.Fatal(err)
	}
	id := enqueue(t, c, accounts[0], "m1", 5)
	var all gosync.WaitGroup
	all.Go(func() { _ = client.SyncOnce(ctx) })
	<-held
	if err := d.RotateEpoch(ctx); err != nil {
		t.Fatal(err)
	}
	if err := client.Refetch(ctx, data.BucketPublic); err != nil {
		t.Fatal(err)
	}
	if pos, _ := c.Position(ctx, data.BucketPublic); pos.Epoch == "" {
		t.Fatal("no position")
	}
	var believed atomic.Bool
	defer c.Subscribe(func(string) {
		if n, err := c.Counts(ctx); err != nil || n.Applied > 0 {
			believed.Store(true)
		}
	})()
	close(free)
	all.Wait()
	if believed.Load() {
		t.Error("the act showed as sent on the word of a former office")
	}
	if ops, err := c.Waiting(ctx, 10); err != nil || len(ops) != 1 || ops[0].ID != id {
		t.Errorf("the former office's answer settled the act: %d waiting, %v", len(ops), err)
	}
	if err := client.SyncOnce(ctx); err != nil {
		t.Fatal(err)
	}
	if ops, _ := c.Waiting(ctx, 10); len(ops) != 0 {
		t.Error("the act was not sent again")
	}
}

func TestPoisonActDoesNotHoldUpOthers(t *testing.T) {
	for name, poison := range map[string]func() (*http.Response, error){
		"refused":  func() (*http.Response, error) { return answer(422, `{"error":"no"}`, nil), nil },
		"fails":    func() (*http.Response, error) { return answer(500, "", nil), nil },
		"hangs up": func() (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
		"nonsense": func() (*http.Response, error) { return answer(200, "[]", nil), nil },
	} {
		t.Run(name, func(t *testing.T) {
			d, c := newDesk(t, pin), newCache(t)
			var bad data.ID
			client := newClient(c, trip(func(req *http.Request, body []byte) (*http.Response, error) {
				if strings.Contains(string(body), bad.String()) {
					return poison()
				}
				return handle(d.handler, pin, req, body), nil
			}))
			for i := range 20 {
				if id := enqueue(t, c, accounts[0], "m1", int64(i)); i == 7 {
					bad = id
				}
			}
			for range 20 {
				_ = client.SyncOnce(ctx)
			}
			ops, err := c.Waiting(ctx, 100)
			if err != nil || len(ops) != 1 || ops[0].ID != bad {
				t.Errorf("%d acts still wait, %v", len(ops), err)
			}
			if w, _ := d.work(); len(w) != 19 {
				t.Errorf("%d acts in the office", len(w))
			}
		})
	}
}

func TestRejectedAndConflictingActsAreSettled(t *testing.T) {
	d, c := newDesk(t, pin), newCache(t)
	client := newClient(c, direct(d.handler, pin))
	broken, _ := entry(accounts[0], "m1", 5, noon)
	broken.Op.KeyID = "ffffffff"
	first, _ := entry(accounts[0], "m1", 6, noon)
	twin, _ := entry(accounts[0], "m1", 7, noon)
	twin.Op.ID = first.Op.ID
	twin.Op.Counter = 9
	if _, err := d.ApplyOps(ctx, "other", []data.Op{twin.Op}); err != nil {
		t.Fatal(err)
	}
	for _, e := range []cache.Entry{broken, first} {
		if _, err := c.Enqueue(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.SyncOnce(ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Counts(ctx); err != nil || n.Rejected != 1 || n.Waiting != 0 {
		t.Errorf("%+v, %v", n, err)
	}
}

func TestFailuresAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		carry   func() (*http.Response, error)
		trouble string
		alarm   string
	}{
		"down":           {func() (*http.Response, error) { return nil, &net.OpError{Op: "dial", Err: errors.New("refused")} }, "sync.unreachable", ""},
		"portal":         {func() (*http.Response, error) { return answer(200, "<html>", nil), nil }, "sync.bad_answer", ""},
		"redirect":       {func() (*http.Response, error) { return answer(204, "", nil), nil }, "sync.bad_answer", ""},
		"busy":           {func() (*http.Response, error) { return answer(503, "", nil), nil }, "sync.busy", ""},
		"too many":       {func() (*http.Response, error) { return answer(429, "", nil), nil }, "sync.busy", ""},
		"unknown kiosk":  {func() (*http.Response, error) { return answer(403, "", nil), nil }, "sync.refused", "sync.refused"},
		"unknown key":    {func() (*http.Response, error) { return nil, alert(42) }, "sync.refused", "sync.refused"},
		"other TLS":      {func() (*http.Response, error) { return nil, alert(70) }, "sync.unreachable", ""},
		"unknown office": {func() (*http.Response, error) { return nil, &data.Error{Code: "seal.unknown_pin"} }, "sync.unknown_office", "sync.unknown_office"},
		"endless answer": {func() (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(endless{})}, nil
		}, "sync.bad_answer", ""},
		"broken snapshot": {func() (*http.Response, error) { return answer(200, `{"bucket":"public","at":{"epoch":5}}`, nil), nil }, "sync.bad_answer", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, kiosk := newDesk(t, pin), newCache(t)
			var broken atomic.Bool
			broken.Store(true)
			client := newClient(kiosk, trip(func(req *http.Request, body []byte) (*http.Response, error) {
				if broken.Load() {
					return c.carry()
				}
				return direct(d.handler, pin)(req, body)
			}))
			heard := make(chan sync.Status, 100)
			defer client.OnChange(func(s sync.Status) { heard <- s })()
			run(t, client)
			select {
			case s := <-heard:
				if s.Trouble != c.trouble || s.Alarm != c.alarm || !s.LastReached.IsZero() {
					t.Errorf("%+v, want trouble %q, alarm %q", s, c.trouble, c.alarm)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("no word of it")
			}
			broken.Store(false)
			soon(t, "all well again", func() bool { s := client.Status(); return s.Trouble == "" && s.Alarm == "" && !s.LastReached.IsZero() })
		})
	}
}

// alert is what crypto/tls makes of an alert of the other side (RFC 8446, 6).
func alert(code uint8) error { return &net.OpError{Op: "remote error", Err: tls.AlertError(code)} }

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestThreeWeeksWithoutOffice runs three weeks of the client's timers.
func TestThreeWeeksWithoutOffice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, err := openDesk(t.TempDir()+"/office.db", true, pin)
		if err != nil {
			t.Fatal(err)
		}
		defer d.store.Close()
		c, _, err := cache.Open(t.TempDir(), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		var mu gosync.Mutex
		var tries int
		var last time.Time
		longest, down := time.Duration(0), true
		client := newClient(c, trip(func(req *http.Request, body []byte) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			if !down {
				mu.Unlock()
				defer mu.Lock()
				return direct(d.handler, pin)(req, body)
			}
			if !last.IsZero() {
				longest = max(longest, time.Since(last))
			}
			last, tries = time.Now(), tries+1
			return nil, errWire
		}))
		ctx, cancel := context.WithCancel(ctx)
		var all gosync.WaitGroup
		all.Go(func() { client.Run(ctx) })
		for day := range 7 {
			time.Sleep(3 * 24 * time.Hour)
			enqueue(t, c, accounts[0], "m1", int64(day))
		}
		synctest.Wait()
		if s := client.Status(); s.Waiting != 7 || !s.LastReached.IsZero() || s.Silent(time.Now()) < 21*24*time.Hour {
			t.Errorf("after three weeks: %+v", s)
		}
		// Three loops, each at most 5 minutes apart and 2.5 on average.
		if longest > 5*time.Minute || tries < 21*24*12 || tries > 21*24*12*3*4 {
			t.Errorf("%d tries, at most %s apart", tries, longest)
		}
		mu.Lock()
		down = false
		mu.Unlock()
		time.Sleep(5 * time.Minute)
		cancel()
		all.Wait()
		if w, err := d.work(); err != nil || len(w) != 7 {
			t.Errorf("%d acts arrived, %v", len(w), err)
		}
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _, err := cache.Open(t.TempDir(), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		var mu gosync.Mutex
		at := map[string][]time.Time{}
		client := newClient(c, trip(func(req *http.Request, _ []byte) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			at[req.URL.Path] = append(at[req.URL.Path], time.Now())
			return answer(503, "{}", http.Header{"Retry-After": {"60"}}), nil
		}))
		ctx, cancel := context.WithCancel(ctx)
		var all gosync.WaitGroup
		all.Go(func() { client.Run(ctx) })
		for i := range 60 {
			time.Sleep(10 * time.Second)
			enqueue(t, c, accounts[0], "m1", int64(i)) // does not break the quiet
		}
		cancel()
		all.Wait()
		for path, times := range at {
			for i := 1; i < len(times); i++ {
				if gap := times[i].Sub(times[i-1]); gap < time.Minute || gap > 2*time.Minute {
					t.Errorf("%s: asked again after %s", path, gap)
				}
			}
		}
		if len(at["/v1/ops"]) < 3 {
			t.Errorf("acts were tried %d times", len(at["/v1/ops"]))
		}
	})
}
