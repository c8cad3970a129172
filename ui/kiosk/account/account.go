// Package account is what a resident sees of the money: login, what is owed,
// payment codes, and the history of payments.
package account

import (
	"context"
	"slices"

	"egmina/data"
	"egmina/data/paper"
	"egmina/data/resident"
	"egmina/ui/kiosk/shell"
)

// Desk opens accounts.
type Desk interface {
	Login(ctx context.Context, typedCode, pin string) (*resident.Account, error)
}

// Needs is what the family needs from the rest of the kiosk.
type Needs struct {
	Desk         Desk
	Tariffs      func() data.Tariffs
	Municipality func() data.Municipality
	// Where one goes from the account; nil leaves the way out.
	Waste, Meters func(*shell.Ctx, *resident.Account)
	Print         func(*shell.Ctx, []paper.Slip)
	NoCode        func(*shell.Ctx) // how to get an access code
}

type sessionKey struct{}

// Of returns the account that is open in this session, or nil.
func Of(c *shell.Ctx) *resident.Account {
	a, _ := c.Session().Get(sessionKey{}).(*resident.Account)
	return a
}

// Enter shows what next makes of the open account, asking for code and PIN
// once a session.
func Enter(c *shell.Ctx, n Needs, next func(*resident.Account) shell.Screen) {
	if a := Of(c); a != nil {
		c.Push(next(a))
		return
	}
	c.Push(&login{n: n, done: func(c *shell.Ctx, a *resident.Account) { c.Replace(next(a)) }})
}

// Login asks for code and PIN and calls then with the login page still on top,
// which then leaves. With an account open already it only draws the page anew.
func Login(c *shell.Ctx, n Needs, then func(*shell.Ctx)) {
	if Of(c) != nil {
		c.Refresh()
		return
	}
	c.Push(&login{n: n, done: func(on *shell.Ctx, _ *resident.Account) { then(on) }})
}

// keep makes the account the session's and has it wiped at the end.
func keep(c *shell.Ctx, a *resident.Account) {
	c.Session().Set(sessionKey{}, a)
	c.Session().OnEnd(a.Wipe)
}

// kindIcons are the icons of the kinds of charge.
var kindIcons = map[string]string{
	"property": "house", "agricultural": "leaf", "forest": "tree", "waste": "waste", "water": "drop", "vehicle": "car", "other": "receipt",
}

// today is the civil date on the kiosk's clock.
func today(c *shell.Ctx) data.Date { return data.DateOf(c.Now()) }

// chosen returns the lines with something to pay whose charge is picked, in
// the order they are shown.
func chosen(b resident.Balance, ids []string) []resident.Line {
	var out []resident.Line
	for _, g := range b.Groups {
		for _, l := range g.Lines {
			if l.Total() > 0 && slices.Contains(ids, l.ID) {
				out = append(out, l)
			}
		}
	}
	return out
}
