// Package sync is the kiosk's side of the protocol: residents' acts go to the
// office first, then content and sealed accounts come from it. It works in the
// background and never holds the screen up.
package sync

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	gosync "sync"
	"time"

	"egmina/data"
	"egmina/data/cache"
)

// Options of a Client.
type Options struct {
	Base  string       // "https://host:port"
	HTTP  *http.Client // of NewHTTP
	Cache *cache.Cache
	Now   func() time.Time // time.Now when nil
	Log   *slog.Logger     // slog.Default when nil
	// Random returns a duration in [0, max); of math/rand/v2 when nil.
	Random func(max time.Duration) time.Duration
	// Parallel is how many accounts are fetched at a time; 4 when 0.
	Parallel int
}

// Status is what a screen may say about the connection.
type Status struct {
	Started     time.Time // when this client was made
	LastReached time.Time // when the office last answered; zero: not since Started
	Waiting     int       // acts the office does not have yet
	Alarm       string    // code of what an administrator must look at: "sync.unknown_office", "sync.refused", ""
	Trouble     string    // code of the last failure, "" while all is well
}

// Silent returns for how long the office has not been reached. It counts by
// monotonic time as long as now comes from the client's clock.
func (s Status) Silent(now time.Time) time.Duration {
	if s.LastReached.IsZero() {
		return now.Sub(s.Started)
	}
	return now.Sub(s.LastReached)
}

// Client keeps one kiosk's cache and the office in step. It is safe for
// concurrent use.
type Client struct {
	o        Options
	wake     chan struct{} // an act was enqueued
	moved    chan struct{} // accounts may need fetching
	outbox   outbox
	mu       gosync.Mutex
	status   Status
	watchers map[int]func(Status)
	next     int

	epochMu gosync.Mutex // held while acts are marked or the epoch changes
	epoch   string
}

// New makes a client; Run or SyncOnce make it work.
func New(o Options) *Client {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Random == nil {
		o.Random = rand.N[time.Duration]
	}
	if o.Parallel <= 0 {
		o.Parallel = 4
	}
	o.Base = strings.TrimSuffix(o.Base, "/")
	return &Client{
		o: o, wake: make(chan struct{}, 1), moved: make(chan struct{}, 1), watchers: map[int]func(Status){},
		outbox: outbox{batch: maxBatch, later: map[data.ID]delay{}}, status: Status{Started: o.Now()},
	}
}

// Run works until ctx ends: acts are pushed as soon as they are enqueued, the
// public content and the directory of accounts are followed by long polls, and
// accounts that moved are fetched.
func (c *Client) Run(ctx context.Context) {
	defer c.o.Cache.Subscribe(func(bucket string) {
		if bucket == cache.BucketOutbox {
			c.Wake()
		}
	})()
	var all gosync.WaitGroup
	for _, loop := range []func(context.Context){
		c.pushLoop,
		func(ctx context.Context) { c.followLoop(ctx, data.BucketPublic) },
		func(ctx context.Context) { c.followLoop(ctx, data.BucketAccounts) },
		c.accountsLoop,
	} {
		all.Go(func() { loop(ctx) })
	}
	all.Wait()
}

// SyncOnce pushes what waits and fetches what is new, once, without waiting
// for news.
func (c *Client) SyncOnce(ctx context.Context) error {
	for {
		n, err := c.push(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	for _, bucket := range []string{data.BucketPublic, data.BucketAccounts} {
		for atHead := false; !atHead; {
			var err error
			if atHead, err = c.pull(ctx, bucket, 0); err != nil {
				return err
			}
		}
	}
	return c.syncAccounts(ctx)
}

// Wake makes a running client push at once.
func (c *Client) Wake() { poke(c.wake) }

func poke(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// Status returns the present state.
func (c *Client) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}

// OnChange calls f, from the client's goroutines, when anything in the status
// but LastReached changes.
func (c *Client) OnChange(f func(Status)) (cancel func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := c.next
	c.next++
	c.watchers[id] = f
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.watchers, id)
	}
}

func (c *Client) update(change func(*Status)) {
	c.mu.Lock()
	before := c.status
	change(&c.status)
	after := c.status
	var tell []func(Status)
	before.LastReached, after.LastReached = time.Time{}, time.Time{}
	if before != after {
		for _, f := range c.watchers {
			tell = append(tell, f)
		}
	}
	after = c.status
	c.mu.Unlock()
	for _, f := range tell {
		f(after)
	}
}

// reached notes an answer of the office.
func (c *Client) reached() {
	now := c.o.Now()
	c.update(func(s *Status) { s.LastReached, s.Alarm, s.Trouble = now, "", "" })
}

// failed notes a failure, unless it is the end of the program.
func (c *Client) failed(ctx context.Context, what string, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	code := codeOf(err)
	c.update(func(s *Status) {
		s.Trouble = code
		if code == codeUnknownOffice || code == codeRefused {
			s.Alarm = code
		}
	})
	c.o.Log.Info("sync", "what", what, "trouble", code, "err", err)
}

func codeOf(err error) string {
	var e *data.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return codeCache
}

// Limits of retrying.
const (
	firstRetry = time.Second
	lastRetry  = 5 * time.Minute
	leastRetry = 50 * time.Millisecond
)

// backoff counts failures in a row.
type backoff struct{ failures int }

// next returns how long to wait after one more failure: full jitter under a
// ceiling that doubles, or the office's own wish with jitter on top.
func (b *backoff) next(random func(time.Duration) time.Duration, err error) time.Duration {
	ceiling := min(firstRetry<<min(b.failures, 12), lastRetry)
	b.failures++
	if wish := wishOf(err); wish > 0 {
		return min(wish+random(wish), lastRetry)
	}
	return max(random(ceiling), leastRetry)
}

// pause waits for d; news on wake (nil: none) ends it early. It reports whether
// ctx goes on.
func pause(ctx context.Context, d time.Duration, wake <-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-wake:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// loop repeats step until ctx ends, backing off after failures.
func (c *Client) loop(ctx context.Context, what string, step func(context.Context) error, wake <-chan struct{}) {
	var b backoff
	for ctx.Err() == nil {
		err := step(ctx)
		if err == nil {
			b.failures = 0
			continue
		}
		c.failed(ctx, what, err)
		early := wake
		if wishOf(err) > 0 {
			early = nil // the office asked for quiet
		}
		pause(ctx, b.next(c.o.Random, err), early)
	}
}

func (c *Client) followLoop(ctx context.Context, bucket string) {
	c.loop(ctx, bucket, func(ctx context.Context) error {
		_, err := c.pull(ctx, bucket, pollWait)
		return err
	}, nil)
}

func (c *Client) accountsLoop(ctx context.Context) {
	c.loop(ctx, "account", func(ctx context.Context) error {
		if err := c.syncAccounts(ctx); err != nil {
			return err
		}
		select {
		case <-c.moved:
		case <-ctx.Done():
		}
		return nil
	}, c.moved)
}

func (c *Client) pushLoop(ctx context.Context) {
	c.loop(ctx, "acts", func(ctx context.Context) error {
		n, err := c.push(ctx)
		if err != nil || n > 0 {
			return err
		}
		pause(ctx, c.outbox.idle(c.o.Now()), c.wake)
		return nil
	}, c.wake)
}
