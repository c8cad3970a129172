// Package payment turns an amount to pay into what a resident pays with: the
// payload of the payment code that Polish bank apps read, the values of the
// paper slip, the amount in words and the interest on arrears.
package payment

import (
	"fmt"
	"strings"

	"egmina/data"
	"egmina/data/ident"
)

// Limits of the ZBP "Standard 2D" payload, in characters.
const (
	MaxName    = 20
	MaxTitle   = 32
	MaxPayload = 160
	maxR1      = 20
	maxR2      = 12
	maxR3      = 24
)

// MaxAmount is the largest amount the six digits of the payload hold.
const MaxAmount data.Money = 999999

// Transfer is one domestic transfer in złote. NIP may be empty; it and NRB may
// be typed as printed. R1 to R3 are the reserve fields of the standard: the
// direct-debit customer, the Invoobill number, and free.
type Transfer struct {
	NIP, NRB, Name, Title string
	R1, R2, R3            string
	Amount                data.Money // 0: the payer types the amount
}

// What Payload changed in the texts, in the order of the fields.
const (
	NameCleaned  = "name_cleaned"
	NameClipped  = "name_clipped"
	TitleCleaned = "title_cleaned"
	TitleClipped = "title_clipped"
)

// Payload returns the nine fields of the Polish bank association's
// recommendation "Standard 2D" joined with "|": NIP, country, account, amount
// in grosze with six digits, payee, title, three reserves; at most 160
// characters. Texts are put into the allowed characters and cut to their
// length, which the warnings tell; numbers are never changed. Codes:
// amount_negative, amount_too_large, nrb_invalid, nip_invalid, name_missing,
// title_missing, reserve_invalid.
func (t Transfer) Payload() (payload string, warnings []string, err *data.Error) {
	nip, nrb, err := t.numbers()
	if err != nil {
		return "", nil, err
	}
	shown, warnings := t.fitted()
	switch {
	case shown.Name == "":
		return "", nil, data.Fail("name_missing", nil)
	case shown.Title == "":
		return "", nil, data.Fail("title_missing", nil)
	}
	reserves, err := t.reserves()
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("%s|PL|%s|%06d|%s|%s|%s", nip, nrb, t.Amount, shown.Name, shown.Title, reserves), warnings, nil
}

// Shown returns the transfer as it is to be shown in words, and what changed in
// the texts: beside a code stands what the code holds. Where no payload can be
// made nothing changes.
func (t Transfer) Shown() (Transfer, []string) {
	if _, _, fail := t.Payload(); fail != nil {
		return t, nil
	}
	return t.fitted()
}

// fitted puts payee and title into the payload's characters and lengths.
func (t Transfer) fitted() (Transfer, []string) {
	name, title := fit(t.Name, MaxName), fit(t.Title, MaxTitle)
	t.Name, t.Title = name.text, title.text
	return t, append(name.warnings(NameCleaned, NameClipped), title.warnings(TitleCleaned, TitleClipped)...)
}

// numbers checks amount, account and NIP, and returns the two in digits.
func (t Transfer) numbers() (nip, nrb string, err *data.Error) {
	switch {
	case t.Amount < 0:
		return "", "", data.Fail("amount_negative", nil)
	case t.Amount > MaxAmount:
		return "", "", &data.Error{Code: "amount_too_large", Args: map[string]any{"Max": MaxAmount.String()}}
	}
	return t.accounts()
}

func (t Transfer) accounts() (nip, nrb string, err *data.Error) {
	nrb, fail := ident.ParseNRB(t.NRB)
	if fail != nil {
		return "", "", data.Fail("nrb_invalid", fail)
	}
	if strings.TrimSpace(t.NIP) == "" {
		return "", nrb, nil
	}
	nip, fail = ident.ParseNIP(t.NIP)
	if fail != nil {
		return "", "", data.Fail("nip_invalid", fail)
	}
	return nip, nrb, nil
}

// reserves joins the reserve fields. They are numbers of customers and bills,
// so one that does not fit is refused rather than cut.
func (t Transfer) reserves() (string, *data.Error) {
	fields := []string{t.R1, t.R2, t.R3}
	for i, limit := range []int{maxR1, maxR2, maxR3} {
		f := fit(fields[i], limit)
		if f.cleaned || f.clipped {
			return "", &data.Error{Code: "reserve_invalid", Args: map[string]any{"Field": i + 1}}
		}
		fields[i] = f.text
	}
	return strings.Join(fields, "|"), nil
}
