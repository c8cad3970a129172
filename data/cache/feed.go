package cache

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"egmina/data"
)

// feed keeps buckets in one database file.
type feed struct {
	now func() time.Time

	mu sync.RWMutex // held for writing while the file is replaced
	db *database
}

// standing is a bucket's row.
type standing struct {
	name    string
	at      data.Position
	rows    int64
	applied data.Instant
}

func (s standing) sum() int64 {
	return checksum(s.name, s.at.Epoch, s.at.Seq, s.at.Digest[:], s.rows, int64(s.applied))
}

const standingColumns = `name, epoch, seq, digest, rows, applied, sum`

// openFeed opens a file of buckets; a damaged one is set aside and replaced.
func openFeed(dir string, k kind, now func() time.Time, rep *Report) (*feed, error) {
	db, err := openDB(dir, k)
	f := &feed{db: db, now: now}
	if err == nil {
		err = f.verify(context.Background())
	}
	if errors.Is(err, errDamaged) {
		err = f.renew(dir, k, err, rep)
	}
	return f, err
}

// renew sets the file aside and starts with an empty one.
func (f *feed) renew(dir string, k kind, why error, rep *Report) error {
	slog.Warn("cache damaged, fetching it again", "file", k.file, "err", why)
	f.db.close()
	name, err := setAside(filepath.Join(dir, k.file), f.now(), keepAside)
	if err != nil {
		return err
	}
	rep.SetAside, rep.Refetch = append(rep.SetAside, name), append(rep.Refetch, k.file)
	db, err := openDB(dir, k)
	if err == nil {
		f.db = db
	}
	return err
}

// use runs do; when the file turns out to be damaged, it runs it once more on
// an empty one.
func (f *feed) use(do func() error) error {
	f.mu.RLock()
	db, err := f.db, do()
	f.mu.RUnlock()
	if !isBroken(err) {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.db == db { // else another goroutine was faster
		if err := f.renew(filepath.Dir(db.path), db.kind, err, &Report{}); err != nil {
			return err
		}
	}
	return do()
}

// verify compares what the buckets say they hold with what is there.
func (f *feed) verify(ctx context.Context) error {
	all, err := f.standings(ctx)
	if err != nil {
		return f.db.judge(err)
	}
	var total, entries int64
	for _, s := range all {
		var n int64
		if err := f.db.w.QueryRowContext(ctx, `SELECT count(*) FROM entry WHERE bucket = $1`, s.name).Scan(&n); err != nil {
			return f.db.judge(err)
		}
		if n != s.rows {
			return fmt.Errorf("%w: %d of %d entries", errDamaged, n, s.rows)
		}
		total += n
	}
	if err := f.db.w.QueryRowContext(ctx, `SELECT count(*) FROM entry NOT INDEXED`).Scan(&entries); err != nil {
		return f.db.judge(err)
	}
	if entries != total {
		return fmt.Errorf("%w: %d entries, buckets hold %d", errDamaged, entries, total)
	}
	return nil
}

// standings returns every bucket's row; errDamaged tells that some did not
// hold their checksum and are left out.
func (f *feed) standings(ctx context.Context) ([]standing, error) {
	rows, err := f.db.r.QueryContext(ctx, `SELECT `+standingColumns+` FROM bucket ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []standing
	var bad error
	for rows.Next() {
		s, err := scanStanding(rows)
		switch {
		case err == nil:
			out = append(out, s)
		case errors.Is(err, errDamaged):
			bad = err
		default:
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return out, bad
}

func scanStanding(row interface{ Scan(...any) error }) (standing, error) {
	var s standing
	var digest []byte
	var sum int64
	if err := row.Scan(&s.name, &s.at.Epoch, &s.at.Seq, &digest, &s.rows, &s.applied, &sum); err != nil {
		return s, err
	}
	if len(digest) != len(s.at.Digest) {
		return s, fmt.Errorf("%w: bucket row", errDamaged)
	}
	copy(s.at.Digest[:], digest)
	if s.sum() != sum {
		return s, fmt.Errorf("%w: bucket row", errDamaged)
	}
	return s, nil
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// standing returns where a bucket is; a bucket never seen, or whose row does
// not hold its checksum, is at the beginning.
func (f *feed) standing(ctx context.Context, q querier, bucket string) (standing, error) {
	s, err := scanStanding(q.QueryRowContext(ctx, `SELECT `+standingColumns+` FROM bucket WHERE name = $1`, bucket))
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, errDamaged) {
		return standing{name: bucket}, nil
	}
	return s, err
}

func (f *feed) setStanding(ctx context.Context, tx *sql.Tx, s standing) error {
	s.applied = data.InstantOf(f.now())
	_, err := tx.ExecContext(ctx, `INSERT INTO bucket (`+standingColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, digest = excluded.digest,
		rows = excluded.rows, applied = excluded.applied, sum = excluded.sum`,
		s.name, s.at.Epoch, s.at.Seq, s.at.Digest[:], s.rows, int64(s.applied), s.sum())
	return err
}

// applyPage stores a page that continues the bucket; changed is false when the
// page brought nothing.
func (f *feed) applyPage(ctx context.Context, p data.FeedPage) (changed bool, err error) {
	err = f.db.tx(ctx, func(tx *sql.Tx) error {
		s, err := f.standing(ctx, tx, p.Bucket)
		if err != nil {
			return err
		}
		if err := continues(s.at, p); err != nil {
			return err
		}
		if changed = s.at != p.Next; !changed {
			return nil
		}
		if s.at.Seq == 0 { // what a mended bucket still held
			if _, err := tx.ExecContext(ctx, `DELETE FROM entry WHERE bucket = $1`, p.Bucket); err != nil {
				return err
			}
			s.rows = 0
		}
		for _, c := range p.Changes {
			n, err := applyChange(ctx, tx, p.Bucket, c)
			if err != nil {
				return err
			}
			s.rows += n
		}
		s.at = p.Next
		return f.setStanding(ctx, tx, s)
	})
	return changed, err
}

// continues recomputes the digest over the page: whatever was lost, repeated
// or altered on the way shows.
func continues(at data.Position, p data.FeedPage) error {
	if at.Epoch != "" && at.Epoch != p.Next.Epoch {
		return fmt.Errorf("%w: bucket %s: another epoch", ErrMustRefetch, p.Bucket)
	}
	for _, c := range p.Changes {
		if c.Seq != at.Seq+1 {
			return fmt.Errorf("%w: bucket %s: seq %d after %d", ErrMustRefetch, p.Bucket, c.Seq, at.Seq)
		}
		at.Seq, at.Digest = c.Seq, at.Digest.Next(c)
	}
	if at.Seq != p.Next.Seq || at.Digest != p.Next.Digest {
		return fmt.Errorf("%w: bucket %s: digest at seq %d", ErrMustRefetch, p.Bucket, at.Seq)
	}
	return nil
}

// applyChange returns by how many the number of entries grew.
func applyChange(ctx context.Context, tx *sql.Tx, bucket string, c data.Change) (int64, error) {
	if c.Deleted {
		n, err := affected(tx.ExecContext(ctx, `DELETE FROM entry WHERE bucket = $1 AND key = $2`, bucket, c.Key))
		return -n, err
	}
	value, sum := orEmpty(c.Value), checksum(bucket, c.Key, c.Value)
	n, err := affected(tx.ExecContext(ctx, `UPDATE entry SET value = $3, sum = $4 WHERE bucket = $1 AND key = $2`,
		bucket, c.Key, value, sum))
	if err != nil || n > 0 {
		return 0, err
	}
	return affected(tx.ExecContext(ctx, `INSERT INTO entry (bucket, key, value, sum) VALUES ($1,$2,$3,$4)`,
		bucket, c.Key, value, sum))
}

func affected(res sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// orEmpty keeps an empty value from becoming NULL.
func orEmpty(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func (f *feed) replace(ctx context.Context, s data.Snapshot) error {
	return f.db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM entry WHERE bucket = $1`, s.Bucket); err != nil {
			return err
		}
		put, err := tx.PrepareContext(ctx, `INSERT INTO entry (bucket, key, value, sum) VALUES ($1,$2,$3,$4)`)
		if err != nil {
			return err
		}
		defer func() { _ = put.Close() }()
		for _, c := range s.Entries {
			if _, err := put.ExecContext(ctx, s.Bucket, c.Key, orEmpty(c.Value), checksum(s.Bucket, c.Key, c.Value)); err != nil {
				return err
			}
		}
		return f.setStanding(ctx, tx, standing{name: s.Bucket, at: s.At, rows: int64(len(s.Entries))})
	})
}

func (f *feed) drop(ctx context.Context, bucket string) (changed bool, err error) {
	err = f.db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM entry WHERE bucket = $1`, bucket); err != nil {
			return err
		}
		n, err := affected(tx.ExecContext(ctx, `DELETE FROM bucket WHERE name = $1`, bucket))
		changed = n > 0
		return err
	})
	return changed, err
}

// entries returns a bucket's state and the keys whose bytes are no longer what
// was stored.
func (f *feed) entries(ctx context.Context, bucket string) (good map[string][]byte, bad []string, err error) {
	rows, err := f.db.r.QueryContext(ctx, `SELECT key, value, sum FROM entry WHERE bucket = $1`, bucket)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }()
	good = map[string][]byte{}
	for rows.Next() {
		var key string
		var value []byte
		var sum int64
		if err := rows.Scan(&key, &value, &sum); err != nil {
			return nil, nil, err
		}
		if checksum(bucket, key, value) != sum {
			bad = append(bad, key)
			continue
		}
		good[key] = orEmpty(value)
	}
	return good, bad, rows.Err()
}

// quarantine takes damaged entries out and puts the bucket back to the
// beginning, so that the next sync fetches its snapshot.
func (f *feed) quarantine(ctx context.Context, bucket string, keys []string) error {
	slog.Warn("damaged entries, fetching the bucket again", "file", f.db.file, "entries", len(keys))
	return f.db.tx(ctx, func(tx *sql.Tx) error {
		for _, key := range keys {
			if _, err := tx.ExecContext(ctx, `DELETE FROM entry WHERE bucket = $1 AND key = $2`, bucket, key); err != nil {
				return err
			}
		}
		var n int64
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM entry WHERE bucket = $1`, bucket).Scan(&n); err != nil {
			return err
		}
		return f.setStanding(ctx, tx, standing{name: bucket, rows: n})
	})
}
