package printing

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestStatusIsAMask(t *testing.T) {
	for _, c := range []struct {
		status, attributes uint32
		want               []string
	}{
		{0, 0, nil},
		{statusBusy | statusPrinting, 0, nil},
		{statusPaperOut, 0, []string{CodePaperEmpty}},
		{statusPaperOut | statusPaperProblem | statusError | statusTonerLow, 0, []string{CodePaperEmpty, CodeAttention}},
		{statusPaperJam | statusDoorOpen | statusPaused, 0, []string{CodeJam, CodeDoorOpen, CodeStopped}},
		{statusOffline, attributeWorkOffline, []string{CodeGone}},
		{0, attributeWorkOffline | 0x40, []string{CodeGone}},
		{statusNoToner | statusUserIntervention, 0, []string{CodeTonerEmpty, CodeAttention}},
		{0x80000000, 0, nil},
	} {
		if s := spoolState(c.status, c.attributes); !slices.Equal(s.Problems, c.want) {
			t.Errorf("%#x %#x: %q, want %q", c.status, c.attributes, s.Problems, c.want)
		}
	}
	if s := spoolState(statusTonerLow|statusProcessing, 0); !s.Busy || !s.Ready() || !slices.Equal(s.Notices, []string{"toner-low"}) {
		t.Errorf("%+v", s)
	}
}

func TestJobBits(t *testing.T) {
	for status, want := range map[uint32]JobPhase{
		0: JobWaiting, jobSpooling: JobWaiting, jobPrinting | jobSpooling: JobPrinting, jobPaused: JobHeld,
		jobPrinting | jobPaperOut: JobStopped, jobError: JobStopped, jobPrinted: JobDone, jobComplete | jobPrinting: JobDone,
		jobDeleting | jobPrinting: JobCancelled, jobDeleted | jobPrinted: JobCancelled, jobUserIntervention: JobStopped,
	} {
		if got := spoolPhase(status); got != want {
			t.Errorf("%#x: %d, want %d", status, got, want)
		}
	}
}

// fakeSpooler is a queue in memory.
type fakeSpooler struct {
	status, attributes uint32
	err                error
	list               []spoolJob
	removed            []uint32
}

func (f *fakeSpooler) printer() (status, attributes uint32, err error) {
	return f.status, f.attributes, f.err
}
func (f *fakeSpooler) jobs() ([]spoolJob, error) { return slices.Clone(f.list), f.err }
func (f *fakeSpooler) remove(id uint32) error {
	f.removed = append(f.removed, id)
	f.list = slices.DeleteFunc(f.list, func(j spoolJob) bool { return j.id == id })
	return f.err
}

// fakeSumatra makes a job of the file it is given, like SumatraPDF the whole path being its title.
func fakeSumatra(t *testing.T, f *fakeSpooler, takes time.Duration, res result) runner {
	return func(_ context.Context, c command) (result, error) {
		file := c.args[len(c.args)-1]
		if b, err := os.ReadFile(file); err != nil || string(b) != testPDF {
			t.Errorf("file: %q, %v", b, err)
		}
		time.Sleep(takes)
		if res.code == 0 {
			f.list = append(f.list, spoolJob{id: 7, document: file, status: jobSpooling})
		}
		return res, nil
	}
}

func testSpool(t *testing.T, f *fakeSpooler, run runner) *Spool {
	t.Helper()
	s, err := newSpool("HP Lobby", `C:\SumatraPDF.exe`, f, run)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSpoolPrints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		t.Setenv("TMPDIR", t.TempDir())
		f := &fakeSpooler{}
		s := testSpool(t, f, fakeSumatra(t, f, 2*time.Second, result{}))
		time.AfterFunc(4*time.Second, func() { f.list[0].status = jobPrinting; f.list[0].printed = 1 })
		time.AfterFunc(6*time.Second, func() { f.list = nil })
		pages := 0
		if err := Run(t.Context(), s, Job{PDF: []byte(testPDF)}, func(p Progress) { pages = p.Pages }); err != nil || pages != 1 {
			t.Errorf("%v, %d pages", err, pages)
		}
		if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*")); len(left) != 0 {
			t.Errorf("document left on disk: %q", left)
		}
	})
}

func TestSpoolPaperOutIsTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSpooler{}
		s := testSpool(t, f, fakeSumatra(t, f, time.Second, result{}))
		time.AfterFunc(3*time.Second, func() { f.list[0].status = jobPrinting | jobPaperOut })
		if code := codeOf(Run(t.Context(), s, Job{PDF: []byte(testPDF)}, nil)); code != CodePaperEmpty || !slices.Equal(f.removed, []uint32{7}) {
			t.Errorf("code %q, removed %v", code, f.removed)
		}
	})
}

func TestSpoolExitStatusZeroIsNoProof(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSpooler{}
		s := testSpool(t, f, func(context.Context, command) (result, error) { return result{}, nil })
		if code := codeOf(Run(t.Context(), s, Job{PDF: []byte(testPDF)}, nil)); code != CodeService {
			t.Errorf("code %q", code)
		}
	})
}

func TestSpoolHangingSumatra(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSpooler{}
		s := testSpool(t, f, func(ctx context.Context, c command) (result, error) {
			f.list = append(f.list, spoolJob{id: 9, document: c.args[len(c.args)-1]}, spoolJob{id: 3, document: "Report of the mayor"})
			<-ctx.Done()
			return result{}, ctx.Err()
		})
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		if code := codeOf(Run(ctx, s, Job{PDF: []byte(testPDF)}, nil)); code != CodeCancelled || !slices.Equal(f.removed, []uint32{9}) {
			t.Errorf("code %q, removed %v", code, f.removed)
		}
	})
}

func TestSpoolJobThatLeftTheQueue(t *testing.T) {
	for status, want := range map[uint32]JobPhase{
		jobSpooling: JobDone, jobPrinting: JobDone, jobPaperOut: JobUnknown, jobPaused: JobUnknown, jobDeleting: JobCancelled,
	} {
		f := &fakeSpooler{list: []spoolJob{{id: 7, status: status}}}
		s := testSpool(t, f, nil)
		if _, err := s.Job(t.Context(), "7"); err != nil {
			t.Fatal(err)
		}
		f.list = nil
		for range 2 {
			if st, err := s.Job(t.Context(), "7"); err != nil || st.Phase != want {
				t.Errorf("%#x: %+v, %v; want %d", status, st, err, want)
			}
		}
	}
	f := &fakeSpooler{err: errNoPrinter}
	s := testSpool(t, f, nil)
	s.note("7", spoolJob{status: jobPrinting})
	if st, err := s.Job(t.Context(), "7"); err != nil || st.Phase != JobUnknown {
		t.Errorf("printer removed: %+v, %v", st, err)
	}
	if st, err := s.State(t.Context()); err != nil || !slices.Equal(st.Problems, []string{CodeGone}) {
		t.Errorf("printer removed: %+v, %v", st, err)
	}
	if err := s.CancelAll(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSpoolerThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		_, err := within(t.Context(), func() (int, error) { <-release; return 0, nil })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		close(release)
	})
}

func TestSpoolNames(t *testing.T) {
	for _, bad := range []string{"", "-silent", "a\nb", `a"b`} {
		if _, err := newSpool(bad, "x", nil, nil); codeOf(err) != CodeSettings {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := newSpool("HP", "", nil, nil); codeOf(err) != CodeSettings {
		t.Error(err)
	}
	if _, err := newSpool(`\\serwer\Drukarka w holu ż`, "x", nil, nil); err != nil {
		t.Error(err)
	}
}
