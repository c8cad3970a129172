package sqlite

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"

	"egmina/data"
	"egmina/data/store"
)

// head is a bucket's counter row.
type head struct {
	seq, pruned          int64
	digest, prunedDigest data.Digest
}

func (t *readTx) head(bucket string) (head, error) {
	var h head
	var digest, pruned []byte
	err := t.row(`SELECT seq, digest, pruned, pruned_digest FROM buckets WHERE gmina = $1 AND bucket = $2`, t.gmina, bucket).
		Scan(&h.seq, &digest, &h.pruned, &pruned)
	if errors.Is(err, sql.ErrNoRows) {
		return head{}, nil
	}
	copy(h.digest[:], digest)
	copy(h.prunedDigest[:], pruned)
	return h, wrap("head", err)
}

// Head returns a bucket's position.
func (t *readTx) Head(bucket string) (data.Position, error) {
	epoch, err := t.Epoch()
	if err != nil {
		return data.Position{}, err
	}
	h, err := t.head(bucket)
	return data.Position{Epoch: epoch, Seq: h.seq, Digest: h.digest}, err
}

// FeedSince returns the changes after from.
func (t *readTx) FeedSince(bucket string, from data.Position, maxRows, maxBytes int) (data.FeedPage, error) {
	page := data.FeedPage{Bucket: bucket, Changes: []data.Change{}, Next: from}
	epoch, err := t.Epoch()
	if err != nil {
		return page, err
	}
	h, err := t.head(bucket)
	if err != nil {
		return page, err
	}
	if err := t.checkPosition(bucket, epoch, h, from); err != nil {
		return page, err
	}
	if from.Seq < h.seq {
		if err := t.fill(&page, maxRows, maxBytes); err != nil {
			return page, err
		}
	}
	page.AtHead = page.Next.Seq == h.seq
	return page, nil
}

// checkPosition compares the caller's digest with the log's at the same place.
func (t *readTx) checkPosition(bucket, epoch string, h head, from data.Position) error {
	if from.Epoch != epoch || from.Seq > h.seq || from.Seq < h.pruned {
		return store.ErrRefetch
	}
	var want data.Digest
	switch from.Seq {
	case h.seq:
		want = h.digest
	case h.pruned:
		want = h.prunedDigest
	default:
		var raw []byte
		err := t.row(`SELECT digest FROM feed WHERE gmina = $1 AND bucket = $2 AND seq = $3`, t.gmina, bucket, from.Seq).Scan(&raw)
		if err != nil {
			return wrap("digest", err)
		}
		copy(want[:], raw)
	}
	if want != from.Digest {
		return store.ErrRefetch
	}
	return nil
}

func (t *readTx) fill(page *data.FeedPage, maxRows, maxBytes int) error {
	rows, err := t.tx.QueryContext(t.ctx, `SELECT seq, key, value, deleted, digest FROM feed
		WHERE gmina = $1 AND bucket = $2 AND seq > $3 ORDER BY seq LIMIT $4`, t.gmina, page.Bucket, page.Next.Seq, maxRows)
	if err != nil {
		return wrap("feed", err)
	}
	defer func() { _ = rows.Close() }()
	for size := 0; rows.Next(); {
		var c data.Change
		var digest []byte
		if err := rows.Scan(&c.Seq, &c.Key, &c.Value, &c.Deleted, &digest); err != nil {
			return wrap("feed", err)
		}
		if size += len(c.Value) + len(c.Key); size > maxBytes && len(page.Changes) > 0 {
			break
		}
		page.Changes = append(page.Changes, c)
		page.Next.Seq = c.Seq
		copy(page.Next.Digest[:], digest)
	}
	return wrap("feed", rows.Err())
}

// Snapshot returns a bucket's current entries.
func (t *readTx) Snapshot(bucket string) (data.Snapshot, error) {
	at, err := t.Head(bucket)
	s := data.Snapshot{Bucket: bucket, At: at, Entries: []data.Change{}}
	if err != nil {
		return s, err
	}
	rows, err := t.tx.QueryContext(t.ctx, `SELECT seq, key, value FROM feed
		WHERE gmina = $1 AND bucket = $2 AND replaced = 0 AND deleted = 0 ORDER BY key`, t.gmina, bucket)
	if err != nil {
		return s, wrap("snapshot", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var c data.Change
		if err := rows.Scan(&c.Seq, &c.Key, &c.Value); err != nil {
			return s, wrap("snapshot", err)
		}
		s.Entries = append(s.Entries, c)
	}
	return s, wrap("snapshot", rows.Err())
}

// Hashes returns the hash of every current value.
func (t *readTx) Hashes(bucket string) (map[string][sha256.Size]byte, error) {
	rows, err := t.tx.QueryContext(t.ctx, `SELECT key, hash FROM feed
		WHERE gmina = $1 AND bucket = $2 AND replaced = 0 AND deleted = 0`, t.gmina, bucket)
	if err != nil {
		return nil, wrap("hashes", err)
	}
	defer func() { _ = rows.Close() }()
	out := map[string][sha256.Size]byte{}
	for rows.Next() {
		var key string
		var sum []byte
		if err := rows.Scan(&key, &sum); err != nil {
			return nil, wrap("hashes", err)
		}
		out[key] = [sha256.Size]byte(pad32(sum))
	}
	return out, wrap("hashes", rows.Err())
}

// AppendFeed adds a change. The counter row is taken before the log is
// touched, so writers of one bucket queue up on every database.
func (t *writeTx) AppendFeed(bucket, key string, value []byte, deleted bool) (int64, error) {
	if deleted || value == nil {
		value = []byte{}
	}
	var seq int64
	var raw []byte
	err := t.row(`INSERT INTO buckets (gmina, bucket, seq, digest) VALUES ($1, $2, 1, $3)
		ON CONFLICT (gmina, bucket) DO UPDATE SET seq = buckets.seq + 1 RETURNING seq, digest`,
		t.gmina, bucket, make([]byte, sha256.Size)).Scan(&seq, &raw)
	if err != nil {
		return 0, wrap("counter", err)
	}
	digest := data.Digest(pad32(raw)).Next(data.Change{Seq: seq, Key: key, Value: value, Deleted: deleted})
	sum := sha256.Sum256(value)
	err = errors.Join(
		t.exec(`UPDATE feed SET replaced = 1 WHERE gmina = $1 AND bucket = $2 AND key = $3 AND replaced = 0`, t.gmina, bucket, key),
		t.exec(`INSERT INTO feed (gmina, bucket, seq, key, value, deleted, hash, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			t.gmina, bucket, seq, key, value, number(deleted), sum[:], digest[:]),
		t.exec(`UPDATE buckets SET digest = $3 WHERE gmina = $1 AND bucket = $2`, t.gmina, bucket, digest[:]),
	)
	t.touch(bucket)
	return seq, wrap("append", err)
}

// PruneFeed drops replaced changes that are older than the newest keep.
func (t *writeTx) PruneFeed(bucket string, keep int64) error {
	h, err := t.head(bucket)
	if err != nil {
		return err
	}
	upTo := h.seq - keep
	if upTo <= h.pruned {
		return nil
	}
	var digest []byte
	err = t.row(`SELECT digest FROM feed WHERE gmina = $1 AND bucket = $2 AND seq = $3`, t.gmina, bucket, upTo).Scan(&digest)
	if err != nil {
		return wrap("prune", err)
	}
	return wrap("prune", errors.Join(
		t.exec(`DELETE FROM feed WHERE gmina = $1 AND bucket = $2 AND seq <= $3 AND (replaced = 1 OR deleted = 1)`, t.gmina, bucket, upTo),
		t.exec(`UPDATE buckets SET pruned = $3, pruned_digest = $4 WHERE gmina = $1 AND bucket = $2`, t.gmina, bucket, upTo, digest),
	))
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
