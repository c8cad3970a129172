package sync_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"egmina/data"
	"egmina/data/cache"
	"egmina/data/office"
	"egmina/data/seal"
	"egmina/data/store"
	"egmina/data/store/sqlite"
	"egmina/data/sync"
)

var (
	ctx   = context.Background()
	noon  = time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	quiet = slog.New(slog.DiscardHandler)
)

const callerHeader = "Test-Pin"

// keys that all offices and accounts of these tests share: making them takes time.
type account struct {
	blind string
	key   *seal.BoxKey
}

var (
	boxKey   = must(seal.NewBoxKey())
	accounts = []account{{strings.Repeat("a", 32), must(seal.NewBoxKey())}, {strings.Repeat("b", 32), must(seal.NewBoxKey())}}
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (a account) bucket() string { return data.AccountBucket + a.blind }

func (a account) bundle(note string) data.Bundle {
	return data.Bundle{Payer: "K-" + a.blind[:6], Place: note, Meters: []data.Meter{{ID: "m1", Number: "N-1", Digits: 6}, {ID: "m2", Number: "N-2", Digits: 6}, {ID: "m3", Number: "N-3", Digits: 6}}}
}

// desk is an office over a real store.
type desk struct {
	*office.Service
	path    string
	store   *sqlite.Store
	handler http.Handler
}

func openDesk(path string, fast bool, pins ...string) (*desk, error) {
	st, err := sqlite.Open(ctx, path, "koscielisko", sqlite.Options{Unsafe: fast})
	if err != nil {
		return nil, err
	}
	kiosks := map[string]string{}
	for _, p := range pins {
		kiosks[p] = "kiosk " + p
	}
	s, err := office.New(ctx, st, office.Keys{Boxes: []*seal.BoxKey{boxKey}, Secret: make([]byte, 32)}, office.Options{
		Kiosks: kiosks, Now: func() time.Time { return noon }, Log: quiet,
		Caller: func(r *http.Request) string { return r.Header.Get(callerHeader) },
	})
	if err != nil {
		return nil, err
	}
	return &desk{Service: s, path: path, store: st, handler: s.Handler()}, nil
}

func newDesk(t testing.TB, pins ...string) *desk {
	t.Helper()
	d, err := openDesk(filepath.Join(t.TempDir(), "office.db"), true, pins...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.store.Close() })
	return d
}

func (d *desk) putAccounts(note string) error {
	for _, a := range accounts {
		if err := d.PutAccount(ctx, a.blind, a.key.Public(), []byte("keybox of "+a.blind), a.bundle(note)); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) work() (out []store.Reading, err error) {
	err = d.store.Read(ctx, func(tx store.ReadTx) (err error) { out, err = tx.Worklist(0, 100000); return err })
	return out, err
}

func (d *desk) snapshot(bucket string) (snap data.Snapshot, err error) {
	err = d.store.Read(ctx, func(tx store.ReadTx) (err error) { snap, err = tx.Snapshot(bucket); return err })
	return snap, err
}

// handle answers a request in this process, as the caller with the pin.
func handle(h http.Handler, pin string, req *http.Request, body []byte) *http.Response {
	r := req.Clone(req.Context())
	r.Body, r.RequestURI = io.NopCloser(bytes.NewReader(body)), req.URL.RequestURI()
	r.Header.Set(callerHeader, pin)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// trip is a RoundTripper made of a function.
type trip func(req *http.Request, body []byte) (*http.Response, error)

func (f trip) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	return f(req, body)
}

func direct(h http.Handler, pin string) trip {
	return func(req *http.Request, body []byte) (*http.Response, error) {
		resp := handle(h, pin, req, body)
		if err := req.Context().Err(); err != nil {
			return nil, err
		}
		return resp, nil
	}
}

func newCache(t testing.TB) *cache.Cache {
	t.Helper()
	c, _, err := cache.Open(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func newClient(c *cache.Cache, rt http.RoundTripper) *sync.Client {
	return sync.New(sync.Options{Base: "https://office.invalid/", HTTP: &http.Client{Transport: rt}, Cache: c, Log: quiet})
}

// entry makes a reading as a kiosk does.
func entry(a account, meter string, value int64, made time.Time) (cache.Entry, error) {
	id := data.NewID(made)
	plain, err := json.Marshal(data.ReadingAct{Op: id, Account: a.blind, Meter: meter, Date: data.DateOf(made), Value: value})
	if err != nil {
		return cache.Entry{}, err
	}
	sealed, err := seal.Seal(boxKey.Public(), seal.OpInfo(id), plain)
	if err != nil {
		return cache.Entry{}, err
	}
	return cache.Entry{Bucket: a.bucket(), Op: data.Op{
		ID: id, Kind: data.ActReading, Schema: 1, Made: data.InstantOf(made), KeyID: boxKey.KeyID(), Sealed: sealed,
	}}, nil
}

func enqueue(t testing.TB, c *cache.Cache, a account, meter string, value int64) data.ID {
	t.Helper()
	e, err := entry(a, meter, value, noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Enqueue(ctx, e); err != nil {
		t.Fatal(err)
	}
	return e.Op.ID
}

// openBundle reads an account's bundle from a kiosk's cache as its resident.
func openBundle(c *cache.Cache, a account) (data.Bundle, error) {
	var b data.Bundle
	sealed, _, err := c.Bundle(ctx, a.blind)
	if err != nil {
		return b, err
	}
	plain, err := a.key.Open(seal.BundleInfo(a.blind), sealed)
	if err != nil {
		return b, err
	}
	return b, json.Unmarshal(plain, &b)
}

// differs says how a cached bucket differs from a snapshot of the office, ""
// when it does not.
func differs(c *cache.Cache, snap data.Snapshot) string {
	pos, err := c.Position(ctx, snap.Bucket)
	if err != nil {
		return err.Error()
	}
	have, err := c.Entries(ctx, snap.Bucket)
	switch {
	case err != nil:
		return err.Error()
	case pos != snap.At:
		return fmt.Sprintf("%s: at %s/%d, the office at %s/%d", snap.Bucket, pos.Epoch, pos.Seq, snap.At.Epoch, snap.At.Seq)
	case len(have) != len(snap.Entries):
		return fmt.Sprintf("%s: %d entries, the office has %d", snap.Bucket, len(have), len(snap.Entries))
	}
	for _, e := range snap.Entries {
		if !bytes.Equal(have[e.Key], e.Value) {
			return fmt.Sprintf("%s: entry %q differs", snap.Bucket, e.Key)
		}
	}
	return ""
}

func buckets() []string {
	out := []string{data.BucketPublic, data.BucketAccounts}
	for _, a := range accounts {
		out = append(out, a.bucket())
	}
	return out
}

// copyFiles copies a folder's files as a crash would leave them.
func copyFiles(from, to string) error {
	files, err := os.ReadDir(from)
	if err == nil {
		err = os.MkdirAll(to, 0o700)
	}
	for _, f := range files {
		if err != nil || f.IsDir() || strings.HasSuffix(f.Name(), "-shm") || f.Name() == "lock" {
			continue
		}
		var raw []byte
		if raw, err = os.ReadFile(filepath.Join(from, f.Name())); err == nil {
			err = os.WriteFile(filepath.Join(to, f.Name()), raw, 0o600)
		}
	}
	return err
}
