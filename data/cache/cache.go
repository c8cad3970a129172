package cache

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"modernc.org/sqlite"

	"egmina/data"
)

// Cache is a kiosk's store, safe for concurrent use. One process opens a
// directory at a time.
type Cache struct {
	lock           *os.File
	content, vault *feed
	out            *outbox
	attempts       *Attempts

	mu   sync.Mutex
	subs map[int]func(bucket string)
	next int
}

// Open opens the files in dir, making what is missing and mending what is
// damaged: content and accounts start empty to be fetched again, acts are put
// together from outbox.db and outbox.journal. now is the wall clock. Errors:
// cache.in_use when another process has the directory, cache.newer when a newer
// program wrote a file (it is left as it is), cache.open.
func Open(dir string, now func() time.Time) (*Cache, *Report, error) {
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return nil, nil, openError(filepath.Base(dir), err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, nil, err
	}
	c, rep := &Cache{lock: lock, subs: map[int]func(string){}}, &Report{}
	if err := c.open(dir, now, rep); err != nil {
		return nil, nil, errors.Join(err, c.Close())
	}
	return c, rep, nil
}

func (c *Cache) open(dir string, now func() time.Time, rep *Report) (err error) {
	// Other code of this process may open and close these files without
	// taking SQLite's locks away, and a commit waits for data, not for
	// timestamps. Where a system has neither, both are an error without harm.
	_, _ = sqlite.OFDLocking(true)
	_, _ = sqlite.Fdatasync(true)
	if c.out, err = openOutbox(dir, now, rep); err != nil { // first: the precious one
		return err
	}
	if c.content, err = openFeed(dir, contentKind, now, rep); err != nil {
		return err
	}
	if c.vault, err = openFeed(dir, vaultKind, now, rep); err != nil {
		return err
	}
	c.attempts = newAttempts(c.out)
	return nil
}

func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, openError("lock", err)
	}
	if err := tryLock(f); err != nil {
		return nil, &data.Error{Code: "cache.in_use", Err: errors.Join(fmt.Errorf("lock: %w", err), f.Close())}
	}
	return f, nil
}

// Close ends all work and lets another process have the directory.
func (c *Cache) Close() error {
	var err error
	if c.out != nil {
		err = c.out.close()
	}
	for _, f := range []*feed{c.content, c.vault} {
		if f != nil {
			f.mu.Lock()
			f.db.close()
			f.mu.Unlock()
		}
	}
	return errors.Join(err, c.lock.Close())
}

// Attempts returns the brake on guessing access codes and PINs.
func (c *Cache) Attempts() *Attempts { return c.attempts }

// Subscribe has f called after each commit with the bucket that changed, or
// BucketOutbox. f runs on the goroutine that committed: it must not wait.
func (c *Cache) Subscribe(f func(bucket string)) (cancel func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := c.next
	c.next++
	c.subs[id] = f
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.subs, id)
	}
}

func (c *Cache) notify(bucket string) {
	c.mu.Lock()
	subs := make([]func(string), 0, len(c.subs))
	for _, f := range c.subs {
		subs = append(subs, f)
	}
	c.mu.Unlock()
	for _, f := range subs {
		f(bucket)
	}
}

func (c *Cache) feedOf(bucket string) (*feed, error) {
	vault, err := inVault(bucket)
	if err != nil {
		return nil, err
	}
	if vault {
		return c.vault, nil
	}
	return c.content, nil
}

// Position returns how far a bucket is; the zero Position when it was never
// fetched or has to be fetched again.
func (c *Cache) Position(ctx context.Context, bucket string) (data.Position, error) {
	f, err := c.feedOf(bucket)
	if err != nil {
		return data.Position{}, err
	}
	var s standing
	err = f.use(func() (err error) {
		s, err = f.standing(ctx, f.db.r, bucket)
		return err
	})
	return s.at, readError(err)
}

// Positions returns the position of every bucket that is kept; one that has to
// be fetched again is at the zero Position or missing.
func (c *Cache) Positions(ctx context.Context) (map[string]data.Position, error) {
	out := map[string]data.Position{}
	for _, f := range []*feed{c.content, c.vault} {
		var all []standing
		err := f.use(func() (err error) {
			all, err = f.standings(ctx)
			return err
		})
		if err != nil && !errors.Is(err, errDamaged) {
			return nil, readError(err)
		}
		for _, s := range all {
			out[s.name] = s.at
		}
	}
	return out, nil
}

// Entries returns a bucket's state. Entries damaged on the disk are left out,
// and the bucket goes back to the beginning so that sync fetches it again.
func (c *Cache) Entries(ctx context.Context, bucket string) (map[string][]byte, error) {
	f, err := c.feedOf(bucket)
	if err != nil {
		return nil, err
	}
	var good map[string][]byte
	var bad []string
	err = f.use(func() (err error) {
		if good, bad, err = f.entries(ctx, bucket); err == nil && len(bad) > 0 {
			err = f.quarantine(ctx, bucket, bad)
		}
		return err
	})
	if err == nil && len(bad) > 0 {
		c.notify(bucket)
	}
	return good, readError(err)
}

// Documents returns the public content.
func (c *Cache) Documents(ctx context.Context) (map[string][]byte, error) {
	return c.Entries(ctx, data.BucketPublic)
}

// Heads returns how far the office says each account's bucket is, by blind ID,
// as bucket "accounts" tells it. An entry that is not {"seq":N} counts as 0.
func (c *Cache) Heads(ctx context.Context) (map[string]int64, error) {
	all, err := c.Entries(ctx, data.BucketAccounts)
	if err != nil {
		return nil, err
	}
	out := make(map[string]int64, len(all))
	for blind, raw := range all {
		var v struct {
			Seq int64 `json:"seq"`
		}
		if json.Unmarshal(raw, &v) != nil {
			v.Seq = 0
		}
		out[blind] = v.Seq
	}
	return out, nil
}

// Keybox returns an account's keybox, nil when there is no such account here:
// seal.OpenKeybox answers that like a wrong PIN.
func (c *Cache) Keybox(ctx context.Context, blind string) ([]byte, error) {
	if !isAccount(data.AccountBucket + blind) {
		return nil, nil
	}
	all, err := c.Entries(ctx, data.AccountBucket+blind)
	return all["keybox"], err
}

// Bundle returns an account's sealed bundle and when this kiosk got it; nil
// and 0 when there is none.
func (c *Cache) Bundle(ctx context.Context, blind string) (sealed []byte, applied data.Instant, err error) {
	if !isAccount(data.AccountBucket + blind) {
		return nil, 0, nil
	}
	all, err := c.Entries(ctx, data.AccountBucket+blind)
	if err != nil || all["bundle"] == nil {
		return nil, 0, err
	}
	err = c.vault.use(func() error {
		s, err := c.vault.standing(ctx, c.vault.db.r, data.AccountBucket+blind)
		applied = s.applied
		return err
	})
	return all["bundle"], applied, readError(err)
}

// ApplyPage stores a page of a bucket's log in one transaction. A page that
// does not continue the bucket's position (epoch, sequence, running digest) is
// ErrMustRefetch; one beyond the limits is cache.page_invalid.
func (c *Cache) ApplyPage(ctx context.Context, page data.FeedPage) error {
	f, err := c.feedOf(page.Bucket)
	if err != nil {
		return err
	}
	if err := checkPage(page); err != nil {
		return err
	}
	var changed bool
	err = f.use(func() (err error) {
		changed, err = f.applyPage(ctx, page)
		return err
	})
	if err == nil && changed {
		c.notify(page.Bucket)
	}
	return writeError(err)
}

// Replace puts a snapshot in the place of all a bucket held, in one
// transaction.
func (c *Cache) Replace(ctx context.Context, snap data.Snapshot) error {
	f, err := c.feedOf(snap.Bucket)
	if err != nil {
		return err
	}
	if err := checkSnapshot(snap); err != nil {
		return err
	}
	if err := f.use(func() error { return f.replace(ctx, snap) }); err != nil {
		return writeError(err)
	}
	c.notify(snap.Bucket)
	return nil
}

// Drop forgets a bucket, for an account the office no longer lists.
func (c *Cache) Drop(ctx context.Context, bucket string) error {
	f, err := c.feedOf(bucket)
	if err != nil {
		return err
	}
	var changed bool
	err = f.use(func() (err error) {
		changed, err = f.drop(ctx, bucket)
		return err
	})
	if err == nil && changed {
		c.notify(bucket)
	}
	return writeError(err)
}

// readError and writeError give a failure of the disk the words for a person;
// errors that have some already, and a caller's own cancelling, pass.
func readError(err error) error { return diskError("cache.read", err) }

func writeError(err error) error {
	if resultCode(err) == sqliteFull {
		return data.Fail("cache.full", err)
	}
	return diskError("cache.write", err)
}

func diskError(code string, err error) error {
	var e *data.Error
	if err == nil || errors.As(err, &e) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return data.Fail(code, err)
}
