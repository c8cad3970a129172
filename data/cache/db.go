package cache

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"

	"egmina/data"
)

//go:embed migrations
var migrations embed.FS

// kind tells one database file from another.
type kind struct {
	file   string
	appID  int32  // four letters, in the file's header
	sync   string // FULL survives a power cut; NORMAL may fall back to an earlier state
	schema string
}

var (
	contentKind = kind{"content.db", 0x4547436f, "NORMAL", "feed"}
	vaultKind   = kind{"vault.db", 0x45475661, "NORMAL", "feed"}
	outboxKind  = kind{"outbox.db", 0x45474f75, "FULL", "outbox"}
)

const (
	readers    = 4
	maxVersion = 10_000 // a user_version above it is damage, not a newer program
)

// errDamaged marks a database file that cannot be trusted.
var errDamaged = errors.New("database damaged")

// database is one file: a single writer and a pool that can only read.
type database struct {
	kind
	path string
	w, r *sql.DB
}

// openDB opens and checks a file, makes it when it is missing and brings its
// schema up to date. An untrustworthy file gives errDamaged and, so that what
// can be read may be read, the database too; a newer one gives cache.newer.
func openDB(dir string, k kind) (*database, error) {
	path := filepath.Join(dir, k.file)
	d := &database{kind: k, path: path}
	if err := plausible(path); err != nil {
		return nil, err
	}
	var err error
	if d.w, err = sql.Open("sqlite", d.dsn(false)); err != nil {
		return nil, openError(k.file, err)
	}
	d.w.SetMaxOpenConns(1)
	if d.r, err = sql.Open("sqlite", d.dsn(true)); err != nil {
		return nil, errors.Join(openError(k.file, err), d.w.Close())
	}
	d.r.SetMaxOpenConns(readers)
	d.r.SetMaxIdleConns(readers)
	err = d.check(context.Background())
	if err == nil || errors.Is(err, errDamaged) {
		return d, err
	}
	d.close()
	return nil, err
}

// plausible catches what SQLite would take for a new database: an empty file,
// or a log whose database is gone.
func plausible(path string) error {
	info, err := os.Stat(path)
	if err == nil && info.Size() == 0 {
		return fmt.Errorf("%w: empty file", errDamaged)
	}
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(path + "-wal"); err == nil {
			return fmt.Errorf("%w: log without database", errDamaged)
		}
		return nil
	}
	if err != nil {
		return openError(filepath.Base(path), err)
	}
	return nil
}

// dsn sets every pragma: they belong to a connection, not to the file.
func (d *database) dsn(readOnly bool) string {
	p := filepath.ToSlash(d.path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // C:/…
	}
	q := url.Values{}
	for _, v := range []string{
		"busy_timeout(5000)", "foreign_keys(1)", "secure_delete(1)", "trusted_schema(0)",
		"cell_size_check(1)", "synchronous(" + d.sync + ")",
	} {
		q.Add("_pragma", v)
	}
	q.Set("_defensive", "1")
	if readOnly {
		q.Set("mode", "ro")
		q.Set("_query_only", "1")
	} else {
		q.Set("_txlock", "immediate")
		q.Add("_pragma", "journal_mode(WAL)")
	}
	return (&url.URL{Scheme: "file", Path: p, RawQuery: q.Encode()}).String()
}

func (d *database) close() {
	if d == nil {
		return
	}
	_ = d.r.Close() // readers first: the writer's close then folds the log in
	_ = d.w.Close()
}

// tx runs f in one writing transaction.
func (d *database) tx(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := d.w.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// check looks at all that SQLite itself does not: whose file it is, which
// version, whether it is whole.
func (d *database) check(ctx context.Context) error {
	var tables, appID, version int64
	err := errors.Join(
		d.w.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master`).Scan(&tables),
		d.w.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&appID),
		d.w.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version))
	if err != nil {
		return d.judge(err)
	}
	steps, err := d.steps()
	if err != nil {
		return err
	}
	fresh := tables == 0 && appID == 0 && version == 0
	switch {
	case !fresh && int32(appID) != d.appID:
		return fmt.Errorf("%w: application_id %#x", errDamaged, appID)
	case version > int64(len(steps)) && version <= maxVersion:
		return &data.Error{
			Code: "cache.newer", Args: map[string]any{"File": d.file},
			Err: fmt.Errorf("%s: user_version %d, want at most %d", d.file, version, len(steps)),
		}
	case !fresh && (version < 1 || version > maxVersion):
		return fmt.Errorf("%w: user_version %d", errDamaged, version)
	}
	if err := d.migrate(ctx, steps, int(version)); err != nil {
		return d.judge(err)
	}
	return d.whole(ctx)
}

func (d *database) whole(ctx context.Context) error {
	var verdict, sentinel string
	err := errors.Join(
		d.w.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict),
		d.w.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = 'sentinel'`).Scan(&sentinel))
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: no sentinel", errDamaged)
	}
	if err != nil {
		return d.judge(err)
	}
	if verdict != "ok" || sentinel != "egmina" {
		return fmt.Errorf("%w: %s", errDamaged, verdict)
	}
	return nil
}

// steps returns the schema's migrations in order; number i makes version i+1.
func (d *database) steps() ([]string, error) {
	names, err := fs.Glob(migrations, "migrations/"+d.schema+"/*.sql")
	if err != nil {
		return nil, err
	}
	out := make([]string, len(names))
	for i, name := range names {
		raw, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out[i] = string(raw)
	}
	return out, nil
}

func (d *database) migrate(ctx context.Context, steps []string, version int) error {
	if version == len(steps) {
		return nil
	}
	return d.tx(ctx, func(tx *sql.Tx) error {
		for ; version < len(steps); version++ {
			if _, err := tx.ExecContext(ctx, steps[version]); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = %d`, d.appID, version))
		return err
	})
}

// judge tells damage, which a new file mends, from trouble that it does not
// (a full disk, no permission).
func (d *database) judge(err error) error {
	if isDamage(err) {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	return openError(d.file, err)
}

// Primary result codes of SQLite.
const (
	sqliteError   = 1 // "no such table" in a file that should have it
	sqliteIO      = 10
	sqliteCorrupt = 11
	sqliteFull    = 13
	sqliteNotADB  = 26
)

// isDamage reports whether an error while a file is opened means damage.
func isDamage(err error) bool {
	return errors.Is(err, errDamaged) || isBroken(err) || resultCode(err) == sqliteError
}

// isBroken reports whether SQLite can no longer read or write the file.
func isBroken(err error) bool {
	switch resultCode(err) {
	case sqliteIO, sqliteCorrupt, sqliteNotADB:
		return true
	}
	return false
}

func resultCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func openError(file string, err error) error {
	return &data.Error{Code: "cache.open", Args: map[string]any{"File": file}, Err: fmt.Errorf("%s: %w", file, err)}
}

// checksum is the first 8 bytes of SHA-256 over the parts and their lengths:
// enough to see a flipped bit, which SQLite stores and returns without a word.
func checksum(parts ...any) int64 {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		switch v := p.(type) {
		case int64:
			binary.BigEndian.PutUint64(n[:], uint64(v))
			h.Write(n[:])
		case string:
			binary.BigEndian.PutUint64(n[:], uint64(len(v)))
			h.Write(n[:])
			h.Write([]byte(v))
		case []byte:
			binary.BigEndian.PutUint64(n[:], uint64(len(v)))
			h.Write(n[:])
			h.Write(v)
		}
	}
	return int64(binary.BigEndian.Uint64(h.Sum(nil)))
}
