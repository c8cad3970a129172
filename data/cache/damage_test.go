package cache

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"egmina/data"
)

// files is a kiosk's directory as a crash leaves it: copied while it is open,
// so that the logs are not folded in.
type files map[string][]byte

func readDir(t testing.TB, dir string) files {
	t.Helper()
	out := files{}
	all, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range all {
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		must(t, err)
		out[e.Name()] = raw
	}
	return out
}

func (f files) write(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, raw := range f {
		must(t, os.WriteFile(filepath.Join(dir, name), raw, 0o600))
	}
	return dir
}

func (f files) clone() files {
	out := files{}
	for name, raw := range f {
		out[name] = bytes.Clone(raw)
	}
	return out
}

// damage is what happens to one file.
type damage struct {
	name  string
	spoil func(raw []byte) []byte // nil: the file is gone
}

var damages = []damage{
	{"gone", nil},
	{"empty", func([]byte) []byte { return []byte{} }},
	{"garbage header", func(raw []byte) []byte { copy(raw, bytes.Repeat([]byte{0xa5}, 100)); return raw }},
	{"zeroed header", func(raw []byte) []byte { clear(raw[:min(100, len(raw))]); return raw }},
	{"first page zeroed", func(raw []byte) []byte { clear(raw[:min(4096, len(raw))]); return raw }},
	{"page zeroed", func(raw []byte) []byte {
		clear(raw[len(raw)/2&^4095:][:min(4096, len(raw)-len(raw)/2&^4095)])
		return raw
	}},
	{"last page zeroed", func(raw []byte) []byte { clear(raw[max(0, len(raw)-4096):]); return raw }},
	{"cut in half", func(raw []byte) []byte { return raw[:len(raw)/2] }},
	{"cut by a page", func(raw []byte) []byte { return raw[:max(0, len(raw)-4096)] }},
	{"cut by a byte", func(raw []byte) []byte { return raw[:max(0, len(raw)-1)] }},
	{"byte flipped", func(raw []byte) []byte { return flip(raw, len(raw)/2) }},
	{"early byte flipped", func(raw []byte) []byte { return flip(raw, len(raw)/8) }},
	{"late byte flipped", func(raw []byte) []byte { return flip(raw, len(raw)-5) }},
	{"longer", func(raw []byte) []byte { return append(raw, bytes.Repeat([]byte("x"), 5000)...) }},
	{"garbage", func(raw []byte) []byte { return bytes.Repeat([]byte("garbage "), len(raw)/8+1) }},
}

func flip(raw []byte, at int) []byte {
	if at >= 0 && at < len(raw) {
		raw[at] ^= 0x10
	}
	return raw
}

func (d damage) apply(f files, name string) files {
	out := f.clone()
	if d.spoil == nil {
		delete(out, name)
	} else if out[name] != nil {
		out[name] = d.spoil(out[name])
	}
	return out
}

// kiosk makes a directory with twelve acts, of which two are pruned, four
// answered and kept, six waiting, and some content; once with its logs, once
// closed.
func kiosk(t testing.TB) (crashed, closed files) {
	t.Helper()
	dir := t.TempDir()
	c, _ := open(t, dir)
	must(t, c.Replace(ctx, snapshot(data.BucketPublic, 40)))
	must(t, c.ApplyPage(ctx, page("account.a1", data.Position{}, put("bundle", strings.Repeat("s", 9000)), put("keybox", "k"))))
	enqueue(t, c, 1, 6)
	must(t, c.Acked(ctx, results(1, 6, data.OpApplied), "e1", 2))
	enqueue(t, c, 7, 12)
	crashed = readDir(t, dir)
	must(t, c.Close())
	return crashed, readDir(t, dir)
}

// keeps fails the test unless every act that waited still waits, each once,
// under its counter; answered ones may wait again, since the office answers
// those as duplicates.
func keeps(t *testing.T, c *Cache, from, to int) {
	t.Helper()
	ops, err := c.Waiting(ctx, 1000)
	must(t, err)
	seen := map[data.ID]int{}
	for _, op := range ops {
		seen[op.ID]++
		if n := int64(op.ID[15]); op.Counter != n {
			t.Errorf("act %d has counter %d", n, op.Counter)
		}
	}
	for n := from; n <= to; n++ {
		if seen[act(n).Op.ID] != 1 {
			t.Errorf("act %d waits %d times", n, seen[act(n).Op.ID])
		}
	}
}

// One file of the outbox may suffer anything: no waiting act is lost.
func TestOutboxSurvivesDamage(t *testing.T) {
	crashed, closed := kiosk(t)
	for _, name := range []string{"outbox.db", "outbox.db-wal", "outbox.db-shm", journalFile} {
		for _, d := range damages {
			for state, f := range map[string]files{"crashed": crashed, "closed": closed} {
				if f[name] == nil {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%s", name, d.name, state), func(t *testing.T) {
					t.Parallel()
					dir := d.apply(f, name).write(t)
					c, rep := open(t, dir)
					keeps(t, c, 7, 12)
					if len(rep.Lost) > 0 {
						t.Errorf("lost %v", rep.Lost)
					}
					op, err := c.Enqueue(ctx, act(13))
					if err != nil || op.Counter != 13 {
						t.Errorf("next act has counter %d, %v", op.Counter, err)
					}
					must(t, c.Close())
					c, rep = open(t, dir)
					clean(t, rep)
					keeps(t, c, 7, 13)
				})
			}
		}
	}
}

// When both copies lose acts, the rest survives and the loss is told.
func TestLossInBothCopiesIsTold(t *testing.T) {
	_, closed := kiosk(t)
	dir := closed.write(t)
	c, _ := open(t, dir)
	_, err := c.out.db.w.Exec(`DELETE FROM op WHERE counter = 8`)
	must(t, err)
	must(t, c.Close())
	sc := journalOnDisk(t, dir)
	raw, err := os.ReadFile(filepath.Join(dir, journalFile))
	must(t, err)
	at := headerSize
	for _, f := range sc.frames[:7] {
		at += int(f.size())
	}
	must(t, os.WriteFile(filepath.Join(dir, journalFile), flip(raw, at+100), 0o600))
	c, rep := open(t, dir)
	if !slices.Equal(rep.Lost, []int64{8}) || len(rep.SetAside) != 2 {
		t.Errorf("%+v", *rep)
	}
	keeps(t, c, 9, 12)
	keeps(t, c, 7, 7)
	if n, err := c.Counts(ctx); err != nil || n.Lost != 1 {
		t.Errorf("%+v, %v", n, err)
	}
	must(t, c.Close())
	c, rep = open(t, dir)
	clean(t, rep)
	must(t, c.Acked(ctx, results(1, 12, data.OpApplied), "e1", 12))
	if n, _ := c.Counts(ctx); n != (Counts{}) {
		t.Errorf("a lost act is in the way: %+v", n)
	}
}

func TestContentSurvivesDamage(t *testing.T) {
	crashed, closed := kiosk(t)
	for _, name := range []string{"content.db", "content.db-wal", "content.db-shm", "vault.db", "vault.db-wal"} {
		for _, d := range damages {
			for state, f := range map[string]files{"crashed": crashed, "closed": closed} {
				if f[name] == nil {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%s", name, d.name, state), func(t *testing.T) {
					t.Parallel()
					dir := d.apply(f, name).write(t)
					c, rep := open(t, dir)
					keeps(t, c, 7, 12)
					consistent(t, c)
					if len(rep.Refetch) != len(rep.SetAside) {
						t.Errorf("%+v", *rep)
					}
					must(t, c.Replace(ctx, snapshot(data.BucketPublic, 40)))
					must(t, c.Close())
					c, rep = open(t, dir)
					clean(t, rep)
					consistent(t, c)
				})
			}
		}
	}
}

// consistent fails the test unless the content is all there at its position, or
// the position says that it has to be fetched.
func consistent(t *testing.T, c *Cache) {
	t.Helper()
	docs, err := c.Documents(ctx)
	must(t, err)
	at, err := c.Position(ctx, data.BucketPublic)
	must(t, err)
	if at.Seq != 0 && len(docs) != 40 {
		t.Errorf("%d documents at %d", len(docs), at.Seq)
	}
	for key, value := range docs {
		if string(value) != strings.Repeat("x", 400) {
			t.Errorf("%s is damaged", key)
		}
	}
	sealed, _, err := c.Bundle(ctx, "a1")
	must(t, err)
	if at, _ := c.Position(ctx, "account.a1"); at.Seq != 0 && len(sealed) != 9000 {
		t.Errorf("bundle of %d bytes at %d", len(sealed), at.Seq)
	}
}

func TestMissingEntriesAreSeen(t *testing.T) {
	for name, query := range map[string]string{
		"one entry":  `DELETE FROM entry WHERE key = 'procedure/000003'`,
		"the bucket": `DELETE FROM bucket`,
		"sentinel":   `DELETE FROM meta`,
		"table":      `DROP TABLE entry`,
		"other file": `PRAGMA application_id = 7`,
		"version":    `PRAGMA user_version = 123456`,
		"no version": `PRAGMA user_version = 0`,
	} {
		_, closed := kiosk(t)
		dir := closed.write(t)
		c, _ := open(t, dir)
		_, err := c.content.db.w.Exec(query)
		must(t, err)
		must(t, c.Close())
		c, rep := open(t, dir)
		if len(rep.SetAside) != 1 || !slices.Equal(rep.Refetch, []string{"content.db"}) {
			t.Errorf("%s: %+v", name, *rep)
		}
		if docs, err := c.Documents(ctx); len(docs) != 0 || err != nil {
			t.Errorf("%s: %d documents, %v", name, len(docs), err)
		}
		must(t, c.Close())
	}
}

func TestNewerFilesAreLeft(t *testing.T) {
	for _, k := range []kind{contentKind, vaultKind, outboxKind} {
		_, closed := kiosk(t)
		dir := closed.write(t)
		db, err := openDB(dir, k)
		must(t, err)
		_, err = db.w.Exec(`PRAGMA user_version = 2`)
		must(t, err)
		db.close()
		before := readDir(t, dir)
		if _, _, err := Open(dir, wall); code(err) != "cache.newer" {
			t.Errorf("%s: %v", k.file, err)
		}
		if after := readDir(t, dir); !bytes.Equal(before[k.file], after[k.file]) {
			t.Errorf("%s was changed", k.file)
		}
	}
	newer := appendHeader(nil, link{})
	copy(newer[6:], "02")
	newer = frameless(newer[:headerSize-4])
	dir := files{journalFile: newer}.write(t)
	if _, _, err := Open(dir, wall); code(err) != "cache.newer" {
		t.Errorf("journal: %v", err)
	}
}

func TestAsideCopiesAreBounded(t *testing.T) {
	dir := t.TempDir()
	for i := range 6 {
		c, _, err := Open(dir, func() time.Time { return wall().Add(time.Duration(i) * time.Hour) })
		must(t, err)
		must(t, c.Close())
		must(t, os.WriteFile(filepath.Join(dir, "content.db"), []byte("garbage"), 0o600))
	}
	names, err := filepath.Glob(filepath.Join(dir, "content.db.damaged-*"))
	must(t, err)
	newest := fmt.Sprintf("content.db.damaged-%d", wall().Add(5*time.Hour).Unix()) // the sixth is still in use
	if len(names) != keepAside || filepath.Base(names[len(names)-1]) != newest {
		t.Errorf("kept %v, newest should be %s", names, newest)
	}
}

// Whatever single bit flips in the outbox's files, acts survive.
func TestOutboxSurvivesFlippedBits(t *testing.T) {
	_, closed := kiosk(t)
	for _, name := range []string{"outbox.db", journalFile} {
		size := len(closed[name])
		for at := 3; at < size; at += max(1, size/60) {
			f := closed.clone()
			f[name] = flip(f[name], at)
			dir := f.write(t)
			c, rep := open(t, dir)
			keeps(t, c, 7, 12)
			if len(rep.Lost) > 0 || t.Failed() {
				t.Fatalf("%s, byte %d: %+v", name, at, *rep)
			}
			must(t, c.Close())
		}
	}
}

// A row that goes bad while the kiosk runs is mended from the journal.
func TestOutboxMendsItselfWhileRunning(t *testing.T) {
	c, _ := open(t, t.TempDir())
	enqueue(t, c, 1, 5)
	_, err := c.out.db.w.Exec(`UPDATE op SET payload = x'00' WHERE counter = 3`)
	must(t, err)
	holds(t, c, 1, 5)
	_, err = c.out.db.w.Exec(`DROP TABLE op`)
	must(t, err)
	if _, err := c.Enqueue(ctx, act(6)); err == nil {
		t.Fatal("an act went into a table that is not there")
	}
	enqueue(t, c, 6, 6)
	holds(t, c, 1, 6)
}

func TestTornJournalAtEveryByte(t *testing.T) {
	dir := t.TempDir()
	c, _ := open(t, dir)
	small := func(n int) Entry {
		e := act(n)
		e.Op.Sealed, e.Echo = []byte("sealed"), nil
		return e
	}
	for n := 1; n <= 3; n++ {
		_, err := c.Enqueue(ctx, small(n))
		must(t, err)
	}
	must(t, c.Close())
	f := readDir(t, dir)
	sc := scanJournal(f[journalFile])
	whole := len(f[journalFile])
	start := whole - int(sc.frames[2].size())
	for end := start; end <= whole; end++ {
		want := 2
		if end == whole {
			want = 3
		}
		cut := scanJournal(f[journalFile][:end])
		if len(cut.frames) != want || cut.damaged {
			t.Fatalf("cut at %d of %d: %d acts, damaged %v", end, whole, len(cut.frames), cut.damaged)
		}
		if (end-start)%16 != 0 && end != whole { // opening all takes long; every 16th does
			continue
		}
		torn := f.clone()
		torn[journalFile] = torn[journalFile][:end]
		both := torn.write(t)
		c, rep := open(t, both) // the database still has the act
		if n, _ := c.Counts(ctx); n.Waiting != 3 || len(rep.SetAside) > 0 {
			t.Fatalf("cut at %d: %+v, %+v", end, n, *rep)
		}
		must(t, c.Close())
		if again := journalOnDisk(t, both); len(again.frames) != 3 || again.damaged {
			t.Fatalf("cut at %d: the journal was not completed", end)
		}
		delete(torn, "outbox.db")
		alone := torn.write(t)
		c, _ = open(t, alone)
		if n, _ := c.Counts(ctx); n.Waiting != want {
			t.Fatalf("cut at %d: %d acts from the journal alone", end, n.Waiting)
		}
		_, err := c.Enqueue(ctx, small(4))
		must(t, err)
		must(t, c.Close())
	}
}

// An old copy of outbox.db beside a newer journal, and the other way round.
func TestOldCopyOfOneFile(t *testing.T) {
	dir := t.TempDir()
	c, _ := open(t, dir)
	enqueue(t, c, 1, 4)
	must(t, c.Close())
	old := readDir(t, dir)
	c, _ = open(t, dir)
	c.out.compactAt = 1
	must(t, c.Acked(ctx, results(1, 3, data.OpApplied), "e1", 3))
	enqueue(t, c, 5, 8)
	must(t, c.Close())
	current := readDir(t, dir)
	for _, name := range []string{"outbox.db", journalFile} {
		mixed := current.clone()
		mixed[name] = old[name]
		both := mixed.write(t)
		c, rep := open(t, both)
		keeps(t, c, 4, 8)
		if len(rep.Lost) > 0 {
			t.Errorf("%s: %+v", name, *rep)
		}
		must(t, c.Close())
		c, rep = open(t, both)
		clean(t, rep)
		must(t, c.Close())
	}
}

func TestOutboxRefusesNoPermission(t *testing.T) {
	_, closed := kiosk(t)
	dir := closed.write(t)
	must(t, os.Remove(filepath.Join(dir, journalFile)))
	must(t, os.Mkdir(filepath.Join(dir, journalFile), 0o700))
	if _, _, err := Open(dir, wall); code(err) != "cache.open" {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "outbox.db")); errors.Is(err, fs.ErrNotExist) {
		t.Error("trouble with the journal took the database away")
	}
}

// Damage that shows only while the kiosk runs: the file is replaced under way.
func TestContentIsReplacedWhileRunning(t *testing.T) {
	dir := t.TempDir()
	c, _ := open(t, dir)
	must(t, c.Replace(ctx, snapshot(data.BucketPublic, 400)))
	_, err := c.content.db.w.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	must(t, err)
	f, err := os.OpenFile(filepath.Join(dir, "content.db"), os.O_RDWR, 0)
	must(t, err)
	info, err := f.Stat()
	must(t, err)
	_, err = f.WriteAt(bytes.Repeat([]byte{0xee}, int(info.Size())-4096), 4096)
	must(t, errors.Join(err, f.Close()))
	c.content.db.r.SetMaxIdleConns(0) // readers with nothing in memory
	docs, err := c.Documents(ctx)
	if err != nil || len(docs) != 0 {
		t.Fatalf("%d documents, %v", len(docs), err)
	}
	must(t, c.Replace(ctx, snapshot(data.BucketPublic, 400)))
	must(t, c.Close())
	c, rep := open(t, dir)
	clean(t, rep)
	if docs, err := c.Documents(ctx); err != nil || len(docs) != 400 {
		t.Errorf("%d documents, %v", len(docs), err)
	}
}
