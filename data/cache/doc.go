// Package cache is what a kiosk keeps on its disk: content.db (public
// content), vault.db (sealed accounts), outbox.db with outbox.journal (residents'
// acts on their way to the office).
//
// The first two can be fetched again: when they are damaged they are set aside
// and start empty. The outbox is precious: every act is in the journal, fsynced,
// before it is in the database, each chained to the one before by SHA-256 and
// counted without gaps, so that a loss in either file is seen at start and
// filled from the other. SQLite's own integrity check sees neither.
package cache

import (
	"egmina/data"
)

// BucketOutbox is the name under which subscribers hear of the outbox.
const BucketOutbox = "outbox"

// Report says what Open had to mend.
type Report struct {
	SetAside  []string // new names of damaged files, in the directory
	Refetch   []string // files that start empty: "content.db", "vault.db"
	Recovered int      // acts that one copy of the outbox had lost and the other gave back
	Lost      []int64  // counters of acts that no copy has any more
}

// States of an Entry.
const (
	StateWaiting  = "waiting"
	StateApplied  = "applied"
	StateRejected = "rejected"
	StateConflict = "conflict"

	stateLost = "lost" // holds the counter of an act that no copy has
)

// Entry is an act in the outbox.
type Entry struct {
	Op      data.Op // Enqueue gives the Counter
	Bucket  string  // the account's bucket, "" when the act has none
	Echo    []byte  // copy sealed to the account's own key (seal.EchoInfo), so that its resident sees it
	State   string
	Receipt string // as the office gave it, "" while waiting
	Reason  string // code, when rejected
}

// Counts tells how many acts are kept, by state.
type Counts struct {
	Waiting, Applied, Rejected, Conflict, Lost int
}

// ErrMustRefetch says that a page does not continue what is stored: fetch the
// bucket's snapshot.
var ErrMustRefetch = data.Fail("cache.must_refetch", nil)

// ErrConflict says that an act with the same ID but other bytes is kept.
var ErrConflict = data.Fail("cache.conflict", nil)

// ErrClosed is returned after Close.
var ErrClosed = data.Fail("cache.closed", nil)
