// Package meters is where residents see their water meters, leave readings and
// learn what became of them.
package meters

import (
	"context"
	"unicode"
	"unicode/utf8"

	"egmina/data"
	"egmina/data/paper"
	"egmina/data/resident"
	"egmina/ui/kiosk/shell"
)

// Desk takes readings (resident.Desk).
type Desk interface {
	Check(ctx context.Context, a *resident.Account, meter, typed string) (data.ReadingCheck, error)
	Leave(ctx context.Context, a *resident.Account, draft resident.Draft) (resident.Sent, error)
	Sent(ctx context.Context, a *resident.Account) ([]resident.Sent, error)
	Refresh(ctx context.Context, a *resident.Account) error
}

// Needs is what the family needs from the rest of the kiosk.
type Needs struct {
	Desk Desk
	// Changed has f called on the UI goroutine whenever the outbox or an account
	// changed, until stop. Nil: states are read only when a screen opens.
	Changed func(f func()) (stop func())
	Print   func(*shell.Ctx, []paper.ReceiptLine)
}

// visit is what the session knows of the account's readings.
type visit struct {
	n     Needs
	a     *resident.Account
	sent  []resident.Sent
	mine  []data.ID // readings left in this session, oldest first
	err   error
	stale bool       // something changed since sent was read
	top   *shell.Ctx // of the screen that shows states
	stop  func()
}

type visitKey struct{}

// visitOf returns the session's visit for the account.
func visitOf(c *shell.Ctx, n Needs, a *resident.Account) *visit {
	if v, ok := c.Session().Get(visitKey{}).(*visit); ok && v.a == a {
		return v
	}
	v := &visit{n: n, a: a}
	c.Session().Set(visitKey{}, v)
	c.Session().OnEnd(v.wipe)
	if n.Changed != nil {
		v.stop = n.Changed(v.changed)
	}
	return v
}

func (v *visit) wipe() {
	if v.stop != nil {
		v.stop()
	}
	*v = visit{}
}

// changed reads the states again for the screen that shows them. When that one
// has left, the next does so when it is drawn.
func (v *visit) changed() {
	v.stale = true
	if v.top != nil {
		v.load(v.top)
	}
}

type news struct {
	bundle data.Bundle
	sent   []resident.Sent
}

// load reads bundle and states anew. The job works on a copy of the account:
// the screens read the other one meanwhile.
func (v *visit) load(c *shell.Ctx) {
	desk, copied := v.n.Desk, *v.a
	shell.Run(c, func(ctx context.Context) (news, error) {
		if err := desk.Refresh(ctx, &copied); err != nil {
			return news{}, err
		}
		sent, err := desk.Sent(ctx, &copied)
		return news{copied.Bundle, sent}, err
	}, func(got news, err error) {
		v.stale, v.err = false, err
		if err == nil {
			v.a.Bundle, v.sent = got.bundle, got.sent
		}
		c.Refresh()
	})
}

// keep adds a reading that is now on the kiosk's disk.
func (v *visit) keep(s resident.Sent) {
	v.sent = append(v.sent, s)
	v.mine = append(v.mine, s.Op)
}

// page is a screen that shows states of readings.
type page struct {
	n     Needs
	a     *resident.Account
	asked bool
}

func (p *page) visit(c *shell.Ctx) *visit {
	v := visitOf(c, p.n, p.a)
	v.top = c
	if !p.asked || v.stale {
		p.asked = true
		v.load(c)
	}
	return v
}

// meter finds a meter of the account.
func (v *visit) meter(id string) (data.Meter, bool) {
	for _, m := range v.a.Bundle.Meters {
		if m.ID == id {
			return m, true
		}
	}
	return data.Meter{}, false
}

// kept tells whether a reading counts: it waits or the office has it.
func kept(s resident.Sent) bool { return s.State != data.OpRejected && s.State != data.OpConflict }

// known returns the meter with the readings the office does not know yet.
func (v *visit) known(m data.Meter) data.Meter {
	have := map[string]bool{}
	for _, r := range m.Readings {
		have[r.Op] = true
	}
	m.Readings = append([]data.Reading(nil), m.Readings...)
	for _, s := range v.sent {
		if s.Meter == m.ID && kept(s) && !have[s.Op.String()] {
			m.Readings = append(m.Readings, data.Reading{Date: s.Date, Value: s.Value, Source: data.ReadByResident, Op: s.Op.String()})
		}
	}
	return m
}

// latest returns the newest reading left on this kiosk for a meter.
func (v *visit) latest(meter string) (resident.Sent, bool) {
	for i := len(v.sent) - 1; i >= 0; i-- {
		if v.sent[i].Meter == meter {
			return v.sent[i], true
		}
	}
	return resident.Sent{}, false
}

// open lists the meters that have no reading today.
func (v *visit) open(today data.Date) []data.Meter {
	var out []data.Meter
	for _, m := range v.a.Bundle.Meters {
		if !doneOn(v.known(m), today) {
			out = append(out, m)
		}
	}
	return out
}

func doneOn(m data.Meter, day data.Date) bool {
	for _, r := range m.Readings {
		if r.Date == day && (r.Meter == "" || r.Meter == m.Number) {
			return true
		}
	}
	return false
}

func today(c *shell.Ctx) data.Date { return data.DateOf(c.Now()) }

// capital writes a place with a capital: it stands at the start of a line.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
