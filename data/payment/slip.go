package payment

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"egmina/data"
	"egmina/data/ident"
)

// SlipLine is the number of characters in one line of the slip.
const SlipLine = 27

// maxSlipAmount is the largest amount in the slip's twelve boxes.
const maxSlipAmount data.Money = 99999999999

// Payer is who pays; all of it may be empty and is then left to be written by
// hand. With an NRB the slip is a transfer, without one a cash deposit.
type Payer struct {
	Name, Address, NRB string
}

// Slip holds the values of the form "Polecenie przelewu / wpłata gotówkowa", in
// the order of its rows. Its layout may vary, the order may not (resolutions of
// the Polish bank association). Every line has at most SlipLine characters but
// PayerRow, which is written on without boxes when it holds words.
type Slip struct {
	Recipient [2]string
	NRB       string // printed form, "61 1090 1014 …"
	Cash      bool   // "W" stays, "P" is struck out; otherwise the reverse
	Currency  string
	Amount    string // "1234,56"; "" when the payer is to write it
	PayerRow  string // cash: the amount in words; transfer: the payer's account, printed form
	Payer     [2]string
	Title     [2]string
	Warnings  []string // NameCleaned … TitleClipped, PayerClipped
}

// PayerClipped warns that the payer's name and address do not fit.
const PayerClipped = "payer_clipped"

// NewSlip makes the slip of a transfer. Amounts up to 999 999 999,99 zł fit,
// more than a payment code holds. Texts are cleaned as for the code but may take
// two lines each. Codes: amount_negative, slip_amount_too_large, nrb_invalid,
// payer_nrb_invalid, name_missing, title_missing.
func NewSlip(t Transfer, payer Payer) (Slip, *data.Error) {
	s := Slip{Currency: "PLN", Cash: strings.TrimSpace(payer.NRB) == ""}
	name, title := spread(t.Name), spread(t.Title)
	switch {
	case t.Amount < 0:
		return Slip{}, data.Fail("amount_negative", nil)
	case t.Amount > maxSlipAmount:
		return Slip{}, &data.Error{Code: "slip_amount_too_large", Args: map[string]any{"Max": maxSlipAmount.String()}}
	case name.lines[0] == "":
		return Slip{}, data.Fail("name_missing", nil)
	case title.lines[0] == "":
		return Slip{}, data.Fail("title_missing", nil)
	}
	nrb, fail := ident.ParseNRB(t.NRB)
	if fail != nil {
		return Slip{}, data.Fail("nrb_invalid", fail)
	}
	s.Recipient, s.NRB, s.Title = name.lines, ident.FormatNRB(nrb), title.lines
	s.Warnings = append(name.warnings(NameCleaned, NameClipped), title.warnings(TitleCleaned, TitleClipped)...)
	if t.Amount > 0 {
		s.Amount = fmt.Sprintf("%d,%02d", t.Amount/100, t.Amount%100)
	}
	return s.paidBy(payer, t.Amount)
}

// paidBy fills the rows about the payer.
func (s Slip) paidBy(p Payer, amount data.Money) (Slip, *data.Error) {
	switch {
	case !s.Cash:
		nrb, fail := ident.ParseNRB(p.NRB)
		if fail != nil {
			return Slip{}, data.Fail("payer_nrb_invalid", fail)
		}
		s.PayerRow = ident.FormatNRB(nrb)
	case amount > 0:
		s.PayerRow = Words(amount)
	}
	name, _ := clean(p.Name)
	address, _ := clean(p.Address)
	if fits(name) && fits(address) && name != "" {
		s.Payer = [2]string{name, address}
		return s, nil
	}
	both := spread(name + " " + address)
	s.Payer = both.lines
	s.Warnings = append(s.Warnings, both.warnings("", PayerClipped)...)
	return s, nil
}

func fits(s string) bool { return utf8.RuneCountInString(s) <= SlipLine }

// spreadText is a text made to fit two lines.
type spreadText struct {
	fitted
	lines [2]string
}

// spread cleans a text and breaks it into two lines, between words when that
// is enough, else anywhere.
func spread(s string) spreadText {
	f := fit(s, 2*SlipLine)
	out := spreadText{fitted: f}
	if fits(f.text) {
		out.lines[0] = f.text
		return out
	}
	head := clip(f.text, SlipLine+1) // a space after a full line is a good place
	cut := strings.LastIndexByte(head, ' ')
	if utf8.RuneCountInString(head) == SlipLine {
		cut = len(head)
	}
	if cut < 0 || !fits(strings.TrimSpace(f.text[cut:])) {
		cut = len(clip(f.text, SlipLine))
	}
	out.lines = [2]string{f.text[:cut], strings.TrimSpace(f.text[cut:])}
	return out
}
