package data

// Bundle is everything the office tells one resident. It leaves the office only
// sealed to that resident's key.
type Bundle struct {
	Payer       string       `json:"payer"` // number in the finance system, "K-001234"
	Holder      Holder       `json:"holder"`
	AsOf        Instant      `json:"as_of"` // when the balances were true
	Charges     []Charge     `json:"charges"`
	Payments    []Payment    `json:"payments"`
	Meters      []Meter      `json:"meters"`
	Collections []Collection `json:"collections"`
	Place       string       `json:"place"` // village of the waste schedule
}

// Holder is the person the bundle belongs to.
type Holder struct {
	FirstName string   `json:"first_name" yaml:"first_name"`
	LastName  string   `json:"last_name" yaml:"last_name"`
	PESEL     string   `json:"pesel,omitempty" yaml:"pesel"`
	Street    string   `json:"street,omitempty" yaml:"street"`
	House     string   `json:"house" yaml:"house"`
	Flat      string   `json:"flat,omitempty" yaml:"flat"`
	Postcode  string   `json:"postcode" yaml:"postcode"`
	Town      string   `json:"town" yaml:"town"`
	Phone     string   `json:"phone,omitempty" yaml:"phone"`
	Email     string   `json:"email,omitempty" yaml:"email"`
	CoOwners  []string `json:"co_owners,omitempty" yaml:"co_owners"`
}

// Facts returns what a form may be prefilled with, by the names forms use.
func (h Holder) Facts() map[string]string {
	return map[string]string{
		"first_name": h.FirstName, "last_name": h.LastName, "full_name": h.FirstName + " " + h.LastName, "pesel": h.PESEL,
		"street": h.Street, "house": h.House, "flat": h.Flat, "postcode": h.Postcode, "town": h.Town,
		"phone": h.Phone, "email": h.Email,
	}
}

// ChargeKinds lists the kinds of Charge in the order they are shown.
var ChargeKinds = []string{"property", "agricultural", "forest", "waste", "water", "vehicle", "other"}

// Charge is an amount due on a day.
type Charge struct {
	ID       string `json:"id" yaml:"id"`
	Kind     string `json:"kind" yaml:"kind"`
	Title    Text   `json:"title" yaml:"title"`
	Decision string `json:"decision,omitempty" yaml:"decision"` // number of the decision, or in words what it rests on instead: "umowa nr 14/2024"
	Due      Date   `json:"due" yaml:"due"`
	Amount   Money  `json:"amount" yaml:"amount"`
	Paid     Money  `json:"paid" yaml:"paid"`         // more than Amount: overpaid
	Interest string `json:"interest" yaml:"interest"` // regime: "tax", "civil" or "none"
	NRB      string `json:"nrb" yaml:"nrb"`
	Payee    string `json:"payee" yaml:"payee"` // at most 20 characters
	NIP      string `json:"nip,omitempty" yaml:"nip"`
	PayTitle string `json:"pay_title" yaml:"pay_title"` // at most 32 characters
}

// Left returns what is still to pay, negative when overpaid.
func (c Charge) Left() Money { return c.Amount - c.Paid }

// Payment is one booked payment.
type Payment struct {
	Date   Date   `json:"date" yaml:"date"`
	Kind   string `json:"kind" yaml:"kind"`
	Title  Text   `json:"title" yaml:"title"`
	Amount Money  `json:"amount" yaml:"amount"`
}

// Meter is a water meter at a place. Readings are whole m³, the black digits.
type Meter struct {
	ID         string    `json:"id" yaml:"id"`
	Number     string    `json:"number" yaml:"number"`
	Place      Text      `json:"place" yaml:"place"`   // "ogród", "budynek gospodarczy"
	Digits     int       `json:"digits" yaml:"digits"` // black digits; the counter rolls over at 10^Digits
	Red        int       `json:"red" yaml:"red"`       // red digits that are not read
	Installed  Date      `json:"installed" yaml:"installed"`
	Start      int64     `json:"start" yaml:"start"`                       // reading on the day it was installed
	Replaces   string    `json:"replaces,omitempty" yaml:"replaces"`       // number of the meter it took the place of
	WindowFrom int       `json:"window_from,omitempty" yaml:"window_from"` // days of the month when readings count for the bill; 0 = any
	WindowTo   int       `json:"window_to,omitempty" yaml:"window_to"`
	Readings   []Reading `json:"readings" yaml:"readings"` // oldest first
}

// Sources of a Reading.
const (
	ReadByCollector = "collector"
	ReadByResident  = "resident"
	ReadEstimated   = "estimate"
)

// Reading is the state of a meter on a day.
type Reading struct {
	Date     Date   `json:"date" yaml:"date"`
	Value    int64  `json:"value" yaml:"value"`
	Source   string `json:"source" yaml:"source"`
	Meter    string `json:"meter,omitempty" yaml:"meter"` // number, when an earlier meter was read
	Op       string `json:"op,omitempty" yaml:"-"`        // the act that brought it
	RollOver bool   `json:"roll_over,omitempty" yaml:"-"`
}

// Collection is waste taken from the resident's property.
type Collection struct {
	Date     Date   `json:"date" yaml:"date"`
	Fraction string `json:"fraction" yaml:"fraction"`
	Pieces   int    `json:"pieces" yaml:"pieces"`
	Litres   int    `json:"litres" yaml:"litres"`
}
