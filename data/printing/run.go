package printing

import (
	"context"
	"errors"
	"time"

	"egmina/data"
)

// Limits are the times of [Run].
type Limits struct {
	Poll   time.Duration // between two looks at a job
	Grace  time.Duration // how long a problem may last before the job is taken back
	Total  time.Duration // how long a job may take in all
	Undo   time.Duration // how long taking a job back may take
	Misses int           // looks in a row that may fail
}

// Defaults are the times a lobby can bear: a resident waits in front of the screen.
var Defaults = Limits{
	Poll: time.Second, Grace: 20 * time.Second, Total: 3 * time.Minute,
	Undo: 30 * time.Second, Misses: 5,
}

// Run prints one document with the times of [Defaults]; see [Limits.Run].
func Run(ctx context.Context, p Printer, job Job, report func(Progress)) error {
	return Defaults.Run(ctx, p, job, report)
}

// Run looks at the printer, submits the document and watches it. It returns nil only when
// the printing system says that the job completed. Otherwise it returns a *data.Error and no job is
// left behind; when that could not be made sure, the code is printer.not_cancelled.
// The end of ctx takes the job back too, so the caller must wait for Run to return before the process ends.
func (l Limits) Run(ctx context.Context, p Printer, job Job, report func(Progress)) error {
	if report == nil {
		report = func(Progress) {}
	}
	report(Progress{Stage: Checking})
	state, err := p.State(ctx)
	if err != nil {
		return l.fault(ctx, err)
	}
	if !state.Ready() {
		return data.Fail(state.Problems[0], nil)
	}
	report(Progress{Stage: Sending})
	id, err := p.Submit(ctx, job)
	if err != nil {
		report(Progress{Stage: Cancelling})
		return l.undoAll(ctx, p, l.fault(ctx, err))
	}
	w := watch{Limits: l, printer: p, id: id, report: report}
	if err := w.follow(ctx); err != nil {
		return err
	}
	report(Progress{Stage: Printed, Pages: w.pages})
	return nil
}

// fault gives a failure of a driver the code people are told.
func (l Limits) fault(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return data.Fail(CodeCancelled, ctx.Err())
	}
	if e, ok := errors.AsType[*data.Error](err); ok {
		return e
	}
	return data.Fail(CodeService, err)
}

// undoAll is for a submission that failed half-way: its job has no known name.
func (l Limits) undoAll(ctx context.Context, p Printer, why error) error {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), l.Undo)
	defer stop()
	if err := p.CancelAll(ctx); err != nil {
		return data.Fail(CodeNotCancelled, errors.Join(why, err))
	}
	return why
}

// watch follows one submitted job.
type watch struct {
	Limits
	printer Printer
	id      JobID
	report  func(Progress)
	pages   int
	misses  int
	problem string    // what keeps the job from printing, "" when nothing does
	since   time.Time // when that began
}

// follow returns nil when the job completed; every other end has been undone.
func (w *watch) follow(ctx context.Context) error {
	late, stop := context.WithTimeout(ctx, w.Total)
	defer stop()
	tick := time.NewTicker(w.Poll)
	defer tick.Stop()
	w.report(Progress{Stage: Printing})
	for {
		ended, err := w.look(late)
		switch {
		case ended:
			return err
		case ctx.Err() != nil:
			return w.undo(ctx, data.Fail(CodeCancelled, ctx.Err()))
		case late.Err() != nil && w.problem != "":
			return w.undo(ctx, data.Fail(w.problem, late.Err()))
		case late.Err() != nil:
			return w.undo(ctx, data.Fail(CodeTimeout, late.Err()))
		case err != nil:
			return w.undo(ctx, err)
		}
		select {
		case <-tick.C:
		case <-late.Done():
		}
	}
}

// look asks once for job and printer. ended says that the job needs no undoing.
func (w *watch) look(ctx context.Context) (ended bool, err error) {
	js, err := w.printer.Job(ctx, w.id)
	if err != nil {
		return false, w.missed(ctx, err)
	}
	w.pages = max(w.pages, js.Pages)
	if js.Phase.Ended() {
		return true, endOf(js.Phase)
	}
	state, err := w.printer.State(ctx)
	if err != nil {
		return false, w.missed(ctx, err)
	}
	w.misses = 0
	return false, w.judge(js, state)
}

// missed counts looks in a row at which nobody answered.
func (w *watch) missed(ctx context.Context, err error) error {
	if w.misses++; w.misses > w.Misses {
		return w.fault(ctx, err)
	}
	return nil
}

// judge gives up once a problem has lasted for the grace time; a job that goes on meanwhile
// (another tray, say) ends by itself.
func (w *watch) judge(js JobState, state State) error {
	problem := ""
	switch {
	case !state.Ready():
		problem = state.Problems[0]
	case js.Phase == JobHeld || js.Phase == JobStopped:
		problem = CodeStopped
	}
	if problem == "" {
		w.problem = ""
		w.report(Progress{Stage: Printing, Pages: w.pages})
		return nil
	}
	if w.problem == "" {
		w.since = time.Now()
	}
	w.problem = problem
	w.report(Progress{Stage: Blocked, Problem: problem, Pages: w.pages})
	if time.Since(w.since) >= w.Grace {
		return data.Fail(problem, nil)
	}
	return nil
}

// undo takes the job back and makes sure of it. A job that completed after all is a success:
// the paper is in the tray.
func (w *watch) undo(ctx context.Context, why error) error {
	w.report(Progress{Stage: Cancelling, Pages: w.pages})
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), w.Undo)
	defer stop()
	for {
		err := w.printer.Cancel(ctx, w.id)
		var js JobState
		if err == nil {
			js, err = w.printer.Job(ctx, w.id)
		}
		if err == nil && js.Phase == JobDone {
			return nil
		}
		if err == nil && js.Phase.Ended() {
			return why
		}
		select {
		case <-time.After(w.Poll):
		case <-ctx.Done():
			return data.Fail(CodeNotCancelled, errors.Join(why, err))
		}
	}
}

// endOf is what an ended job means for people; nil only for one that completed.
func endOf(p JobPhase) error {
	switch p {
	case JobDone:
		return nil
	case JobCancelled:
		return data.Fail(CodeCancelled, nil)
	case JobFailed:
		return data.Fail(CodeFailed, nil)
	default:
		return data.Fail(CodeUnknown, nil)
	}
}
