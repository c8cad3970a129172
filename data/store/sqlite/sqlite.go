// Package sqlite keeps the office in one SQLite file: enough for a town, and
// for a city with one office process.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	msqlite "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"egmina/data"
	"egmina/data/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks our files ("eGmO"), so that another program's database is refused.
const applicationID = 0x65476d4f

const (
	readers  = 4
	attempts = 5 // of a transaction that meets another process's lock
)

func init() {
	// An unrelated os.Open and Close of the file in this process must not drop SQLite's locks; with OFD locks it
	// does not. Where the system has none the call reports an error and POSIX locks stay in use.
	_, _ = msqlite.OFDLocking(true)
}

// Options of Open.
type Options struct {
	// Unsafe gives up durability over a power cut (synchronous=OFF). Only simulations want that.
	Unsafe bool
}

type database struct {
	path  string
	write *sql.DB
	read  *sql.DB
	news  store.News
}

// Store is the part of one municipality.
type Store struct {
	db    *database
	gmina string
}

var _ store.Store = (*Store)(nil)

// Open opens or creates the file and brings its tables to this version. A file
// that is damaged, newer than this program or another program's is refused with
// a *data.Error that names it, and is left as it is.
func Open(ctx context.Context, path, gmina string, o Options) (*Store, error) {
	db := &database{path: path}
	var err error
	if db.write, err = openPool(path, o, false); err != nil {
		return nil, err
	}
	if err := db.prepare(ctx); err != nil {
		_ = db.write.Close()
		return nil, err
	}
	if db.read, err = openPool(path, o, true); err != nil {
		_ = db.write.Close()
		return nil, err
	}
	return &Store{db: db, gmina: gmina}, nil
}

func openPool(path string, o Options, readOnly bool) (*sql.DB, error) {
	q := url.Values{}
	sync := "synchronous(FULL)"
	if o.Unsafe {
		sync = "synchronous(OFF)"
	}
	// busy_timeout comes first: the pragmas after it may meet a lock.
	for _, p := range []string{"busy_timeout(5000)", "journal_mode(WAL)", sync, "foreign_keys(1)", "trusted_schema(0)", "cell_size_check(1)"} {
		q.Add("_pragma", p)
	}
	n := 1
	if readOnly {
		q.Add("_pragma", "query_only(1)")
		n = readers
	} else {
		q.Set("_txlock", "immediate")
	}
	q.Set("_defensive", "1")
	pool, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}).String()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool, nil
}

func (db *database) prepare(ctx context.Context) error {
	_, statErr := os.Stat(db.path)
	var version, app int
	var check string
	err := errors.Join(
		db.write.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version),
		db.write.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app),
		db.write.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&check),
	)
	steps, _ := fs.Glob(migrations, "migrations/*.sql")
	switch {
	case err != nil && errors.Is(statErr, fs.ErrNotExist):
		return db.refuse("office.database_unusable", err)
	case err != nil:
		return db.refuse("office.database_damaged", err)
	case check != "ok":
		return db.refuse("office.database_damaged", errors.New(check))
	case version > 0 && app != applicationID:
		return db.refuse("office.database_foreign", fmt.Errorf("application_id %#x", app))
	case version > len(steps):
		return db.refuse("office.database_newer", fmt.Errorf("version %d, known %d", version, len(steps)))
	}
	for i := version; i < len(steps); i++ {
		if err := db.migrate(ctx, steps[i], i+1); err != nil {
			return db.refuse("office.database_damaged", err)
		}
	}
	return nil
}

func (db *database) refuse(code string, err error) error {
	return &data.Error{Code: code, Args: map[string]any{"File": db.path}, Err: fmt.Errorf("%s: %w", db.path, err)}
}

func (db *database) migrate(ctx context.Context, name string, version int) error {
	text, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it says so
	stamp := fmt.Sprintf("; PRAGMA user_version = %d; PRAGMA application_id = %d", version, applicationID)
	if _, err := tx.ExecContext(ctx, string(text)+stamp); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return tx.Commit()
}

// Gmina returns the part of another municipality in the same file.
func (s *Store) Gmina(id string) store.Store { return &Store{db: s.db, gmina: id} }

// Watch returns a channel closed by the next commit that appends to the bucket.
func (s *Store) Watch(bucket string) <-chan struct{} {
	return s.db.news.Watch(s.gmina + "\x00" + bucket)
}

// Close closes the file for all municipalities.
func (s *Store) Close() error { return errors.Join(s.db.read.Close(), s.db.write.Close()) }

// Write runs fn in the one writing transaction.
func (s *Store) Write(ctx context.Context, fn func(store.Tx) error) error {
	for try := 1; ; try++ {
		err := s.write(ctx, fn)
		var busy *msqlite.Error
		if try == attempts || !errors.As(err, &busy) || busy.Code()&0xff != lib.SQLITE_BUSY {
			return err
		}
	}
}

func (s *Store) write(ctx context.Context, fn func(store.Tx) error) error {
	raw, err := s.db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer raw.Rollback() //nolint:errcheck // after a commit it says so
	tx := &writeTx{readTx: readTx{ctx: ctx, tx: raw, gmina: s.gmina}}
	if err := fn(tx); err != nil {
		return err
	}
	if err := raw.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	s.db.news.Tell(tx.touched...)
	return nil
}

// Read runs fn on one snapshot.
func (s *Store) Read(ctx context.Context, fn func(store.ReadTx) error) error {
	raw, err := s.db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer raw.Rollback() //nolint:errcheck // nothing was written
	return fn(&readTx{ctx: ctx, tx: raw, gmina: s.gmina})
}
