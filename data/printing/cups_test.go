package printing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"egmina/data"
)

// recorded is what a tool wrote on a CUPS 2.4.2 with ippeveprinter behind it.
func recorded(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const (
	testPDF   = "%PDF-1.4\nnot much of one"
	deviceURI = "ipp://localhost:18631/ipp/print"
	queueURI  = "ipp://localhost/printers/egmina-rec"
)

// script answers calls of tools by "tool" or "ipptool QUEUE|DEVICE Operation".
type script struct {
	t       *testing.T
	answers map[string]any // []byte, result, error, or a func() any called each time
	calls   []string
	stdin   map[string]string
	args    map[string][]string
}

func (s *script) run(_ context.Context, c command) (result, error) {
	key := c.name
	if c.name == "ipptool" {
		where := map[string]string{deviceURI: "device", queueURI: "queue"}[c.args[len(c.args)-2]]
		op, _, _ := strings.Cut(strings.TrimPrefix(string(c.stdin), "{ OPERATION "), "\n")
		key = where + " " + op
	}
	s.calls = append(s.calls, key)
	s.stdin[key], s.args[key] = string(c.stdin), c.args
	v, known := s.answers[key]
	if !known {
		s.t.Errorf("unexpected call: %s %q", key, c.args)
	}
	if f, ok := v.(func() any); ok {
		v = f()
	}
	switch v := v.(type) {
	case error:
		return result{}, v
	case result:
		return v, nil
	case string:
		return result{stdout: recorded(s.t, v)}, nil
	}
	return result{}, fmt.Errorf("script: %v", v)
}

func scripted(t *testing.T, answers map[string]any) (*CUPS, *script) {
	t.Helper()
	s := &script{t: t, answers: answers, stdin: map[string]string{}, args: map[string][]string{}}
	c, err := newCUPS("egmina-rec", "localhost", s.run)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

func TestStateFromRealAnswers(t *testing.T) {
	const queue, device = "queue Get-Printer-Attributes", "device Get-Printer-Attributes"
	broken := errors.New("ipptool: killed")
	for _, c := range []struct {
		name          string
		queue, device any
		want          []string
	}{
		{"ready", "queue-idle.plist", "queue-idle.plist", nil},
		{"empty before printing", "queue-idle.plist", "device-empty-idle.plist", []string{CodePaperEmpty}},
		{"empty while printing", "queue-empty.plist", "device-empty.plist", []string{CodePaperEmpty}},
		{"refilled, queue has not heard", "queue-remembers.plist", "queue-idle.plist", nil},
		{"no such queue", "queue-missing.plist", nil, []string{CodeGone}},
		{"device off", "queue-idle.plist", "refused.plist", []string{CodeGone}},
		{"device silent", "queue-idle.plist", "silent.plist", []string{CodeGone}},
		{"device hangs", "queue-idle.plist", broken, []string{CodeGone}},
		{"queue stopped and rejecting", "queue-stopped.plist", "queue-idle.plist", []string{CodeStopped}},
		{"stopped and empty", "queue-stopped.plist", "device-empty.plist", []string{CodePaperEmpty, CodeStopped}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, _ := scripted(t, map[string]any{queue: c.queue, device: c.device})
			s, err := p.State(t.Context())
			if err != nil || !slices.Equal(s.Problems, c.want) {
				t.Errorf("problems %q, error %v; want %q", s.Problems, err, c.want)
			}
		})
	}
}

func TestStateWithoutScheduler(t *testing.T) {
	for _, answer := range []any{"refused.plist", "silent.plist", errOutput, result{stdout: []byte("<plist><dict><key>Tests")},
		result{stderr: "ipptool: no", code: 1}} {
		p, _ := scripted(t, map[string]any{"queue Get-Printer-Attributes": answer})
		if s, err := p.State(t.Context()); err == nil {
			t.Errorf("%v: state %+v without error", answer, s)
		}
	}
}

func TestIdleQueueOfMuteDeviceIsTried(t *testing.T) {
	usb := func(state, reason string) attrs {
		return attrs{"printer-state": {state}, "printer-state-reasons": {reason}, "device-uri": {"usb://X/Y"}}
	}
	if s := (look{queue: usb("3", "media-empty-error")}).state(); !s.Ready() || !slices.Contains(s.Notices, CodePaperEmpty) {
		t.Errorf("idle: %+v; a remembered reason would close the queue for good", s)
	}
	if s := (look{queue: usb("4", "media-empty-error")}).state(); s.Ready() || !s.Busy {
		t.Errorf("printing: %+v", s)
	}
}

func TestStoppedDeviceWithoutReason(t *testing.T) {
	l := look{queue: attrs{"printer-state": {"3"}}, device: attrs{"printer-state": {"5"}, "printer-state-reasons": {"other-error"}}}
	if s := l.state(); !slices.Equal(s.Problems, []string{CodeAttention}) || !slices.Equal(s.Notices, []string{"other"}) {
		t.Errorf("%+v", s)
	}
}

func TestSubmit(t *testing.T) {
	p, s := scripted(t, map[string]any{"lp": "lp-accepted.txt"})
	id, err := p.Submit(t.Context(), Job{Kind: "jan-kowalski", PDF: []byte(testPDF), TwoSided: true})
	if err != nil || id != "egmina-rec-5" {
		t.Fatalf("id %q, error %v", id, err)
	}
	if s.stdin["lp"] != testPDF {
		t.Errorf("standard input %q", s.stdin["lp"])
	}
	args := strings.Join(s.args["lp"], " ")
	if strings.Contains(args, "kowalski") {
		t.Errorf("the kind reached the queue: %s", args)
	}
	for _, want := range []string{"-d egmina-rec ", "-t " + JobTitle + " ", "media=A4", "sides=two-sided-long-edge", "print-scaling=none", "-- -"} {
		if !strings.Contains(args, want) {
			t.Errorf("no %q in %s", want, args)
		}
	}
}

func TestSubmitRefused(t *testing.T) {
	for name, answer := range map[string]any{
		"status":      result{code: 1, stderr: "lp: Destination is not accepting jobs."},
		"no answer":   result{},
		"other queue": result{stdout: []byte("request id is other-7 (1 file(s))\n")},
		"number":      result{stdout: []byte("request id is egmina-rec-0 (1 file(s))\n")},
		"killed":      errors.New("killed"),
	} {
		p, _ := scripted(t, map[string]any{"lp": answer})
		if id, err := p.Submit(t.Context(), Job{PDF: []byte(testPDF)}); err == nil || id != "" {
			t.Errorf("%s: id %q, error %v", name, id, err)
		}
	}
	p, _ := scripted(t, nil)
	for _, pdf := range []string{"", "hello", "%PDF-" + strings.Repeat("x", MaxPDF)} {
		var e *data.Error
		if _, err := p.Submit(t.Context(), Job{PDF: []byte(pdf)}); !errors.As(err, &e) || e.Code != CodeDocument {
			t.Errorf("%d bytes: %v", len(pdf), err)
		}
	}
}

func TestJobFromRealAnswers(t *testing.T) {
	for file, want := range map[string]JobPhase{
		"job-completed.plist": JobDone, "job-printing.plist": JobPrinting,
		"job-cancelled.plist": JobCancelled, "job-missing.plist": JobUnknown,
	} {
		p, _ := scripted(t, map[string]any{"queue Get-Job-Attributes": file, "queue Get-Printer-Attributes": "queue-idle.plist",
			"device Get-Printer-Attributes": "queue-idle.plist", "device Get-Jobs": "device-ended.plist"})
		if s, err := p.Job(t.Context(), "egmina-rec-5"); err != nil || s.Phase != want {
			t.Errorf("%s: %+v, %v; want phase %d", file, s, err, want)
		}
	}
	p, s := scripted(t, map[string]any{"queue Get-Job-Attributes": "silent.plist"})
	if _, err := p.Job(t.Context(), "egmina-rec-5"); err == nil {
		t.Error("silence taken for an answer")
	}
	s.calls = nil
	for _, id := range []JobID{"", "-5", "egmina-rec-", "egmina-rec--5", "egmina-rec-5x", "other-5", "egmina-rec-99999999999999999999"} {
		if _, err := p.Job(t.Context(), id); err == nil {
			t.Errorf("%q accepted", id)
		}
	}
	if len(s.calls) != 0 {
		t.Errorf("asked about jobs of others: %v", s.calls)
	}
}

func TestCompletedIsCheckedAtTheDevice(t *testing.T) {
	ended := string(recorded(t, "device-ended.plist"))
	aborted := strings.Replace(ended, "<integer>9</integer>", "<integer>8</integer>", 1)
	forgotten := strings.ReplaceAll(ended, "e-Gmina ABCDEF", "e-Gmina ZZZZZZ")
	for name, c := range map[string]struct {
		device, jobs any
		want         JobPhase
	}{
		"completed": {"queue-idle.plist", "device-ended.plist", JobDone},
		"aborted":   {"queue-idle.plist", result{stdout: []byte(aborted)}, JobFailed},
		"forgotten": {"queue-idle.plist", result{stdout: []byte(forgotten)}, JobDone},
		"silent":    {"silent.plist", nil, JobDone},
		"mute":      {"queue-idle.plist", "silent.plist", JobDone},
	} {
		p, _ := scripted(t, map[string]any{"queue Get-Job-Attributes": "job-completed.plist",
			"queue Get-Printer-Attributes": "queue-idle.plist", "device Get-Printer-Attributes": c.device, "device Get-Jobs": c.jobs})
		if s, err := p.Job(t.Context(), "egmina-rec-5"); err != nil || s.Phase != c.want {
			t.Errorf("%s: %+v, %v; want phase %d", name, s, err, c.want)
		}
	}
}

func TestCancelRecallsFromDevice(t *testing.T) {
	listed := "device-jobs.plist"
	p, s := scripted(t, map[string]any{
		"queue Get-Job-Attributes": "job-printing.plist", "cancel": result{},
		"queue Get-Printer-Attributes": "queue-empty.plist", "device Get-Printer-Attributes": "device-empty.plist",
		"device Get-Jobs":   func() any { return listed },
		"device Cancel-Job": func() any { listed = "device-jobs-dropping.plist"; return "job-printing.plist" },
	})
	if err := p.Cancel(t.Context(), "egmina-rec-6"); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(s.calls, "cancel") || !slices.Contains(s.calls, "device Cancel-Job") || len(p.owed) != 0 {
		t.Errorf("calls %v, owed %v", s.calls, p.owed)
	}
}

func TestCancelAtSilentDeviceIsOwed(t *testing.T) {
	var device, listed any = "refused.plist", "device-jobs.plist"
	p, s := scripted(t, map[string]any{
		"queue Get-Job-Attributes": "job-printing.plist", "cancel": result{},
		"queue Get-Printer-Attributes":  "queue-empty.plist",
		"device Get-Printer-Attributes": func() any { return device },
		"device Get-Jobs":               func() any { return listed },
		"device Cancel-Job":             func() any { listed = "device-jobs-dropping.plist"; return "job-printing.plist" },
	})
	if err := p.Cancel(t.Context(), "egmina-rec-6"); err != nil || len(p.owed) != 1 {
		t.Fatalf("error %v, owed %v", err, p.owed)
	}
	device = "queue-idle.plist"
	if _, err := p.State(t.Context()); err != nil || len(p.owed) != 0 || !slices.Contains(s.calls, "device Cancel-Job") {
		t.Errorf("back again: error %v, owed %v, calls %v", err, p.owed, s.calls)
	}
}

func TestCancelSaysWhenJobStays(t *testing.T) {
	base := func() map[string]any {
		return map[string]any{"queue Get-Job-Attributes": "job-printing.plist", "cancel": result{},
			"queue Get-Printer-Attributes": "queue-empty.plist", "device Get-Printer-Attributes": "device-empty.plist",
			"device Get-Jobs": "device-jobs.plist", "device Cancel-Job": "job-printing.plist"}
	}
	for key, answer := range map[string]any{
		"cancel": result{code: 1, stderr: "cancel: refused"}, "device Get-Jobs": "device-jobs.plist",
		"device Cancel-Job": "refused.plist", "queue Get-Printer-Attributes": "silent.plist",
	} {
		answers := base()
		answers[key] = answer
		p, _ := scripted(t, answers)
		if err := p.Cancel(t.Context(), "egmina-rec-6"); err == nil {
			t.Errorf("%s: no error though the job is still there", key)
		}
	}
}

func TestCancelAllTouchesOnlyOurs(t *testing.T) {
	other := strings.ReplaceAll(string(recorded(t, "queue-jobs.plist")), "e-Gmina GHJKMN", "Report of the mayor")
	p, s := scripted(t, map[string]any{"queue Get-Jobs": result{stdout: []byte(other)}})
	if err := p.CancelAll(t.Context()); err != nil || slices.Contains(s.calls, "cancel") {
		t.Errorf("error %v, calls %v", err, s.calls)
	}
	p, s = scripted(t, map[string]any{"queue Get-Jobs": "queue-jobs.plist", "cancel": result{},
		"queue Get-Printer-Attributes": "queue-idle.plist", "device Get-Printer-Attributes": "queue-idle.plist",
		"device Get-Jobs": "device-jobs-dropping.plist"})
	if err := p.CancelAll(t.Context()); err != nil || !slices.Equal(s.args["cancel"], []string{"egmina-rec-6"}) {
		t.Errorf("error %v, cancelled %v", err, s.args["cancel"])
	}
}

func TestQueueNames(t *testing.T) {
	for _, bad := range []string{"", "-d", "a b", "a/b", "../x", "a#b", "a?b", "drukarka ż", "a\n", strings.Repeat("a", 128)} {
		var e *data.Error
		if _, err := NewCUPS(bad); !errors.As(err, &e) || e.Code != CodeSettings {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := NewCUPS("Lobby_1.hp-m402"); err != nil {
		t.Error(err)
	}
}

func TestTitlesAreNeutralAndDiffer(t *testing.T) {
	a, b := newTitle(), newTitle()
	if a == b || !ours(a) || len(a) != len(JobTitle)+7 || ours("Report") || ours(JobTitle) {
		t.Errorf("%q %q", a, b)
	}
}

func FuzzAnswer(f *testing.F) {
	files, err := os.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range files {
		if strings.HasSuffix(e.Name(), ".plist") {
			f.Add(recorded(f, e.Name()))
		}
	}
	f.Add([]byte("<plist>" + strings.Repeat("<array>", 1000)))
	f.Add([]byte("<dict><key>Tests</key><array><dict><key>Successful</key><true/><key>StatusCode</key><string>x</string>" +
		"<key>ResponseAttributes</key><array><dict/><string/><dict><key>a</key><array><dict/></array></dict></array></dict></array></dict>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := parseAnswer(raw)
		if err != nil {
			if a.status != "" || a.groups != nil {
				t.Errorf("error %v and answer %+v", err, a)
			}
			return
		}
		for _, g := range a.groups {
			s := look{queue: g, device: g}.state()
			for _, p := range s.Problems {
				if !slices.Contains(order, p) && p != CodeService {
					t.Errorf("problem %q has no place", p)
				}
			}
			_, _ = phaseOf(g.number("job-state"))
		}
	})
}

func FuzzSubmitted(f *testing.F) {
	f.Add(recorded(f, "lp-accepted.txt"))
	f.Add([]byte("request id is egmina-rec-1 (1 file(s))\nrequest id is egmina-rec-2 (1 file(s))"))
	f.Add([]byte("request id is egmina-rec--1 (1 file(s))"))
	p, err := NewCUPS("egmina-rec")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		id, err := p.parseSubmitted(raw)
		if err != nil {
			return
		}
		if n, err := p.number(id); err != nil || n < 1 || !strings.HasPrefix(string(id), "egmina-rec-") {
			t.Errorf("id %q: %d, %v", id, n, err)
		}
	})
}
