package data

// Procedure is the card of one official matter.
type Procedure struct {
	Slug        string    `json:"slug" yaml:"slug"`
	Area        string    `json:"area" yaml:"area"` // one of Areas
	Title       Text      `json:"title" yaml:"title"`
	Summary     Text      `json:"summary" yaml:"summary"` // at most three plain sentences
	Who         Text      `json:"who" yaml:"who"`
	Documents   []Text    `json:"documents" yaml:"documents"`
	Fees        []Fee     `json:"fees" yaml:"fees"` // empty means free of charge
	Time        Text      `json:"time" yaml:"time"`
	Basis       []string  `json:"basis" yaml:"basis"`
	Appeal      Text      `json:"appeal" yaml:"appeal"`
	Channels    []Channel `json:"channels" yaml:"channels"`
	Unit        string    `json:"unit" yaml:"unit"` // ID of a Unit
	Forms       []string  `json:"forms,omitempty" yaml:"forms"`
	Related     []string  `json:"related,omitempty" yaml:"related"`
	Keywords    []string  `json:"keywords" yaml:"keywords"`   // words people really use, any language
	Link        string    `json:"link,omitempty" yaml:"link"` // official address carried to the resident's phone
	AsOf        Date      `json:"as_of" yaml:"as_of"`
	Source      string    `json:"source,omitempty" yaml:"source"`
	Unconfirmed []string  `json:"unconfirmed,omitempty" yaml:"unconfirmed"` // names of fields the office must confirm: "fees", "time", "basis", "appeal", "documents", "link", "who"
	Body        Text      `json:"body,omitempty" yaml:"-"`                  // Markdown after the front matter; SLUG.en.md holds the English one
}

// Areas lists the areas of procedures in the order they are shown.
var Areas = []string{
	"ewidencja", "dowody", "wybory", "usc", "podatki", "odpady", "woda", "srodowisko",
	"planowanie", "drogi", "dzialalnosc", "oswiata", "pomoc", "dostep", "inne",
}

// Fee is one line of what a procedure costs.
type Fee struct {
	Label   Text   `json:"label" yaml:"label"`
	Grosze  int64  `json:"grosze" yaml:"grosze"`
	Tariff  string `json:"tariff,omitempty" yaml:"tariff"` // takes the amount from the tariff instead
	Basis   string `json:"basis" yaml:"basis"`
	Account string `json:"account,omitempty" yaml:"account"` // ID of a BankAccount
}

// Kinds of Channel.
const (
	ChannelDesk      = "desk"       // in person or on paper at the office
	ChannelPost      = "post"       // by letter
	ChannelEDelivery = "e_delivery" // e-Doręczenia
	ChannelGov       = "gov"        // a dedicated gov.pl service
	ChannelEPUAP     = "epuap"      // only where a special rule still allows it
	ChannelEmail     = "email"
	ChannelProvider  = "provider" // another body, e.g. the water company
)

// Channel is a lawful way to file, with the days it holds: since 2026-01-01 an
// ePUAP letter has no effect in most matters (KPA art. 63).
type Channel struct {
	Kind   string `json:"kind" yaml:"kind"`
	Note   Text   `json:"note" yaml:"note"`
	URL    string `json:"url,omitempty" yaml:"url"`
	Basis  string `json:"basis,omitempty" yaml:"basis"`
	Period `yaml:",inline"`
}

// Page is a text of one of the lobby's doors: a guide, an announcement, a
// consultation or a survey's introduction.
type Page struct {
	Slug    string           `json:"slug" yaml:"slug"`
	Door    string           `json:"door" yaml:"door"` // "info", "online", "dialog", "uslugi"
	Kind    string           `json:"kind" yaml:"kind"` // "guide", "notice", "consultation", "contact"
	Title   Text             `json:"title" yaml:"title"`
	Summary Text             `json:"summary" yaml:"summary"`
	Order   int              `json:"order,omitempty" yaml:"order"`
	Link    string           `json:"link,omitempty" yaml:"link"`
	Period  `yaml:",inline"` // when it is shown
	AsOf    Date             `json:"as_of" yaml:"as_of"`
	Source  string           `json:"source,omitempty" yaml:"source"`
	Body    Text             `json:"body" yaml:"-"` // Markdown
}

// Waste is the public part of waste collection: what is collected where and when.
type Waste struct {
	AsOf      Date       `json:"as_of" yaml:"as_of"`
	Source    string     `json:"source,omitempty" yaml:"source"`
	Fractions []Fraction `json:"fractions" yaml:"fractions"`
	Schedule  []Pickup   `json:"schedule" yaml:"schedule"`
}

// Fraction is a kind of waste.
type Fraction struct {
	ID     string `json:"id" yaml:"id"` // "zmieszane", "papier", "tworzywa", "szklo", "bio", "popiol", "gabaryty"
	Name   Text   `json:"name" yaml:"name"`
	Colour string `json:"colour" yaml:"colour"` // "#rrggbb" of the bag
	Hint   Text   `json:"hint" yaml:"hint"`
}

// Pickup is one day of collection in one place.
type Pickup struct {
	Place     string   `json:"place" yaml:"place"` // village
	Date      Date     `json:"date" yaml:"date"`
	Fractions []string `json:"fractions" yaml:"fractions"`
}
