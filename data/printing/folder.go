package printing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"egmina/data"
)

// Folder is a printer that keeps every document as a PDF and a PNG of each page, for
// demonstrations. Files appear complete or not at all.
type Folder struct {
	dir string
	now func() time.Time

	mu   sync.Mutex
	jobs map[JobID]JobState
}

// NewFolder makes the folder if it is not there.
func NewFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, data.Fail(CodeFolder, err)
	}
	return &Folder{dir: dir, now: time.Now, jobs: map[JobID]JobState{}}, nil
}

const tempPrefix = ".e-gmina-"

// State tries whether the folder can be written, by writing.
func (f *Folder) State(context.Context) (State, error) {
	probe, err := os.CreateTemp(f.dir, tempPrefix)
	if err != nil {
		return State{Problems: []string{CodeFolder}}, nil
	}
	err = errors.Join(probe.Close(), os.Remove(probe.Name()))
	if err != nil {
		return State{Problems: []string{CodeFolder}}, nil
	}
	return State{}, nil
}

// Submit writes the files; when it returns they are on disk. The job's name is the base of its files' names.
func (f *Folder) Submit(ctx context.Context, job Job) (JobID, error) {
	if err := checkPDF(job.PDF); err != nil {
		return "", err
	}
	var pages []image.Image
	if job.Pictures != nil {
		var err error
		if pages, err = job.Pictures(); err != nil {
			return "", fmt.Errorf("folder: pictures: %w", err)
		}
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	base := f.freeName(job.Kind)
	if err := f.write(base, job.PDF, pages); err != nil {
		return "", data.Fail(CodeFolder, err)
	}
	f.jobs[JobID(base)] = JobState{Phase: JobDone, Pages: len(pages)}
	return JobID(base), nil
}

var kindWord = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// freeName is the time and the kind, with a number from the second document of that second on.
func (f *Folder) freeName(kind string) string {
	if !kindWord.MatchString(kind) {
		kind = "document"
	}
	base := f.now().Format("2006-01-02-150405-") + kind
	for name, i := base, 2; ; i++ {
		if _, err := os.Lstat(filepath.Join(f.dir, name+".pdf")); err != nil {
			return name
		}
		name = fmt.Sprintf("%s-%d", base, i)
	}
}

// write puts the pictures first, so that whoever sees the PDF finds them there.
func (f *Folder) write(base string, pdf []byte, pages []image.Image) (err error) {
	var written []string
	defer func() {
		if err != nil {
			for _, name := range written {
				_ = os.Remove(name) // the failure being reported is the one that matters
			}
		}
	}()
	for i, page := range pages {
		var b bytes.Buffer
		if err := png.Encode(&b, page); err != nil {
			return err
		}
		name := filepath.Join(f.dir, fmt.Sprintf("%s-%d.png", base, i+1))
		if err := writeFile(name, b.Bytes()); err != nil {
			return err
		}
		written = append(written, name)
	}
	if err := writeFile(filepath.Join(f.dir, base+".pdf"), pdf); err != nil {
		return err
	}
	return syncDir(f.dir)
}

// writeFile writes beside, flushes, and renames.
func writeFile(name string, b []byte) error {
	t, err := os.CreateTemp(filepath.Dir(name), tempPrefix)
	if err != nil {
		return err
	}
	_, err = t.Write(b)
	err = errors.Join(err, t.Chmod(0o644), t.Sync(), t.Close())
	if err == nil {
		err = os.Rename(t.Name(), name)
	}
	if err != nil {
		_ = os.Remove(t.Name()) // the failure being reported is the one that matters
	}
	return err
}

// Job knows the jobs of this run; all of them are done.
func (f *Folder) Job(_ context.Context, id JobID) (JobState, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s, known := f.jobs[id]; known {
		return s, nil
	}
	return JobState{Phase: JobUnknown}, nil
}

// Cancel has nothing to do: a document is whole in the folder or not there.
func (f *Folder) Cancel(context.Context, JobID) error { return nil }

// CancelAll removes what a crash left half-written.
func (f *Folder) CancelAll(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	entries, err := os.ReadDir(f.dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), tempPrefix) {
			err = errors.Join(err, os.Remove(filepath.Join(f.dir, e.Name())))
		}
	}
	return err
}
