package data

// Municipality is the office a resident stands in. Facts nobody has confirmed
// stay empty and are shown as "do potwierdzenia w urzędzie".
type Municipality struct {
	ID            string        `json:"id" yaml:"id"` // also the key of every row kept for it
	Name          Text          `json:"name" yaml:"name"`
	Short         string        `json:"short" yaml:"short"`       // at most 20 characters: it is the payee
	Genitive      string        `json:"genitive" yaml:"genitive"` // "Gminy Kościelisko"
	TERYT         string        `json:"teryt" yaml:"teryt"`
	NIP           string        `json:"nip,omitempty" yaml:"nip"`
	Voivodeship   string        `json:"voivodeship" yaml:"voivodeship"`
	County        string        `json:"county" yaml:"county"`
	Office        Text          `json:"office" yaml:"office"`       // name of the office
	Authority     string        `json:"authority" yaml:"authority"` // addressee of forms, "Wójt Gminy Kościelisko"
	Street        string        `json:"street" yaml:"street"`
	Postcode      string        `json:"postcode" yaml:"postcode"`
	Town          string        `json:"town" yaml:"town"`
	Phone         string        `json:"phone,omitempty" yaml:"phone"`
	Email         string        `json:"email,omitempty" yaml:"email"`
	Web           string        `json:"web,omitempty" yaml:"web"`
	BIP           string        `json:"bip,omitempty" yaml:"bip"`
	EDelivery     string        `json:"e_delivery,omitempty" yaml:"e_delivery"` // AE:PL-… address
	DataOfficer   string        `json:"data_officer,omitempty" yaml:"data_officer"`
	Villages      []string      `json:"villages" yaml:"villages"`
	Hours         []Hours       `json:"hours,omitempty" yaml:"hours"`
	Units         []Unit        `json:"units" yaml:"units"`
	Accounts      []BankAccount `json:"accounts" yaml:"accounts"`
	Emblem        string        `json:"emblem,omitempty" yaml:"emblem"` // file in the pack
	Demonstration bool          `json:"demonstration,omitempty" yaml:"demonstration"`
	AsOf          Date          `json:"as_of" yaml:"as_of"`
}

// Unit is a department or desk of the office.
type Unit struct {
	ID    string `json:"id" yaml:"id"`
	Name  Text   `json:"name" yaml:"name"`
	Room  string `json:"room,omitempty" yaml:"room"`
	Phone string `json:"phone,omitempty" yaml:"phone"`
	Email string `json:"email,omitempty" yaml:"email"`
	Does  Text   `json:"does,omitempty" yaml:"does"`
}

// Hours are the opening hours of one kind of day.
type Hours struct {
	Days Text   `json:"days" yaml:"days"` // "poniedziałek–piątek"
	Open string `json:"open" yaml:"open"` // "7:30–15:30"
}

// BankAccount is an account residents pay into.
type BankAccount struct {
	ID   string `json:"id" yaml:"id"`     // "podatki", "odpady", "skarbowa", "woda"
	NRB  string `json:"nrb" yaml:"nrb"`   // 26 digits
	Name string `json:"name" yaml:"name"` // payee, at most 20 characters
	For  Text   `json:"for" yaml:"for"`
}

// Account returns the bank account with the given ID.
func (m Municipality) Account(id string) (BankAccount, bool) {
	for _, a := range m.Accounts {
		if a.ID == id {
			return a, true
		}
	}
	return BankAccount{}, false
}

// Unit returns the unit with the given ID.
func (m Municipality) Unit(id string) (Unit, bool) {
	for _, u := range m.Units {
		if u.ID == id {
			return u, true
		}
	}
	return Unit{}, false
}

// Tariff is a rate or a tiered price with the period it holds for.
// Tiers are read in order: the n-th unit costs the price of the first tier
// whose UpTo it does not exceed (0 = no limit), so that a price may fall with
// the size of a household.
type Tariff struct {
	ID          string `json:"id" yaml:"id"` // "odpady.segregowane", "skarbowa.zaswiadczenie", "odsetki.podatkowe"
	Name        Text   `json:"name" yaml:"name"`
	Period      `yaml:",inline"`
	Grosze      int64  `json:"grosze,omitempty" yaml:"grosze"`             // flat price
	Tiers       []Tier `json:"tiers,omitempty" yaml:"tiers"`               // price by unit
	BasisPoints int64  `json:"basis_points,omitempty" yaml:"basis_points"` // yearly rate, 1/100 %
	Basis       string `json:"basis" yaml:"basis"`
	AsOf        Date   `json:"as_of" yaml:"as_of"`
	Unconfirmed bool   `json:"unconfirmed,omitempty" yaml:"unconfirmed"`
}

// Tier is one step of a tiered price.
type Tier struct {
	UpTo   int64 `json:"up_to" yaml:"up_to"`
	Grosze int64 `json:"grosze" yaml:"grosze"`
}

// Price returns the price of n units.
func (t Tariff) Price(n int64) Money {
	if len(t.Tiers) == 0 {
		return Money(t.Grosze * n)
	}
	var sum, done int64
	for _, tier := range t.Tiers {
		end := n
		if tier.UpTo > 0 {
			end = min(n, tier.UpTo)
		}
		if end > done {
			sum += (end - done) * tier.Grosze
			done = end
		}
	}
	return Money(sum)
}

// Tariffs is the price list of a municipality.
type Tariffs []Tariff

// On returns the tariff with the given ID that holds on the day.
func (ts Tariffs) On(id string, day Date) (Tariff, bool) {
	for _, t := range ts {
		if t.ID == id && t.Holds(day) {
			return t, true
		}
	}
	return Tariff{}, false
}
