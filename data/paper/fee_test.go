package paper

import (
	"slices"
	"strings"
	"testing"

	"egmina/data/payment"
)

// Beside a code stands, letter by letter, what the code holds; what that
// changed is said. Without a code the texts stand as they are.
func TestFactsAreWhatTheCodeHolds(t *testing.T) {
	cut := taxTransfer
	cut.Name, cut.Title = "Urząd Gminy Kościelisko", "Op. skarb. zaśw. „Gąsienica–Byrcyn”"
	b := payBlock{t: cut}
	code, why := b.code()
	held, fail := payment.ParsePayload(code.Payload)
	if why != "" || fail != nil {
		t.Fatal(why, fail)
	}
	w := say().Payment
	if got := b.facts(); got[0] != (fact{w.Payee, held.Name}) || got[2] != (fact{w.TransferTitle, held.Title}) || held.Title == cut.Title {
		t.Errorf("%q, the code holds %q", got, held)
	}
	doc, err := SlipDoc(SlipInput{Municipality: testGmina(t), Slips: []Slip{{Transfer: cut}}, Made: testDay})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{payment.NameClipped, payment.TitleCleaned, payment.TitleClipped} {
		if said := w.Fitted[name]; said == "" || !strings.Contains(squeezed(allText(doc)), squeezed(said)) {
			t.Errorf("%s is not said: %q", name, said)
		}
	}
	cut.Amount = payment.MaxAmount + 1
	b = payBlock{t: cut}
	if got := b.facts(); got[0].value != cut.Name || got[2].value != cut.Title || b.fitted() != "" {
		t.Errorf("without a code: %q, %q", got, b.fitted())
	}
}

// Every change that payment tells has its sentence, and the plain case none.
func TestFittedSentences(t *testing.T) {
	for _, name := range []string{payment.NameCleaned, payment.NameClipped, payment.TitleCleaned, payment.TitleClipped} {
		if say().Payment.Fitted[name] == "" {
			t.Errorf("%s has no sentence", name)
		}
	}
	if note := (payBlock{t: taxTransfer}).fitted(); note != "" {
		t.Errorf("nothing changed, yet %q", note)
	}
}

// A decision is named as one, an act as the legal basis.
func TestBasisHasItsCaption(t *testing.T) {
	w := say().Payment
	decision := payBlock{t: taxTransfer, decision: "PN.3120.1201.2026"}.facts()
	if !slices.Contains(decision, fact{"Na podstawie", "decyzja nr PN.3120.1201.2026"}) {
		t.Errorf("%q", decision)
	}
	contract := payBlock{t: taxTransfer, decision: "umowa nr 14/2024"}.facts()
	if !slices.Contains(contract, fact{"Na podstawie", "umowa nr 14/2024"}) {
		t.Errorf("%q", contract)
	}
	act := payBlock{t: taxTransfer, basis: "ustawa o opłacie skarbowej"}.facts()
	if !slices.Contains(act, fact{w.Basis, "ustawa o opłacie skarbowej"}) || len(act) != len(decision) {
		t.Errorf("%q", act)
	}
}

// Common long surnames fit into the title of every fee of the pack.
func TestFeeTitlesHoldSurnames(t *testing.T) {
	for _, def := range testPack(t).Forms {
		for _, fee := range def.Fees {
			title := strings.NewReplacer("{last_name}", "Gąsienica-Makowska", "{nip}", "5214349636").Replace(fee.Title)
			tr := payment.Transfer{NRB: taxTransfer.NRB, Name: "Gmina", Title: title, Amount: 100}
			if fitted, warnings := tr.Shown(); len(warnings) > 0 {
				t.Errorf("%s: %q becomes %q", def.Slug, title, fitted.Title)
			}
		}
	}
}
