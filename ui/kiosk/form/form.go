// Package form asks a resident what a form needs, one step at a time, shows all
// answers before they go on paper and hands the finished form to the printer.
package form

import (
	"context"

	"egmina/data"
	"egmina/data/forms"
	"egmina/data/paper"
	"egmina/data/payment"
	"egmina/ui/kiosk/shell"
)

// Content is the public content at one moment. It is not changed.
type Content struct {
	Municipality data.Municipality
	Forms        []data.Form
	Tariffs      data.Tariffs
}

// Printout is a document on its way to the printer.
type Printout struct {
	Kind string // the form's slug
	// Say gives the form's title and what to do with the paper, in the language of the moment.
	Say  func(c *shell.Ctx) (title string, next []string)
	Make func(context.Context) (paper.Doc, error)
	Pay  []payment.Transfer // what is to pay with it
}

// Needs is what the screens need. Content and Print are set.
type Needs struct {
	Content func() Content
	Print   func(c *shell.Ctx, p Printout)
	// Ready looks whether the printer would print now; nil when nobody can tell.
	Ready func(ctx context.Context) error
	// Facts is what is known of the resident who has logged in (data.Holder.Facts),
	// nil when nobody has. It is asked only to offer them.
	Facts func(c *shell.Ctx) map[string]string
	// Login opens the page to log in and calls then on success; nil: not offered.
	Login func(c *shell.Ctx, then func(*shell.Ctx))
}

func (n *Needs) def(slug string) (data.Form, bool) {
	for _, f := range n.Content().Forms {
		if f.Slug == slug {
			return f, true
		}
	}
	return data.Form{}, false
}

// draft is a form being filled in. It lives as long as the session, so that
// leaving the form and coming back loses nothing.
type draft struct {
	n       *Needs
	form    *forms.Form
	op      data.ID // made when the form is opened; the document's number comes from it
	answers data.Answers
	typed   map[string]string // what stands in the entries of the present step, letter by letter
	left    map[string]bool   // answers the resident has gone on from
	tried   map[string]bool   // steps the resident wanted to leave
	state   *forms.State
	at      string // ID of the present step
	offered bool   // prefill was answered, yes or no
	began   bool   // the first step was opened
}

// draftKey keeps a draft in the session.
type draftKey struct{ slug string }

// open finds the session's draft of a form or begins one.
func open(c *shell.Ctx, n *Needs, slug string) (*draft, error) {
	if d, ok := c.Session().Get(draftKey{slug}).(*draft); ok && d.form != nil {
		return d, nil
	}
	def, ok := n.def(slug)
	if !ok {
		return nil, data.Fail("form.gone", nil)
	}
	now := c.Now()
	f, err := forms.Compile(def, forms.Env{Today: data.DateOf(now), Tariffs: n.Content().Tariffs})
	if err != nil {
		return nil, data.Fail("form.gone", err)
	}
	d := &draft{n: n, form: f, op: data.NewID(now)}
	d.reset()
	c.Session().Set(draftKey{slug}, d)
	c.Session().OnEnd(d.wipe)
	return d, nil
}

// reset begins with no answers.
func (d *draft) reset() {
	d.answers, d.typed = data.Answers{}, map[string]string{}
	d.left, d.tried = map[string]bool{}, map[string]bool{}
	d.at, d.offered, d.began = "", false, false
	d.eval()
}

// wipe forgets everything at the end of the session.
func (d *draft) wipe() {
	clear(d.answers)
	clear(d.typed)
	clear(d.left)
	*d = draft{}
}

func (d *draft) eval() { d.state = d.form.Eval(d.answers) }

// group is the visible step with an ID: all its repetitions.
type group struct {
	def   *data.Step
	items []forms.StepState
}

// steps gathers the visible steps; the repetitions of one are one page.
func (d *draft) steps() []group {
	var out []group
	for _, s := range d.state.Steps {
		if n := len(out); n > 0 && out[n-1].def == s.Def {
			out[n-1].items = append(out[n-1].items, s)
			continue
		}
		out = append(out, group{def: s.Def, items: []forms.StepState{s}})
	}
	return out
}

// here returns the steps and the place of the present one; one that has been
// hidden by an answer gives the nearest before it.
func (d *draft) here() (all []group, at int) {
	all = d.steps()
	order := map[string]int{}
	for i := range d.form.Def().Steps {
		order[d.form.Def().Steps[i].ID] = i
	}
	for i, g := range all {
		if order[g.def.ID] <= order[d.at] {
			at = i
		}
	}
	return all, at
}

func (g group) wrong() bool {
	for i := range g.items {
		for j := range g.items[i].Fields {
			if g.items[i].Fields[j].Err != nil {
				return true
			}
		}
	}
	return false
}

// complaint is the sentence to show beside a field now, or "". What is merely
// missing waits until the resident wants to go on.
func (d *draft) complaint(c *shell.Ctx, step string, f *forms.FieldState) string {
	if f.Err == nil || !d.tried[step] && (f.Missing || !d.left[f.Path]) {
		return ""
	}
	if say := f.Say.In(c.Lang); say != "" {
		return say
	}
	return c.Err(f.Err)
}

// number of the document, "D-7F3K-92QM".
func (d *draft) number() string { return d.op.DocumentNumber() }

// printout hands the finished form over. The answers are copied: the paper does
// not change while it is made.
func (d *draft) printout(c *shell.Ctx) Printout {
	in := paper.FormInput{
		Municipality: d.n.Content().Municipality, Form: d.form, Answers: copyOf(d.answers),
		Number: d.number(), Made: data.DateOf(c.Now()),
	}
	return Printout{
		Kind: d.form.Def().Slug, Pay: d.transfers(), Say: say(d.form.Def(), len(d.state.Fees) > 0),
		Make: func(context.Context) (paper.Doc, error) { return paper.FormDoc(in) },
	}
}

func copyOf(a data.Answers) data.Answers {
	out := make(data.Answers, len(a))
	for k, v := range a {
		out[k] = v
	}
	return out
}

// transfers are the payments as the paper's codes hold them.
func (d *draft) transfers() []payment.Transfer {
	m := d.n.Content().Municipality
	var out []payment.Transfer
	for _, f := range d.state.Fees {
		a, _ := m.Account(f.Account)
		out = append(out, payment.Transfer{NIP: m.NIP, NRB: a.NRB, Name: a.Name, Title: f.Title, Amount: f.Amount})
	}
	return out
}

// say gives the words about a finished form. It holds no answers: the session's
// end wipes those.
func say(def *data.Form, pay bool) func(*shell.Ctx) (string, []string) {
	return func(c *shell.Ctx) (string, []string) {
		var out []string
		if len(def.Sign) > 0 {
			out = append(out, c.T("form.next_sign"))
		}
		if pay {
			out = append(out, c.T("form.next_pay"))
		}
		for _, a := range def.Attach {
			out = append(out, c.T("form.next_attach", "What", a.In(c.Lang)))
		}
		return def.Title.In(c.Lang), append(out, c.T("form.next_file"))
	}
}

// PrintBlank prints a form with nothing in it, to be filled in by hand.
func PrintBlank(c *shell.Ctx, n *Needs, slug string) error {
	def, ok := n.def(slug)
	if !ok {
		return data.Fail("form.gone", nil)
	}
	ct, day := n.Content(), data.DateOf(c.Now())
	n.Print(c, Printout{
		Kind: slug,
		Say: func(c *shell.Ctx) (string, []string) {
			return c.T("form.blank_title", "Title", def.Title.In(c.Lang)), []string{c.T("form.next_fill"), c.T("form.next_file")}
		},
		Make: func(context.Context) (paper.Doc, error) {
			f, err := forms.Compile(def, forms.Env{Today: day, Tariffs: ct.Tariffs})
			if err != nil {
				return paper.Doc{}, data.Fail("form.gone", err)
			}
			return paper.FormDoc(paper.FormInput{Municipality: ct.Municipality, Form: f, Made: day, Blank: true})
		},
	})
	return nil
}
