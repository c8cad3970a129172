package shell

import (
	"time"

	"fyne.io/fyne/v2"

	"egmina/ui/kit"
)

const limitNotice = "shell.limit"

// limitWarning is how long before the hard limit the page says so.
const limitWarning = time.Minute

// watch is the session's clockwork.
type watch struct {
	idle, tick, limit func() // stop functions
	started           time.Time
	running           bool // a session is under way: the limit counts
	warning           bool
	left              time.Duration
}

func (w *watch) stopAll() {
	for _, stop := range []func(){w.idle, w.tick, w.limit} {
		if stop != nil {
			stop()
		}
	}
	*w = watch{}
}

// pristine tells whether nothing of a resident is on the kiosk.
func (s *Shell) pristine() bool { return len(s.stack) <= 1 && !s.session.used }

// activity is called for every key and touch.
func (s *Shell) activity() {
	if s.watch.warning {
		return // the warning page itself decides
	}
	s.rearm()
}

// rearm starts the idle time anew, and the limit when a session begins.
func (s *Shell) rearm() {
	w := &s.watch
	if w.warning {
		return
	}
	if w.idle != nil {
		w.idle()
		w.idle = nil
	}
	if s.pristine() {
		s.calm()
		return
	}
	if !w.running {
		w.running, w.started = true, s.cfg.Clock.Now()
		s.armLimit(s.cfg.Limit-limitWarning, s.warnLimit)
	}
	w.idle = s.timer(s.cfg.Idle, s.warn)
}

// calm stops counting a session that left nothing: back on the first screen,
// nothing used.
func (s *Shell) calm() {
	if s.watch.running {
		s.watch.stopAll()
		s.SetNotice(limitNotice, kit.Info, "")
	}
}

// timer calls f on the UI goroutine unless stopped before that.
func (s *Shell) timer(d time.Duration, f func()) func() {
	stopped := false
	stop := s.cfg.Clock.AfterFunc(d, func() {
		s.cfg.Dispatch(func() {
			if !stopped {
				f()
			}
		})
	})
	return func() {
		stopped = true
		stop()
	}
}

func (s *Shell) armLimit(d time.Duration, f func()) { s.watch.limit = s.timer(d, f) }

func (s *Shell) warnLimit() {
	s.SetNotice(limitNotice, kit.Attention, s.loc().T("shell.limit"))
	s.armLimit(limitWarning, s.End)
}

// warn replaces the page by the question whether somebody is still there.
func (s *Shell) warn() {
	s.watch.warning = true
	s.watch.left = s.cfg.Warning
	s.frame.showWarning(s.seconds())
	s.watch.tick = s.timer(time.Second, s.countDown)
}

func (s *Shell) seconds() int { return int(s.watch.left / time.Second) }

func (s *Shell) countDown() {
	s.watch.left -= time.Second
	if s.watch.left <= 0 {
		s.End()
		return
	}
	s.frame.countWarning(s.seconds())
	s.watch.tick = s.timer(time.Second, s.countDown)
}

// stay goes on with the session as it was.
func (s *Shell) stay() {
	if !s.watch.warning {
		return
	}
	s.watch.warning = false
	if s.watch.tick != nil {
		s.watch.tick()
	}
	s.frame.hideWarning()
	s.rearm()
}

// key handles the keys that no widget wanted.
func (s *Shell) key(e *fyne.KeyEvent) {
	if s.watch.warning {
		s.stay()
		return
	}
	switch e.Name {
	case fyne.KeyEscape:
		s.back()
	case fyne.KeyDown:
		s.cfg.Canvas.FocusNext()
	case fyne.KeyUp:
		s.cfg.Canvas.FocusPrevious()
	case fyne.KeyPageDown:
		s.frame.page(true)
	case fyne.KeyPageUp:
		s.frame.page(false)
	}
}

// back does what the Back button does.
func (s *Shell) back() {
	v := s.frame.view
	switch {
	case v.NoBack || len(s.stack) < 2:
	case v.OnBack != nil:
		v.OnBack()
	default:
		s.pop()
	}
}

func (s *Shell) focused(o fyne.CanvasObject) {
	s.activity()
	kit.Reveal(s.frame.root, o)
}
