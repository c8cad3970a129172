package kiosk

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/paper"
	"egmina/data/payment"
	"egmina/data/resident"
	"egmina/ui/kiosk/account"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
)

// resident K-001201 of the pack owes of nearly every kind.
const (
	richCode = "ZAB5-RRB1-46VH"
	richPIN  = "2580"
)

// pinOf returns code and PIN of a payer of the pack.
func accessOf(t testing.TB, payer string) (code, pin string) {
	t.Helper()
	for _, r := range content().Residents {
		if r.Payer == payer {
			return r.Code, r.PIN
		}
	}
	t.Fatalf("no %s in the pack", payer)
	return "", ""
}

// open logs a payer in and shows what is owed.
func (r *rig) open(payer string) {
	r.tb.Helper()
	code, pin := accessOf(r.tb, payer)
	r.tap("Usługi", "Co mam do zapłaty?")
	r.login(code, pin)
	r.at("account")
}

func (r *rig) value(field int) string { return r.field(field).(*kit.Entry).Text }

func (r *rig) focusedLabel() string {
	if d, ok := r.focused().(kit.Targeted); ok {
		return d.Target().Label
	}
	return ""
}

func TestScannerThenPIN(t *testing.T) {
	r := newRig(t, landscape)
	r.tap("Usługi", "Co mam do zapłaty?")
	r.at("login")
	r.keys("zab5rrb146vh") // a scanner types the letters and Enter
	r.key(fyne.KeyReturn)
	if got := r.value(0); got != richCode {
		t.Errorf("code is shown as %q", got)
	}
	if got := r.focusedLabel(); got != "PIN" {
		t.Fatalf("after the code the focus is on %q", got)
	}
	r.keys(richPIN)
	r.key(fyne.KeyReturn)
	r.at("account")
}

func TestLoginErrors(t *testing.T) {
	r := newRig(t, landscape)
	r.tap("Usługi", "Co mam do zapłaty?")
	r.tap("Otwórz konto") // by touch: the focus would stay on the button
	r.want("Wpisz kod dostępu")
	if got := r.focusedLabel(); got != "Kod dostępu" {
		t.Errorf("no code: focus on %q", got)
	}
	r.keys("ZAB5RRB146VH")
	r.tap("Otwórz konto")
	r.want("Wpisz PIN.")
	if got := r.focusedLabel(); got != "PIN" {
		t.Errorf("no PIN: focus on %q", got)
	}
	r.keys("1111")
	r.tap("Otwórz konto")
	if r.screen() != "login" || r.value(0) != richCode || r.value(1) != "" {
		t.Errorf("on %s, the code must stay and the PIN go: %q %q", r.screen(), r.value(0), r.value(1))
	}
	if got := r.focusedLabel(); got != "PIN" {
		t.Errorf("wrong PIN: focus on %q", got)
	}
	r.desk.fail = &data.Error{Code: "resident.wait", Args: map[string]any{"Seconds": 30}}
	r.keys("1111")
	r.tap("Otwórz konto")
	r.want("30 s")
	r.desk.fail = nil
	r.keys(richPIN)
	r.key(fyne.KeyReturn)
	r.at("account")
}

func TestLoginShowsThatItGoesOn(t *testing.T) {
	r := newRig(t, landscape)
	r.tap("Usługi", "Co mam do zapłaty?")
	r.hold = true
	r.login(richCode, richPIN)
	r.at("login")
	if !r.target("Otwórz konto").Disabled {
		t.Error("a second login can be started")
	}
	r.key(fyne.KeyReturn)
	if len(r.jobs) != 1 {
		t.Errorf("%d logins under way", len(r.jobs))
	}
	r.clock.pass(time.Second)
	r.want("Proszę chwilę zaczekać")
	r.release()
	r.at("account")
}

func TestLanguageKeepsLogin(t *testing.T) {
	r := newRig(t, landscape)
	r.tap("Usługi", "Co mam do zapłaty?")
	r.keys("ZAB5RRB146VH")
	r.key(fyne.KeyReturn)
	r.keys("25")
	r.tap("English")
	r.want("Access code")
	if r.value(0) != richCode || r.value(1) != "25" {
		t.Errorf("typed text is gone: %q %q", r.value(0), r.value(1))
	}
	if got := r.focusedLabel(); got != "English" {
		t.Errorf("the focus went from the language to %q", got)
	}
}

func TestEndWipesLoginAndAccount(t *testing.T) {
	r := newRig(t, landscape)
	r.tap("Usługi", "Co mam do zapłaty?")
	r.keys("ZAB5RRB146VH")
	r.tap("Zakończ")
	r.at("home")
	r.tap("Usługi", "Co mam do zapłaty?")
	if r.value(0) != "" {
		t.Errorf("the next resident sees %q", r.value(0))
	}
	var opened *resident.Account
	then := func(a *resident.Account) shell.Screen { opened = a; return account.Overview(r.kiosk.rooms.account, a) }
	c := r.ctx()
	account.Enter(c, r.kiosk.rooms.account, then)
	r.login(richCode, richPIN)
	r.at("account")
	r.tap("Zakończ")
	if len(opened.Bundle.Charges) != 0 || opened.Bundle.Holder.LastName != "" {
		t.Error("the account is still in memory")
	}
	r.tap("Usługi", "Moje odbiory")
	r.at("login")
}

// ctx is the context of the list of services.
func (r *rig) ctx() *shell.Ctx {
	var got *shell.Ctx
	rows := r.kiosk.rooms.pages.Rows
	r.kiosk.rooms.pages.Rows = func(c *shell.Ctx, door string) []kit.RowSpec { got = c; return rows(c, door) }
	r.toHome()
	r.tap(r.say("home.services"))
	r.kiosk.rooms.pages.Rows = rows
	return got
}

func TestOnceLoggedInAllIsOpen(t *testing.T) {
	r := newRig(t, landscape)
	r.open("K-001201")
	r.tap("Odbiory odpadów")
	r.at("waste")
	r.key(fyne.KeyEscape)
	r.tap("Wodomierze")
	r.at("meters")
	r.toHome()
	r.tap("Usługi", "Moje odbiory")
	r.at("waste")
}

// TestFormTakesTheAccount comes back to the form after logging in from it.
func TestFormTakesTheAccount(t *testing.T) {
	r := newRig(t, landscape)
	r.tap("Informacje", "Formularze i druki")
	r.pressAll("Wypełnij i wydrukuj", 1)
	r.at("form.intro")
	title := r.kiosk.Probe().Title
	r.tap("Zaloguj")
	r.at("login")
	r.login(richCode, richPIN)
	r.at("form.intro")
	if r.kiosk.Probe().Title != title {
		t.Errorf("back on %q instead of %q", r.kiosk.Probe().Title, title)
	}
	r.target("Tak, wstaw")
}

func TestPickOverdueAndPay(t *testing.T) {
	r := newRig(t, landscape)
	var printed []paper.Slip
	r.kiosk.rooms.account.Print = func(_ *shell.Ctx, s []paper.Slip) { printed = s }
	r.open("K-001201")
	r.want("Zaznacz, co chcesz zapłacić")
	if !r.target("Zaznacz, co").Disabled {
		t.Error("nothing is picked, yet it can be paid")
	}
	r.tap("Zaznacz wszystko po terminie")
	b := resident.BalanceOf(content().Residents[0].Bundle(0), content().Tariffs, data.DateOf(noon))
	var lines []resident.Line
	var sum data.Money
	for _, g := range b.Groups {
		for _, l := range g.Lines {
			if l.Late > 0 && l.Total() > 0 {
				lines, sum = append(lines, l), sum+l.Total()
			}
		}
	}
	r.want("stawka odsetek do potwierdzenia w urzędzie")
	r.tap("Zapłać " + sum.String())
	r.at("pay")
	r.want("stawka odsetek do potwierdzenia w urzędzie")
	r.want("Wpłata 1 z 7", lines[0].Total().String(), lines[0].PayTitle, "odsetki "+lines[0].Interest.String())
	if !r.target("Poprzednia wpłata").Disabled {
		t.Error("there is nothing before the first payment")
	}
	r.tap("Następna wpłata")
	r.want("Wpłata 2 z 7", lines[1].Total().String(), payment.Words(lines[1].Total()))
	r.tap("Poprzednia wpłata", "Wydrukuj blankiety")
	if len(printed) != len(lines) {
		t.Fatalf("%d slips for %d payments", len(printed), len(lines))
	}
	for i, s := range printed {
		if s.Decision != lines[i].Decision || i == 0 && s.Decision == "" {
			t.Errorf("slip %d rests on %q", i, s.Decision)
		}
		if s.Transfer.Amount != lines[i].Total() || s.Payer.Name == "" || !strings.Contains(s.Payer.Address, "34-511") {
			t.Errorf("slip %d: %+v", i, s)
		}
	}
	if printed[0].Transfer.Amount == lines[0].Left {
		t.Error("the first slip has no interest")
	}
}

func TestPickOne(t *testing.T) {
	r := newRig(t, portrait)
	r.open("K-001209")
	r.want("współwłaściciele: ")
	r.press(kit.KindCheck, 0)
	r.tap("Zapłać ")
	if r.says("Wpłata 1 z") {
		t.Error("a single payment needs no way to the next")
	}
	r.target("Wydrukuj blankiet")
	r.key(fyne.KeyEscape)
	r.at("account")
	r.press(kit.KindCheck, 0)
	if !r.target("Zaznacz, co").Disabled {
		t.Error("taken back, yet it can be paid")
	}
}

func TestTooMuchForACode(t *testing.T) {
	r := newRig(t, landscape)
	r.open("K-001204")
	r.press(kit.KindCheck, 0)
	r.tap("Zapłać ")
	r.want("Tej kwoty nie można zapłacić kodem", data.Money(999_999).String(), "Wydrukuj blankiet i zapłać w banku")
}

func TestAccountsWithNothingToPay(t *testing.T) {
	for payer, say := range map[string]string{
		"K-001206": "nie ma żadnych należności", "K-001212": "Wszystko zapłacone", "K-001203": "Nadpłata: ",
	} {
		r := newRig(t, landscape)
		r.open(payer)
		r.want(say, "Stan na 22.11.2026")
		if payer != "K-001203" && r.says("Zaznacz, co chcesz zapłacić") {
			t.Errorf("%s is offered to pay", payer)
		}
	}
}

func TestHistoryNewestFirst(t *testing.T) {
	r := newRig(t, landscape)
	r.open("K-001201")
	r.tap("Historia wpłat")
	r.at("history")
	var days []string
	for _, x := range r.texts() {
		if d, err := time.Parse("02.01.2006", x.Text()); err == nil {
			days = append(days, d.Format(time.DateOnly))
		}
	}
	if len(days) != len(content().Residents[0].Payments) {
		t.Fatalf("%d of %d payments", len(days), len(content().Residents[0].Payments))
	}
	for i := 1; i < len(days); i++ {
		if days[i] > days[i-1] {
			t.Errorf("%s comes after %s", days[i], days[i-1])
		}
	}
	r.toHome()
	r.tap("Zakończ")
	r.open("K-001206")
	r.tap("Historia wpłat")
	r.want("Nie ma jeszcze zaksięgowanych wpłat.")
}

func TestWaste(t *testing.T) {
	r := newRig(t, landscape)
	r.tap("Usługi", "Terminy odbioru odpadów")
	r.want("Najbliższe odbiory: Kościelisko", "Co gdzie wyrzucić")
	r.tap("Witów")
	r.want("Najbliższe odbiory: Witów")
	r.tap("English")
	r.want("Next collections: Witów") // the choice stays
	r.tap("Polski")
	r.key(fyne.KeyEscape)
	r.key(fyne.KeyEscape)
	r.open("K-001201")
	r.tap("Odbiory odpadów")
	r.want("Według rodzaju", "Odpady zmieszane", "Najbliższe odbiory: Kościelisko")
	for _, x := range r.texts() {
		if strings.Contains(x.Text(), ", 0 l") {
			t.Errorf("%q: things counted in pieces have no litres", x.Text())
		}
	}
}

// cancelled is a desk whose answer never comes before the session ends.
type cancelled struct{ *fakeDesk }

func (d cancelled) Login(ctx context.Context, _, _ string) (*resident.Account, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestEndCancelsALogin(t *testing.T) {
	r := newRig(t, landscape)
	r.kiosk.rooms.account.Desk = cancelled{r.desk}
	r.tap("Usługi", "Co mam do zapłaty?")
	r.hold = true
	r.login(richCode, richPIN)
	r.tap("Zakończ")
	r.release() // the job sees its context ended, and nothing is shown
	r.at("home")
}
