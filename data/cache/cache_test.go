package cache

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"egmina/data"
)

var ctx = context.Background()

func wall() time.Time { return time.Date(2026, 3, 15, 9, 0, 0, 0, time.UTC) }

func open(t testing.TB, dir string) (*Cache, *Report) {
	t.Helper()
	c, rep, err := Open(dir, wall)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c, rep
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func code(err error) string {
	var e *data.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// clean fails the test when Open had to mend something.
func clean(t testing.TB, rep *Report) {
	t.Helper()
	if len(rep.SetAside)+len(rep.Refetch)+len(rep.Lost)+rep.Recovered > 0 {
		t.Errorf("mended without need: %+v", *rep)
	}
}

// page makes the page that follows a position.
func page(bucket string, from data.Position, changes ...data.Change) data.FeedPage {
	next := from
	if next.Epoch == "" {
		next.Epoch = "e1"
	}
	for i := range changes {
		next.Seq++
		changes[i].Seq = next.Seq
		next.Digest = next.Digest.Next(changes[i])
	}
	return data.FeedPage{Bucket: bucket, Changes: changes, Next: next, AtHead: true}
}

func put(key, value string) data.Change { return data.Change{Key: key, Value: []byte(value)} }

func snapshot(bucket string, n int) data.Snapshot {
	s := data.Snapshot{Bucket: bucket, At: data.Position{Epoch: "e1", Seq: int64(n)}}
	for i := range n {
		s.Entries = append(s.Entries, data.Change{
			Seq: int64(i + 1), Key: fmt.Sprintf("procedure/%06d", i), Value: []byte(strings.Repeat("x", 400)),
		})
	}
	return s
}

func TestSQLiteFloor(t *testing.T) {
	c, _ := open(t, t.TempDir())
	var version string
	must(t, c.content.db.r.QueryRow(`SELECT sqlite_version()`).Scan(&version))
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil || major < 3 || major == 3 && minor < 53 {
		t.Errorf("SQLite %s: before 3.53 checkpoints of two connections could lose commits", version)
	}
}

func TestPragmas(t *testing.T) {
	c, _ := open(t, t.TempDir())
	for file, d := range map[string]*database{"content": c.content.db, "vault": c.vault.db, "outbox": c.out.db} {
		sync := "1"
		if file == "outbox" {
			sync = "2"
		}
		for pool, db := range map[string]*sql.DB{"writer": d.w, "reader": d.r} {
			for pragma, want := range map[string]string{
				"journal_mode": "wal", "synchronous": sync, "busy_timeout": "5000", "foreign_keys": "1",
				"secure_delete": "1", "trusted_schema": "0", "cell_size_check": "1",
				"application_id": fmt.Sprint(d.appID), "user_version": "1",
			} {
				var got string
				must(t, db.QueryRow("PRAGMA "+pragma).Scan(&got))
				if got != want {
					t.Errorf("%s %s: %s = %s, want %s", file, pool, pragma, got, want)
				}
			}
		}
		if _, err := d.r.Exec(`CREATE TABLE t (x INTEGER)`); err == nil {
			t.Errorf("%s: the readers can write", file)
		}
	}
}

func TestFeedPages(t *testing.T) {
	dir := t.TempDir()
	c, rep := open(t, dir)
	clean(t, rep)
	var heard []string
	cancel := c.Subscribe(func(b string) { heard = append(heard, b) })
	p1 := page(data.BucketPublic, data.Position{}, put("gmina", "1"), put("page/a", "a"), put("page/b", ""))
	must(t, c.ApplyPage(ctx, p1))
	p2 := page(data.BucketPublic, p1.Next, put("gmina", "2"), data.Change{Key: "page/a", Deleted: true})
	must(t, c.ApplyPage(ctx, p2))
	must(t, c.ApplyPage(ctx, page(data.BucketPublic, p2.Next))) // nothing new
	cancel()
	if fmt.Sprint(heard) != "[public public]" {
		t.Errorf("heard %v", heard)
	}
	must(t, c.Close())

	c, rep = open(t, dir)
	clean(t, rep)
	at, err := c.Position(ctx, data.BucketPublic)
	if err != nil || at != p2.Next {
		t.Errorf("at %+v, %v", at, err)
	}
	docs, err := c.Documents(ctx)
	if err != nil || len(docs) != 2 || string(docs["gmina"]) != "2" || docs["page/b"] == nil {
		t.Errorf("documents %q, %v", docs, err)
	}
}

func TestFeedRefusesWhatDoesNotContinue(t *testing.T) {
	c, _ := open(t, t.TempDir())
	p1 := page(data.BucketPublic, data.Position{}, put("a", "1"))
	must(t, c.ApplyPage(ctx, p1))
	good := func() data.FeedPage { return page(data.BucketPublic, p1.Next, put("a", "2"), put("b", "3")) }
	for name, spoil := range map[string]func(*data.FeedPage){
		"again":        func(p *data.FeedPage) { *p = p1 },
		"epoch":        func(p *data.FeedPage) { p.Next.Epoch = "e2" },
		"gap":          func(p *data.FeedPage) { p.Changes = p.Changes[1:] },
		"order":        func(p *data.FeedPage) { p.Changes[0], p.Changes[1] = p.Changes[1], p.Changes[0] },
		"truncated":    func(p *data.FeedPage) { p.Changes = p.Changes[:1] },
		"value":        func(p *data.FeedPage) { p.Changes[1].Value = []byte("4") },
		"key":          func(p *data.FeedPage) { p.Changes[1].Key = "c" },
		"made deleted": func(p *data.FeedPage) { p.Changes[1].Deleted, p.Changes[1].Value = true, nil },
		"digest":       func(p *data.FeedPage) { p.Next.Digest[5] ^= 1 },
		"next":         func(p *data.FeedPage) { p.Next.Seq++ },
	} {
		p := good()
		spoil(&p)
		if err := c.ApplyPage(ctx, p); !errors.Is(err, ErrMustRefetch) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if docs, _ := c.Documents(ctx); len(docs) != 1 || string(docs["a"]) != "1" {
		t.Errorf("a refused page left %q", docs)
	}
	must(t, c.ApplyPage(ctx, good()))
}

func TestFeedLimits(t *testing.T) {
	c, _ := open(t, t.TempDir())
	huge := strings.Repeat("x", MaxValue+1)
	for name, p := range map[string]data.FeedPage{
		"value":         page(data.BucketPublic, data.Position{}, put("a", huge)),
		"key":           page(data.BucketPublic, data.Position{}, put(huge[:MaxKey+1], "")),
		"no key":        page(data.BucketPublic, data.Position{}, put("", "")),
		"not text":      page(data.BucketPublic, data.Position{}, put("a\xff", "")),
		"zero byte":     page(data.BucketPublic, data.Position{}, put("a\x00b", "")),
		"deleted value": page(data.BucketPublic, data.Position{}, data.Change{Key: "a", Value: []byte("1"), Deleted: true}),
		"many":          page(data.BucketPublic, data.Position{}, make([]data.Change, MaxPage+1)...),
		"no epoch":      {Bucket: data.BucketPublic},
		"long epoch":    {Bucket: data.BucketPublic, Next: data.Position{Epoch: huge}},
	} {
		if err := c.ApplyPage(ctx, p); code(err) != "cache.page_invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bucket := range []string{"", "secret", "account.", "account.a/b", "account." + huge[:65], "../public"} {
		if err := c.ApplyPage(ctx, page(bucket, data.Position{})); code(err) != "cache.bucket_unknown" {
			t.Errorf("bucket %.40q: %v", bucket, err)
		}
	}
	for name, spoil := range map[string]func(*data.Snapshot){
		"order":   func(s *data.Snapshot) { s.Entries[0], s.Entries[1] = s.Entries[1], s.Entries[0] },
		"twice":   func(s *data.Snapshot) { s.Entries[1].Key = s.Entries[0].Key },
		"deleted": func(s *data.Snapshot) { s.Entries[1] = data.Change{Key: s.Entries[1].Key, Deleted: true} },
		"seq":     func(s *data.Snapshot) { s.At.Seq = -1 },
		"many":    func(s *data.Snapshot) { s.Entries = make([]data.Change, MaxEntries+1) },
	} {
		s := snapshot(data.BucketPublic, 3)
		spoil(&s)
		if err := c.Replace(ctx, s); code(err) != "cache.page_invalid" {
			t.Errorf("snapshot %s: %v", name, err)
		}
	}
}

func TestSnapshotReplacesAll(t *testing.T) {
	c, _ := open(t, t.TempDir())
	must(t, c.ApplyPage(ctx, page(data.BucketPublic, data.Position{}, put("old", "1"))))
	s := snapshot(data.BucketPublic, 5)
	s.At.Epoch = "e2"
	must(t, c.Replace(ctx, s))
	docs, err := c.Documents(ctx)
	if err != nil || len(docs) != 5 || docs["old"] != nil {
		t.Errorf("%d documents, %v", len(docs), err)
	}
	if at, _ := c.Position(ctx, data.BucketPublic); at != s.At {
		t.Errorf("at %+v", at)
	}
	must(t, c.ApplyPage(ctx, page(data.BucketPublic, s.At, put("new", "1"))))
}

func TestAccounts(t *testing.T) {
	dir := t.TempDir()
	c, _ := open(t, dir)
	must(t, c.ApplyPage(ctx, page(data.BucketAccounts, data.Position{}, put("abc", `{"seq":2}`), put("def", `nonsense`))))
	must(t, c.ApplyPage(ctx, page("account.abc", data.Position{}, put("bundle", "sealed"), put("keybox", "box"))))
	if heads, err := c.Heads(ctx); err != nil || len(heads) != 2 || heads["abc"] != 2 || heads["def"] != 0 {
		t.Errorf("heads %v, %v", heads, err)
	}
	if box, err := c.Keybox(ctx, "abc"); err != nil || string(box) != "box" {
		t.Errorf("keybox %q, %v", box, err)
	}
	sealed, at, err := c.Bundle(ctx, "abc")
	if err != nil || string(sealed) != "sealed" || at != data.InstantOf(wall()) {
		t.Errorf("bundle %q at %d, %v", sealed, at, err)
	}
	for _, blind := range []string{"zzz", "", "../x"} {
		if box, err := c.Keybox(ctx, blind); box != nil || err != nil {
			t.Errorf("keybox of %q: %q, %v", blind, box, err)
		}
		if b, _, err := c.Bundle(ctx, blind); b != nil || err != nil {
			t.Errorf("bundle of %q: %q, %v", blind, b, err)
		}
	}
	if all, err := c.Positions(ctx); err != nil || len(all) != 2 || all["account.abc"].Seq != 2 {
		t.Errorf("positions %v, %v", all, err)
	}
	must(t, c.Drop(ctx, "account.abc"))
	if box, _ := c.Keybox(ctx, "abc"); box != nil {
		t.Error("a dropped account is still there")
	}
	if raw, err := os.ReadFile(filepath.Join(dir, "content.db")); err != nil || strings.Contains(string(raw), "account.abc") {
		t.Errorf("accounts lie in content.db, %v", err)
	}
}

// A flipped bit in a row passes SQLite's checks; the checksum finds it.
func TestFlippedBitIsFetchedAgain(t *testing.T) {
	c, _ := open(t, t.TempDir())
	must(t, c.Replace(ctx, snapshot(data.BucketPublic, 3)))
	_, err := c.content.db.w.Exec(`UPDATE entry SET value = x'00' WHERE key = 'procedure/000001'`)
	must(t, err)
	heard := 0
	c.Subscribe(func(string) { heard++ })
	for range 2 {
		docs, err := c.Documents(ctx)
		if err != nil || len(docs) != 2 {
			t.Errorf("%d documents, %v", len(docs), err)
		}
	}
	if at, err := c.Position(ctx, data.BucketPublic); err != nil || at != (data.Position{}) || heard != 1 {
		t.Errorf("at %+v, %v, heard %d", at, err, heard)
	}
	must(t, c.ApplyPage(ctx, page(data.BucketPublic, data.Position{}, put("gmina", "1"))))
	if docs, _ := c.Documents(ctx); len(docs) != 1 {
		t.Errorf("a log from its beginning left %d documents", len(docs))
	}
	_, err = c.content.db.w.Exec(`UPDATE bucket SET seq = 9`)
	must(t, err)
	if at, err := c.Position(ctx, data.BucketPublic); err != nil || at != (data.Position{}) {
		t.Errorf("a changed position was believed: %+v, %v", at, err)
	}
	if all, err := c.Positions(ctx); err != nil || len(all) != 0 {
		t.Errorf("a changed position was believed: %v, %v", all, err)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	c, _ := open(t, dir)
	if _, _, err := Open(dir, wall); code(err) != "cache.in_use" {
		t.Errorf("same process: %v", err)
	}
	out := child(t, "open", dir)
	if !strings.Contains(out, "cache.in_use") {
		t.Errorf("second process: %s", out)
	}
	must(t, c.Close())
	if out := child(t, "open", dir); !strings.Contains(out, "opened") {
		t.Errorf("after Close: %s", out)
	}
}

func TestOpenWhereNothingCanBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	if _, _, err := Open(file, wall); code(err) != "cache.open" {
		t.Errorf("a file as directory: %v", err)
	}
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "vault.db"), 0o700))
	if _, _, err := Open(dir, wall); code(err) != "cache.open" {
		t.Errorf("a directory as file: %v", err)
	}
	must(t, os.Remove(filepath.Join(dir, "vault.db")))
	open(t, dir)
}

func BenchmarkApply10k(b *testing.B) {
	c, _ := open(b, b.TempDir())
	s := snapshot(data.BucketPublic, 10_000)
	for b.Loop() {
		must(b, c.Replace(ctx, s))
	}
}

func BenchmarkApplyPage(b *testing.B) {
	c, _ := open(b, b.TempDir())
	s := snapshot(data.BucketPublic, 10_000)
	must(b, c.Replace(ctx, s))
	at := s.At
	for b.Loop() {
		p := page(data.BucketPublic, at, put("procedure/000001", "new"))
		must(b, c.ApplyPage(ctx, p))
		at = p.Next
	}
}

func BenchmarkDocuments10k(b *testing.B) {
	c, _ := open(b, b.TempDir())
	must(b, c.Replace(ctx, snapshot(data.BucketPublic, 10_000)))
	for b.Loop() {
		if _, err := c.Documents(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen10k(b *testing.B) {
	dir := b.TempDir()
	c, _ := open(b, dir)
	must(b, c.Replace(ctx, snapshot(data.BucketPublic, 10_000)))
	must(b, c.Close())
	for b.Loop() {
		c, _, err := Open(dir, wall)
		must(b, err)
		must(b, c.Close())
	}
}
