package paper

import (
	qrcode "github.com/skip2/go-qrcode"

	"egmina/data"
	"egmina/data/forms"
)

// Measures of a form's last block: signatures on the left, the code on the
// right.
const (
	signHeight   = 17.0 // room for a signature above its line
	signHead     = 5.0
	codeModule   = 25.4 / 50 // mm a module: three whole dots of a 150 dpi scanner
	codeSmallest = 25.0      // mm
	codeText     = 4 + 3*captionLead + 6.5
	codeNarrow   = 38.0 // the number needs this much

	clauseLead = 3.0
)

var asClause = style{7, false, black}

// closing draws the signature lines, beside them the document's number with the
// code the desk reads, and the data-protection clause: below the signatures
// when that leaves no gap, else across the page.
func (f *formSheet) closing() {
	code, help := f.code()
	width, side := content, 0.0
	if !f.in.Blank {
		side = max(code.Size, codeNarrow) + 4
		width -= side + 5
	}
	h := signHead + signHeight*float64(len(f.signers()))
	clause := f.clauseHeight(width)
	inside := side > 0 && h+clause <= code.Size+codeText+30
	if inside {
		h += clause
	}
	f.need(max(h, code.Size+codeText))
	top := f.y
	if side > 0 {
		f.document(Rect{a4Width - margin - side, top, side, code.Size + codeText}, code, help)
	}
	f.signatures(width)
	if inside {
		f.clause(width)
	}
	if side > 0 {
		f.y = max(f.y, top+code.Size+codeText+4)
	}
	if !inside {
		f.clause(content)
	}
}

// signers returns the captions of the signature lines, at least one.
func (f *formSheet) signers() []data.Text {
	if len(f.def.Sign) > 0 {
		return f.def.Sign
	}
	return []data.Text{data.PL(say().Form.Signature)}
}

// signatures draws a place-and-date line and a signature line for each signer.
func (f *formSheet) signatures(width float64) {
	f.small(say().Form.Signatures)
	date := width * 0.36
	for _, c := range f.signers() {
		f.need(signHeight)
		f.signLine(margin, date, f.y+12, say().Form.PlaceDate)
		f.signLine(margin+date+6, width-date-6, f.y+12, c.In(data.Polish))
		f.y += signHeight
	}
}

func (f *formSheet) signLine(x, w, y float64, text string) {
	f.line(x, y, x+w, y, hairline)
	f.paragraph(x, y+0.6, w, captionLead, asCaption, text)
}

// document prints the document's number and its code.
func (f *formSheet) document(r Rect, code Code, help string) {
	f.frame(r)
	in := r.inset(2.5, 1)
	y := in.Y + 1
	if code.Size > 0 {
		code.X, code.Y = r.X+(r.W-code.Size)/2, r.Y+1
		f.add(code)
		y = code.Y + code.Size
	}
	y = f.paragraph(in.X, y, in.W, captionLead, asCaption, say().Form.Document)
	f.fit(Rect{in.X, y, in.W, 6}, y+4.6, style{13, true, black}, left, f.in.Number)
	f.paragraph(in.X, y+6.5, in.W, captionLead, asCaption, help)
}

// code makes the code with number and answers, error correction M, and the
// sentence below it. Its size is 0 on blank forms and when nothing fits.
func (f *formSheet) code() (Code, string) {
	w := say().Form
	if f.in.Blank {
		return Code{}, ""
	}
	payload, err := forms.Encode(f.in.Form.Document(f.in.Answers, f.in.Number))
	if err != nil {
		return Code{}, w.DocumentLong
	}
	modules, err := encode(payload, qrcode.Medium)
	if err != nil {
		return Code{}, w.DocumentLong
	}
	help := w.DocumentHelp
	if back, err := forms.Decode(payload); err != nil || back.Partial {
		help = w.DocumentLong
	}
	size := max(codeSmallest, float64(len(modules)+2*quiet)*codeModule)
	return Code{Size: size, Modules: modules, Payload: payload}, help
}

// clause prints the data-protection clause (RODO art. 13) at the cursor.
func (f *formSheet) clause(width float64) {
	if text := f.def.Privacy.In(data.Polish); text != "" {
		f.small(say().Form.Privacy)
		f.flow(margin, width, clauseLead, asClause, text)
	}
}

func (f *formSheet) clauseHeight(width float64) float64 {
	text := f.def.Privacy.In(data.Polish)
	if text == "" {
		return 0
	}
	return signHead + clauseLead*float64(len(f.lines(text, asClause, width)))
}
