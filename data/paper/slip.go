package paper

import (
	"strings"

	"egmina/data"
	"egmina/data/payment"
)

// Slip is one payment to be made at a bank or post office.
type Slip struct {
	Transfer payment.Transfer
	Payer    payment.Payer // what is empty is left to be written by hand
	Label    string        // what it is for, "Podatek od nieruchomości – rata III"
	Decision string        // as in data.Charge, may be empty
}

// SlipInput is what a document of transfer slips is made of.
type SlipInput struct {
	Municipality  data.Municipality
	Slips         []Slip
	Made          data.Date
	Demonstration bool // also taken from the municipality
}

// The slip's geometry in millimetres, measured on the usual two-part form:
// from the frame's corner; boxes are the 27 of a row.
const (
	slipWide   = 150.2
	slipHigh   = 106.2
	slipStep   = 109.5 // from one part to the next
	slipFirst  = 7.20  // left edge of the first box
	slipPitch  = 5.06
	slipBox    = 5.08
	slipLeft   = (a4Width - slipWide) / 2
	slipTop    = 12.6
	slipFooter = 80.0
)

// SlipDoc lays out one page for each payment: the slip's two parts, and below
// them the payment code with its facts. The error is a *data.Error of
// payment.NewSlip, or paper.nothing when there is no slip.
func SlipDoc(in SlipInput) (Doc, error) {
	if len(in.Slips) == 0 {
		return Doc{}, data.Fail("paper.nothing", nil)
	}
	w := say().Slip
	s := newSheet(in.Municipality, w.Document, w.Subject, in.Made, in.Demonstration)
	for i, one := range in.Slips {
		v, fail := payment.NewSlip(one.Transfer, one.Payer)
		if fail != nil {
			return Doc{}, fail
		}
		if i > 0 {
			s.turn()
		}
		s.slipPart(slipTop, v, w.BankPart)
		s.cut(slipTop + slipHigh + (slipStep-slipHigh)/2)
		s.slipPart(slipTop+slipStep, v, w.PayerPart)
		s.slipPay(one)
	}
	return s.finish(joined(" · ", w.Document, in.Municipality.Office.In(data.Polish))), nil
}

// cut draws the dashed line between the two parts.
func (s *sheet) cut(y float64) {
	label := say().Slip.Cut
	f := style{6, false, soft}
	w := weight(false).width(label, f.size)
	for x := slipLeft; x < slipLeft+slipWide-w-4; x += 3 {
		s.line(x, y, x+1.5, y, 0.15)
	}
	s.set(Rect{slipLeft + slipWide - w - 2, y - 1.6, w + 2, 3}, y+0.7, f, right, label)
}

// slipRow is a row of character boxes.
type slipRow struct {
	y        float64
	col, n   int // first box and number of boxes
	caption  string
	value    string
	run      bool // written on, without regard to the boxes
	ticks    bool // thick separators of an account number
	fromTail bool // right-aligned, empty boxes struck out
}

func (s *sheet) slipPart(top float64, v payment.Slip, part string) {
	o := Rect{slipLeft, top, slipWide, slipHigh}
	s.add(Box{Rect: o, Thick: 0.35})
	for _, r := range slipRows(v) {
		s.slipRow(o, r)
	}
	s.way(o, v.Cash)
	s.slipFoot(o, part)
}

// slipRows gives the rows in the order that scanning relies on.
func slipRows(v payment.Slip) []slipRow {
	w := say().Slip
	digits := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' {
			return -1
		}
		return r
	}, v.NRB)
	payer := v.PayerRow
	if !v.Cash {
		payer = strings.ReplaceAll(strings.ReplaceAll(payer, "\u00a0", ""), " ", "")
	}
	return []slipRow{
		{y: 3.9, n: 27, caption: w.Recipient, value: v.Recipient[0]},
		{y: 12.5, n: 27, caption: w.Recipient2, value: v.Recipient[1]},
		{y: 21.1, n: 26, caption: w.NRB, value: digits, ticks: true},
		{y: 29.6, col: 11, n: 3, caption: w.Currency, value: v.Currency},
		{y: 29.6, col: 15, n: 12, caption: w.Amount, value: v.Amount, fromTail: true},
		{y: 37.9, n: 26, caption: w.PayerAccount, value: payer, run: v.Cash, ticks: !v.Cash},
		{y: 46.8, n: 27, caption: w.Payer, value: v.Payer[0]},
		{y: 55.1, n: 27, caption: w.Payer2, value: v.Payer[1]},
		{y: 63.9, n: 27, caption: w.Title, value: v.Title[0]},
		{y: 72.2, n: 27, caption: w.Title2, value: v.Title[1]},
	}
}

var asSlipCaption = style{5.5, false, soft}

func (s *sheet) slipRow(o Rect, r slipRow) {
	x, y := o.X+slipFirst+slipPitch*float64(r.col), o.Y+r.y
	w := slipPitch * float64(r.n)
	s.set(Rect{x, y - 2.8, w, 2.8}, y-0.7, asSlipCaption, left, r.caption)
	value := []rune(s.inkwell.line(r.value, false))
	switch {
	case r.run || len(value) > r.n:
		s.over(Rect{x, y, w, slipBox}, string(value))
	case r.fromTail && len(value) > 0:
		s.boxes(x, y, slipPitch, slipBox, r.n, []rune(strings.Repeat("-", r.n-len(value))+string(value)))
	default:
		s.boxes(x, y, slipPitch, slipBox, r.n, value)
	}
	if r.ticks {
		for at := 2; at < r.n; at += 4 {
			tx := x + slipPitch*float64(at)
			s.line(tx, y, tx, y+slipBox, 0.6)
		}
	}
}

// over writes text on in a row without boxes: at the floor of size it takes two
// lines, never fewer letters.
func (s *sheet) over(r Rect, text string) {
	s.frame(r)
	in := r.inset(1, 0.2)
	size, ok := shrink(text, false, 9, 5.5, in.W)
	if ok {
		s.set(in, r.Y+r.H/2+size*pt*0.36, style{size, false, black}, left, text)
		return
	}
	for size = 5.5; size > 4 && len(wrap(text, false, size, in.W)) > 2; size -= 0.5 {
	}
	f := style{size, false, black}
	s.stack(in.X, in.Y, in.W, in.H/2, f, wrap(text, false, size, in.W))
}

// way draws the boxes of deposit and transfer and strikes out the other one.
func (s *sheet) way(o Rect, cash bool) {
	y := o.Y + 29.6
	x := o.X + slipFirst + slipPitch*8
	label := say().Slip.Way
	s.set(Rect{x - 6, y - 2.8, 2*slipPitch + 12, 2.8}, y-0.7, asSlipCaption, centre, label)
	s.boxes(x, y, slipPitch, slipBox, 2, []rune("WP"))
	if cash {
		x += slipPitch
	}
	s.line(x+0.8, y+slipBox-0.8, x+slipPitch-0.8, y+0.8, 0.4)
	s.line(x+0.8, y+0.8, x+slipPitch-0.8, y+slipBox-0.8, 0.4)
}

// slipFoot draws the places for stamp, signature and fee.
func (s *sheet) slipFoot(o Rect, part string) {
	w := say().Slip
	y := o.Y + slipFooter
	end := o.Y + slipHigh - 3
	x := o.X + slipFirst
	s.frame(Rect{x, y, 62, end - y})
	s.set(Rect{x + 1, y + 0.6, 60, 2.8}, y+2.8, asSlipCaption, left, w.Stamp)
	s.frame(Rect{x + 65, y, 34, end - y})
	s.set(Rect{x + 66, y + 0.6, 32, 2.8}, y+2.8, asSlipCaption, left, w.BankStamp)
	fee := o.X + slipFirst + slipPitch*23
	s.set(Rect{fee, y, 4 * slipPitch, 2.8}, y+2.1, asSlipCaption, left, w.Fee)
	s.boxes(fee, y+2.8, slipPitch, slipBox, 4, nil)
	box := Rect{x + 102, y + 9.4, slipPitch*27 - 102, end - y - 9.4}
	s.paragraph(box.X, box.Y, box.W, 3.3, style{7.5, true, black}, w.Name)
	s.paragraph(box.X, box.Y+7.4, box.W, 3, style{7, false, black}, part)
}

// slipPay sets the code and the payment's facts below the two parts.
func (s *sheet) slipPay(one Slip) {
	s.y = slipTop + slipStep + slipHigh + 2.6
	if (payBlock{label: one.Label, decision: one.Decision, t: one.Transfer}).draw(s) {
		s.y += 1.2
		s.flow(margin, content, noteLead, asNote, say().Payment.How)
	}
}
