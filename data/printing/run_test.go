package printing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"egmina/data"
)

// actor is a printer that plays a part; its fields may be changed while it plays.
type actor struct {
	mu        sync.Mutex
	state     func() (State, error)
	submit    func(context.Context) (JobID, error)
	job       func() (JobState, error)
	cancel    func() error
	cancels   int
	allCalled int
	cancelled bool
}

func (a *actor) State(context.Context) (State, error) {
	if a.state == nil {
		return State{}, nil
	}
	return a.state()
}

func (a *actor) Submit(ctx context.Context, _ Job) (JobID, error) {
	if a.submit == nil {
		return "q-1", nil
	}
	return a.submit(ctx)
}

func (a *actor) Job(context.Context, JobID) (JobState, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cancelled {
		return JobState{Phase: JobCancelled}, nil
	}
	return a.job()
}

func (a *actor) Cancel(context.Context, JobID) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cancels++
	if a.cancel != nil {
		if err := a.cancel(); err != nil {
			return err
		}
	}
	a.cancelled = true
	return nil
}

func (a *actor) CancelAll(context.Context) error {
	a.allCalled++
	if a.cancel != nil {
		return a.cancel()
	}
	return nil
}

func phase(p JobPhase) func() (JobState, error) {
	return func() (JobState, error) { return JobState{Phase: p}, nil }
}

func problem(code string) func() (State, error) {
	return func() (State, error) { return State{Problems: []string{code}}, nil }
}

// codeOf is the code of a *data.Error, "" for nil, and the whole text for anything else.
func codeOf(err error) string {
	var e *data.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Code
	}
	return "not a data.Error: " + err.Error()
}

// after changes from one answer to another at a time on the (false) clock.
func after[T any](d time.Duration, first, then func() (T, error)) func() (T, error) {
	start := time.Now()
	return func() (T, error) {
		if time.Since(start) < d {
			return first()
		}
		return then()
	}
}

func TestRun(t *testing.T) {
	ready := func() (State, error) { return State{}, nil }
	fails := func() (State, error) { return State{}, errors.New("down") }
	lost := func() (JobState, error) { return JobState{}, errors.New("down") }
	for name, c := range map[string]struct {
		play    func() *actor
		code    string
		last    time.Duration // how long it takes
		cancels int
	}{
		"prints": {func() *actor {
			return &actor{job: after(5*time.Second, phase(JobPrinting), phase(JobDone))}
		}, "", 5 * time.Second, 0},
		"blocked before":        {func() *actor { return &actor{state: problem(CodePaperEmpty)} }, CodePaperEmpty, 0, 0},
		"nobody answers before": {func() *actor { return &actor{state: fails} }, CodeService, 0, 0},
		"paper runs out": {func() *actor {
			return &actor{job: phase(JobPrinting), state: after(3*time.Second, ready, problem(CodePaperEmpty))}
		}, CodePaperEmpty, 23 * time.Second, 1},
		"paper put in meanwhile": {func() *actor {
			refilled := after(12*time.Second, problem(CodePaperEmpty), ready)
			return &actor{job: after(14*time.Second, phase(JobPrinting), phase(JobDone)), state: after(2*time.Second, ready, refilled)}
		}, "", 14 * time.Second, 0},
		"problem changes, time goes on": {func() *actor {
			return &actor{job: phase(JobPrinting), state: after(time.Second, ready, after(10*time.Second, problem(CodePaperEmpty), problem(CodeDoorOpen)))}
		}, CodeDoorOpen, 21 * time.Second, 1},
		"comes and goes": {func() *actor {
			n := 0
			flaky := func() (State, error) {
				if n++; n%10 == 0 || n == 1 {
					return State{}, nil
				}
				return State{Problems: []string{CodePaperEmpty}}, nil
			}
			return &actor{job: phase(JobPrinting), state: flaky}
		}, CodePaperEmpty, 3 * time.Minute, 1},
		"never ends":       {func() *actor { return &actor{job: phase(JobPrinting)} }, CodeTimeout, 3 * time.Minute, 1},
		"held":             {func() *actor { return &actor{job: phase(JobHeld)} }, CodeStopped, 20 * time.Second, 1},
		"aborted":          {func() *actor { return &actor{job: phase(JobFailed)} }, CodeFailed, 0, 0},
		"deleted by staff": {func() *actor { return &actor{job: phase(JobCancelled)} }, CodeCancelled, 0, 0},
		"forgotten":        {func() *actor { return &actor{job: phase(JobUnknown)} }, CodeUnknown, 0, 0},
		"a few looks fail": {func() *actor {
			return &actor{job: after(4*time.Second, lost, phase(JobDone))}
		}, "", 4 * time.Second, 0},
		"nobody answers": {func() *actor { return &actor{job: lost} }, CodeService, 5 * time.Second, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start, a := time.Now(), c.play()
				err := Run(t.Context(), a, Job{}, nil)
				if got := codeOf(err); got != c.code {
					t.Errorf("code %q, want %q", got, c.code)
				}
				if took := time.Since(start); took < c.last || took > c.last+2*time.Second {
					t.Errorf("took %v, want %v", took, c.last)
				}
				if a.cancels != c.cancels {
					t.Errorf("cancelled %d times, want %d", a.cancels, c.cancels)
				}
			})
		})
	}
}

func TestRunReports(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said []string
		state := after(2500*time.Millisecond, func() (State, error) { return State{}, nil }, problem(CodeJam))
		a := &actor{state: state, job: func() (JobState, error) { return JobState{Phase: JobPrinting, Pages: 1}, nil }}
		_ = Run(t.Context(), a, Job{}, func(p Progress) {
			if s := fmt.Sprint(p.Stage, p.Problem, p.Pages); len(said) == 0 || said[len(said)-1] != s {
				said = append(said, s)
			}
		})
		want := []string{
			fmt.Sprint(Checking, "", 0), fmt.Sprint(Sending, "", 0), fmt.Sprint(Printing, "", 0), fmt.Sprint(Printing, "", 1),
			fmt.Sprint(Blocked, CodeJam, 1), fmt.Sprint(Cancelling, "", 1),
		}
		if !slices.Equal(said, want) {
			t.Errorf("said %q, want %q", said, want)
		}
	})
}

func TestRunEndOfContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		a := &actor{job: phase(JobPrinting)}
		time.AfterFunc(4*time.Second, stop)
		if code := codeOf(Run(ctx, a, Job{}, nil)); code != CodeCancelled || !a.cancelled {
			t.Errorf("code %q, cancelled %v", code, a.cancelled)
		}
	})
}

func TestRunEndOfContextAfterLastPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		a := &actor{job: after(4500*time.Millisecond, phase(JobPrinting), phase(JobDone))}
		a.cancel = func() error { return errors.New("already completed") }
		time.AfterFunc(4*time.Second, stop)
		if code := codeOf(Run(ctx, a, Job{}, nil)); code != CodeNotCancelled {
			t.Errorf("code %q: nobody could make sure", code)
		}
		a = &actor{job: phase(JobDone)}
		if err := Run(ctx, a, Job{}, nil); err != nil {
			t.Errorf("on paper all the same, but: %v", err)
		}
	})
}

func TestRunCancelIsRepeatedUntilSure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		a := &actor{job: phase(JobPrinting)}
		a.cancel = func() error {
			if a.cancels < 4 {
				return errors.New("busy")
			}
			return nil
		}
		time.AfterFunc(time.Second, stop)
		if code := codeOf(Run(ctx, a, Job{}, nil)); code != CodeCancelled || a.cancels != 4 {
			t.Errorf("code %q after %d tries", code, a.cancels)
		}
	})
}

func TestRunSaysWhenJobStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		a := &actor{job: phase(JobPrinting), state: func() (State, error) { return State{}, nil }, cancel: func() error { return errors.New("refused") }}
		if code := codeOf(Run(t.Context(), a, Job{}, nil)); code != CodeNotCancelled {
			t.Errorf("code %q", code)
		}
		if took := time.Since(start); took > Defaults.Total+Defaults.Undo+time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestRunHalfSubmitted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		a := &actor{submit: func(ctx context.Context) (JobID, error) { <-ctx.Done(); return "", ctx.Err() }}
		time.AfterFunc(time.Second, stop)
		if code := codeOf(Run(ctx, a, Job{}, nil)); code != CodeCancelled || a.allCalled != 1 {
			t.Errorf("code %q, took all back %d times", code, a.allCalled)
		}
		a.cancel = func() error { return errors.New("refused") }
		if code := codeOf(Run(ctx, a, Job{}, nil)); code != CodeNotCancelled {
			t.Errorf("code %q", code)
		}
	})
}

func TestPurgeAtStart(t *testing.T) {
	a := &actor{}
	if err := PurgeAtStart(t.Context(), a, slog.New(slog.DiscardHandler)); err != nil || a.allCalled != 1 {
		t.Errorf("%v, %d", err, a.allCalled)
	}
	a.cancel = func() error { return errors.New("refused") }
	if err := PurgeAtStart(t.Context(), a, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("no error")
	}
}

func TestNoPrinter(t *testing.T) {
	if code := codeOf(Run(t.Context(), None{}, Job{PDF: []byte(testPDF)}, nil)); code != CodeNone {
		t.Errorf("code %q", code)
	}
}
