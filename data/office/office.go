// Package office is the municipality's side: it publishes content, seals each
// resident's bundle, takes residents' acts exactly once, and serves kiosks over
// HTTP (feed, snapshot, ops).
package office

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"egmina/data"
	"egmina/data/seal"
	"egmina/data/store"
)

// Limits of what is published.
const (
	// MaxValue is the longest value of one feed entry, in bytes.
	MaxValue = 1 << 20
	// MaxContent is the most a bucket's values may add up to, in bytes: a kiosk takes them in one answer.
	MaxContent = 40 << 20

	maxKey     = 200
	keepPublic = 5000 // replaced changes that kiosks can still follow
	keepOther  = 10000
	keepSealed = 16 // of one account; each is a sealed bundle
)

// Keys are the office's own.
type Keys struct {
	Boxes  []*seal.BoxKey // keys kiosks seal acts to; older ones stay until every kiosk's outbox is empty
	Secret []byte         // keys the hash that tells whether a bundle changed; at least 32 bytes
}

// Options of a Service.
type Options struct {
	Kiosks map[string]string // names of the kiosks that may call, by pin (seal.Identity.Pin)
	Now    func() time.Time  // time.Now when nil; its location is the office's
	Log    *slog.Logger      // slog.Default when nil
	// Caller returns the pin of the device that sent a request, "" when it showed no key. When nil it is read
	// from the TLS connection.
	Caller func(*http.Request) string
}

// Service is one municipality's office. It is safe for concurrent use.
type Service struct {
	store   store.Store
	keys    Keys
	kiosks  map[string]string
	now     func() time.Time
	log     *slog.Logger
	caller  func(*http.Request) string
	closing chan struct{}
	close   func()
}

// New makes the service and gives a new database its epoch.
func New(ctx context.Context, st store.Store, keys Keys, o Options) (*Service, error) {
	if len(keys.Boxes) == 0 || len(keys.Secret) < sha256.Size {
		return nil, errors.New("office: keys missing")
	}
	s := &Service{store: st, keys: keys, kiosks: maps.Clone(o.Kiosks), now: o.Now, log: o.Log, caller: o.Caller, closing: make(chan struct{})}
	s.close = sync.OnceFunc(func() { close(s.closing) })
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.caller == nil {
		s.caller = func(r *http.Request) string { return seal.PeerPin(r.TLS) }
	}
	err := st.Write(ctx, func(tx store.Tx) error {
		epoch, err := tx.Epoch()
		if err != nil || epoch != "" {
			return err
		}
		return tx.SetEpoch(rand.Text())
	})
	if err != nil {
		return nil, fmt.Errorf("office: %w", err)
	}
	return s, nil
}

// Close ends waiting requests, so that a server can stop at once. It does not
// close the store.
func (s *Service) Close() { s.close() }

// Allowed reports whether the pin is an enrolled kiosk's; for seal.ServerTLS.
func (s *Service) Allowed(pin string) bool { _, ok := s.kiosks[pin]; return ok }

// RotateEpoch starts a new epoch. Run it once after a database was restored
// from a backup: kiosks then fetch everything again and repeat their acts.
func (s *Service) RotateEpoch(ctx context.Context) error {
	return s.store.Write(ctx, func(tx store.Tx) error { return tx.SetEpoch(rand.Text()) })
}

// Progress returns for each kiosk the counter up to which the store holds all
// its acts. Take it before a backup and pass it to BackedUp once the backup is
// known to be good.
func (s *Service) Progress(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	err := s.store.Read(ctx, func(tx store.ReadTx) error {
		kiosks, err := tx.Kiosks()
		for _, k := range kiosks {
			out[k.Pin] = k.Counter
		}
		return err
	})
	return out, err
}

// BackedUp records what a verified backup holds: kiosks may forget these acts.
func (s *Service) BackedUp(ctx context.Context, upTo map[string]int64) error {
	return s.store.Write(ctx, func(tx store.Tx) error {
		kiosks, err := tx.Kiosks()
		if err != nil {
			return err
		}
		for _, k := range kiosks {
			if n := min(upTo[k.Pin], k.Counter); n > k.Durable {
				k.Durable = n
				if err := tx.PutKiosk(k); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Publish makes docs the whole public content: what changed is appended to the
// public feed, what is missing is deleted, the rest is left alone. Errors:
// office.document_too_large, office.content_too_large, office.document_key.
func (s *Service) Publish(ctx context.Context, docs map[string][]byte) error {
	if err := checkDocuments(docs); err != nil {
		return err
	}
	changed := 0
	err := s.store.Write(ctx, func(tx store.Tx) error {
		hashes, err := tx.Hashes(data.BucketPublic)
		if err != nil {
			return err
		}
		changed, err = publish(tx, hashes, docs)
		return err
	})
	if err == nil {
		s.log.Info("published", "documents", len(docs), "changed", changed)
	}
	return err
}

func publish(tx store.Tx, hashes map[string][sha256.Size]byte, docs map[string][]byte) (changed int, err error) {
	for _, key := range slices.Sorted(maps.Keys(docs)) {
		if old, ok := hashes[key]; ok && old == sha256.Sum256(docs[key]) {
			continue
		}
		if _, err := tx.AppendFeed(data.BucketPublic, key, docs[key], false); err != nil {
			return changed, err
		}
		changed++
	}
	for _, key := range slices.Sorted(maps.Keys(hashes)) {
		if _, ok := docs[key]; ok {
			continue
		}
		if _, err := tx.AppendFeed(data.BucketPublic, key, nil, true); err != nil {
			return changed, err
		}
		changed++
	}
	if changed == 0 {
		return 0, nil
	}
	return changed, tx.PruneFeed(data.BucketPublic, keepPublic)
}

func checkDocuments(docs map[string][]byte) error {
	total := 0
	for key, value := range docs {
		switch {
		case key == "" || len(key) > maxKey:
			return &data.Error{Code: "office.document_key", Args: map[string]any{"Key": fmt.Sprintf("%.*s", maxKey, key)}}
		case len(value) > MaxValue:
			return &data.Error{Code: "office.document_too_large", Args: map[string]any{"Key": key, "Limit": MaxValue >> 10}}
		}
		total += len(key) + len(value)
	}
	if total > MaxContent {
		return &data.Error{Code: "office.content_too_large", Args: map[string]any{"Limit": MaxContent >> 20}}
	}
	return nil
}
