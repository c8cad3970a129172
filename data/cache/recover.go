package cache

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"egmina/data"
)

// kindLost marks the place of an act that no copy has: counters stay dense,
// so that the next loss shows too.
const kindLost = "lost"

// kept is what one copy of the outbox holds.
type kept struct {
	rows    []row // by counter
	base    link
	head    int64
	epoch   string
	based   bool // its base can be believed
	trusted bool // all of it can
}

func openOutbox(dir string, now func() time.Time, rep *Report) (*outbox, error) {
	o := &outbox{dir: dir, now: now, compactAt: compactAt}
	if err := o.recover(rep); err != nil {
		o.shut()
		return nil, err
	}
	return o, nil
}

// recover reads both copies, puts them together act by act and writes back
// what a copy lacks: the journal first, so that at every moment one file on the
// disk holds everything.
func (o *outbox) recover(rep *Report) error {
	ctx := context.Background()
	raw, err := readJournal(o.path(journalFile))
	if err != nil {
		return err
	}
	sc := scanJournal(raw)
	db, err := openDB(o.dir, outboxKind)
	if err != nil && !errors.Is(err, errDamaged) {
		return err
	}
	o.db = db
	fromDB := readKept(ctx, db, err)
	fromJournal := journalKept(sc)
	all := merge(fromDB, fromJournal, rep)
	o.base, o.head, o.epoch = all.base, all.base, fromDB.epoch
	if n := len(all.rows); n > 0 {
		o.head = all.rows[n-1].link()
	}
	if err := o.mendJournal(raw, sc, all, rep); err != nil {
		return err
	}
	if err := o.mendDB(ctx, fromDB, all, rep); err != nil {
		return err
	}
	o.broken = false
	return nil
}

func journalKept(sc scan) kept {
	k := kept{base: sc.base, head: sc.base.counter, based: sc.header, trusted: !sc.damaged}
	for _, f := range sc.frames {
		r, err := rowOf(f)
		if err != nil {
			k.trusted = false
			continue
		}
		k.rows, k.head = append(k.rows, r), f.counter
	}
	return k
}

// readKept reads what a database still gives; opening is how opening it went.
func readKept(ctx context.Context, db *database, opening error) kept {
	if db == nil {
		return kept{}
	}
	k, err := readChain(ctx, db)
	up, upErr := salvage(ctx, db, "ASC", opening == nil)
	k.rows = up
	if err = errors.Join(opening, err, upErr); err != nil {
		down, _ := salvage(ctx, db, "DESC", false) // what lies behind a bad page
		k.rows = union(up, down)
	}
	if n := len(k.rows); n > 0 {
		k.head = k.rows[n-1].counter
	}
	if err == nil && !chained(k.base, frames(k.rows)) {
		err = fmt.Errorf("%w: chain of acts", errDamaged)
	}
	if k.trusted = err == nil; !k.trusted {
		slog.Warn("outbox database damaged", "err", err, "read", len(k.rows))
	}
	return k
}

func readChain(ctx context.Context, db *database) (kept, error) {
	var k kept
	var baseHash []byte
	var sum int64
	err := db.w.QueryRowContext(ctx, `SELECT base, base_hash, epoch, sum FROM chain`).
		Scan(&k.base.counter, &baseHash, &k.epoch, &sum)
	if errors.Is(err, sql.ErrNoRows) {
		return kept{}, nil // made just now
	}
	if err != nil {
		return kept{}, err
	}
	if checksum(k.base.counter, baseHash, k.epoch) != sum || len(baseHash) != len(k.base.hash) {
		return kept{}, fmt.Errorf("%w: chain row", errDamaged)
	}
	copy(k.base.hash[:], baseHash)
	k.head, k.based = k.base.counter, true
	return k, nil
}

// salvage reads acts in one direction until the file gives no more. Damaged
// ones are left out and reported.
func salvage(ctx context.Context, db *database, direction string, indexed bool) ([]row, error) {
	from := ` FROM op NOT INDEXED ORDER BY counter `
	if indexed {
		from = ` FROM op ORDER BY counter `
	}
	rows, err := db.w.QueryContext(ctx, `SELECT `+rowColumns+from+direction)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []row
	var bad error
	for rows.Next() {
		r, err := scanRow(rows)
		switch {
		case err == nil:
			out = append(out, r)
		case errors.Is(err, errDamaged):
			bad = err
		default:
			return out, err
		}
	}
	slices.SortFunc(out, func(a, b row) int { return cmp.Compare(a.counter, b.counter) })
	return out, errors.Join(bad, rows.Err())
}

// union joins two readings of one table.
func union(a, b []row) []row {
	out := append(slices.Clone(a), b...)
	slices.SortStableFunc(out, func(a, b row) int { return cmp.Compare(a.counter, b.counter) })
	return slices.CompactFunc(out, func(a, b row) bool { return a.counter == b.counter })
}

func frames(rows []row) []frame {
	out := make([]frame, len(rows))
	for i, r := range rows {
		out[i] = r.frame
	}
	return out
}

// merge puts two copies together act by act: the database knows the answers,
// the journal may know more acts. Acts a trusted copy has dropped stay dropped.
func merge(db, j kept, rep *Report) kept {
	floor := int64(0)
	if db.based {
		floor = db.base.counter
	}
	if j.based {
		floor = max(floor, min(j.base.counter, firstWaiting(db.rows)-1))
	}
	var m merger
	for _, r := range db.rows {
		m.add(r, floor)
	}
	n := len(m.rows)
	for _, r := range j.rows {
		m.add(r, floor)
	}
	rep.Recovered += len(m.rows) + len(m.moved) - n + missing(m.rows[:n], j)
	return m.finish(db, j, floor, rep)
}

// firstWaiting returns the counter of the first act that may not be dropped.
func firstWaiting(rows []row) int64 {
	for _, r := range rows {
		if r.state == StateWaiting {
			return r.counter
		}
	}
	return 1 << 62
}

// missing counts the acts of rows that the journal should have and has not.
func missing(rows []row, j kept) int {
	have, n := map[data.ID]bool{}, 0
	for _, r := range j.rows {
		have[r.rec.ID] = true
	}
	for _, r := range rows {
		if !have[r.rec.ID] && (!j.based || r.counter > j.base.counter) {
			n++
		}
	}
	return n
}

// merger collects acts by ID and by counter.
type merger struct {
	rows  []row
	moved []row // whose counter another act has
	ids   map[data.ID]bool
	at    map[int64]bool
}

func (m *merger) add(r row, floor int64) {
	if m.ids == nil {
		m.ids, m.at = map[data.ID]bool{}, map[int64]bool{}
	}
	if r.counter <= floor || m.ids[r.rec.ID] {
		return
	}
	m.ids[r.rec.ID] = true
	switch {
	case !m.at[r.counter]:
		m.at[r.counter] = true
		m.rows = append(m.rows, r)
	case r.state != stateLost:
		m.moved = append(m.moved, r)
	}
}

// finish makes counters dense and the chain whole. Where both copies were, that
// changes nothing.
func (m *merger) finish(db, j kept, floor int64, rep *Report) kept {
	slices.SortFunc(m.rows, func(a, b row) int { return cmp.Compare(a.counter, b.counter) })
	out := kept{base: baseAt(floor, db, j), epoch: db.epoch}
	if len(m.rows) == 0 && floor == 0 { // nothing known: at least never count backwards
		out.base.counter = max(db.head, j.head)
		out.base = baseAt(out.base.counter, db, j)
	}
	if len(m.rows) > 0 && !db.based && !j.based { // what came before is not known to be lost
		out.base = link{m.rows[0].counter - 1, m.rows[0].prev}
	}
	last := out.base
	add := func(r row) {
		r.counter, r.prev = last.counter+1, last.hash
		out.rows, last = append(out.rows, r), r.link()
	}
	for _, r := range m.rows {
		if gap := r.counter - last.counter - 1; gap <= maxGap {
			for range gap {
				add(lostRow(last.counter + 1))
				rep.Lost = append(rep.Lost, last.counter)
			}
		}
		add(r)
	}
	for _, r := range m.moved {
		add(r)
	}
	out.head = last.counter
	return out
}

func baseAt(counter int64, db, j kept) link {
	for _, k := range []kept{db, j} {
		if k.base.counter == counter {
			return k.base
		}
	}
	for _, r := range slices.Concat(db.rows, j.rows) {
		if r.counter == counter {
			return r.link()
		}
	}
	return link{counter: counter}
}

// lostRow holds the counter of an act that no copy has. Its ID is made from the
// counter, so that both files tell the same.
func lostRow(counter int64) row {
	r := row{state: stateLost, rec: record{Kind: kindLost}}
	for i := range 8 {
		r.rec.ID[15-i] = byte(counter >> (8 * i))
	}
	r.rec.ID[0] = 0xff // no UUIDv7 of the next 8,000 years begins so
	r.payload, _ = json.Marshal(r.rec)
	return r
}

// mendJournal leaves a journal on the disk that holds all acts.
func (o *outbox) mendJournal(raw []byte, sc scan, all kept, rep *Report) (err error) {
	path := o.path(journalFile)
	live := sc.frames
	for len(live) > 0 && live[0].counter <= all.base.counter {
		live = live[1:]
	}
	reaches := sc.base.counter + int64(len(sc.frames))
	if sc.damaged || sc.base.counter > all.base.counter || reaches < all.base.counter || !isPrefix(live, all.rows) ||
		reaches == all.base.counter && sc.last() != all.base {
		if len(raw) > 0 {
			name := asideName(path, o.now())
			if err := replaceFile(name, raw); err != nil {
				return openError(journalFile, err)
			}
			prune(path, keepAsideOutbox)
			rep.SetAside = append(rep.SetAside, filepath.Base(name))
		}
		o.j, err = writeJournal(path, all.base, frames(all.rows))
		return err
	}
	if o.j, err = attachJournal(path, sc); err != nil {
		return err
	}
	if lacks := all.rows[len(live):]; len(lacks) > 0 {
		if err := o.j.add(frames(lacks)...); err != nil {
			return openError(journalFile, err)
		}
	}
	return nil
}

// last is the link of a whole journal's last act.
func (s scan) last() link {
	if n := len(s.frames); n > 0 {
		return s.frames[n-1].link()
	}
	return s.base
}

func isPrefix(some []frame, all []row) bool {
	if len(some) > len(all) {
		return false
	}
	for i, f := range some {
		if f.counter != all[i].counter || f.prev != all[i].prev || !bytes.Equal(f.payload, all[i].payload) {
			return false
		}
	}
	return true
}

// mendDB leaves a database that holds all acts: the one there is, with what it
// lacks, or a new one.
func (o *outbox) mendDB(ctx context.Context, was, all kept, rep *Report) error {
	have := frames(was.rows)
	for len(have) > 0 && have[0].counter <= all.base.counter {
		have = have[1:]
	}
	skip := len(have)
	if !was.trusted || was.base.counter > all.base.counter || !isPrefix(have, all.rows) {
		if err := o.renewDB(rep); err != nil {
			return err
		}
		was, skip = kept{}, 0
	}
	if skip == len(all.rows) && was.based && was.base == all.base {
		return nil
	}
	err := o.db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM op WHERE counter <= $1`, all.base.counter); err != nil {
			return err
		}
		for _, r := range all.rows[skip:] {
			if err := insertRow(ctx, tx, r); err != nil {
				return err
			}
		}
		return setChain(ctx, tx, all.base, all.epoch)
	})
	return writeError(err)
}

// renewDB sets a damaged database aside and makes a new one.
func (o *outbox) renewDB(rep *Report) error {
	o.db.close()
	o.db = nil
	path := o.path(outboxKind.file)
	if exists(path) || exists(path+"-wal") {
		name, err := setAside(path, o.now(), keepAsideOutbox)
		if err != nil {
			return err
		}
		rep.SetAside = append(rep.SetAside, name)
	}
	db, err := openDB(o.dir, outboxKind)
	o.db = db
	return err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
