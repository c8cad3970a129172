package printing

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"egmina/data"
)

// Spool prints through the Windows spooler. Windows cannot print a PDF by itself, so SumatraPDF hands
// the pages over; its exit status says 0 for failures too, hence only a job found in
// the queue counts as handed over.
type Spool struct {
	printer string
	sumatra string // path of SumatraPDF.exe
	spooler spooler
	run     runner

	mu   sync.Mutex
	seen map[JobID]JobState // jobs leave the queue when they end: what they were last
}

// spooler is the part of winspool.drv used here.
type spooler interface {
	// Each method returns errNoPrinter when there is no printer of that name.

	// printer returns PRINTER_STATUS_* and PRINTER_ATTRIBUTE_* bits.
	printer() (status, attributes uint32, err error)
	jobs() ([]spoolJob, error)
	remove(id uint32) error
}

// errNoPrinter: the spooler knows no printer of that name.
var errNoPrinter = errors.New("no such printer")

// spoolJob is JOB_INFO_1.
type spoolJob struct {
	id       uint32
	document string
	status   uint32
	printed  uint32
}

// newSpool checks the names: neither may be taken for an option.
func newSpool(printer, sumatra string, s spooler, run runner) (*Spool, error) {
	control := func(r rune) bool { return r < ' ' || r == '"' }
	if printer == "" || len(printer) > 220 || strings.HasPrefix(printer, "-") || strings.ContainsFunc(printer, control) || sumatra == "" {
		return nil, &data.Error{Code: CodeSettings, Args: map[string]any{"Name": printer},
			Err: errors.New("not the name of a printer, or no SumatraPDF")}
	}
	return &Spool{printer: printer, sumatra: sumatra, spooler: s, run: run, seen: map[JobID]JobState{}}, nil
}

const (
	spoolCall  = 5 * time.Second        // a call into the spooler that takes longer hangs (network printers do)
	sumatraMax = time.Minute            // known to hang under load
	findPause  = 100 * time.Millisecond // between looks for the new job
	findAfter  = 5 * time.Second        // how long a job may appear after SumatraPDF ended
)

// within bounds a call that knows no context; its goroutine ends with the call.
func within[T any](ctx context.Context, call func() (T, error)) (T, error) {
	type outcome struct {
		v   T
		err error
	}
	done := make(chan outcome, 1)
	go func() {
		v, err := call()
		done <- outcome{v, err}
	}()
	ctx, stop := context.WithTimeout(ctx, spoolCall)
	defer stop()
	select {
	case o := <-done:
		return o.v, o.err
	case <-ctx.Done():
		var none T
		return none, fmt.Errorf("spooler: %w", ctx.Err())
	}
}

// State reads the status bits of printer and own jobs; many drivers report paper only in a job.
func (s *Spool) State(ctx context.Context) (State, error) {
	type bits struct{ status, attributes uint32 }
	b, err := within(ctx, func() (bits, error) {
		status, attributes, err := s.spooler.printer()
		return bits{status, attributes}, err
	})
	if errors.Is(err, errNoPrinter) {
		return State{Problems: []string{CodeGone}}, nil
	}
	if err != nil {
		return State{}, err
	}
	jobs, err := s.ownJobs(ctx)
	if err != nil {
		return State{}, err
	}
	state := spoolState(b.status, b.attributes)
	for _, j := range jobs {
		state.Problems = append(state.Problems, spoolJobProblems(j.status)...)
	}
	state.Problems = rank(state.Problems)
	return state, nil
}

func (s *Spool) ownJobs(ctx context.Context) ([]spoolJob, error) {
	jobs, err := within(ctx, s.spooler.jobs)
	var own []spoolJob
	for _, j := range jobs {
		if strings.Contains(j.document, JobTitle+"-") {
			own = append(own, j)
		}
	}
	return own, err
}

// Submit writes the document to a private temporary file, which SumatraPDF needs, and removes it before returning.
func (s *Spool) Submit(ctx context.Context, job Job) (JobID, error) {
	if err := checkPDF(job.PDF); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "egmina")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	title := JobTitle + "-" + rand.Text()[:8] + ".pdf" // the title of the job is the file's name
	file := filepath.Join(dir, title)
	if err := os.WriteFile(file, job.PDF, 0o600); err != nil {
		return "", err
	}
	return s.handOver(ctx, file, title, job.TwoSided)
}

// handOver runs SumatraPDF and meanwhile looks for the job it makes: a short one may be
// printed and forgotten before SumatraPDF ends.
func (s *Spool) handOver(ctx context.Context, file, title string, twoSided bool) (JobID, error) {
	sides := "simplex"
	if twoSided {
		sides = "duplexlong"
	}
	type outcome struct {
		res result
		err error
	}
	ran := make(chan outcome, 1)
	go func() {
		res, err := s.run(ctx, command{name: s.sumatra, limit: sumatraMax, args: []string{
			"-print-to", s.printer, "-print-settings", "noscale,paper=A4," + sides, "-silent", file}})
		ran <- outcome{res, err}
	}()
	var id JobID
	var end *outcome
	var deadline <-chan time.Time
	tick := time.NewTicker(findPause)
	defer tick.Stop()
	for {
		if id == "" {
			id = s.find(ctx, title)
		}
		if end != nil && (id != "" || end.err != nil) {
			return id, end.err
		}
		select {
		case o := <-ran:
			end, ran, deadline = &o, nil, time.After(findAfter)
		case <-tick.C:
		case <-deadline:
			return "", fmt.Errorf("spooler: SumatraPDF made no job (exit status %d)", end.res.code)
		}
	}
}

// find returns the job whose document is the file of that name, "" while there is none.
func (s *Spool) find(ctx context.Context, title string) JobID {
	jobs, err := within(ctx, s.spooler.jobs)
	if err != nil {
		return "" // asked again
	}
	for _, j := range jobs {
		if strings.HasSuffix(j.document, title) {
			id := JobID(strconv.FormatUint(uint64(j.id), 10))
			s.note(id, j)
			return id
		}
	}
	return ""
}

// note keeps what a job was when last seen.
func (s *Spool) note(id JobID, j spoolJob) JobState {
	st := JobState{Phase: spoolPhase(j.status), Pages: int(j.printed)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[id] = st
	return st
}

// Job looks into the queue. A job that has left it is done, unless it was being deleted or in trouble when last seen.
func (s *Spool) Job(ctx context.Context, id JobID) (JobState, error) {
	jobs, err := within(ctx, s.spooler.jobs)
	if errors.Is(err, errNoPrinter) {
		return JobState{Phase: JobUnknown}, nil // removed, and its jobs with it
	}
	if err != nil {
		return JobState{}, err
	}
	for _, j := range jobs {
		if strconv.FormatUint(uint64(j.id), 10) == string(id) {
			return s.note(id, j), nil
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	last, known := s.seen[id]
	switch {
	case !known:
		return JobState{Phase: JobUnknown}, nil
	case last.Phase == JobWaiting || last.Phase == JobPrinting:
		last.Phase = JobDone
	case !last.Phase.Ended():
		last.Phase = JobUnknown // stopped, then gone: someone may have deleted it
	}
	s.seen[id] = last
	return last, nil
}

// Cancel deletes the job. It stays in the list as "deleting" until the port lets go of it.
func (s *Spool) Cancel(ctx context.Context, id JobID) error {
	st, err := s.Job(ctx, id)
	if err != nil || st.Phase.Ended() {
		return err
	}
	n, err := strconv.ParseUint(string(id), 10, 32)
	if err != nil {
		return fmt.Errorf("spooler: %w", err)
	}
	_, err = within(ctx, func() (struct{}, error) { return struct{}{}, s.spooler.remove(uint32(n)) })
	if err == nil {
		s.note(id, spoolJob{status: jobDeleting, printed: uint32(st.Pages)})
	}
	return err
}

// CancelAll deletes every job a kiosk made.
func (s *Spool) CancelAll(ctx context.Context) error {
	jobs, err := s.ownJobs(ctx)
	if errors.Is(err, errNoPrinter) {
		return nil // no printer, no jobs
	}
	failed := []error{err}
	for _, j := range jobs {
		failed = append(failed, s.Cancel(ctx, JobID(strconv.FormatUint(uint64(j.id), 10))))
	}
	return errors.Join(failed...)
}
