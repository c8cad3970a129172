package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"egmina/data"
	"egmina/data/store"
	"egmina/data/store/sqlite"
	"egmina/data/store/storetest"
)

var ctx = context.Background()

func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(ctx, path, "koscielisko", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, filepath.Join(t.TempDir(), "urząd 50%?#.db")) })
}

// filled makes a database worth damaging.
func filled(t testing.TB, path string) {
	t.Helper()
	s, err := sqlite.Open(ctx, path, "koscielisko", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Write(ctx, func(tx store.Tx) error {
		for i := range 200 {
			if _, err := tx.AppendFeed(data.BucketPublic, fmt.Sprint(i), bytes.Repeat([]byte{byte(i)}, 1000), false); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestDamagedFileIsRefusedAndLeft(t *testing.T) {
	for name, hurt := range map[string]func([]byte) []byte{
		"garbage header": func(b []byte) []byte { copy(b, bytes.Repeat([]byte("x"), 100)); return b },
		"truncated":      func(b []byte) []byte { return b[:len(b)/2/4096*4096+17] },
		"zeroed pages":   func(b []byte) []byte { clear(b[8192:40960]); return b },
		"not a database": func([]byte) []byte { return []byte("name = \"value\"\n") },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "office.db")
			filled(t, path)
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			raw = hurt(raw)
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			wantRefused(t, path, "office.database_damaged")
			if after, _ := os.ReadFile(path); !bytes.Equal(after, raw) {
				t.Error("the file was changed")
			}
		})
	}
}

func wantRefused(t *testing.T, path, code string) {
	t.Helper()
	s, err := sqlite.Open(ctx, path, "koscielisko", sqlite.Options{})
	var e *data.Error
	if !errors.As(err, &e) || e.Code != code || e.Args["File"] != path {
		t.Errorf("error %v, want %s naming the file", err, code)
	}
	if s != nil {
		_ = s.Close()
	}
}

func TestForeignAndNewerFilesAreRefused(t *testing.T) {
	for pragma, code := range map[string]string{
		"PRAGMA application_id = 17": "office.database_foreign",
		"PRAGMA user_version = 999":  "office.database_newer",
	} {
		path := filepath.Join(t.TempDir(), "office.db")
		filled(t, path)
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(pragma); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		wantRefused(t, path, code)
	}
	wantRefused(t, filepath.Join(t.TempDir(), "no", "such", "folder", "office.db"), "office.database_unusable")
}

func TestFileSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "office.db")
	open(t, path)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var mode, version string
	if err := errors.Join(db.QueryRow("PRAGMA journal_mode").Scan(&mode), db.QueryRow("SELECT sqlite_version()").Scan(&version)); err != nil {
		t.Fatal(err)
	}
	if mode != "wal" {
		t.Errorf("journal mode %s", mode)
	}
	// 3.7.0 to 3.51.2 could lose committed pages when two connections checkpoint.
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil || major*1000+minor < 3053 {
		t.Errorf("SQLite %s, want 3.53 or later", version)
	}
}

// BenchmarkWrite is one durable transaction with one feed change.
func BenchmarkWrite(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "office.db"))
	i := 0
	for b.Loop() {
		i++
		err := s.Write(ctx, func(tx store.Tx) error {
			_, err := tx.AppendFeed(data.BucketPublic, fmt.Sprint(i%500), []byte("value"), false)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
