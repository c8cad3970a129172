package data

// Form is the definition of a printed form as content. The engine in
// data/forms gives it its meaning; data/paper lays it out.
type Form struct {
	Slug        string    `json:"slug" yaml:"slug"`
	Version     string    `json:"version" yaml:"version"`
	Symbol      string    `json:"symbol,omitempty" yaml:"symbol"` // printed mark, "DO-1"
	Title       Text      `json:"title" yaml:"title"`
	Intro       Text      `json:"intro,omitempty" yaml:"intro"` // shown before the first step
	Procedure   string    `json:"procedure" yaml:"procedure"`
	Addressee   string    `json:"addressee,omitempty" yaml:"addressee"` // default: the municipality's authority
	Basis       []string  `json:"basis" yaml:"basis"`
	AsOf        Date      `json:"as_of" yaml:"as_of"`
	Steps       []Step    `json:"steps" yaml:"steps"`
	Fees        []FormFee `json:"fees,omitempty" yaml:"fees"`
	Attach      []Text    `json:"attach,omitempty" yaml:"attach"`           // attachments to bring
	Sign        []Text    `json:"sign,omitempty" yaml:"sign"`               // captions of the signature lines
	Notes       []Text    `json:"notes,omitempty" yaml:"notes"`             // instructions printed at the end
	Privacy     Text      `json:"privacy" yaml:"privacy"`                   // data-protection clause (RODO art. 13)
	Unconfirmed bool      `json:"unconfirmed,omitempty" yaml:"unconfirmed"` // layout not confirmed by the office
}

// Step is one screen of questions and one section on paper.
type Step struct {
	ID     string  `json:"id" yaml:"id"`
	Title  Text    `json:"title" yaml:"title"`
	Help   Text    `json:"help,omitempty" yaml:"help"`
	When   string  `json:"when,omitempty" yaml:"when"` // condition
	Repeat *Repeat `json:"repeat,omitempty" yaml:"repeat"`
	Fields []Field `json:"fields" yaml:"fields"`
}

// Repeat makes a step a group that occurs several times.
type Repeat struct {
	Min  int  `json:"min" yaml:"min"`
	Max  int  `json:"max" yaml:"max"`
	Item Text `json:"item" yaml:"item"` // "Osoba" → "Osoba 2"
}

// Types of Field.
const (
	FieldText     = "text"
	FieldLong     = "longtext"
	FieldInteger  = "integer"
	FieldDecimal  = "decimal" // Decimals places
	FieldMoney    = "money"   // answers are grosze
	FieldDate     = "date"    // answers are ISO dates
	FieldChoice   = "choice"
	FieldMulti    = "multi" // answers are option IDs joined by ","
	FieldCheck    = "check" // answer "true" or "false"
	FieldPESEL    = "pesel"
	FieldNIP      = "nip"
	FieldREGON    = "regon"
	FieldNRB      = "nrb"
	FieldIDCard   = "idcard"
	FieldPhone    = "phone"
	FieldEmail    = "email"
	FieldPostcode = "postcode"
	FieldComputed = "computed"
	FieldNote     = "note" // a sentence, no answer
)

// Field is one question.
type Field struct {
	ID        string   `json:"id" yaml:"id"` // unique in the form, a Go-like identifier: conditions use it
	Type      string   `json:"type" yaml:"type"`
	Label     Text     `json:"label" yaml:"label"`
	Help      Text     `json:"help,omitempty" yaml:"help"`
	Required  bool     `json:"required,omitempty" yaml:"required"`
	When      string   `json:"when,omitempty" yaml:"when"` // condition; hidden fields have no answer
	Options   []Option `json:"options,omitempty" yaml:"options"`
	Min       *int64   `json:"min,omitempty" yaml:"min"` // integers, money (grosze), decimals (last place)
	Max       *int64   `json:"max,omitempty" yaml:"max"`
	NotBefore string   `json:"not_before,omitempty" yaml:"not_before"` // dates: "today", "today-3y", ISO
	NotAfter  string   `json:"not_after,omitempty" yaml:"not_after"`
	MaxLength int      `json:"max_length,omitempty" yaml:"max_length"` // characters; 0 = 200, in long texts 1000
	Decimals  int      `json:"decimals,omitempty" yaml:"decimals"`
	Unit      Text     `json:"unit,omitempty" yaml:"unit"`       // "m²", "osób"
	Default   string   `json:"default,omitempty" yaml:"default"` // an answer, or "today"
	Prefill   string   `json:"prefill,omitempty" yaml:"prefill"` // key of Holder.Facts
	Compute   string   `json:"compute,omitempty" yaml:"compute"` // expression of computed fields
	As        string   `json:"as,omitempty" yaml:"as"`           // computed: "money" | "integer" | "text"
	Check     []Check  `json:"check,omitempty" yaml:"check"`
	Boxes     bool     `json:"boxes,omitempty" yaml:"boxes"`   // one character a box on paper
	Half      bool     `json:"half,omitempty" yaml:"half"`     // half the width of the page
	Screen    bool     `json:"screen,omitempty" yaml:"screen"` // asked on the screen only, not printed
}

// Option is one answer of a choice.
type Option struct {
	ID    string `json:"id" yaml:"id"`
	Label Text   `json:"label" yaml:"label"`
	Help  Text   `json:"help,omitempty" yaml:"help"`
	When  string `json:"when,omitempty" yaml:"when"`
}

// Check is a rule across fields with the sentence shown when it fails.
type Check struct {
	Rule string `json:"rule" yaml:"rule"` // expression that must be true
	Say  Text   `json:"say" yaml:"say"`
}

// FormFee is a payment that goes with the form.
type FormFee struct {
	ID      string `json:"id" yaml:"id"`
	Label   Text   `json:"label" yaml:"label"`
	Amount  string `json:"amount" yaml:"amount"` // expression in grosze
	When    string `json:"when,omitempty" yaml:"when"`
	Account string `json:"account" yaml:"account"` // ID of a BankAccount
	Title   string `json:"title" yaml:"title"`     // payment title, {field} takes an answer; Polish
	Basis   string `json:"basis" yaml:"basis"`
}

// Answers are what a resident typed, by path: "field" or "step.2.field" in
// repeated groups (counted from 0). "step.#" holds the number of repetitions.
type Answers map[string]string
