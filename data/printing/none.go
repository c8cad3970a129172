package printing

import (
	"context"

	"egmina/data"
)

// None is the printer of a kiosk that has none: screens say so and offer what can be read from the screen.
type None struct{}

// State always has the problem printer.none.
func (None) State(context.Context) (State, error) {
	return State{Problems: []string{CodeNone}}, nil
}

// Submit refuses.
func (None) Submit(context.Context, Job) (JobID, error) { return "", data.Fail(CodeNone, nil) }

// Job knows no jobs.
func (None) Job(context.Context, JobID) (JobState, error) { return JobState{Phase: JobUnknown}, nil }

// Cancel has nothing to do.
func (None) Cancel(context.Context, JobID) error { return nil }

// CancelAll has nothing to do.
func (None) CancelAll(context.Context) error { return nil }
