package cache

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"egmina/data"
)

// Limits on what the office may send and a screen may leave.
const (
	MaxValue   = 1 << 20 // bytes of one value
	MaxKey     = 200     // bytes of a key
	MaxPage    = 1000    // changes in a page
	MaxEntries = 200_000 // entries in a snapshot

	maxName  = 64      // bytes of a bucket's account, an epoch, a kind, a key ID
	maxFrame = 3 << 20 // bytes of an act in the journal
)

// inVault says where a bucket lives: true vault.db, false content.db.
func inVault(bucket string) (bool, error) {
	if bucket == data.BucketPublic {
		return false, nil
	}
	if bucket == data.BucketAccounts || isAccount(bucket) {
		return true, nil
	}
	return false, &data.Error{Code: "cache.bucket_unknown", Args: map[string]any{"Bucket": fmt.Sprintf("%.80q", bucket)}}
}

func isAccount(bucket string) bool {
	blind, ok := strings.CutPrefix(bucket, data.AccountBucket)
	if !ok || blind == "" || len(blind) > maxName {
		return false
	}
	for _, r := range blind {
		if (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}

func checkPage(p data.FeedPage) error {
	if len(p.Changes) > MaxPage {
		return pageError(p.Bucket, fmt.Errorf("%d changes", len(p.Changes)))
	}
	if err := checkPosition(p.Next); err != nil {
		return pageError(p.Bucket, err)
	}
	for _, c := range p.Changes {
		if err := checkChange(c); err != nil {
			return pageError(p.Bucket, err)
		}
	}
	return nil
}

func checkSnapshot(s data.Snapshot) error {
	if len(s.Entries) > MaxEntries {
		return pageError(s.Bucket, fmt.Errorf("%d entries", len(s.Entries)))
	}
	if err := checkPosition(s.At); err != nil {
		return pageError(s.Bucket, err)
	}
	for i, c := range s.Entries {
		if err := checkChange(c); err != nil {
			return pageError(s.Bucket, err)
		}
		if c.Deleted || i > 0 && s.Entries[i-1].Key >= c.Key {
			return pageError(s.Bucket, fmt.Errorf("entry %d (%.60q): deleted or out of order", i, c.Key))
		}
	}
	return nil
}

func checkPosition(p data.Position) error {
	if p.Epoch == "" || len(p.Epoch) > maxName || p.Seq < 0 {
		return fmt.Errorf("position epoch %.80q seq %d", p.Epoch, p.Seq)
	}
	return nil
}

func checkChange(c data.Change) error {
	switch {
	case c.Key == "" || len(c.Key) > MaxKey || !utf8.ValidString(c.Key) || strings.ContainsRune(c.Key, 0):
		return fmt.Errorf("seq %d: key %.60q", c.Seq, c.Key)
	case len(c.Value) > MaxValue:
		return fmt.Errorf("seq %d: key %q: %d bytes", c.Seq, c.Key, len(c.Value))
	case c.Deleted && len(c.Value) > 0:
		return fmt.Errorf("seq %d: key %q: deleted with a value", c.Seq, c.Key)
	}
	return nil
}

func checkEntry(e Entry) error {
	var err error
	switch op := e.Op; {
	case op.ID.IsZero():
		err = fmt.Errorf("no ID")
	case op.Kind == "" || op.Kind == kindLost || len(op.Kind) > maxName || len(op.KeyID) > maxName:
		err = fmt.Errorf("kind %.80q key %.80q", op.Kind, op.KeyID)
	case len(op.Sealed) == 0 || len(op.Sealed) > MaxValue || len(e.Echo) > MaxValue:
		err = fmt.Errorf("%d bytes sealed, echo %d", len(op.Sealed), len(e.Echo))
	case e.Bucket != "" && !isAccount(e.Bucket):
		err = fmt.Errorf("bucket %.80q", e.Bucket)
	}
	if err != nil {
		return data.Fail("cache.op_invalid", fmt.Errorf("act: %w", err))
	}
	return nil
}

func pageError(bucket string, err error) error {
	return &data.Error{
		Code: "cache.page_invalid", Args: map[string]any{"Bucket": fmt.Sprintf("%.80s", bucket)},
		Err: fmt.Errorf("bucket %.80q: %w", bucket, err),
	}
}
