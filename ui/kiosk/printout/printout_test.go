package printout_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/forms"
	"egmina/data/paper"
	"egmina/data/payment"
	"egmina/data/printing"
	"egmina/ui/kiosk/printout"
	"egmina/ui/kiosk/screentest"
	"egmina/ui/kiosk/shell"
	"egmina/ui/theme"
)

var landscape = fyne.NewSize(1920, 1080)

// printer does what a test tells it to.
type printer struct {
	fault error                  // what Check says
	steps chan printing.Progress // what Print reports
	end   chan error             // how Print ends
	ended chan error             // why its context ended
	jobs  []string
}

func newPrinter() *printer {
	return &printer{steps: make(chan printing.Progress), end: make(chan error), ended: make(chan error, 1)}
}

func (p *printer) Check(context.Context) error { return p.fault }

func (p *printer) Print(ctx context.Context, kind string, doc paper.Doc, report func(printing.Progress)) error {
	p.jobs = append(p.jobs, kind)
	for {
		select {
		case s := <-p.steps:
			report(s)
			p.steps <- s // tells that it was reported
		case err := <-p.end:
			return err
		case <-ctx.Done():
			p.ended <- ctx.Err()
			return data.Fail(printing.CodeCancelled, ctx.Err())
		}
	}
}

// at lets the printer report and the screen see it.
func (p *printer) at(s *screentest.Stage, step printing.Progress) {
	p.steps <- step
	<-p.steps
	s.Pass(300 * time.Millisecond)
}

func job(t testing.TB) printout.Job {
	t.Helper()
	p, err := screentest.Pack()
	if err != nil {
		t.Fatal(err)
	}
	def, _ := p.Form("pelnomocnictwo")
	day := data.DateOf(screentest.Now)
	f, err := forms.Compile(*def, forms.Env{Today: day, Tariffs: p.Tariffs})
	if err != nil {
		t.Fatal(err)
	}
	return printout.Job{
		Kind: "pelnomocnictwo", Title: "Pełnomocnictwo", Next: []string{"Podpisz wydruk."},
		Make: func(context.Context) (paper.Doc, error) {
			return paper.FormDoc(paper.FormInput{Municipality: p.Municipality, Form: f, Made: day, Blank: true})
		},
	}
}

func open(t testing.TB, p *printer, j printout.Job, size fyne.Size) *screentest.Stage {
	s := screentest.New(t, size)
	s.Push(printout.New(&printout.Needs{Printer: p}, j))
	s.Want("Przygotowujemy wydruk")
	s.Settle()
	return s
}

func TestPrintedIsSaidOnlyAtTheEnd(t *testing.T) {
	p := newPrinter()
	s := open(t, p, job(t), landscape)
	s.Tap("Drukuj")
	for _, step := range []struct {
		stage printing.Stage
		says  string
	}{
		{printing.Checking, "Sprawdzamy drukarkę"}, {printing.Sending, "Wysyłamy do drukarki"}, {printing.Printing, "Drukuje się"},
	} {
		p.at(s, printing.Progress{Stage: step.stage})
		s.Want(step.says)
		if s.Says("Wydrukowano") {
			t.Fatalf("says printed while %v", step.stage)
		}
	}
	p.at(s, printing.Progress{Stage: printing.Printing, Pages: 1})
	s.Want("Strona 1 z")
	p.end <- nil
	s.Settle()
	s.Want("Wydrukowano", "Podpisz wydruk.")
	if len(p.jobs) != 1 || p.jobs[0] != "pelnomocnictwo" {
		t.Fatalf("jobs %q", p.jobs)
	}
	s.Tap("Gotowe")
	if s.Screen() != "home" {
		t.Fatalf("on %s", s.Screen())
	}
}

func TestAFailureSaysWhyAndOffersToTryAgain(t *testing.T) {
	p := newPrinter()
	s := open(t, p, job(t), landscape)
	s.Tap("Drukuj")
	p.at(s, printing.Progress{Stage: printing.Blocked, Problem: printing.CodePaperEmpty})
	s.Want("Drukarka czeka", sentence(s, printing.CodePaperEmpty))
	p.end <- data.Fail(printing.CodePaperEmpty, nil)
	s.Settle()
	s.Want(sentence(s, printing.CodePaperEmpty))
	if s.Says("Wydrukowano") {
		t.Fatal("says printed")
	}
	s.Tap("Drukuj ponownie")
	p.end <- nil
	s.Settle()
	s.Want("Wydrukowano")
}

func sentence(s *screentest.Stage, code string) string { return s.Ctx().Err(data.Fail(code, nil)) }

func TestThePrinterIsLookedAtFirst(t *testing.T) {
	p := newPrinter()
	p.fault = data.Fail(printing.CodeGone, nil)
	s := open(t, p, job(t), landscape)
	s.Want(sentence(s, printing.CodeGone))
	p.fault = nil
	s.Tap("Sprawdź ponownie")
	s.Settle()
	if s.Says(sentence(s, printing.CodeGone)) {
		t.Fatal("still says that the printer is gone")
	}
}

// The job must not print for the next person.
func TestTheEndOfTheSessionTakesTheJobBack(t *testing.T) {
	for name, leave := range map[string]func(*screentest.Stage){
		"end":    func(s *screentest.Stage) { s.Shell.End() },
		"cancel": func(s *screentest.Stage) { s.Tap("Anuluj drukowanie") },
	} {
		p := newPrinter()
		s := open(t, p, job(t), landscape)
		s.Tap("Drukuj")
		p.at(s, printing.Progress{Stage: printing.Printing})
		leave(s)
		select {
		case <-p.ended:
		case <-time.After(5 * time.Second):
			t.Fatalf("%s: the job goes on", name)
		}
		if name == "cancel" {
			s.Settle()
			s.Want(sentence(s, printing.CodeCancelled))
		}
	}
}

func TestNoDocumentSaysSo(t *testing.T) {
	p := newPrinter()
	j := job(t)
	j.Make = func(context.Context) (paper.Doc, error) { return paper.Doc{}, errors.New("broken") }
	s := open(t, p, j, landscape)
	s.Want("Nie udało się przygotować wydruku")
	if _, ok := s.Target("Drukuj"); ok {
		t.Fatal("offers to print nothing")
	}
}

func TestPaymentCodesShowOnTheScreen(t *testing.T) {
	p := newPrinter()
	j := job(t)
	good := payment.Transfer{NRB: "09000000001217042000000003", Name: "Gmina Kościelisko", Title: "Opłata skarbowa", Amount: 1700}
	dear := good
	dear.Amount = payment.MaxAmount + 1
	j.Pay = []payment.Transfer{good, dear, {Amount: 100}}
	s := open(t, p, j, landscape)
	s.Tap("Kody do zapłaty")
	s.Want("17,00", "09 0000 0000 1217 0420 0000 0003", "Opłata skarbowa", "Wpłata 1 z 3", "Otwórz aplikację banku")
	s.Tap("Następna")
	s.Want("za wysoka na kod QR", "10\u00a0000,00")
	s.Tap("Następna")
	s.Want("O numer rachunku zapytaj", "do potwierdzenia w urzędzie")
	s.Tap("Wróć do podglądu")
	s.Tap("Drukuj")
	p.end <- nil
	s.Settle()
	s.Want("Wydrukowano")
	s.Tap("Kody do zapłaty")
	s.Want("17,00")
}

// The title beside a code is the one in the code, and that it was cut is said.
func TestTitleIsWhatTheCodeHolds(t *testing.T) {
	j := job(t)
	j.Pay = []payment.Transfer{{NRB: "09000000001217042000000003", Name: "Gmina Kościelisko", Title: "Opłata za gospodarowanie odpadami komunalnymi", Amount: 1700}}
	s := open(t, newPrinter(), j, landscape)
	s.Tap("Kod do zapłaty")
	s.Want("Opłata za gospodarowanie odpadam", "Tytuł jest za długi i został skrócony.")
	if s.Says("odpadami") {
		t.Error("the title on the screen is not the one in the code")
	}
}

func TestWordsFollowTheLanguage(t *testing.T) {
	p := newPrinter()
	j := job(t)
	j.Say = func(c *shell.Ctx) (string, []string) { return c.T("print.pay_title"), []string{c.T("form.next_sign")} }
	s := open(t, p, j, landscape)
	s.Tap("Drukuj")
	p.end <- nil
	s.Settle()
	s.Want("Podpisz wydruk")
	s.Shell.SetLang("en")
	s.Want("Sign the printout", "Printed")
}

func TestItHoldsOnEveryPanel(t *testing.T) {
	for _, size := range screentest.Sizes {
		p := newPrinter()
		j := job(t)
		j.Pay = []payment.Transfer{{NRB: "09000000001217042000000003", Name: "Gmina", Title: "Opłata", Amount: 1700}}
		s := open(t, p, j, size)
		s.Shell.SetDisplay(theme.HighContrast, true)
		s.Fits()
		s.Tap("Kod do zapłaty")
		s.Fits()
		s.Tap("Wróć do podglądu")
		s.Tap("Drukuj")
		s.Fits()
		p.end <- nil
		s.Settle()
		s.Fits()
	}
}

func BenchmarkOpenPrintout(b *testing.B) {
	p := newPrinter()
	j := job(b)
	s := screentest.New(b, landscape)
	for b.Loop() {
		s.Push(printout.New(&printout.Needs{Printer: p}, j))
		s.Settle()
		s.Ctx().Home()
	}
}
