package kiosk

import (
	"context"
	"slices"

	"egmina/data"
	"egmina/data/paper"
	"egmina/data/resident"
	"egmina/ui/kiosk/account"
	"egmina/ui/kiosk/form"
	"egmina/ui/kiosk/home"
	"egmina/ui/kiosk/meters"
	"egmina/ui/kiosk/pages"
	"egmina/ui/kiosk/printout"
	"egmina/ui/kiosk/procedures"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kiosk/waste"
	"egmina/ui/kit"
)

// Doors that have pages, and pages other screens lead to.
const (
	doorInfo     = "info"
	doorOnline   = "online"
	doorDialog   = "dialog"
	doorServices = "uslugi"
	pageAccess   = "kod-dostepu"
	pageOffice   = "urzad"
)

// rooms are the families of screens with what each needs.
type rooms struct {
	k          *Kiosk
	procedures procedures.Needs
	pages      pages.Needs
	form       form.Needs
	printout   printout.Needs
	account    account.Needs
	waste      waste.Needs
	meters     meters.Needs
}

func newRooms(k *Kiosk) rooms {
	r := rooms{k: k}
	r.printout = printout.Needs{Printer: k.cfg.Printer}
	r.pages = pages.Needs{Pages: k.pagesNow, Rows: k.rows}
	r.procedures = procedures.Needs{
		Content: k.proceduresNow, Fill: k.fill, Blank: k.blank, Contact: func(c *shell.Ctx) { k.page(c, pageOffice, doorInfo) },
	}
	r.form = form.Needs{Content: k.formsNow, Print: k.printForm, Ready: k.checkPrinter, Facts: facts, Login: k.login}
	r.account = account.Needs{
		Desk: k.cfg.Desk, Tariffs: func() data.Tariffs { return k.cfg.Content().Tariffs },
		Municipality: func() data.Municipality { return k.cfg.Content().Municipality },
		Waste:        k.myWaste, Meters: k.myMeters, Print: k.printSlips,
		NoCode: func(c *shell.Ctx) { k.page(c, pageAccess, doorServices) },
	}
	r.waste = waste.Needs{
		Waste:  func() data.Waste { return k.cfg.Content().Waste },
		Places: func() []string { return k.cfg.Content().Municipality.Villages },
	}
	r.meters = meters.Needs{Desk: k.cfg.Desk, Changed: k.listen, Print: k.printReceipt}
	return r
}

// calls is what the first screen leads to.
func (r *rooms) calls() home.Calls {
	k := r.k
	door := func(name string) func(*shell.Ctx) {
		return func(c *shell.Ctx) { c.Push(pages.List(&k.rooms.pages, name)) }
	}
	return home.Calls{
		Search:     func(c *shell.Ctx, typed string) { c.Push(procedures.Results(&k.rooms.procedures, typed)) },
		Procedures: func(c *shell.Ctx) { c.Push(procedures.Areas(&k.rooms.procedures)) },
		Services:   door(doorServices), Info: door(doorInfo), Online: door(doorOnline), Dialog: door(doorDialog),
	}
}

// listen has f called whenever the outbox or an account has changed.
func (k *Kiosk) listen(f func()) (stop func()) {
	k.next++
	id := k.next
	k.listeners[id] = f
	return func() { delete(k.listeners, id) }
}

// tell passes news from the office on to the screens that live on it.
func (k *Kiosk) tell() {
	for _, f := range k.listeners {
		f()
	}
}

func (k *Kiosk) pagesNow() []data.Page { return k.cfg.Content().Pages }

func (k *Kiosk) proceduresNow() procedures.Content {
	c := k.cfg.Content()
	return procedures.Content{Municipality: c.Municipality, Procedures: c.Procedures, Forms: c.Forms, Tariffs: c.Tariffs, Search: c.Search}
}

func (k *Kiosk) formsNow() form.Content {
	c := k.cfg.Content()
	return form.Content{Municipality: c.Municipality, Forms: c.Forms, Tariffs: c.Tariffs}
}

// rows are what a door leads to besides its pages.
func (k *Kiosk) rows(c *shell.Ctx, door string) []kit.RowSpec {
	row := func(icon, key string, do func()) kit.RowSpec {
		return kit.RowSpec{Icon: icon, Title: c.T("kiosk." + key), Detail: c.T("kiosk." + key + "_line"), Do: do}
	}
	switch door {
	case doorServices:
		return []kit.RowSpec{
			row("wallet", "balance", func() { k.balance(c) }),
			row("meter", "meters", func() { account.Enter(c, k.rooms.account, k.metersOf) }),
			row("waste", "my_waste", func() { account.Enter(c, k.rooms.account, k.wasteOf) }),
			row("calendar", "schedule", func() { c.Push(waste.Public(k.rooms.waste)) }),
		}
	case doorInfo:
		return []kit.RowSpec{row("form", "forms", func() { c.Push(procedures.Forms(&k.rooms.procedures)) })}
	}
	return nil
}

func (k *Kiosk) balance(c *shell.Ctx) {
	account.Enter(c, k.rooms.account, func(a *resident.Account) shell.Screen { return account.Overview(k.rooms.account, a) })
}

func (k *Kiosk) metersOf(a *resident.Account) shell.Screen { return meters.List(k.rooms.meters, a) }
func (k *Kiosk) wasteOf(a *resident.Account) shell.Screen  { return waste.Mine(k.rooms.waste, a) }

func (k *Kiosk) myMeters(c *shell.Ctx, a *resident.Account) { c.Push(k.metersOf(a)) }
func (k *Kiosk) myWaste(c *shell.Ctx, a *resident.Account)  { c.Push(k.wasteOf(a)) }

func (k *Kiosk) login(c *shell.Ctx, then func(*shell.Ctx)) { account.Login(c, k.rooms.account, then) }

// page opens a page of the pack, or its door where the pack has no such page.
func (k *Kiosk) page(c *shell.Ctx, slug, door string) {
	if slices.ContainsFunc(k.pagesNow(), func(p data.Page) bool { return p.Slug == slug }) {
		c.Push(pages.Reader(&k.rooms.pages, slug))
		return
	}
	c.Push(pages.List(&k.rooms.pages, door))
}

func (k *Kiosk) fill(c *shell.Ctx, slug string) { c.Push(form.Intro(&k.rooms.form, slug)) }

func (k *Kiosk) blank(c *shell.Ctx, slug string) {
	if err := form.PrintBlank(c, &k.rooms.form, slug); err != nil {
		c.Notice("form", kit.Attention, c.Err(err))
	}
}

func (k *Kiosk) printForm(c *shell.Ctx, p form.Printout) {
	c.Push(printout.New(&k.rooms.printout, printout.Job{Kind: p.Kind, Say: p.Say, Make: p.Make, Pay: p.Pay}))
}

func (k *Kiosk) printSlips(c *shell.Ctx, slips []paper.Slip) {
	in := paper.SlipInput{Municipality: k.cfg.Content().Municipality, Slips: slips, Made: data.DateOf(c.Now())}
	c.Push(printout.New(&k.rooms.printout, printout.Job{
		Kind: "blankiet", Say: titled("kiosk.slips"), Make: func(context.Context) (paper.Doc, error) { return paper.SlipDoc(in) },
	}))
}

func (k *Kiosk) printReceipt(c *shell.Ctx, lines []paper.ReceiptLine) {
	now := c.Now()
	in := paper.ReceiptInput{
		Municipality: k.cfg.Content().Municipality, Kiosk: k.cfg.Name, Made: data.DateOf(now), Time: now.Format("15:04"), Lines: lines,
	}
	c.Push(printout.New(&k.rooms.printout, printout.Job{
		Kind: "potwierdzenie", Say: titled("kiosk.receipt"), Make: func(context.Context) (paper.Doc, error) { return paper.ReceiptDoc(in) },
	}))
}

// titled names a document in the language of the moment.
func titled(key string) func(*shell.Ctx) (string, []string) {
	return func(c *shell.Ctx) (string, []string) { return c.T(key), nil }
}
