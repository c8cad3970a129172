package paper

import (
	"strings"

	"egmina/data"
	"egmina/data/forms"
	"egmina/data/payment"
)

// payCode is the side of a payment code: well above the 18 mm the standard asks
// for, so that an old phone reads it.
const payCode = 34.0

// payBlock is everything about one payment.
type payBlock struct {
	label    string
	basis    string // act
	decision string // as in data.Charge
	t        payment.Transfer
}

// payments prints what is to pay with the form.
func (f *formSheet) payments() {
	fees := f.state.Fees
	if len(fees) == 0 {
		return
	}
	w := say().Payment
	title, total, coded := w.Title, data.Money(0), false
	if len(fees) > 1 {
		title = w.Titles
	}
	for i, fee := range fees {
		b := f.feeBlock(fee)
		if i == 0 {
			f.band("", title, b.height(f.sheet))
		}
		coded = b.draw(f.sheet) || coded
		total += fee.Amount
	}
	if len(fees) > 1 {
		f.row([]cell{valueCell{caption(fill(w.TotalWords, "words", payment.Words(total))), fill(w.Total, "amount", total.String()), true}})
	}
	if coded {
		f.row([]cell{noteCell(w.How)})
	}
	f.y += 2.6
}

// feeBlock finds the fee's account. An unknown account leaves the transfer
// without number, and so without code.
func (f *formSheet) feeBlock(fee forms.Fee) payBlock {
	m := f.in.Municipality
	a, _ := m.Account(fee.Account)
	return payBlock{label: fee.Label.In(data.Polish), basis: fee.Basis,
		t: payment.Transfer{NIP: m.NIP, NRB: a.NRB, Name: a.Name, Title: fee.Title, Amount: fee.Amount}}
}

// code makes the payment's code, or says why there is none.
func (b payBlock) code() (c Code, why string) {
	if b.t.Amount > payment.MaxAmount {
		return Code{}, say().Payment.NoCodeAmount
	}
	payload, _, fail := b.t.Payload()
	if fail != nil {
		return Code{}, say().Payment.NoCodeData
	}
	modules, err := payment.Code(payload)
	if err != nil {
		return Code{}, say().Payment.NoCodeData
	}
	return Code{Size: payCode, Modules: modules, Payload: payload}, ""
}

// fact is one line of a payment block: a caption with its value.
type fact struct{ name, value string }

// facts are what a resident without a phone copies: letter by letter what the
// code holds, when there is one.
func (b payBlock) facts() []fact {
	w := say().Payment
	t, _ := b.t.Shown()
	out := []fact{{w.Payee, t.Name}, {w.Account, grouped(t.NRB)}, {w.TransferTitle, t.Title}}
	for i := range out {
		if out[i].value == "" {
			out[i].value = say().Unknown
		}
	}
	if b.basis != "" {
		out = append(out, fact{w.Basis, b.basis})
	}
	switch {
	case strings.Contains(b.decision, " "):
		out = append(out, fact{w.DecisionBasis, b.decision})
	case b.decision != "":
		out = append(out, fact{w.DecisionBasis, fill(w.Decision, "number", b.decision)})
	}
	return out
}

// fitted says what the code changed in the texts, "" when nothing.
func (b payBlock) fitted() string {
	_, warnings := b.t.Shown()
	said := make([]string, len(warnings))
	for i, w := range warnings {
		said[i] = say().Payment.Fitted[w]
	}
	return strings.Join(said, " ")
}

// grouped writes an account number as on paper: two digits, then fours.
func grouped(nrb string) string {
	nrb = strings.ReplaceAll(nrb, " ", "")
	var b strings.Builder
	for i, r := range nrb {
		if i >= 2 && (i-2)%4 == 0 {
			b.WriteRune('\u00a0')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Columns of a payment block.
const (
	payText  = margin + payCode + 8
	payWide  = a4Width - margin - payText - 3
	payNames = 27.0 // width of the captions

	// factLines is how many lines one fact may take.
	factLines = 2
)

// draw sets the block at the cursor, the code on the left and the facts on the
// right, whole on one page. It reports whether there is a code.
func (b payBlock) draw(s *sheet) (coded bool) {
	h := b.height(s)
	s.need(h)
	top := s.y
	s.frame(Rect{margin, top, content, h})
	code, why := b.code()
	if why == "" {
		code.X, code.Y = margin+2.5, top+2.5
		s.add(code)
		s.set(Rect{margin + 2.5, top + payCode + 2.5, payCode, 4}, top+payCode+5, asCaption, centre, say().Payment.Code)
	} else {
		r := Rect{margin + 4, top + 4, payCode - 3, payCode - 3}
		s.frame(r)
		s.paragraph(r.X+1.5, r.Y+1.5, r.W-3, noteLead, asNote, why)
	}
	b.text(s, top+2.5, true)
	s.y = top + h
	return why == ""
}

func (b payBlock) height(s *sheet) float64 {
	return max(b.text(s, 0, false)+3, payCode+7.5)
}

// text sets, or only measures, the facts from y down; it returns the y below.
func (b payBlock) text(s *sheet, y float64, ink bool) float64 {
	put := func(x, w, lead float64, f style, text string) {
		lines := s.few(text, f, w, factLines)
		if ink {
			s.stack(x, y, w, lead, f, lines)
		}
		y += lead * float64(len(lines))
	}
	if b.label != "" {
		put(payText, payWide, 4.6, style{10, true, black}, b.label)
	}
	put(payText, payWide, 7.4, style{16, true, black}, b.t.Amount.String())
	put(payText, payWide, 3.8, style{8, false, black}, fill(say().Payment.Words, "words", payment.Words(b.t.Amount)))
	y += 1.6
	for _, p := range b.facts() {
		if ink {
			s.set(Rect{payText, y, payNames, 4.4}, y+4.4-descentOf(asValue), style{7, false, soft}, left, p.name)
		}
		put(payText+payNames, payWide-payNames, 4.4, style{9, false, black}, p.value)
		y += 0.3
	}
	if note := b.fitted(); note != "" {
		put(payText, payWide, noteLead, asNote, note)
	}
	return y
}
