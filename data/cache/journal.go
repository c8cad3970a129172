package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"egmina/data"
)

// The journal is a header and frames, integers big endian, each part closed
// by its CRC-32C:
//
//	header: "EGJRNL" version(2 digits) base-counter(8) base-hash(32) crc(4)
//	frame:  length(4) counter(8) prev-hash(32) payload(length) crc(4)
//
// The base is the act before the first frame; a frame's hash is
// SHA-256(prev-hash, counter, payload).
const (
	journalFile    = "outbox.journal"
	journalMagic   = "EGJRNL"
	journalVersion = "01"
	headerSize     = 8 + 8 + 32 + 4
	frameHead      = 4 + 8 + 32
	frameExtra     = frameHead + 4

	maxJournal = 256 << 20 // bytes; a kiosk three weeks alone needs a third of it
	maxGap     = 4096      // acts that may be missing between two frames
	maxTries   = 100_000   // checksums computed to find frames behind damage
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// hash is a link of the chain.
type hash [32]byte

// link names an act in the chain.
type link struct {
	counter int64
	hash    hash
}

// frame is an act as both files keep it.
type frame struct {
	counter int64
	prev    hash
	payload []byte
}

func (f frame) hash() hash {
	h := sha256.New()
	h.Write(f.prev[:])
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(f.counter)))
	h.Write(f.payload)
	return hash(h.Sum(nil))
}

func (f frame) link() link { return link{f.counter, f.hash()} }

func (f frame) size() int64 { return int64(len(f.payload)) + frameExtra }

func (f frame) append(b []byte) []byte {
	start := len(b)
	b = binary.BigEndian.AppendUint32(b, uint32(len(f.payload)))
	b = binary.BigEndian.AppendUint64(b, uint64(f.counter))
	b = append(b, f.prev[:]...)
	b = append(b, f.payload...)
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
}

func appendHeader(b []byte, base link) []byte {
	start := len(b)
	b = append(b, journalMagic+journalVersion...)
	b = binary.BigEndian.AppendUint64(b, uint64(base.counter))
	b = append(b, base.hash[:]...)
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
}

// scan is what a journal's bytes hold.
type scan struct {
	base    link // valid when the header is
	header  bool
	frames  []frame // every readable one, in the file's order
	end     int64   // where the unbroken run of frames from the start ends
	damaged bool    // more than a torn tail: something lies behind the break, or the chain does not hold
}

// scanJournal reads all that can be read; it never fails.
func scanJournal(raw []byte) scan {
	var s scan
	s.base, s.header = readHeader(raw)
	s.damaged = !s.header
	at, tries, whole := min(headerSize, len(raw)), maxTries, true
	last := s.base.counter
	for at < len(raw) {
		f, ok := readFrame(raw[at:], last, &tries)
		if !ok {
			at, whole = at+1, false // look for the next frame behind the damage
			continue
		}
		s.damaged = s.damaged || !whole
		s.frames = append(s.frames, f)
		at, last = at+int(f.size()), f.counter
		if whole {
			s.end = int64(at)
		}
	}
	if s.end == 0 {
		s.end = int64(min(headerSize, len(raw)))
	}
	s.damaged = s.damaged || !chained(s.base, s.frames)
	return s
}

// chained reports whether the frames follow the base, each the one before.
func chained(base link, frames []frame) bool {
	for _, f := range frames {
		if f.counter != base.counter+1 || f.prev != base.hash {
			return false
		}
		base = f.link()
	}
	return true
}

func readHeader(raw []byte) (link, bool) {
	var base link
	if len(raw) < headerSize || string(raw[:8]) != journalMagic+journalVersion {
		return base, false
	}
	body, sum := raw[:headerSize-4], binary.BigEndian.Uint32(raw[headerSize-4:])
	base.counter = int64(binary.BigEndian.Uint64(raw[8:]))
	copy(base.hash[:], raw[16:])
	if crc32.Checksum(body, castagnoli) != sum || base.counter < 0 {
		return link{}, false
	}
	return base, true
}

// readFrame reads a frame at the start of raw. Most garbage fails by its
// length or counter before a checksum has to be computed.
func readFrame(raw []byte, last int64, tries *int) (frame, bool) {
	if len(raw) < frameExtra || *tries <= 0 {
		return frame{}, false
	}
	n := int64(binary.BigEndian.Uint32(raw))
	counter := int64(binary.BigEndian.Uint64(raw[4:]))
	if n > maxFrame || n+frameExtra > int64(len(raw)) || counter <= last || last > 0 && counter > last+maxGap {
		return frame{}, false
	}
	body := raw[:frameHead+n]
	if crc32.Checksum(body, castagnoli) != binary.BigEndian.Uint32(raw[frameHead+n:]) {
		*tries--
		return frame{}, false
	}
	f := frame{counter: counter, payload: body[frameHead:]}
	copy(f.prev[:], raw[12:])
	return f, true
}

// journal is the open file, positioned by hand.
type journal struct {
	f    journalFS
	path string
	size int64
	base link
	// starts[i] is where the frame of act base.counter+1+i begins.
	starts []int64
}

// journalFS is what the journal needs of *os.File.
type journalFS interface {
	io.WriterAt
	io.ReaderAt
	Truncate(size int64) error
	Sync() error
	Close() error
}

// readJournal reads the file's bytes; nil without an error when there is none.
func readJournal(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, openError(journalFile, err)
	}
	defer func() { _ = f.Close() }() // only read
	raw, err := io.ReadAll(io.LimitReader(f, maxJournal+1))
	if err != nil {
		return nil, openError(journalFile, err)
	}
	if len(raw) > maxJournal {
		return nil, openError(journalFile, errors.New("larger than any journal"))
	}
	if newerJournal(raw) {
		return nil, &data.Error{
			Code: "cache.newer", Args: map[string]any{"File": journalFile},
			Err: fmt.Errorf("%s: version %s", journalFile, raw[6:8]),
		}
	}
	return raw, nil
}

// newerJournal tells a newer program's file, whose header keeps this size and
// checksum, from one with a flipped bit in its version.
func newerJournal(raw []byte) bool {
	if len(raw) < headerSize || string(raw[:6]) != journalMagic || string(raw[6:8]) <= journalVersion {
		return false
	}
	return crc32.Checksum(raw[:headerSize-4], castagnoli) == binary.BigEndian.Uint32(raw[headerSize-4:])
}

// attachJournal opens the file for appending after a scan, cutting a torn tail.
func attachJournal(path string, s scan) (*journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, openError(journalFile, err)
	}
	j := &journal{f: f, path: path, size: s.end, base: s.base}
	at := int64(headerSize)
	for _, fr := range s.frames {
		j.starts = append(j.starts, at)
		at += fr.size()
	}
	info, err := f.Stat()
	if err == nil && info.Size() > s.end {
		err = errors.Join(f.Truncate(s.end), f.Sync())
	}
	if err != nil {
		return nil, openError(journalFile, errors.Join(err, f.Close()))
	}
	return j, nil
}

// writeJournal makes the file anew with all frames, or leaves the old one.
func writeJournal(path string, base link, frames []frame) (*journal, error) {
	raw := appendHeader(nil, base)
	for _, f := range frames {
		raw = f.append(raw)
	}
	if err := replaceFile(path, raw); err != nil {
		return nil, openError(journalFile, err)
	}
	return attachJournal(path, scan{base: base, frames: frames, end: int64(len(raw))})
}

// replaceFile puts raw in the place of a file: after a crash it is the old one
// or the new one.
func replaceFile(path string, raw []byte) error {
	tmp, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = tmp.Write(raw)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(path+".new", path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	return err
}

// errTorn says that a failed append could not be taken back.
var errTorn = errors.New("journal: cannot take back a failed write")

// add appends frames and waits until the disk has them. After an error nothing
// of them is left, unless the error is errTorn.
func (j *journal) add(frames ...frame) error {
	var raw []byte
	starts := j.starts
	for _, f := range frames {
		starts = append(starts, j.size+int64(len(raw)))
		raw = f.append(raw)
	}
	if j.size+int64(len(raw)) > maxJournal {
		return data.Fail("cache.full", errors.New("journal: at its limit"))
	}
	_, err := j.f.WriteAt(raw, j.size)
	if err == nil {
		err = j.f.Sync()
	}
	if err != nil {
		return errors.Join(err, j.cut(len(j.starts)))
	}
	j.starts, j.size = starts, j.size+int64(len(raw))
	return nil
}

// cut keeps the first n frames.
func (j *journal) cut(n int) error {
	end := j.size
	if n < len(j.starts) {
		end = j.starts[n]
	}
	if err := errors.Join(j.f.Truncate(end), j.f.Sync()); err != nil {
		return fmt.Errorf("%w: %w", errTorn, err)
	}
	j.starts, j.size = j.starts[:n], end
	return nil
}

// dead returns how many bytes lie before the act that follows base.
func (j *journal) dead(base link) int64 {
	n := base.counter - j.base.counter
	switch {
	case n <= 0:
		return 0
	case n >= int64(len(j.starts)):
		return j.size - headerSize
	default:
		return j.starts[n] - headerSize
	}
}

// compact rewrites the file without the acts up to base.
func (j *journal) compact(base link) error {
	drop := j.dead(base)
	raw := appendHeader(nil, base)
	tail := make([]byte, j.size-headerSize-drop)
	if _, err := j.f.ReadAt(tail, headerSize+drop); err != nil && len(tail) > 0 {
		return err
	}
	raw = append(raw, tail...)
	s := scanJournal(raw)
	if s.damaged || s.end != int64(len(raw)) {
		return fmt.Errorf("%w: journal", errDamaged)
	}
	if err := j.f.Close(); err != nil {
		return err
	}
	if err := replaceFile(j.path, raw); err != nil {
		return err
	}
	fresh, err := attachJournal(j.path, s)
	if err == nil {
		*j = *fresh
	}
	return err
}
