package form

import (
	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/forms"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// step is the page of questions: always one step of the form. It moves through
// the steps without leaving the stack, so that Back and the review find it.
type step struct {
	d      *draft
	review bool // came from the review to change one thing
	last   string
	focus  string                    // path to focus when the page is shown anew
	marks  map[string]fyne.Focusable // what takes the focus, by path
	fields map[string]*kit.Field     // entries, by path
	shown  map[string]*kit.Text      // computed values, by path
	shape  string                    // what is asked now; another shape draws the page anew
}

// Name is part of shell.Screen.
func (s *step) Name() string { return "form.step" }

// View is part of shell.Screen.
func (s *step) View(c *shell.Ctx) shell.View {
	if s.d.form == nil {
		return shell.View{Title: c.T("form.gone")}
	}
	all, at := s.d.here()
	if len(all) == 0 {
		return shell.View{Title: c.T("form.gone"), Body: kit.Empty("form", c.T("form.gone"), c.T("form.gone_do"))}
	}
	g := all[at]
	s.d.at = g.def.ID
	s.marks, s.fields, s.shown = map[string]fyne.Focusable{}, map[string]*kit.Field{}, map[string]*kit.Text{}
	s.shape = s.shapeOf(g)
	v := shell.View{
		Title: g.def.Title.In(c.Lang), OnBack: func() { s.back(c) },
		Above: kit.Steps(c.Loc, at+1, len(all), s.formName(c)),
		Body:  s.body(c, g), Actions: s.actions(c, at == len(all)-1),
	}
	v.Focus = s.first(g)
	return v
}

// formName is the small print beside the progress; a low panel has no room.
func (s *step) formName(c *shell.Ctx) string {
	if c.Compact || c.Large {
		return ""
	}
	return s.d.form.Def().Title.In(c.Lang)
}

// first is what has the focus when the page opens: the first entry, which brings
// the keyboard, else nothing in particular.
func (s *step) first(g group) fyne.Focusable {
	if f, ok := s.marks[s.focus]; ok {
		return f
	}
	for _, it := range g.items {
		for _, f := range it.Fields {
			if f.Def.Type == data.FieldNote || f.Def.Type == data.FieldComputed {
				continue
			}
			if s.fields[f.Path] != nil {
				return s.marks[f.Path]
			}
			return nil
		}
	}
	return nil
}

func (s *step) actions(c *shell.Ctx, last bool) []shell.Action {
	label, icon := c.T("shell.next"), "arrow-right"
	switch {
	case s.review:
		label = c.T("form.to_review")
	case last:
		label = c.T("form.check")
	}
	return []shell.Action{{Label: label, Icon: icon, Kind: kit.ButtonPrimary, Do: func() { s.next(c) }}}
}

// next goes to the next visible step when this one is right, else it says what
// is wrong and goes to the first such field.
func (s *step) next(c *shell.Ctx) {
	all, at := s.d.here()
	g := all[at]
	s.d.tried[g.def.ID] = true
	if g.wrong() {
		s.toFirstWrong(c, g)
		return
	}
	clear(s.d.typed)
	s.focus = ""
	if s.review || at == len(all)-1 {
		s.review = false
		c.Push(&review{d: s.d, step: s})
		return
	}
	s.open(c, all[at+1].def.ID)
}

func (s *step) toFirstWrong(c *shell.Ctx, g group) {
	for _, it := range g.items {
		for _, f := range it.Fields {
			if f.Err != nil {
				s.focusOn(c, f.Path)
				return
			}
		}
	}
}

// open shows another step from its top.
func (s *step) open(c *shell.Ctx, id string) {
	s.d.at, s.focus = id, ""
	c.Replace(&step{d: s.d, review: s.review})
}

// back goes to the step before; from the first one, or back to the review, it
// leaves the page.
func (s *step) back(c *shell.Ctx) {
	clear(s.d.typed)
	all, at := s.d.here()
	switch {
	case s.review:
		c.Push(&review{d: s.d, step: s})
	case at == 0:
		c.Pop()
	default:
		s.open(c, all[at-1].def.ID)
	}
}

// focusOn draws the page anew with the focus on the field with the path, which
// brings it into view.
func (s *step) focusOn(c *shell.Ctx, path string) {
	c.Replace(&step{d: s.d, review: s.review, last: s.last, focus: path})
}

// shapeOf tells what the page asks, without the answers: fields, options and
// repetitions.
func (s *step) shapeOf(g group) string {
	out := ""
	for _, it := range g.items {
		out += "|"
		for _, f := range it.Fields {
			out += f.Path + ";"
			for _, o := range f.Options {
				out += o.ID + ","
			}
		}
	}
	return out
}

// answer takes what was typed or chosen and brings the page up to date: in
// place while the questions stay the same, so that a keyboard keeps its field.
func (s *step) answer(c *shell.Ctx, f *forms.FieldState, typed string) {
	if s.d.form == nil {
		return
	}
	if s.last != "" && s.last != f.Path {
		s.d.left[s.last] = true
	}
	s.last = f.Path
	if s.fields[f.Path] == nil {
		s.d.left[f.Path] = true
	} else {
		s.d.typed[f.Path] = typed
	}
	_ = s.d.form.Put(s.d.answers, f.Path, typed) // Eval finds the same mistake again
	s.d.eval()
	s.update(c)
}

// update shows the new state.
func (s *step) update(c *shell.Ctx) {
	all, at := s.d.here()
	g := all[at]
	if s.shapeOf(g) != s.shape {
		c.Refresh()
		return
	}
	for _, it := range g.items {
		for i := range it.Fields {
			f := &it.Fields[i]
			switch {
			case s.fields[f.Path] != nil:
				s.fields[f.Path].SetError(s.d.complaint(c, g.def.ID, f))
			case s.shown[f.Path] != nil:
				s.shown[f.Path].SetText(valueOf(c, f))
			}
		}
	}
}

// leave notes that the resident has finished with a field.
func (s *step) leave(c *shell.Ctx, path string) {
	if s.d.form == nil || s.fields[path] == nil {
		return
	}
	cv := fyne.CurrentApp().Driver().CanvasForObject(s.fields[path].Entry()) // before update builds others
	s.d.left[path] = true
	s.update(c)
	if cv != nil {
		cv.FocusNext()
	}
}

func (s *step) body(c *shell.Ctx, g group) fyne.CanvasObject {
	gap := theme.Size(theme.Gap)
	var parts []fyne.CanvasObject
	if !g.def.Help.IsEmpty() {
		parts = append(parts, kit.Muted(g.def.Help.In(c.Lang)))
	}
	if g.def.Repeat == nil {
		parts = append(parts, s.questions(c, g.def.ID, g.items[0].Fields))
		return kit.Column(gap, parts...)
	}
	return kit.Column(gap, append(parts, s.repetitions(c, g)...)...)
}

// repetitions shows every repetition as a card with its number, a way to take it
// out, and a way to add one.
func (s *step) repetitions(c *shell.Ctx, g group) []fyne.CanvasObject {
	gap := theme.Size(theme.Gap)
	var out []fyne.CanvasObject
	name := g.def.Repeat.Item.In(c.Lang)
	for _, it := range g.items {
		if it.Index < 0 {
			out = append(out, kit.Muted(c.T("form.none_yet")))
			continue
		}
		head := []fyne.CanvasObject{kit.Grow(kit.Heading(it.Title(c.Lang)))}
		if it.CanRemove {
			head = append(head, kit.Quiet(c.T("form.remove"), "close", func() { s.remove(c, g.def.ID, it.Index) }))
		}
		out = append(out, kit.Card(kit.Column(gap, kit.Line(gap, head...), s.questions(c, g.def.ID, it.Fields))))
	}
	if g.items[len(g.items)-1].CanAdd {
		out = append(out, kit.Line(0, kit.Secondary(c.T("form.add", "Item", name), "plus", func() { s.add(c, g.def.ID) })))
	}
	return out
}

func (s *step) add(c *shell.Ctx, id string) {
	if !s.d.form.Add(s.d.answers, id) {
		return
	}
	s.d.tried[id] = false
	s.d.eval()
	all, at := s.d.here()
	if items := all[at].items; len(items[len(items)-1].Fields) > 0 {
		s.focusOn(c, items[len(items)-1].Fields[0].Path)
		return
	}
	c.Refresh()
}

func (s *step) remove(c *shell.Ctx, id string, i int) {
	if !s.d.form.Remove(s.d.answers, id, i) {
		return
	}
	clear(s.d.typed) // the later repetitions have moved up
	s.last = ""
	s.d.eval()
	c.Refresh()
}
