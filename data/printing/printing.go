// Package printing puts a PDF on paper and says honestly what became of it.
//
// A [Printer] is CUPS (through its own tools), the Windows spooler, or a folder.
// [Run] carries one document: it looks at the printer first, submits, watches, and
// takes back what does not finish, so that nobody finds a stranger's form in the tray
// when paper is put in later.
//
// A CUPS queue for a kiosk is made with
//
//	lpadmin -p NAME -E -v ipp://… -m everywhere -o printer-error-policy=abort-job
//
// so that an error never leaves the queue stopped for the next resident; cupsd.conf
// should say "PreserveJobFiles No" (documents leave the disk with the job) and keep
// "PreserveJobHistory" at 300 s or more, without which CUPS forgets how a job ended. The scheduler
// must listen on localhost:631, as it does by default, and each kiosk have a queue of its own.
package printing

import (
	"context"
	"image"
	"log/slog"
)

// MaxPDF is the largest document a driver takes, in bytes.
const MaxPDF = 32 << 20

// JobTitle is what queue, printer display and logs show of every job: nothing of a person.
const JobTitle = "e-Gmina"

// JobID names a job within its printer.
type JobID string

// Job is one document.
type Job struct {
	// Kind is a short neutral word for the document, "slip" or a form's slug; it only
	// names files of the folder printer and never reaches a queue. Empty is "document".
	Kind string
	PDF  []byte
	// Pictures renders the pages for the folder printer; nil leaves them out.
	Pictures func() ([]image.Image, error)
	// TwoSided prints on both sides where the printer can.
	TwoSided bool
}

// Printer is a place that prints. Methods are safe for use from several goroutines and
// return in bounded time even if the printing system hangs.
type Printer interface {
	// State looks at the printer now. The error means that nobody could be asked.
	State(ctx context.Context) (State, error)
	// Submit hands a document over. After an error a job may exist all the same:
	// only CancelAll is certain.
	Submit(ctx context.Context, job Job) (JobID, error)
	// Job looks at a submitted job; one that no longer exists is JobUnknown, not an error.
	Job(ctx context.Context, id JobID) (JobState, error)
	// Cancel takes a job back from queue and printer; one that has ended is not an error.
	Cancel(ctx context.Context, id JobID) error
	// CancelAll takes back every job of this kiosk.
	CancelAll(ctx context.Context) error
}

// State is what a printer said of itself.
type State struct {
	// Problems are what keeps it from printing, the first to be told to people: codes of data.Error.
	Problems []string
	// Notices are for staff only: IPP keywords such as "media-low", without suffix.
	Notices []string
	// Busy is set while it works on a job.
	Busy bool
}

// Ready reports whether a document submitted now would be printed.
func (s State) Ready() bool { return len(s.Problems) == 0 }

// JobPhase is where a job is.
type JobPhase int

// The phases of a job. From JobDone on it has ended and will not print any more.
const (
	JobWaiting   JobPhase = iota // in the queue
	JobHeld                      // in the queue until someone releases it
	JobPrinting                  // at the printer
	JobStopped                   // at the printer, not going on
	JobDone                      // on paper, as far as the printing system knows
	JobCancelled                 // taken back by us or by staff
	JobFailed                    // given up by the printing system
	JobUnknown                   // no longer there, and nobody knows why
)

// Ended reports whether nothing of the job will be printed any more.
func (p JobPhase) Ended() bool { return p >= JobDone }

// JobState is what a printing system said of a job.
type JobState struct {
	Phase JobPhase
	Pages int // sides printed so far; 0 when not told
}

// Progress is one step of [Run], for the screen.
type Progress struct {
	Stage   Stage
	Problem string // code of data.Error, only with Blocked
	Pages   int    // sides printed so far; 0 when not told
}

// Stage is what [Run] does.
type Stage int

// The stages, usually in this order.
const (
	Checking Stage = iota
	Sending
	Printing
	Blocked    // waits for staff; the job is taken back when that lasts
	Cancelling // takes the job back
	Printed
)

// PurgeAtStart takes back what an earlier run of the kiosk left in the queue, so that a
// crash or a power cut never prints one resident's form for the next.
func PurgeAtStart(ctx context.Context, p Printer, log *slog.Logger) error {
	err := p.CancelAll(ctx)
	if err != nil {
		log.Error("printing: leftover jobs not removed", "err", err)
	}
	return err
}
