package cache

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"
)

// frameless closes a header made by hand with its checksum.
func frameless(body []byte) []byte {
	return binary.BigEndian.AppendUint32(body, crc32.Checksum(body, castagnoli))
}

// chain makes n frames that follow base.
func chain(base link, n int) []frame {
	var out []frame
	for i := range n {
		f := frame{counter: base.counter + 1, prev: base.hash, payload: []byte(strings.Repeat("act ", i+1))}
		out, base = append(out, f), f.link()
	}
	return out
}

func journalBytes(base link, frames []frame) []byte {
	raw := appendHeader(nil, base)
	for _, f := range frames {
		raw = f.append(raw)
	}
	return raw
}

// The format is kept by every later version: these bytes must stay readable.
func TestJournalFormatIsStable(t *testing.T) {
	raw := journalBytes(link{counter: 41, hash: hash{1, 2, 3}}, chain(link{counter: 41, hash: hash{1, 2, 3}}, 2))
	if got, want := crc32.ChecksumIEEE(raw), uint32(0xaedfbd63); got != want {
		t.Errorf("the journal's bytes changed: %#x", got)
	}
	if len(raw) != 52+48+4+48+8 || string(raw[:8]) != "EGJRNL01" {
		t.Errorf("%d bytes, %q", len(raw), raw[:8])
	}
}

func TestScanJournal(t *testing.T) {
	base := link{counter: 100, hash: hash{7}}
	fs := chain(base, 5)
	good := journalBytes(base, fs)
	at := func(n int) int { return len(journalBytes(base, fs[:n])) }
	for _, c := range []struct {
		name    string
		raw     []byte
		frames  int
		damaged bool
		header  bool
	}{
		{"whole", good, 5, false, true},
		{"no act", good[:headerSize], 0, false, true},
		{"nothing", nil, 0, true, false},
		{"torn header", good[:headerSize-1], 0, true, false},
		{"torn act", good[:at(4)+10], 4, false, true},
		{"zeros behind", append(bytes.Clone(good), make([]byte, 4096)...), 5, false, true},
		{"garbage behind", append(bytes.Clone(good), bytes.Repeat([]byte{0xff}, 999)...), 5, false, true},
		{"header flipped", flip(bytes.Clone(good), 20), 5, true, false},
		{"length flipped", flip(bytes.Clone(good), at(2)), 4, true, true},
		{"counter flipped", flip(bytes.Clone(good), at(2)+11), 4, true, true},
		{"payload flipped", flip(bytes.Clone(good), at(2)+frameHead+1), 4, true, true},
		{"last payload flipped", flip(bytes.Clone(good), at(4)+frameHead+1), 4, false, true},
		{"one act missing", journalBytes(base, append(chain(base, 2), fs[3:]...)), 4, true, true},
		{"an act twice", journalBytes(base, append(chain(base, 2), fs[1:]...)), 5, true, true},
		{"other base", journalBytes(link{counter: 100}, fs), 5, true, true},
	} {
		s := scanJournal(c.raw)
		if len(s.frames) != c.frames || s.damaged != c.damaged || s.header != c.header {
			t.Errorf("%s: %d acts, damaged %v, header %v", c.name, len(s.frames), s.damaged, s.header)
		}
	}
}

// Lengths and counters made to cost time or memory do neither.
func TestScanHostileJournal(t *testing.T) {
	raw := appendHeader(nil, link{})
	for range 4 << 20 / 12 { // each offset looks like the start of an act
		raw = binary.BigEndian.AppendUint32(raw, 16)
		raw = binary.BigEndian.AppendUint64(raw, 1)
	}
	if s := scanJournal(raw); len(s.frames) != 0 || s.end != headerSize {
		t.Errorf("%d acts, end %d", len(s.frames), s.end)
	}
}

// A counter far ahead must not make the outbox fill millions of gaps.
func TestCounterFarAhead(t *testing.T) {
	dir := t.TempDir()
	c, _ := open(t, dir)
	payload, err := encode(act(1))
	must(t, err)
	must(t, c.Close())
	f := files{journalFile: journalBytes(link{}, []frame{{counter: 1 << 60, payload: payload}})}
	c, rep := open(t, f.write(t))
	ops, err := c.Waiting(ctx, 10)
	if err != nil || len(ops) != 1 || ops[0].Counter != 1 || len(rep.Lost) > 0 {
		t.Errorf("%d acts, %v, %+v", len(ops), err, *rep)
	}
}

func FuzzJournal(f *testing.F) {
	base := link{counter: 7, hash: hash{9}}
	good := journalBytes(base, chain(base, 3))
	f.Add(good, uint16(0))
	f.Add(good[:len(good)-3], uint16(1))
	f.Add(good[headerSize:], uint16(2))
	f.Add(flip(bytes.Clone(good), 60), uint16(3))
	f.Add([]byte("EGJRNL99"), uint16(3))
	f.Fuzz(func(t *testing.T, junk []byte, n uint16) {
		s := scanJournal(junk) // must not panic, nor claim more than there is
		if s.end > int64(len(junk)) || s.end < 0 {
			t.Fatalf("end %d of %d bytes", s.end, len(junk))
		}
		kept := journalKept(s)
		var rep Report
		all := merge(keptNothing(), kept, &rep)
		if !chained(all.base, frames(all.rows)) || len(all.rows) > len(kept.rows)*(maxGap+1) {
			t.Fatalf("%d acts made of %d", len(all.rows), len(kept.rows))
		}
		// Whatever follows them, whole acts survive.
		fs := chain(base, int(n%4))
		prefix := journalBytes(base, fs)
		s = scanJournal(append(prefix, junk...))
		if len(s.frames) < len(fs) || s.end < int64(len(prefix)) {
			t.Fatalf("%d acts of %d, end %d of %d", len(s.frames), len(fs), s.end, len(prefix))
		}
		for i, fr := range fs {
			if fr.link() != s.frames[i].link() {
				t.Fatalf("act %d changed", i)
			}
		}
	})
}

func keptNothing() kept { return kept{trusted: true} }
