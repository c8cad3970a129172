package paper

import (
	"strconv"
	"strings"

	"egmina/data"
	"egmina/data/forms"
)

// FormInput is what a printed form is made of.
type FormInput struct {
	Municipality  data.Municipality
	Form          *forms.Form
	Answers       data.Answers
	Number        string // of the document, "D-7F3K-92QM"; "" on blank forms
	Made          data.Date
	Demonstration bool // also taken from the municipality
	Blank         bool // everything that may be asked, to be filled in by hand
}

// formSheet lays out one form.
type formSheet struct {
	*sheet
	in    FormInput
	def   *data.Form
	state *forms.State
	field int // the last field's number
}

// FormDoc lays a form out on A4 pages. Answers that are wrong print as they
// were typed or not at all: the caller lets only complete forms be printed. The
// error is a *data.Error: paper.number_missing when a filled form has no number.
func FormDoc(in FormInput) (Doc, error) {
	if in.Number == "" && !in.Blank {
		return Doc{}, data.Fail("paper.number_missing", nil)
	}
	def := in.Form.Def()
	w := say()
	f := &formSheet{in: in, def: def}
	f.sheet = newSheet(in.Municipality, def.Title.In(data.Polish), w.Form.Subject, in.Made, in.Demonstration)
	if in.Blank {
		f.state = in.Form.Blank()
	} else {
		f.state = in.Form.Eval(in.Answers)
	}
	f.head()
	f.sections()
	f.payments()
	f.attachments()
	f.notes()
	f.closing()
	return f.finish(f.foot()), nil
}

// foot names the document on every page.
func (f *formSheet) foot() string {
	w := say().Form
	parts := []string{f.def.Symbol, f.def.Slug, fill(w.Version, "version", f.def.Version),
		fill(w.AsOf, "date", f.def.AsOf.Polish()), f.in.Number}
	return joined(" · ", parts...)
}

// joined joins the parts that are not empty.
func joined(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

// head sets the office's corner, the addressee, symbol, title and legal basis.
func (f *formSheet) head() {
	top := f.y
	f.officeCorner(Rect{margin, top, 84, 24})
	y := f.addressee(Rect{120, top, a4Width - margin - 120, 24})
	f.y = max(top+24, y) + 7
	f.title(f.def.Symbol, f.def.Title.In(data.Polish))
	w := say().Form
	f.flow(margin, content, noteLead, asNote, w.Basis+strings.Join(f.def.Basis, "; "))
	if f.def.Unconfirmed {
		f.flow(margin, content, noteLead, asNote, w.Unconfirmed)
	}
	if f.in.Blank {
		f.flow(margin, content, noteLead, asNote, w.Blank)
	}
	f.y += 3
}

// title sets the document's mark and name over a heavy rule.
func (s *sheet) title(symbol, title string) {
	if symbol != "" {
		s.flow(margin, content, 5, style{11, true, soft}, symbol)
	}
	s.flow(margin, content, 6.6, style{titleSize, true, black}, title)
	s.y += 1.4
	s.line(margin, s.y, a4Width-margin, s.y, rule)
	s.y += 1.6
}

// officeCorner is the tinted part that the office fills in.
func (f *formSheet) officeCorner(r Rect) {
	w := say().Form
	f.tint(r)
	f.frame(r)
	f.set(Rect{r.X + padX, r.Y, r.W - 2*padX, 5}, r.Y+3.6, style{7, true, black}, left, w.Office)
	half := r.W / 2
	f.line(r.X, r.Y+5, r.right(), r.Y+5, hairline)
	f.line(r.X+half, r.Y+5, r.X+half, r.bottom(), hairline)
	for i, c := range []string{w.OfficeDate, w.OfficeNumber} {
		caption(c).draw(f.sheet, Rect{r.X + half*float64(i), r.Y + 5, half, r.H - 5})
	}
}

// addressee sets who the form goes to and returns the y below.
func (f *formSheet) addressee(r Rect) float64 {
	m := f.in.Municipality
	to := f.def.Addressee
	if to == "" {
		to = m.Authority
	}
	caption(say().Form.Addressee).draw(f.sheet, Rect{r.X - padX, r.Y - 0.5, r.W, r.H})
	y := f.paragraph(r.X, r.Y+3.8, r.W, 5, style{11, true, black}, to)
	y = f.paragraph(r.X, y+0.6, r.W, 4.2, style{9, false, black}, m.Office.In(data.Polish))
	return f.paragraph(r.X, y, r.W, 4.2, style{9, false, black}, joined(", ", m.Street, joined(" ", m.Postcode, m.Town)))
}

// sections lays out the steps; the repetitions of one share a letter.
func (f *formSheet) sections() {
	letter, last := -1, ""
	for i := range f.state.Steps {
		st := &f.state.Steps[i]
		if st.Def.ID != last {
			letter, last = letter+1, st.Def.ID
		}
		name := sectionLetter(letter)
		if st.Def.Repeat != nil {
			name += strconv.Itoa(st.Index + 1)
		}
		f.section(name+".", f.stepTitle(st), f.cells(st))
	}
}

// stepTitle joins a repeated step's title with its item: "Ile osób? – Osoba 2".
func (f *formSheet) stepTitle(st *forms.StepState) string {
	title := st.Title(data.Polish)
	if st.Def.Repeat == nil {
		return title
	}
	return st.Def.Title.In(data.Polish) + " – " + title
}

// sectionLetter counts A, B … Z, AA, AB.
func sectionLetter(n int) string {
	s := string(rune('A' + n%26))
	if n >= 26 {
		return sectionLetter(n/26-1) + s
	}
	return s
}

// placed is a cell with the width it asks for.
type placed struct {
	cell
	half bool
}

// section draws a band and its cells in rows; an empty one leaves no trace.
func (f *formSheet) section(letter, title string, cells []placed) {
	rows := pair(cells)
	if len(rows) == 0 {
		return
	}
	f.band(letter, title, f.rowHeight(rows[0]))
	for i, row := range rows {
		if i > 0 && f.full(f.rowHeight(row)) {
			f.turn()
			f.band(letter, fill(say().Form.Continued, "caption", title), 0)
		}
		f.row(row)
	}
	f.y += 2.6
}

// pair puts neighbouring half cells side by side.
func pair(cells []placed) [][]cell {
	var rows [][]cell
	for i := 0; i < len(cells); i++ {
		if cells[i].half && i+1 < len(cells) && cells[i+1].half {
			rows = append(rows, []cell{cells[i].cell, cells[i+1].cell})
			i++
			continue
		}
		rows = append(rows, []cell{cells[i].cell})
	}
	return rows
}

func (f *formSheet) rowHeight(row []cell) float64 {
	h := 0.0
	for _, c := range row {
		h = max(h, c.height(f.sheet, content/float64(len(row))))
	}
	return h
}

func (f *formSheet) row(row []cell) {
	if long, ok := row[0].(longCell); ok {
		long.pour(f.sheet)
		return
	}
	h := f.rowHeight(row)
	f.need(h)
	w := content / float64(len(row))
	for i, c := range row {
		c.draw(f.sheet, Rect{margin + w*float64(i), f.y, w, h})
	}
	f.y += h
}

// cells makes the cells of a step. Each field has its number, as on official
// forms; notes have none.
func (f *formSheet) cells(st *forms.StepState) []placed {
	var out []placed
	for i := range st.Fields {
		fs := &st.Fields[i]
		if fs.Def.Screen {
			continue
		}
		if fs.Def.Type == data.FieldNote {
			out = append(out, placed{noteCell(fs.Def.Label.In(data.Polish)), false})
			continue
		}
		f.field++
		out = append(out, f.cell(fs))
	}
	return out
}

// cell chooses how a field is drawn.
func (f *formSheet) cell(fs *forms.FieldState) placed {
	def := fs.Def
	label := def.Label.In(data.Polish)
	if f.in.Blank && !fs.Visible && def.Type != data.FieldComputed {
		label = fill(say().Form.Optional, "caption", label)
	}
	head := numbered(f.field, label)
	switch {
	case def.Type == data.FieldCheck:
		return placed{checkCell{caption: caption(strconv.Itoa(f.field) + "."), label: label, on: fs.Value == "true"}, def.Half}
	case (def.Type == data.FieldChoice || def.Type == data.FieldMulti) && len(fs.Options) <= 16:
		return placed{choiceCell{head, chosen(fs)}, def.Half}
	case def.Type == data.FieldLong:
		return placed{longCell{head, fs.Shown, f.ruled(def)}, false}
	case def.Boxes:
		if c, ok := boxed(head, def, fs.Value); ok {
			return placed{c, def.Half}
		}
	}
	return f.written(valueCell{head, fs.Shown, def.Type == data.FieldComputed}, def.Half)
}

// written is a value on a line, or on ruled lines when it is very long.
func (f *formSheet) written(c valueCell, half bool) placed {
	if _, lines := c.set(f.sheet, content); len(lines) > 6 {
		return placed{longCell{c.caption, c.value, 1}, false}
	}
	if _, lines := c.set(f.sheet, content/2); half && len(lines) > 3 {
		half = false
	}
	return placed{c, half}
}

// ruled returns how many lines a long answer gets at least.
func (f *formSheet) ruled(def *data.Field) int {
	if !f.in.Blank {
		return 2
	}
	return min(max(def.MaxLength/90+1, 4), 10)
}

func chosen(fs *forms.FieldState) []option {
	out := make([]option, len(fs.Options))
	on := "," + fs.Value + ","
	for i, o := range fs.Options {
		out[i] = option{o.Label.In(data.Polish), strings.Contains(on, ","+o.ID+",")}
	}
	return out
}

// attachments lists what goes with the form, each with a box.
func (f *formSheet) attachments() {
	var cells []placed
	for _, a := range f.def.Attach {
		cells = append(cells, placed{checkCell{label: a.In(data.Polish)}, false})
	}
	f.section("", say().Form.Attachments, cells)
}

// notes prints the instructions, numbered when there are several.
func (f *formSheet) notes() {
	if len(f.def.Notes) == 0 {
		return
	}
	f.small(say().Form.Notes)
	for i, n := range f.def.Notes {
		text := n.In(data.Polish)
		if len(f.def.Notes) > 1 {
			text = strconv.Itoa(i+1) + ".\u00a0" + text
		}
		f.flow(margin, content, noteLead, asNote, text)
		f.y += 0.5
	}
	f.y += 2.6
}

// small heads a part in small type and keeps it with its first lines.
func (s *sheet) small(title string) {
	s.need(4 + 3*noteLead)
	s.flow(margin, content, 4.2, style{8, true, black}, title)
	s.y += 0.4
}
