// Package store states what the office keeps and how: one small interface that
// every database behind the office fulfils. The contract is in storetest.
package store

import (
	"context"
	"crypto/sha256"
	"errors"

	"egmina/data"
)

// Reasons a caller decides on.
var (
	// ErrRefetch says that a position is not one of this log's: another epoch, ahead of the head, other content, or pruned away.
	ErrRefetch = errors.New("store: position unknown, fetch the snapshot")
	// ErrNotFound says that there is no such row.
	ErrNotFound = errors.New("store: not found")
)

// Store is one municipality's part of an office database. Every row and every
// statement is keyed by the municipality.
type Store interface {
	// Gmina returns the part of another municipality in the same database.
	Gmina(id string) Store
	// Write runs fn in one transaction that commits when fn returns nil. It may run fn again when the
	// database asks for it, so fn has no effects of its own.
	Write(ctx context.Context, fn func(Tx) error) error
	// Read runs fn on one consistent view.
	Read(ctx context.Context, fn func(ReadTx) error) error
	// Watch returns a channel that is closed by the next commit which appends to the bucket. Take it before
	// reading: then no news falls between.
	Watch(bucket string) <-chan struct{}
	// Close ends the use of the whole database.
	Close() error
}

// ReadTx reads one consistent view.
type ReadTx interface {
	// Epoch names the life of this database: a restored one gets another.
	Epoch() (string, error)
	// Head returns a bucket's position; one never written is at 0 of the epoch.
	Head(bucket string) (data.Position, error)
	// FeedSince returns the changes after from, in order, at most maxRows and about maxBytes of values, never
	// less than one. ErrRefetch when from is not a position of this log.
	FeedSince(bucket string, from data.Position, maxRows, maxBytes int) (data.FeedPage, error)
	// Snapshot returns a bucket's current entries in key order.
	Snapshot(bucket string) (data.Snapshot, error)
	// Hashes returns the SHA-256 of every current value of a bucket by key.
	Hashes(bucket string) (map[string][sha256.Size]byte, error)

	// Account returns one account. ErrNotFound.
	Account(blind string) (Account, error)
	// Accounts returns the blind IDs of all accounts in order.
	Accounts() ([]string, error)
	// Readings returns the readings residents sent for an account, oldest first.
	Readings(account string) ([]Reading, error)
	// Worklist returns readings of all accounts received after the position, oldest first.
	Worklist(after int64, limit int) ([]Reading, error)
	// Receipt returns the receipt of an act. ErrNotFound.
	Receipt(op data.ID) (Receipt, error)
	// Conflicts returns acts that came again with other bytes, oldest first.
	Conflicts() ([]Conflict, error)
	// Kiosk returns what is known of one kiosk. ErrNotFound.
	Kiosk(pin string) (Kiosk, error)
	// Kiosks returns what is known of each kiosk that ever called, by pin.
	Kiosks() ([]Kiosk, error)
}

// Tx is a ReadTx that also writes. Feed appends come last, the buckets in
// sorted order: each takes its bucket's counter row until the commit.
type Tx interface {
	ReadTx
	// SetEpoch starts another life of the database; only a restore does that.
	SetEpoch(epoch string) error
	// PutReceipt inserts the receipt, or returns the one that is there already for the act (never check first).
	PutReceipt(r Receipt) (existing *Receipt, err error)
	// PutConflict keeps an act that came again with other bytes; the same one twice is kept once.
	PutConflict(c Conflict) error
	// PutAccount inserts or replaces an account.
	PutAccount(a Account) error
	// PutReading inserts a reading; one per act. For an act that has one it sets flags and state.
	PutReading(r Reading) error
	// PutKiosk inserts or replaces what is known of a kiosk.
	PutKiosk(k Kiosk) error
	// Advance returns the greatest counter n such that acts of the kiosk with all counters from+1..n are kept as
	// receipts or conflicts.
	Advance(pin string, from int64) (int64, error)
	// AppendFeed adds a change to a bucket's log and returns its place. It replaces the key's current value.
	AppendFeed(bucket, key string, value []byte, deleted bool) (seq int64, err error)
	// PruneFeed drops changes that later ones replaced, except among the newest keep. Copies that are further
	// behind fetch the snapshot.
	PruneFeed(bucket string, keep int64) error
}

// Receipt says what became of an act. Sealed is kept only for acts that were
// not applied, so that a person can look at them.
type Receipt struct {
	Op       data.ID
	SHA      [sha256.Size]byte // of the act's frozen bytes
	Kind     string
	Status   string // data.OpApplied or data.OpRejected
	Reason   string
	Kiosk    string // pin of the kiosk that brought it first
	Counter  int64
	Received data.Instant
	Sealed   []byte
}

// Conflict is an act whose ID was used before with other bytes.
type Conflict struct {
	Op       data.ID
	SHA      [sha256.Size]byte
	Kind     string
	KeyID    string
	Kiosk    string
	Counter  int64
	Received data.Instant
	Sealed   []byte
}

// Account is one resident's account at the office.
type Account struct {
	Blind  string
	Payer  string            // number in the finance system
	Public []byte            // key the bundle is sealed to
	Ledger []byte            // JSON of data.Bundle as the finance system gave it, without residents' readings
	Sum    [sha256.Size]byte // keyed hash of the bundle as last sealed
}

// States of a Reading in the office's worklist.
const (
	ReadingNew       = "new"       // to be exported to the billing system
	ReadingCheck     = "check"     // a person looks at it first: Flags say why
	ReadingUnmatched = "unmatched" // the account is not known (yet)
)

// Reading is a reading that a resident sent.
type Reading struct {
	Place    int64 // order of arrival, given by the store
	Op       data.ID
	Account  string
	Meter    string
	Date     data.Date
	Value    int64
	RollOver bool
	Flags    string // space-separated reasons
	State    string
	Kiosk    string
	Received data.Instant
}

// Kiosk is what the office knows of a kiosk's acts.
type Kiosk struct {
	Pin      string // hex SHA-256 of its public key
	Name     string
	Seen     data.Instant
	Counter  int64 // all acts up to this counter have receipts
	Durable  int64 // all acts up to this counter are in a backup
	LastSeen int64 // greatest counter ever brought
}
