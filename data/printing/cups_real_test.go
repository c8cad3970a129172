//go:build cups

// The real thing: the CUPS of this machine, with ippeveprinter as the printer behind it.
// The daemons must run and this user must be allowed to make queues: eval "$(.ci/cups-up)".

package printing

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// engine is the print engine of the device. ippeveprinter runs it even for a job that was cancelled while the
// tray was empty, so it asks, like a real one, whether its job is still wanted before it prints.
const engine = `#!/bin/sh
cd "$(dirname "$0")" || exit 1
wanted() {
  ipptool -j -T 5 -d job="$IPP_JOB_ID" "$(cat uri)" ask-job | grep -q to-stop-point && exit 0
}
wanted
if [ ! -e tray ] && [ ! -e slow ]; then echo "STATE: +media-empty-error,media-needed-error" >&2; fi
while [ ! -e tray ]; do sleep 0.1; wanted; done
[ ! -e broken ] || exit 1
echo "STATE: -media-empty-error,media-needed-error" >&2
head -c 5 "$1" >>printed
echo " $IPP_JOB_NAME" >>printed
echo "ATTR: job-impressions-completed=1" >&2
`

// realPDF is one empty A4 page.
func realPDF() []byte {
	var b bytes.Buffer
	var at []int
	b.WriteString("%PDF-1.4\n")
	for i, o := range []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj%sendobj\n", i+1, o)
	}
	xref := b.Len()
	b.WriteString("xref\n0 4\n0000000000 65535 f \n")
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer<</Root 1 0 R/Size 4>>\nstartxref\n%d\n%%%%EOF\n", xref)
	return b.Bytes()
}

// patience are the times of these tests.
var patience = Limits{Poll: 200 * time.Millisecond, Grace: 2 * time.Second, Total: 30 * time.Second,
	Undo: 15 * time.Second, Misses: 5}

// admin runs a tool that manages queues.
func admin(t *testing.T, args ...string) {
	t.Helper()
	args = append(strings.Fields(os.Getenv("EGMINA_CUPS_ADMIN")), args...)
	if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// bench is one printer with its queue.
type bench struct {
	*CUPS
	t    *testing.T
	dir  string
	port int
	cmd  *exec.Cmd
}

func newBench(t *testing.T) *bench {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, dir: t.TempDir(), port: l.Addr().(*net.TCPAddr).Port}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	b.put("engine", engine)
	b.put("uri", b.device())
	b.put("ask-job", askJob)
	b.put("printed", "")
	b.put("tray", "")
	b.switchOn()
	queue := fmt.Sprintf("egmina-test-%d", b.port)
	// The description is the one that "-m everywhere" makes of this printer, without colour presets. CUPS 2.4 makes it in a thread after
	// lpadmin returned, which meanwhile sets a disabled queue to idle and does not survive a queue that is removed.
	admin(t, "lpadmin", "-p", queue, "-E", "-v", b.device(), "-P", "testdata/everywhere.ppd", "-o", "printer-error-policy=abort-job")
	t.Cleanup(func() { _ = exec.Command("cancel", "-a", queue).Run(); admin(t, "lpadmin", "-x", queue) })
	if b.CUPS, err = NewCUPS(queue); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) device() string { return fmt.Sprintf("ipp://localhost:%d/ipp/print", b.port) }

func (b *bench) put(name, text string) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o755); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) take(name string) {
	b.t.Helper()
	if err := os.Remove(filepath.Join(b.dir, name)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) switchOn() {
	b.t.Helper()
	b.cmd = exec.Command("ippeveprinter", "-p", strconv.Itoa(b.port), "-n", "localhost", "-r", "off",
		"-d", b.t.TempDir(), "-f", "application/pdf", "-c", filepath.Join(b.dir, "engine"), fmt.Sprintf("Test %d", b.port))
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := b.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	cmd := b.cmd
	b.t.Cleanup(func() { kill(cmd) })
	b.until("the printer answers", func() bool {
		a, err := ask(context.Background(), runTool, b.device(), askPrinter, 0)
		return err == nil && a.ok()
	})
}

// kill pulls the plug: the printer and its engine.
func kill(cmd *exec.Cmd) {
	if cmd.ProcessState == nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	}
}

// paper fills or empties the tray as the printer's own web page does.
func (b *bench) paper(sheets int) {
	b.t.Helper()
	url := fmt.Sprintf("http://localhost:%d/media?size1=iso_a4_210x297mm&type1=stationery&level1=%d&size3=&type3=&level3=%d", b.port, sheets, sheets)
	resp, err := http.Get(url)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		b.t.Fatalf("%v, %s", err, resp.Status)
	}
}

func (b *bench) until(what string, ok func() bool) {
	b.t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if ok() {
			return
		}
	}
	b.t.Fatalf("in vain: %s", what)
}

// left lists the unfinished jobs at an address.
func (b *bench) left(uri string) (titles []string) {
	b.t.Helper()
	a, err := ask(context.Background(), runTool, uri, askJobs, 0)
	if err != nil || !a.ok() && !a.missing() {
		b.t.Fatalf("%s: %v, %+v", uri, err, a)
	}
	for _, j := range a.groups {
		titles = append(titles, j.first("job-name"))
	}
	return titles
}

func (b *bench) printed() string {
	b.t.Helper()
	out, err := os.ReadFile(filepath.Join(b.dir, "printed"))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(out)
}

// nothingPrints refills, waits for what might still come, and looks everywhere.
func (b *bench) nothingPrints() {
	b.t.Helper()
	if jobs := b.left(b.uri()); len(jobs) != 0 {
		b.t.Errorf("left in the queue: %q", jobs)
	}
	b.put("tray", "")
	b.paper(200)
	b.until("the printer has no jobs", func() bool { return len(b.left(b.device())) == 0 })
	time.Sleep(2 * time.Second)
	if out := b.printed(); out != "" {
		b.t.Errorf("printed after all: %q", out)
	}
}

// start runs one document and returns its outcome and its progress.
func (b *bench) start(ctx context.Context) (<-chan error, chan Progress) {
	done, said := make(chan error, 1), make(chan Progress, 1000)
	go func() {
		done <- patience.Run(ctx, b, Job{Kind: "slip", PDF: realPDF()}, func(p Progress) { said <- p })
	}()
	return done, said
}

func (b *bench) want(err error, code string) {
	b.t.Helper()
	if got := codeOf(err); got != code {
		b.t.Errorf("code %q (%v), want %q", got, err, code)
	}
}

// atDevice waits until a job is at the printer.
func (b *bench) atDevice() {
	b.t.Helper()
	b.until("a job reaches the printer", func() bool { return len(b.left(b.device())) == 1 })
}

func TestRealPrints(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	done, said := b.start(t.Context())
	b.want(<-done, "")
	title, found := strings.CutPrefix(strings.TrimSpace(b.printed()), "%PDF- ")
	if !found || !ours(title) || len(title) != len(JobTitle)+7 {
		t.Errorf("the printer saw %q", b.printed())
	}
	close(said)
	var last Progress
	for p := range said {
		last = p
	}
	if last.Stage != Printed || last.Pages != 1 {
		t.Errorf("said last: %+v", last)
	}
}

func TestRealPaperEmptyBefore(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.paper(0)
	done, said := b.start(t.Context())
	b.want(<-done, CodePaperEmpty)
	if len(said) != 1 {
		t.Error("a document was sent to a printer without paper")
	}
	b.nothingPrints()
	done, _ = b.start(t.Context()) // and with paper it goes on
	b.want(<-done, "")
}

func TestRealPaperEmptyMidJob(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.take("tray")
	done, _ := b.start(t.Context())
	b.want(<-done, CodePaperEmpty)
	b.nothingPrints()
	done, _ = b.start(t.Context()) // the queue is not stopped, though it remembers the empty tray
	b.want(<-done, "")
}

func TestRealPaperRefilledInTime(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.take("tray")
	done, said := b.start(t.Context())
	for p := range said {
		if p.Stage == Blocked {
			break
		}
	}
	b.put("tray", "")
	b.want(<-done, "")
}

func TestRealPaperEmptyAtArrival(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.paper(0) // after the first look, as it were
	id, err := b.Submit(t.Context(), Job{PDF: realPDF()})
	if err != nil {
		t.Fatal(err)
	}
	b.atDevice()
	if err := b.Cancel(t.Context(), id); err != nil {
		t.Error(err)
	}
	b.nothingPrints()
}

func TestRealSessionEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.put("slow", "")
	b.take("tray")
	ctx, stop := context.WithCancel(t.Context())
	done, _ := b.start(ctx)
	b.atDevice()
	stop()
	b.want(<-done, CodeCancelled)
	b.nothingPrints()
}

func TestRealSessionEndsWhileSubmitting(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for wait := range 8 {
		ctx, stop := context.WithTimeout(t.Context(), time.Duration(10+8*wait)*time.Millisecond)
		b.put("slow", "")
		if err := os.RemoveAll(filepath.Join(b.dir, "tray")); err != nil {
			t.Fatal(err)
		}
		done, _ := b.start(ctx)
		b.want(<-done, CodeCancelled)
		stop()
	}
	b.nothingPrints()
}

func TestRealQueueStopped(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, c := range [][2]string{{"cupsdisable", "cupsenable"}, {"cupsreject", "cupsaccept"}} {
		admin(t, c[0], b.queue)
		done, _ := b.start(t.Context())
		b.want(<-done, CodeStopped)
		admin(t, c[1], b.queue)
	}
	b.nothingPrints()
	done, _ := b.start(t.Context())
	b.want(<-done, "")
}

func TestRealQueueStoppedMidJob(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.put("slow", "")
	b.take("tray")
	done, _ := b.start(t.Context())
	b.atDevice()
	admin(t, "cupsdisable", b.queue)
	b.want(<-done, CodeStopped)
	admin(t, "cupsenable", b.queue)
	b.nothingPrints()
}

func TestRealQueueRemoved(t *testing.T) {
	t.Parallel()
	p, err := NewCUPS("egmina-test-never-made")
	if err != nil {
		t.Fatal(err)
	}
	if code := codeOf(patience.Run(t.Context(), p, Job{PDF: realPDF()}, nil)); code != CodeGone {
		t.Errorf("code %q", code)
	}
	if err := p.CancelAll(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestRealPrinterOff(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	kill(b.cmd)
	done, _ := b.start(t.Context())
	b.want(<-done, CodeGone)
	b.switchOn()
	b.nothingPrints()
}

func TestRealPrinterOffMidJob(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.put("slow", "")
	b.take("tray")
	done, _ := b.start(t.Context())
	b.atDevice()
	kill(b.cmd)
	b.want(<-done, CodeGone)
	b.switchOn()
	b.nothingPrints()
}

func TestRealPrinterGivesUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.put("broken", "")
	for range 3 { // the scheduler says now cancelled, now completed
		done, _ := b.start(t.Context())
		if code := codeOf(<-done); code != CodeFailed && code != CodeCancelled {
			t.Errorf("code %q for a job the printer aborted", code)
		}
	}
	b.take("broken")
	b.nothingPrints()
}

// What a killed kiosk leaves behind is gone after the next start, and jobs of others are not.
func TestRealPurgeAtStart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.put("slow", "")
	b.take("tray")
	for range 2 {
		if _, err := b.Submit(t.Context(), Job{PDF: realPDF()}); err != nil {
			t.Fatal(err)
		}
	}
	staff := exec.Command("lp", "-d", b.queue, "-t", "Staff list", "--", "-")
	staff.Stdin = bytes.NewReader(realPDF())
	if out, err := staff.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	b.atDevice()
	next, err := NewCUPS(b.queue)
	if err != nil {
		t.Fatal(err)
	}
	if err := next.CancelAll(t.Context()); err != nil {
		t.Error(err)
	}
	if jobs := b.left(b.uri()); len(jobs) != 1 || jobs[0] != "Staff list" {
		t.Errorf("in the queue: %q", jobs)
	}
	b.put("tray", "")
	b.until("the staff's document prints", func() bool { return b.printed() == "%PDF- Staff list\n" })
}
