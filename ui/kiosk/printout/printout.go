// Package printout shows a document as it will be printed, prints it and says
// honestly what became of it.
package printout

import (
	"context"
	"image"
	"sync/atomic"
	"time"

	"egmina/data/paper"
	"egmina/data/payment"
	"egmina/data/printing"
	"egmina/ui/kiosk/shell"
)

// Printer is what the kiosk prints on. Errors are *data.Error.
type Printer interface {
	// Check looks whether a document would be printed now.
	Check(ctx context.Context) error
	// Print returns nil only when the document is on paper; the end of ctx takes
	// it back. report is called on any goroutine.
	Print(ctx context.Context, kind string, doc paper.Doc, report func(printing.Progress)) error
}

// Needs is what the screen needs. Done may be nil.
type Needs struct {
	Printer Printer
	Done    func(c *shell.Ctx) // after it was printed: nil goes to the first screen
}

// Job is what to print.
type Job struct {
	Kind  string // short neutral word, "slip" or a form's slug: it names nobody
	Title string // shown above the preview
	Make  func(ctx context.Context) (paper.Doc, error)
	Pay   []payment.Transfer // payments that go with it: their codes show on the screen as well
	Next  []string           // what to do with the paper, said once it is printed
	// Say gives title and next steps in the language of the moment; nil keeps
	// Title and Next as they are.
	Say func(c *shell.Ctx) (title string, next []string)
}

func (j *Job) words(c *shell.Ctx) (title string, next []string) {
	if j.Say == nil {
		return j.Title, j.Next
	}
	return j.Say(c)
}

// dpi of the preview: the text of a form can be read at the largest zoom.
const dpi = 120

// pollEvery is how often the screen looks how far the printer is.
const pollEvery = 250 * time.Millisecond

type phase int

const (
	making phase = iota
	ready
	sending
	printed
	failed
)

type screen struct {
	n        *Needs
	job      Job
	phase    phase
	begun    bool
	doc      paper.Doc
	pages    []image.Image
	broken   error // why there is no document
	fault    error // what the printer said last, nil when it can print
	progress atomic.Pointer[printing.Progress]
	shown    printing.Progress
	cancel   context.CancelFunc
	paying   int // payment whose code shows, -1 for the paper
}

// New is the preview of a document and everything about printing it.
func New(n *Needs, job Job) shell.Screen { return &screen{n: n, job: job, paying: -1} }

// Name is part of shell.Screen.
func (s *screen) Name() string { return "printout" }

// made is a document with its pictures.
type made struct {
	doc   paper.Doc
	pages []image.Image
	fault error
}

// begin makes the document and looks at the printer, once.
func (s *screen) begin(c *shell.Ctx) {
	if s.begun {
		return
	}
	s.begun = true
	c.Session().OnEnd(s.wipe)
	shell.Run(c, func(ctx context.Context) (made, error) {
		doc, err := s.job.Make(ctx)
		if err != nil {
			return made{}, err
		}
		m := made{doc: doc}
		for _, p := range doc.Pages {
			m.pages = append(m.pages, paper.Picture(p, dpi))
		}
		m.fault = s.n.Printer.Check(ctx)
		return m, nil
	}, func(m made, err error) {
		s.phase, s.doc, s.pages, s.broken, s.fault = ready, m.doc, m.pages, err, m.fault
		c.Refresh()
	})
}

// wipe forgets the document. A job under way is taken back with the screen's
// own context, which has ended by then.
func (s *screen) wipe() {
	s.doc, s.pages, s.job = paper.Doc{}, nil, Job{}
}

// print starts the job.
func (s *screen) print(c *shell.Ctx) {
	if s.phase == sending || s.broken != nil || len(s.pages) == 0 {
		return
	}
	own, cancel := context.WithCancel(context.Background())
	s.phase, s.fault, s.cancel, s.shown = sending, nil, cancel, printing.Progress{}
	s.progress.Store(&printing.Progress{})
	kind, doc := s.job.Kind, s.doc
	shell.Run(c, func(ctx context.Context) (struct{}, error) {
		stop := context.AfterFunc(ctx, cancel)
		defer stop()
		defer cancel()
		return struct{}{}, s.n.Printer.Print(own, kind, doc, func(p printing.Progress) { s.progress.Store(&p) })
	}, func(_ struct{}, err error) {
		s.cancel, s.phase, s.fault = nil, printed, err
		if err != nil {
			s.phase = failed
		}
		c.Refresh()
	})
	c.Refresh()
	s.follow(c)
}

// follow shows how far the printer is until the job has ended.
func (s *screen) follow(c *shell.Ctx) {
	c.After(pollEvery, func() {
		if s.phase != sending {
			return
		}
		if p := *s.progress.Load(); p != s.shown {
			s.shown = p
			c.Refresh()
		}
		s.follow(c)
	})
}

// look asks the printer again.
func (s *screen) look(c *shell.Ctx) {
	shell.Run(c, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.n.Printer.Check(ctx)
	}, func(_ struct{}, err error) {
		s.fault, s.phase = err, ready
		c.Refresh()
	})
}
