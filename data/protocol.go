package data

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// Buckets of the feed. An account's bucket is AccountBucket + its blind ID.
const (
	BucketPublic   = "public"   // content for every kiosk
	BucketAccounts = "accounts" // which account buckets exist, by blind ID, and how far they are
	AccountBucket  = "account."
)

// Change is one step of a bucket's log. A deletion carries the key only.
type Change struct {
	Seq     int64  `json:"seq"`
	Key     string `json:"key"`
	Value   []byte `json:"value,omitempty"`
	Deleted bool   `json:"deleted,omitempty"`
}

// Digest is the running SHA-256 over a bucket's log.
type Digest [32]byte

// Next returns the digest after one more change.
func (d Digest) Next(c Change) Digest {
	h := sha256.New()
	h.Write(d[:])
	var n [17]byte
	binary.BigEndian.PutUint64(n[:], uint64(c.Seq))
	binary.BigEndian.PutUint64(n[8:], uint64(len(c.Key)))
	if c.Deleted {
		n[16] = 1
	}
	h.Write(n[:])
	h.Write([]byte(c.Key))
	v := sha256.Sum256(c.Value)
	h.Write(v[:])
	return Digest(h.Sum(nil))
}

// String writes 64 hex digits, the form used in URLs and JSON.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText writes 64 hex digits.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads 64 hex digits.
func (d *Digest) UnmarshalText(b []byte) error {
	var v Digest
	if len(b) != hex.EncodedLen(len(v)) {
		return fmt.Errorf("digest: %d characters, want %d", len(b), hex.EncodedLen(len(v)))
	}
	if _, err := hex.Decode(v[:], b); err != nil {
		return fmt.Errorf("digest: %w", err)
	}
	*d = v
	return nil
}

// Position says how far a copy of a bucket is.
type Position struct {
	Epoch  string `json:"epoch"`
	Seq    int64  `json:"seq"`
	Digest Digest `json:"digest"`
}

// FeedPage is an answer of GET /v1/feed/{bucket}: changes in order, from
// the position asked for.
type FeedPage struct {
	Bucket  string   `json:"bucket"`
	Changes []Change `json:"changes"`
	Next    Position `json:"next"`
	AtHead  bool     `json:"at_head"`
}

// Snapshot is an answer of GET /v1/snapshot/{bucket}: a bucket's whole state
// at a position. Entries are in key order.
type Snapshot struct {
	Bucket  string   `json:"bucket"`
	At      Position `json:"at"`
	Entries []Change `json:"entries"` // none is deleted
}

// Kinds of act.
const ActReading = "reading"

// Op is a resident's act on its way to the office: the kiosk itself can no
// longer read it.
type Op struct {
	ID      ID      `json:"id"`
	Kind    string  `json:"kind"`
	Schema  int     `json:"schema"`
	Made    Instant `json:"made"`   // the kiosk's clock; order never comes from it
	KeyID   string  `json:"key_id"` // the office key it is sealed to
	Sealed  []byte  `json:"sealed"`
	Counter int64   `json:"counter"` // dense per kiosk: gaps show loss
}

// What the office says of an Op.
const (
	OpApplied   = "applied"
	OpDuplicate = "duplicate" // the stored receipt again
	OpConflict  = "conflict"  // same ID, other bytes: for a person to look at
	OpRejected  = "rejected"
	OpRetry     = "retry"
)

// OpResult is the office's receipt for one Op.
type OpResult struct {
	ID      ID     `json:"id"`
	Status  string `json:"status"`
	Receipt string `json:"receipt"`
	Reason  string `json:"reason,omitempty"` // code, for rejected
}

// OpsRequest is the body of POST /v1/ops.
type OpsRequest struct {
	Ops []Op `json:"ops"`
}

// OpsResponse answers every op of the request, in its order. Ops with a
// counter up to DurableUpTo are in a backup and need not be kept by the kiosk.
type OpsResponse struct {
	Epoch       string     `json:"epoch"`
	DurableUpTo int64      `json:"durable_upto"`
	Results     []OpResult `json:"results"`
}

// ReadingAct is the sealed content of an Op of kind ActReading.
type ReadingAct struct {
	Op       ID     `json:"op"`
	Account  string `json:"account"` // blind ID
	Meter    string `json:"meter"`   // ID of the Meter
	Date     Date   `json:"date"`
	Value    int64  `json:"value"`
	RollOver bool   `json:"roll_over,omitempty"`
	Jump     bool   `json:"jump,omitempty"` // the resident confirmed an unusual jump
}
