package printing

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"egmina/data"
)

// CUPS prints through a queue of the CUPS scheduler, using its tools lp, cancel and ipptool.
// Where the queue leads to an IPP printer, the printer itself is asked too: a queue only
// learns of an empty tray while it prints, and still says so after paper was put in.
type CUPS struct {
	queue  string
	server string
	run    runner

	mu   sync.Mutex
	owed map[string]bool // titles of jobs a printer may still hold that did not answer when they were cancelled
}

// queueName is stricter than CUPS: nothing that could be an option, a path or part of an address.
var queueName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,126}$`)

// serverName is host or host:port.
var serverName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,252}(:[0-9]{1,5})?$`)

// NewCUPS names a queue of the scheduler on this machine.
func NewCUPS(queue string) (*CUPS, error) { return newCUPS(queue, "localhost", runTool) }

func newCUPS(queue, server string, run runner) (*CUPS, error) {
	if !queueName.MatchString(queue) || !serverName.MatchString(server) {
		return nil, &data.Error{Code: CodeSettings, Args: map[string]any{"Name": queue},
			Err: errors.New("not the name of a print queue")}
	}
	return &CUPS{queue: queue, server: server, run: run, owed: map[string]bool{}}, nil
}

func (c *CUPS) uri() string { return "ipp://" + c.server + "/printers/" + c.queue }

// look is one look at queue and device.
type look struct {
	queue    attrs
	gone     bool   // no such queue
	deviceAt string // address of the device when it can be asked, else ""
	device   attrs
	silent   bool // the device did not answer
}

func (c *CUPS) look(ctx context.Context) (look, error) {
	a, err := ask(ctx, c.run, c.uri(), askPrinter, 0)
	switch {
	case err != nil:
		return look{}, err
	case a.missing():
		return look{gone: true}, nil
	case !a.ok() || len(a.groups) == 0:
		return look{}, fmt.Errorf("cups: queue: %s", a.status)
	}
	l := look{queue: a.groups[0]}
	uri := l.queue.first("device-uri")
	if !strings.HasPrefix(uri, "ipp://") && !strings.HasPrefix(uri, "ipps://") {
		return l, nil
	}
	l.deviceAt, _, _ = strings.Cut(uri, "?") // options of the backend
	d, err := ask(ctx, c.run, l.deviceAt, askPrinter, 0)
	if ctx.Err() != nil {
		return look{}, ctx.Err()
	}
	if l.silent = err != nil || !d.ok() || len(d.groups) == 0; !l.silent {
		l.device = d.groups[0]
	}
	return l, nil
}

// State asks the scheduler and, where it can be asked, the printer itself.
func (c *CUPS) State(ctx context.Context) (State, error) {
	l, err := c.look(ctx)
	if err != nil {
		return State{}, err
	}
	if l.device != nil {
		_ = c.settle(ctx, l.deviceAt)
	}
	return l.state(), nil
}

// The values of printer-state, RFC 8011 §5.4.11.
const (
	printerIdle       = 3
	printerProcessing = 4
	printerStopped    = 5
)

func (l look) state() State {
	if l.gone {
		return State{Problems: []string{CodeGone}}
	}
	queue, device := l.queue, l.device
	s := State{Busy: queue.number("printer-state") == printerProcessing}
	var problems []string
	switch {
	case device != nil:
		problems, s.Notices = sortReasons(device["printer-state-reasons"])
		stopped := device.number("printer-state") == printerStopped
		if stopped && len(problems) == 0 {
			problems = append(problems, CodeAttention)
		}
	case l.silent:
		problems = append(problems, CodeGone)
	default:
		problems, s.Notices = sortReasons(queue["printer-state-reasons"])
		if queue.number("printer-state") == printerIdle {
			// What an idle queue says is what it remembers of its last job, and only the next one refreshes
			// it; refusing that one would close the queue for good.
			s.Notices, problems = append(s.Notices, problems...), nil
		}
	}
	if queue.number("printer-state") == printerStopped || queue.first("printer-is-accepting-jobs") == "false" {
		problems = append(problems, CodeStopped)
	}
	s.Problems = rank(problems)
	return s
}

// Submit hands the document to lp on its standard input; it is never a file of ours.
func (c *CUPS) Submit(ctx context.Context, job Job) (JobID, error) {
	if err := checkPDF(job.PDF); err != nil {
		return "", err
	}
	sides := "one-sided"
	if job.TwoSided {
		sides = "two-sided-long-edge"
	}
	res, err := c.run(ctx, command{name: "lp", stdin: job.PDF, args: []string{
		"-d", c.queue, "-t", newTitle(), "-n", "1", "-o", "media=A4", "-o", "sides=" + sides,
		"-o", "print-scaling=none", "-o", "job-sheets=none", "-o", "document-format=application/pdf", "--", "-"}})
	if err != nil {
		return "", err
	}
	if res.code != 0 {
		return "", fmt.Errorf("lp: exit status %d: %s", res.code, res.stderr)
	}
	return c.parseSubmitted(res.stdout)
}

// newTitle is the neutral title with six random letters, by which a job is known again at a printer
// that several kiosks share.
func newTitle() string { return JobTitle + " " + rand.Text()[:6] }

// ours reports whether a job was made by newTitle.
func ours(title string) bool { return strings.HasPrefix(title, JobTitle+" ") }

// submitted is what lp says of an accepted job.
var submitted = regexp.MustCompile(`(?m)^request id is (\S{1,127}-[0-9]{1,9}) \([0-9]+ file\(s\)\)\r?$`)

func (c *CUPS) parseSubmitted(out []byte) (JobID, error) {
	m := submitted.FindSubmatch(out)
	if m == nil {
		return "", fmt.Errorf("lp: unexpected answer %q", firstLine(string(out)))
	}
	id := JobID(m[1])
	if _, err := c.number(id); err != nil {
		return "", err
	}
	return id, nil
}

// number is the job-id within the scheduler.
func (c *CUPS) number(id JobID) (int, error) {
	digits, found := strings.CutPrefix(string(id), c.queue+"-")
	n, err := strconv.Atoi(digits)
	if !found || err != nil || n < 1 {
		return 0, fmt.Errorf("cups: %q is no job of this queue", id)
	}
	return n, nil
}

// Job asks the scheduler for a job's state, and when that says completed, the printer: the scheduler
// may say so of a job that the printer gave up at once.
func (c *CUPS) Job(ctx context.Context, id JobID) (JobState, error) {
	a, err := c.job(ctx, id)
	if err != nil || a == nil {
		return JobState{Phase: JobUnknown}, err
	}
	phase, err := phaseOf(a.number("job-state"))
	if phase == JobDone {
		phase = c.verdict(ctx, a.first("job-name"))
	}
	return JobState{Phase: phase, Pages: max(0, a.number("job-impressions-completed"))}, err
}

// verdict is how a completed job ended at the printer; a printer that cannot be asked or has forgotten it
// leaves the scheduler's word.
func (c *CUPS) verdict(ctx context.Context, title string) JobPhase {
	if !ours(title) {
		return JobDone
	}
	l, err := c.look(ctx)
	if err != nil || l.device == nil {
		return JobDone
	}
	a, err := ask(ctx, c.run, l.deviceAt, askEnded, 0)
	if err != nil || !a.ok() {
		return JobDone
	}
	for _, j := range a.groups {
		if phase, err := phaseOf(j.number("job-state")); err == nil && j.first("job-name") == title && phase.Ended() {
			return phase
		}
	}
	return JobDone
}

// job is nil without error for a job the scheduler does not know.
func (c *CUPS) job(ctx context.Context, id JobID) (attrs, error) {
	n, err := c.number(id)
	if err != nil {
		return nil, err
	}
	a, err := ask(ctx, c.run, c.uri(), askJob, n)
	switch {
	case err != nil:
		return nil, err
	case a.missing():
		return nil, nil
	case !a.ok() || len(a.groups) == 0:
		return nil, fmt.Errorf("cups: job: %s", a.status)
	}
	return a.groups[0], nil
}

// phaseOf translates job-state, RFC 8011 §5.3.7.
func phaseOf(state int) (JobPhase, error) {
	phases := map[int]JobPhase{3: JobWaiting, 4: JobHeld, 5: JobPrinting, 6: JobStopped,
		7: JobCancelled, 8: JobFailed, 9: JobDone}
	p, known := phases[state]
	if !known {
		return JobUnknown, fmt.Errorf("cups: job-state %d", state)
	}
	return p, nil
}

// Cancel takes a job out of the queue and makes sure that the printer lets go of it too.
func (c *CUPS) Cancel(ctx context.Context, id JobID) error {
	a, err := c.job(ctx, id)
	if err != nil || a == nil {
		return err
	}
	if phase, _ := phaseOf(a.number("job-state")); !phase.Ended() {
		if err := c.cancel(ctx, id); err != nil {
			return err
		}
	}
	return c.recall(ctx, a.first("job-name"))
}

func (c *CUPS) cancel(ctx context.Context, id JobID) error {
	res, err := c.run(ctx, command{name: "cancel", args: []string{string(id)}})
	if err == nil && res.code != 0 {
		err = fmt.Errorf("cancel: exit status %d: %s", res.code, res.stderr)
	}
	return err
}

// recall takes the jobs of these titles back at the device. One that does not answer is asked again when it does.
func (c *CUPS) recall(ctx context.Context, titles ...string) error {
	titles = slices.DeleteFunc(titles, func(t string) bool { return !ours(t) })
	if len(titles) == 0 {
		return nil
	}
	l, err := c.look(ctx)
	if err != nil || l.deviceAt == "" {
		return err
	}
	c.mu.Lock()
	for _, t := range titles {
		c.owed[t] = true
	}
	c.mu.Unlock()
	if l.silent {
		return nil
	}
	return c.settle(ctx, l.deviceAt)
}

// settle cancels what the device still holds of the titles owed.
func (c *CUPS) settle(ctx context.Context, device string) error {
	c.mu.Lock()
	owed := maps.Clone(c.owed)
	c.mu.Unlock()
	if len(owed) == 0 {
		return nil
	}
	for range settleRounds {
		left, err := c.held(ctx, device, owed)
		if err != nil {
			return err
		}
		if len(left) == 0 {
			c.mu.Lock()
			maps.DeleteFunc(c.owed, func(t string, _ bool) bool { return owed[t] })
			c.mu.Unlock()
			return nil
		}
		for _, n := range left {
			if _, err := ask(ctx, c.run, device, cancelJob, n); err != nil {
				return err
			}
		}
		select {
		case <-time.After(settlePause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errors.New("cups: the printer still holds a cancelled job")
}

// A printer takes a moment to drop a job it was told to cancel.
const (
	settleRounds = 6
	settlePause  = 300 * time.Millisecond
)

// held lists the device's unfinished jobs with one of the titles, without those it is already dropping.
func (c *CUPS) held(ctx context.Context, device string, titles map[string]bool) ([]int, error) {
	a, err := ask(ctx, c.run, device, askJobs, 0)
	switch {
	case err != nil:
		return nil, err
	case slices.Contains(closed, a.status):
		return nil, nil
	case !a.ok():
		return nil, fmt.Errorf("cups: device jobs: %s", a.status)
	}
	var jobs []int
	for _, j := range a.groups {
		dropping := slices.Contains(j["job-state-reasons"], "processing-to-stop-point")
		if n := j.number("job-id"); n > 0 && titles[j.first("job-name")] && !dropping {
			jobs = append(jobs, n)
		}
	}
	return jobs, nil
}

// closed are answers of a printer that shows its jobs to nobody; what the queue did is all there is.
var closed = []string{"server-error-operation-not-supported", "client-error-forbidden",
	"client-error-not-authenticated", "client-error-not-authorized"}

// CancelAll takes back every unfinished job of this queue that a kiosk made.
func (c *CUPS) CancelAll(ctx context.Context) error {
	a, err := ask(ctx, c.run, c.uri(), askJobs, 0)
	if err != nil {
		return err
	}
	if a.missing() {
		return nil // no queue, no jobs
	}
	if !a.ok() {
		return fmt.Errorf("cups: jobs: %s", a.status)
	}
	var titles []string
	var failed []error
	for _, j := range a.groups {
		if n := j.number("job-id"); n > 0 && ours(j.first("job-name")) {
			titles = append(titles, j.first("job-name"))
			failed = append(failed, c.cancel(ctx, JobID(c.queue+"-"+strconv.Itoa(n))))
		}
	}
	return errors.Join(append(failed, c.recall(ctx, titles...))...)
}

// checkPDF refuses what a queue would print as plain text, or choke on.
func checkPDF(pdf []byte) error {
	if len(pdf) > MaxPDF || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return data.Fail(CodeDocument, fmt.Errorf("%d bytes", len(pdf)))
	}
	return nil
}
