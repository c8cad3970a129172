package meters_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"egmina/assets"
	"egmina/data"
	"egmina/data/cache"
	"egmina/data/paper"
	"egmina/data/resident"
	"egmina/data/seal"
	"egmina/ui/i18n"
	"egmina/ui/kiosk/meters"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
)

const (
	code         = "7K3MQ9TR2XPD"
	pin          = "2580"
	municipality = "koscielisko"
)

// clock stands still; timers never fire.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time                             { return c.now }
func (c *clock) AfterFunc(time.Duration, func()) (s func()) { return func() {} }

func day(s string) data.Date {
	d, err := data.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// home is the screen below the meters.
type home struct{ c *shell.Ctx }

func (h *home) Name() string                 { return "home" }
func (h *home) View(c *shell.Ctx) shell.View { h.c = c; return shell.View{Bare: true} }

// kiosk is a shell with a real desk over a real cache.
type kiosk struct {
	t       testing.TB
	clock   *clock
	cache   *cache.Cache
	account *resident.Account
	desk    meters.Desk
	shell   *shell.Shell
	win     fyne.Window
	home    *home
	printed [][]paper.ReceiptLine
	changed []func()
	pub     []byte
	blind   string
	box     []byte
	seq     int64
}

func house() data.Meter {
	return data.Meter{
		ID: "dom", Number: "08412377", Place: data.Text{"pl": "dom", "en": "house"}, Digits: 5, Red: 3, Installed: day("2021-05-12"), Start: 3, WindowFrom: 20, WindowTo: 28,
		Readings: []data.Reading{
			{Date: day("2026-07-27"), Value: 628, Source: data.ReadByResident}, {Date: day("2026-08-26"), Value: 638, Source: data.ReadEstimated},
			{Date: day("2026-09-25"), Value: 647, Source: data.ReadByCollector}, {Date: day("2026-10-28"), Value: 656, Source: data.ReadByResident},
		},
	}
}

// replaced is a meter put in two weeks ago.
func replaced() data.Meter {
	return data.Meter{
		ID: "nowy", Number: "26110077", Place: data.PL("ogród"), Digits: 4, Red: 2, Installed: day("2026-11-09"), Replaces: "04455120",
		Readings: []data.Reading{
			{Date: day("2026-10-28"), Value: 2188, Source: data.ReadByResident, Meter: "04455120"},
			{Date: day("2026-11-09"), Value: 2191, Source: data.ReadByCollector, Meter: "04455120"},
		},
	}
}

// nearEnd is a meter about to pass its end.
func nearEnd() data.Meter {
	return data.Meter{
		ID: "obora", Number: "777", Place: data.PL("obora"), Digits: 4, Installed: day("2015-01-01"),
		Readings: []data.Reading{{Date: day("2026-08-26"), Value: 9970, Source: data.ReadByResident}, {Date: day("2026-10-28"), Value: 9990, Source: data.ReadByResident}},
	}
}

func open(t testing.TB, size fyne.Size, list ...data.Meter) *kiosk {
	t.Helper()
	k := &kiosk{t: t, clock: &clock{time.Date(2026, 11, 23, 10, 5, 0, 0, time.UTC)}, blind: seal.BlindID(code, municipality)}
	k.fill(data.Bundle{Payer: "K-001234", AsOf: data.InstantOf(k.clock.now.Add(-time.Hour)), Meters: list})
	k.start(size)
	return k
}

// fill makes the cache as the feed would leave it.
func (k *kiosk) fill(b data.Bundle) {
	k.t.Helper()
	var err error
	k.cache, _, err = cache.Open(k.t.TempDir(), k.clock.Now)
	k.must(err)
	k.t.Cleanup(func() { k.cache.Close() })
	k.pub, k.box, err = seal.NewKeybox(code, pin, k.blind)
	k.must(err)
	k.publish(b)
	office, err := seal.NewBoxKey()
	k.must(err)
	d := resident.NewDesk(k.cache, municipality, office.Public(), k.clock.Now)
	k.desk = d
	k.account, err = d.Login(context.Background(), code, pin)
	k.must(err)
}

// publish is what the office sends about the account.
func (k *kiosk) publish(b data.Bundle) {
	k.t.Helper()
	plain, err := json.Marshal(b)
	k.must(err)
	sealed, err := seal.Seal(k.pub, seal.BundleInfo(k.blind), plain)
	k.must(err)
	k.seq += 2
	k.must(k.cache.Replace(context.Background(), data.Snapshot{
		Bucket: data.AccountBucket + k.blind, At: data.Position{Epoch: "e", Seq: k.seq},
		Entries: []data.Change{{Seq: k.seq - 1, Key: "bundle", Value: sealed}, {Seq: k.seq, Key: "keybox", Value: k.box}},
	}))
}

func (k *kiosk) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *kiosk) start(size fyne.Size) {
	test.NewTempApp(k.t)
	cat, err := i18n.Load(assets.Lang)
	k.must(err)
	k.win = test.NewWindow(nil)
	k.t.Cleanup(k.win.Close)
	k.win.SetPadded(false)
	k.win.Resize(size)
	k.home = &home{}
	inline := func(f func()) { f() }
	k.shell = shell.New(shell.Config{Canvas: k.win.Canvas(), Catalog: cat, Home: k.home, Office: "Urząd Gminy Kościelisko", Clock: k.clock, Dispatch: inline, Go: inline})
	k.win.SetContent(k.shell.Content())
	k.win.Resize(size)
	k.shell.Start()
	k.home.c.Push(meters.List(k.needs(), k.account))
}

func (k *kiosk) needs() meters.Needs {
	return meters.Needs{
		Desk: k.desk,
		Changed: func(f func()) func() {
			k.changed = append(k.changed, f)
			return func() { k.changed = nil }
		},
		Print: func(_ *shell.Ctx, l []paper.ReceiptLine) { k.printed = append(k.printed, l) },
	}
}

// press touches what has a label that begins like this.
func (k *kiosk) press(label string) {
	k.t.Helper()
	for _, x := range k.shell.Probe().Targets {
		if strings.HasPrefix(x.Label, label) && !x.Disabled {
			x.Object.(fyne.Tappable).Tapped(&fyne.PointEvent{})
			return
		}
	}
	k.t.Fatalf("nothing to press called %q on %s: %v", label, k.shell.Probe().Screen, k.labels())
}

func (k *kiosk) labels() (out []string) {
	for _, x := range k.shell.Probe().Targets {
		if x.Kind != kit.KindKey {
			out = append(out, x.Label)
		}
	}
	return out
}

func (k *kiosk) has(label string) bool {
	return slices.ContainsFunc(k.shell.Probe().Targets, func(x kit.TargetInfo) bool { return strings.HasPrefix(x.Label, label) && !x.Disabled })
}

// reads reports whether a sentence stands on the page.
func (k *kiosk) reads(sentence string) bool { return says(k.shell.Content(), sentence) }

func says(o fyne.CanvasObject, sentence string) bool {
	if !o.Visible() {
		return false
	}
	var children []fyne.CanvasObject
	switch x := o.(type) {
	case *kit.Text:
		return strings.Contains(x.Text(), sentence)
	case *fyne.Container:
		children = x.Objects
	case fyne.Widget:
		children = test.WidgetRenderer(x).Objects()
	}
	return slices.ContainsFunc(children, func(c fyne.CanvasObject) bool { return says(c, sentence) })
}

func (k *kiosk) want(screen string, sentences ...string) {
	k.t.Helper()
	if got := k.shell.Probe().Screen; got != screen {
		k.t.Fatalf("on %s, want %s", got, screen)
	}
	for _, s := range sentences {
		if !k.reads(s) {
			k.t.Errorf("%s does not say %q", screen, s)
		}
	}
}

func (k *kiosk) typed(s string) {
	k.t.Helper()
	f := k.win.Canvas().Focused()
	if f == nil {
		k.t.Fatal("nothing to type into")
	}
	test.Type(f, s)
}

func (k *kiosk) sent() []resident.Sent {
	k.t.Helper()
	s, err := k.desk.Sent(context.Background(), k.account)
	k.must(err)
	return s
}

var fullHD = fyne.NewSize(1920, 1080)

// One visit: two meters one after the other, the receipt, the office.
func TestVisit(t *testing.T) {
	k := open(t, fullHD, house(), replaced())
	k.want("meters", "Dom · nr 08412377", "Nowy wodomierz od 09.11.2026")
	k.press("Podaj 2 odczyty")
	k.want("meter.entry", "Poprzednio: 656 m³, 28.10.2026")
	k.typed("668")
	k.want("meter.entry", "Zużycie od 28.10.2026: 12 m³")
	k.press("Zapisz odczyt")
	k.want("meter.receipt", "668 m³", "Czeka na wysłanie")
	k.press("Następny: ogród")
	k.typed("1")
	k.press("Zapisz odczyt")
	sent := k.sent()
	if len(sent) != 2 || sent[0].Value != 668 || sent[1].Value != 1 || sent[1].Meter != "nowy" {
		t.Fatalf("left %+v", sent)
	}
	k.want("meter.receipt", sent[0].Receipt, sent[1].Receipt)
	if k.has("Następny") {
		t.Error("a further meter is offered although all have a reading")
	}
	k.press("Wydrukuj potwierdzenie")
	if len(k.printed) != 1 || len(k.printed[0]) != 2 || k.printed[0][0] != (paper.ReceiptLine{Meter: "08412377", Place: "dom", Value: 668, Digits: 5, Number: sent[0].Receipt}) {
		t.Errorf("to print: %+v", k.printed)
	}
	k.arrive(sent[:1], data.OpApplied)
	k.want("meter.receipt", "W urzędzie", "Czeka na wysłanie")
	k.arrive(sent[1:], data.OpApplied)
	if k.reads("Czeka na wysłanie") {
		t.Error("a reading that is in the office is still said to wait")
	}
	k.press("Wstecz")
	k.want("meters", "668 m³")
	k.press("Dom")
	k.want("meter", sent[0].Receipt+" · w urzędzie", "12 m³")
}

var reason = map[string]string{data.OpRejected: "office.reading_value"}

// arrive is the office's answer to readings.
func (k *kiosk) arrive(sent []resident.Sent, status string) {
	k.t.Helper()
	var results []data.OpResult
	for _, s := range sent {
		results = append(results, data.OpResult{ID: s.Op, Status: status, Receipt: s.Receipt, Reason: reason[status]})
	}
	k.must(k.cache.Acked(context.Background(), results, "e", 0))
	for _, f := range k.changed {
		f()
	}
}

func TestRulesAreSaidBesideTheField(t *testing.T) {
	k := open(t, fullHD, house())
	k.press("Podaj odczyt")
	k.press("Zapisz odczyt")
	k.want("meter.entry", "Wpisz stan wodomierza.")
	k.typed("656123")
	k.want("meter.entry", "Za dużo cyfr. Wpisz tylko czarne, a jest ich 5.")
	k.press("Zapisz odczyt")
	k.want("meter.entry", "Za dużo cyfr.")
	if len(k.sent()) != 0 {
		t.Fatal("a reading with an error was left")
	}
	for range 3 {
		k.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	}
	k.want("meter.entry", "Zużycie od 28.10.2026: 0 m³")
	if k.reads("Za dużo cyfr") {
		t.Error("an error stays after it was put right")
	}
}

// A number that is still being typed is lower than the last one: no question yet.
func TestLowerIsAskedOnlyWhenSaved(t *testing.T) {
	k := open(t, fullHD, nearEnd())
	k.press("Podaj odczyt")
	k.typed("5")
	k.want("meter.entry", "Poprzednio: 9990 m³")
	k.press("Zapisz odczyt")
	k.want("meter.entry", "Czy licznik doszedł do końca")
	if k.has("Zapisz odczyt") {
		t.Fatal("it can be saved before the question is answered")
	}
	k.press("Nie, poprawię odczyt")
	k.want("meter.entry", "Stan wodomierza")
	k.press("Zapisz odczyt")
	k.press("Tak, licznik zaczął od zera")
	k.want("meter.entry", "Zużycie od 28.10.2026: 15 m³")
	if len(k.sent()) != 0 {
		t.Fatal("an answer alone has left the reading")
	}
	k.press("Zapisz odczyt")
	k.want("meter.receipt", "5 m³")
}

func TestJumpAndWindowAreAsked(t *testing.T) {
	k := open(t, fullHD, house())
	k.clock.now = time.Date(2026, 11, 5, 9, 0, 0, 0, time.UTC)
	k.press("Podaj odczyt")
	k.want("meter.entry", "od 20. do 28. dnia miesiąca")
	k.typed("900")
	k.press("Zapisz odczyt")
	k.want("meter.entry", "Wychodzi 244 m³ od 28.10.2026")
	if k.reads("dziś jest 05.11.2026") {
		t.Error("two questions at once")
	}
	k.press("Tak, odczyt jest dobry")
	k.want("meter.entry", "dziś jest 05.11.2026")
	k.press("Nie, podam odczyt w tych dniach")
	k.want("meter.entry", "Odczyt nie został zapisany.")
	if k.has("Zapisz odczyt") || len(k.sent()) != 0 {
		t.Fatal("no was taken for yes")
	}
	k.press("Tak, zapisz mimo to")
	k.press("Zapisz odczyt")
	k.want("meter.receipt", "900 m³")
}

func TestOneReadingADay(t *testing.T) {
	k := open(t, fullHD, house())
	k.press("Podaj odczyt")
	k.typed("660")
	k.press("Zapisz odczyt")
	k.press("Wstecz")
	k.want("meters", "czeka na wysłanie")
	if k.has("Podaj") {
		t.Error("a second reading of the day is offered")
	}
	k.press("Dom")
	k.want("meter", "Dzisiejszy odczyt tego wodomierza jest już zapisany.", "660 m³")
	if k.has("Podaj") {
		t.Error("a second reading of the day is offered for the meter")
	}
}

func TestRefusedReadingIsSaid(t *testing.T) {
	k := open(t, fullHD, house())
	k.press("Podaj odczyt")
	k.typed("660")
	k.press("Zapisz odczyt")
	sent := k.sent()
	k.arrive(sent, data.OpRejected)
	k.want("meter.receipt", "Urząd nie przyjął odczytu "+sent[0].Receipt+". Odczyt ma więcej cyfr niż licznik.")
	k.press("Wydrukuj")
	if len(k.printed[0]) != 0 {
		t.Error("a refused reading is printed as left")
	}
	k.press("Wstecz")
	if !k.has("Podaj odczyt") {
		t.Error("a refused reading cannot be given again")
	}
}

// Enter saves, as the keyboard's Done does; a change of language loses nothing.
func TestKeysAndLanguage(t *testing.T) {
	k := open(t, fullHD, house())
	k.press("Podaj odczyt")
	k.typed("66")
	k.shell.SetLang("en")
	k.want("meter.entry", "Before: 656 m³")
	k.typed("0")
	k.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	k.want("meter.receipt", "660 m³", "Waiting to be sent")
}

// news from the office while the page is open changes the bundle, too.
func TestNewsFromTheOffice(t *testing.T) {
	k := open(t, fullHD, house())
	m := house()
	m.Readings = append(m.Readings, data.Reading{Date: day("2026-11-20"), Value: 662, Source: data.ReadByCollector})
	k.publish(data.Bundle{Meters: []data.Meter{m}})
	for _, f := range k.changed {
		f()
	}
	k.want("meters", "662 m³", "Ostatni odczyt: 20.11.2026")
}

func TestSessionEnds(t *testing.T) {
	k := open(t, fullHD, house())
	k.press("Podaj odczyt")
	k.typed("66")
	k.shell.End()
	if len(k.changed) != 0 {
		t.Error("still listening after the session")
	}
	k.want("home")
}

func TestNoMeters(t *testing.T) {
	k := open(t, fullHD)
	k.want("meters", "Na tym koncie nie ma wodomierza.")
}

// full is a desk whose disk is full.
type full struct{ meters.Desk }

func (full) Leave(context.Context, *resident.Account, resident.Draft) (resident.Sent, error) {
	return resident.Sent{}, data.Fail("cache.full", nil)
}

func TestNotSavedIsSaid(t *testing.T) {
	k := open(t, fullHD, house())
	k.desk = full{k.desk}
	k.home.c.Push(meters.List(k.needs(), k.account))
	k.shell.End() // the visit of the first desk
	k = reopened(k)
	k.press("Podaj odczyt")
	k.typed("660")
	k.press("Zapisz odczyt")
	k.want("meter.entry", "Na dysku urządzenia brakuje miejsca.")
	if !k.has("Zapisz odczyt") {
		t.Error("it cannot be tried again")
	}
}

// reopened is a new session of the same account.
func reopened(k *kiosk) *kiosk {
	k.home.c.Push(meters.List(k.needs(), k.account))
	return k
}

func BenchmarkOpen(b *testing.B) {
	k := open(b, fullHD, house(), replaced(), nearEnd())
	for name, labels := range map[string][]string{"list": nil, "meter": {"Dom"}, "entry": {"Podaj"}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				k.home.c.Push(meters.List(k.needs(), k.account))
				for _, l := range labels {
					k.press(l)
				}
				k.home.c.PopTo("home")
			}
		})
	}
}
