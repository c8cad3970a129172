package paper

import (
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"egmina/assets"
)

// sentences are the texts of the pages, read once from assets/paper/pl.toml.
type sentences struct {
	Demonstration string
	Unknown       string
	Page          string
	Form          struct {
		Addressee, Office, Basis, Continued, Optional, Attachments, Notes, Privacy, Signatures string
		Signature, Document, Version, Unconfirmed, Blank, Subject                              string
		OfficeDate                                                                             string `toml:"office_date"`
		OfficeNumber                                                                           string `toml:"office_number"`
		PlaceDate                                                                              string `toml:"place_date"`
		DocumentHelp                                                                           string `toml:"document_help"`
		DocumentLong                                                                           string `toml:"document_long"`
		AsOf                                                                                   string `toml:"as_of"`
	}
	Payment struct {
		Title, Titles, Code, Payee, Account, Basis, Words, Total, How string
		TransferTitle                                                 string `toml:"transfer_title"`
		TotalWords                                                    string `toml:"total_words"`
		NoCodeAmount                                                  string `toml:"no_code_amount"`
		NoCodeData                                                    string `toml:"no_code_data"`
		DecisionBasis                                                 string `toml:"decision_basis"`
		Decision                                                      string
		Fitted                                                        map[string]string // by warning of package payment
	}
	Slip struct {
		Document, Subject, Name, Recipient, Recipient2, NRB, Way, Currency, Amount string
		Payer, Payer2, Title, Title2, Stamp, Fee, Cut                              string
		BankPart                                                                   string `toml:"bank_part"`
		PayerPart                                                                  string `toml:"payer_part"`
		PayerAccount                                                               string `toml:"payer_account"`
		BankStamp                                                                  string `toml:"bank_stamp"`
	}
	Receipt struct {
		Title, Subject, Date, Kiosk, Meter, Place, Value, Number, State, Keep string
	}
}

// say returns the sentences. They are part of the binary: a failure to read
// them is a broken build and panics.
var say = sync.OnceValue(func() *sentences {
	var s sentences
	raw, err := assets.Paper.ReadFile("paper/pl.toml")
	if err == nil {
		err = toml.Unmarshal(raw, &s)
	}
	if err != nil {
		panic(err)
	}
	return &s
})

// fill replaces {name} in a sentence; pairs are name, value, name, value…
func fill(sentence string, pairs ...string) string {
	args := make([]string, len(pairs))
	for i, p := range pairs {
		if i%2 == 0 {
			p = "{" + p + "}"
		}
		args[i] = p
	}
	return strings.NewReplacer(args...).Replace(sentence)
}
