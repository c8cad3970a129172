package form_test

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/paper"
	"egmina/ui/kiosk/form"
	"egmina/ui/kiosk/screentest"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

var landscape = fyne.NewSize(1920, 2400) // everything is in sight

const waste = "deklaracja-odpady"

func needs(t testing.TB) (*form.Needs, *[]form.Printout) {
	t.Helper()
	p, err := screentest.Pack()
	if err != nil {
		t.Fatal(err)
	}
	var printed []form.Printout
	return &form.Needs{
		Content: func() form.Content {
			return form.Content{Municipality: p.Municipality, Forms: p.Forms, Tariffs: p.Tariffs}
		},
		Print: func(_ *shell.Ctx, p form.Printout) { printed = append(printed, p) },
	}, &printed
}

var holder = data.Holder{
	FirstName: "Anna", LastName: "Próbna", PESEL: "44051401359", House: "7", Postcode: "34-511", Town: "Witów",
}

// atHouseholds goes through the waste declaration up to the number of people.
func atHouseholds(s *screentest.Stage) {
	s.Tap("Tak, wstaw")
	s.Tap("Zacznij")
	s.Tap("Pierwsza deklaracja")
	s.Type("Od kiedy", "1.11.2026")
	s.Tap("Dalej")
	s.Tap("Właściciel")
	for range 4 { // applicant, details, address, contact
		s.Tap("Dalej")
	}
	s.Tap("Nieruchomość ma ten sam")
	s.Tap("Dalej")
	s.Tap("Dalej") // plots
	s.Tap("Dom jednorodzinny")
	s.Tap("Dalej")
}

func withFacts(n *form.Needs) *form.Needs {
	n.Facts = func(*shell.Ctx) map[string]string { return holder.Facts() }
	return n
}

func TestFromIntroToPaper(t *testing.T) {
	n, printed := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(withFacts(n), waste))
	s.Want("Deklaracja o wysokości opłaty", "Wstawić Twoje dane?", "Zajmie około")
	if s.Says("Anna") {
		t.Fatal("the page shows personal data before anybody said yes")
	}
	atHouseholds(s)
	s.Type("Liczba osób", "6")
	s.Tap("Dalej")
	s.Want("110,00", "Krok 10 z 10")
	s.Tap("Sprawdź odpowiedzi")
	s.Want("Próbna", "44051401359", "110,00", "01.11.2026", "Pierwsza deklaracja", "nie wymaga opłaty", "Numer dokumentu D-")
	s.Tap("Wydrukuj")
	if len(*printed) != 1 {
		t.Fatal("nothing was printed")
	}
	doc, err := (*printed)[0].Make(context.Background())
	if err != nil || len(doc.Pages) == 0 {
		t.Fatalf("no paper: %v", err)
	}
	number := s.Texts()[indexOf(s.Texts(), "Numer dokumentu ")][len("Numer dokumentu "):]
	if !strings.Contains(wordsOf(doc), number) {
		t.Fatalf("the paper does not bear %s", number)
	}
	title, next := (*printed)[0].Say(s.Ctx())
	if title == "" || len(next) < 2 {
		t.Fatalf("what to do next: %q %q", title, next)
	}
}

func indexOf(all []string, prefix string) int {
	for i, s := range all {
		if strings.HasPrefix(s, prefix) {
			return i
		}
	}
	return -1
}

func wordsOf(d paper.Doc) string {
	var b strings.Builder
	for _, p := range d.Pages {
		for _, it := range p.Items {
			if t, ok := it.(paper.Text); ok {
				b.WriteString(t.S + "\n")
			}
		}
	}
	return b.String()
}

func TestErrorsWaitUntilOneGoesOn(t *testing.T) {
	n, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(n, waste))
	s.Tap("Zacznij")
	const choose, needed = "Wybierz jedną z odpowiedzi", "To pole jest potrzebne"
	if s.Says(choose) || s.Says(needed) {
		t.Fatal("complains before anybody did anything")
	}
	s.Tap("Dalej")
	s.Want(choose, needed, "Krok 1 z")
	s.Tap("Zmiana danych")
	if s.Says(choose) {
		t.Fatal("the complaint stays when it is answered")
	}
	s.Type("Od kiedy", "31.02.2026")
	s.Want("Takiego dnia nie ma w kalendarzu")
}

func TestAWrongAnswerIsNamedWhenTheFieldIsLeft(t *testing.T) {
	n, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(n, waste))
	s.Tap("Zacznij")
	s.Tap("Zmiana danych")
	s.Type("Od kiedy", "31.02.2026")
	const wrong = "Takiego dnia nie ma w kalendarzu"
	if s.Says(wrong) {
		t.Fatal("complains while it is typed")
	}
	s.Type("Co się zmieniło", "x")
	s.Want(wrong)
}

func TestEnterGoesToTheNextField(t *testing.T) {
	n, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(withFacts(n), waste))
	s.Tap("Zacznij")
	s.Tap("Pierwsza")
	s.Type("Od kiedy", "1.11.2026")
	s.Tap("Dalej")
	s.Tap("Właściciel")
	s.Tap("Dalej")
	s.Type("Nazwisko", "Nowa")
	s.Key(fyne.KeyReturn)
	s.Keys("Ewa")
	if got := s.Value("Imię"); got != "Ewa" {
		t.Fatalf("first name is %q", got)
	}
}

func TestConditionsAreLive(t *testing.T) {
	n, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(n, waste))
	s.Tap("Zacznij")
	const asked = "Dlaczego obowiązek"
	if s.Says(asked) {
		t.Fatal("a hidden question shows")
	}
	s.Tap("Koniec obowiązku")
	s.Want(asked)
	s.Tap("Pierwsza deklaracja")
	if s.Says(asked) {
		t.Fatal("the question stays after its reason has gone")
	}
}

func TestGoingBackLosesNothing(t *testing.T) {
	n, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(withFacts(n), waste))
	atHouseholds(s)
	s.Type("Liczba osób", "3")
	for range 20 {
		if s.Screen() == "form.step" {
			s.Tap("Wstecz")
		}
	}
	if s.Screen() != "form.intro" {
		t.Fatalf("on %s", s.Screen())
	}
	s.Tap("Wstecz")
	s.Push(form.Intro(n, waste)) // opened again in the same session
	s.Tap("Kontynuuj")
	if got := s.Value("Od kiedy"); got != "01.11.2026" {
		t.Fatalf("the date is %q", got)
	}
	for range 8 {
		s.Tap("Dalej")
	}
	if got := s.Value("Liczba osób"); got != "3" {
		t.Fatalf("people are %q", got)
	}
}

func TestLanguageKeepsWhatIsHalfTyped(t *testing.T) {
	n, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(n, waste))
	s.Tap("Zacznij")
	s.Type("Od kiedy", "15.1")
	s.Shell.SetLang("en")
	if got := s.Value("From what day"); got != "15.1" {
		t.Fatalf("half a date became %q", got)
	}
}

func TestLanguageKeepsNumbersAsTyped(t *testing.T) {
	n, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(withFacts(n), waste))
	atHouseholds(s)
	s.Type("Liczba osób", "07")
	s.Shell.SetLang("en")
	if got := s.Value("Number of people"); got != "07" {
		t.Fatalf("07 became %q under the resident's hands", got)
	}
}

func TestRepetitionsComeAndGo(t *testing.T) {
	n, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(withFacts(n), waste))
	atHouseholds(s)
	s.Type("Liczba osób", "6")
	s.Tap("Dodaj")
	s.Keys("2") // the new one has the focus
	s.Want("Gospodarstwo domowe 2")
	s.Tap("Usuń") // the first: the second moves up
	if got := s.Value("Liczba osób"); got != "2" {
		t.Fatalf("what is left says %q", got)
	}
	if s.Says("Gospodarstwo domowe 2") {
		t.Fatal("nothing was removed")
	}
}

func TestReviewLeadsToOneThingAndBack(t *testing.T) {
	n, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(withFacts(n), waste))
	atHouseholds(s)
	s.Type("Liczba osób", "2")
	s.Tap("Dalej")
	s.Tap("Sprawdź odpowiedzi")
	s.Tap("Powód złożenia")
	s.Want("Krok 1 z")
	s.Tap("Koniec obowiązku") // needs one more answer
	s.Tap("Wróć do sprawdzenia")
	s.Want("Wybierz jedną z odpowiedzi")
	s.Tap("Poprawienie")
	s.Tap("Wróć do sprawdzenia")
	if s.Screen() != "form.review" {
		t.Fatalf("on %s", s.Screen())
	}
	s.Want("Poprawienie błędu (korekta)", "38,00")
}

func TestReviewNamesWhatIsMissing(t *testing.T) {
	n, printed := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(withFacts(n), waste))
	atHouseholds(s)
	s.Type("Liczba osób", "2")
	s.Tap("Dalej")
	s.Tap("Sprawdź odpowiedzi")
	s.Tap("Powód złożenia")
	s.Tap("Zmiana danych") // one more field, not required; then the company way:
	s.Tap("Wróć do sprawdzenia")
	changeApplicant(s)
	s.Want("Jeden krok trzeba jeszcze uzupełnić", "Brakuje odpowiedzi")
	if _, ok := s.Target("Wydrukuj"); ok {
		t.Fatal("an incomplete form can be printed")
	}
	s.Tap("Uzupełnij")
	s.Want("To pole jest potrzebne")
	if len(*printed) != 0 {
		t.Fatal("printed")
	}
}

// changeApplicant makes the filer a company, whose details nobody has given.
func changeApplicant(s *screentest.Stage) {
	s.T.Helper()
	s.Tap("Kto składa")
	s.Tap("Firma, spółka")
	s.Tap("Wróć do sprawdzenia")
}

func TestFeesAreShownAndGoAlong(t *testing.T) {
	n, printed := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(withFacts(n), "zaswiadczenie-niezaleganie-wniosek"))
	s.Tap("Tak, wstaw")
	s.Tap("Zacznij")
	through(s)
	s.Want("21,00")
	s.Tap("Wydrukuj")
	if pay := (*printed)[0].Pay; len(pay) != 1 || pay[0].Amount != 2100 || pay[0].NRB == "" || pay[0].Title == "" {
		t.Fatalf("payments %+v", pay)
	}
}

// through answers every question with its first option until the review comes.
func through(s *screentest.Stage) {
	s.T.Helper()
	for range 30 {
		if s.Screen() != "form.step" {
			return
		}
		answerFirst(s)
		for _, l := range []string{"Dalej", "Sprawdź odpowiedzi"} {
			if _, ok := s.Target(l); ok {
				s.Tap(l)
				break
			}
		}
	}
	s.T.Fatalf("stuck on %q: %q", s.Shell.Probe().Title, s.Texts())
}

// answerFirst chooses the first option and fills empty entries with what such
// fields take.
func answerFirst(s *screentest.Stage) {
	for _, t := range s.Shell.Probe().Targets {
		if t.Kind == kit.KindChoice {
			t.Object.(fyne.Tappable).Tapped(&fyne.PointEvent{})
			break
		}
	}
	for _, t := range s.Shell.Probe().Targets {
		e, ok := t.Object.(*kit.Entry)
		if !ok || e.Text != "" || strings.Contains(t.Label, "nieobowiązkowe") {
			continue
		}
		s.Win.Canvas().Focus(e)
		s.Keys(map[kit.Layout]string{
			kit.LayoutDigits: "3", kit.LayoutDecimal: "3", kit.LayoutDate: "01.10.2026", kit.LayoutPostcode: "34-511",
			kit.LayoutPhone: "600700800", kit.LayoutEmail: "a@example.pl", kit.LayoutLetters: "Anna Próbna",
		}[e.Layout()])
	}
}

func TestThePrinterIsLookedAtBeforeAnybodyTypes(t *testing.T) {
	n, _ := needs(t)
	n.Ready = func(context.Context) error { return data.Fail("printer.paper_empty", nil) }
	s := screentest.New(t, landscape)
	s.Push(form.Intro(n, waste))
	s.Settle()
	s.Want("Możesz wypełnić formularz, ale teraz go nie wydrukujesz")
}

func TestPrefillAsksFirst(t *testing.T) {
	n, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(withFacts(n), waste))
	s.Tap("Nie, wpiszę")
	if s.Says("Wstawić Twoje dane?") {
		t.Fatal("asks again after a no")
	}
	s.Tap("Zacznij")
	s.Tap("Pierwsza")
	s.Type("Od kiedy", "1.11.2026")
	s.Tap("Dalej")
	s.Tap("Właściciel")
	s.Tap("Dalej")
	if got := s.Value("Nazwisko"); got != "" {
		t.Fatalf("filled in %q after a no", got)
	}
}

func TestTheEndWipesEverything(t *testing.T) {
	n, printed := needs(t)
	s := screentest.New(t, landscape)
	intro := form.Intro(withFacts(n), waste)
	s.Push(intro)
	atHouseholds(s)
	s.Shell.End()
	s.Push(intro)
	s.Tap("Zacznij") // not "continue"
	if got := s.Value("Od kiedy"); got != "" {
		t.Fatalf("the next resident reads %q", got)
	}
	if len(*printed) != 0 {
		t.Fatal("printed")
	}
}

func TestStartingAnewForgetsTheAnswers(t *testing.T) {
	n, _ := needs(t)
	s := screentest.New(t, landscape)
	s.Push(form.Intro(n, waste))
	s.Tap("Zacznij")
	s.Type("Od kiedy", "15.11.2026")
	s.Tap("Wstecz")
	s.Tap("Zacznij od nowa")
	s.Tap("Zacznij")
	if got := s.Value("Od kiedy"); got != "" {
		t.Fatalf("still %q", got)
	}
}

func TestBlankPaper(t *testing.T) {
	n, printed := needs(t)
	s := screentest.New(t, landscape)
	if err := form.PrintBlank(s.Ctx(), n, waste); err != nil {
		t.Fatal(err)
	}
	doc, err := (*printed)[0].Make(context.Background())
	if err != nil || len(doc.Pages) == 0 || len((*printed)[0].Pay) != 0 {
		t.Fatalf("%d pages, %v", len(doc.Pages), err)
	}
	if form.PrintBlank(s.Ctx(), n, "no-such") == nil {
		t.Fatal("prints what is not there")
	}
	s.Push(form.Intro(n, "no-such"))
	s.Want("Tego formularza nie można teraz otworzyć")
}

func TestEveryFormHoldsOnEveryPanel(t *testing.T) {
	n, _ := needs(t)
	for _, size := range screentest.Sizes {
		tall := fyne.NewSize(size.Width, size.Height)
		for _, f := range n.Content().Forms {
			s := screentest.New(t, tall)
			s.Push(form.Intro(n, f.Slug))
			s.Fits()
			s.Shell.SetDisplay(theme.HighContrast, true)
			s.Fits()
			s.Tap("Zacznij")
			s.Fits()
			s.Shell.SetLang("en")
			s.Fits()
		}
	}
}

func TestEveryFormCanBeFilledIn(t *testing.T) {
	n, printed := needs(t)
	for _, f := range n.Content().Forms {
		s := screentest.New(t, fyne.NewSize(1920, 6000))
		s.Push(form.Intro(withFacts(n), f.Slug))
		if _, ok := s.Target("Tak, wstaw"); ok {
			s.Tap("Tak, wstaw")
		}
		s.Tap("Zacznij")
		for range 40 {
			if s.Screen() != "form.step" {
				break
			}
			answerFirst(s)
			before := s.Shell.Probe().Title
			for _, l := range []string{"Dalej", "Sprawdź odpowiedzi"} {
				if _, ok := s.Target(l); ok {
					s.Tap(l)
					break
				}
			}
			s.Fits()
			if s.Shell.Probe().Title == before && s.Screen() == "form.step" {
				fillChecks(s)
			}
		}
		if s.Screen() != "form.review" {
			t.Errorf("%s: stuck on %q: %q", f.Slug, s.Shell.Probe().Title, s.Texts())
			continue
		}
		s.Fits()
		s.Tap("Wydrukuj")
		if _, err := (*printed)[len(*printed)-1].Make(context.Background()); err != nil {
			t.Errorf("%s: %v", f.Slug, err)
		}
	}
}

// fillChecks ticks every box: some statements must be agreed to.
func fillChecks(s *screentest.Stage) {
	for _, t := range s.Shell.Probe().Targets {
		if t.Kind == kit.KindCheck {
			t.Object.(fyne.Tappable).Tapped(&fyne.PointEvent{})
		}
	}
	// Questions after the first one stay open: choose the first row of each.
	for _, c := range choices(s) {
		if c.Value() == "" {
			c.First().TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		}
	}
}

func choices(s *screentest.Stage) []*kit.Choice {
	var out []*kit.Choice
	kit.Walk(s.Root(), func(o fyne.CanvasObject, _ fyne.Position) {
		if c, ok := o.(*kit.Choice); ok {
			out = append(out, c)
		}
	})
	return out
}

func BenchmarkOpenIntro(b *testing.B) {
	n, _ := needs(b)
	s := screentest.New(b, fyne.NewSize(1920, 1080))
	for b.Loop() {
		s.Push(form.Intro(n, waste))
		s.Shell.End() // the next one compiles the form again
	}
}

func BenchmarkOpenStep(b *testing.B) {
	n, _ := needs(b)
	s := screentest.New(b, fyne.NewSize(1920, 1080))
	s.Push(form.Intro(n, waste))
	for b.Loop() {
		s.Tap("Zacznij")
		s.Tap("Wstecz")
		s.Tap("Zacznij od nowa")
	}
}

func BenchmarkOpenReview(b *testing.B) {
	n, _ := needs(b)
	s := screentest.New(b, fyne.NewSize(1920, 2400))
	s.Push(form.Intro(withFacts(n), waste))
	atHouseholds(s)
	s.Type("Liczba osób", "2")
	s.Tap("Dalej")
	for b.Loop() {
		s.Tap("Sprawdź odpowiedzi")
		s.Tap("Wstecz")
	}
}

// BenchmarkTypeLetter is one letter into a field: the form works itself out anew.
func BenchmarkTypeLetter(b *testing.B) {
	n, _ := needs(b)
	s := screentest.New(b, fyne.NewSize(1920, 2400))
	s.Push(form.Intro(withFacts(n), waste))
	atHouseholds(s)
	s.Type("Liczba osób", "2")
	for b.Loop() {
		s.Keys("2")
		s.Key(fyne.KeyBackspace)
	}
}
