package paper

import (
	"fmt"
	"strings"
	"testing"

	"egmina/data"
	"egmina/data/payment"
)

// slack is what rounding may add, in millimetres.
const slack = 0.02

func (r Rect) holds(q Rect) bool {
	return q.X >= r.X-slack && q.Y >= r.Y-slack && q.right() <= r.right()+slack && q.bottom() <= r.bottom()+slack
}

func (r Rect) meets(q Rect, by float64) bool {
	return min(r.right(), q.right())-max(r.X, q.X) > by && min(r.bottom(), q.bottom())-max(r.Y, q.Y) > by
}

// overflows lists everything on a document's pages that is out of place: text
// out of its box, anything in the margins, text on text or on a code.
func overflows(d Doc) []string {
	var out []string
	for n, p := range d.Pages {
		for _, s := range pageOverflows(p) {
			out = append(out, fmt.Sprintf("page %d: %s", n+1, s))
		}
	}
	return out
}

func pageOverflows(p Page) []string {
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	body := Rect{margin, 5, p.W - 2*margin, p.H - 12}
	var texts []Text
	for _, it := range p.Items {
		if b := it.Bounds().inset(0.3, 0.3); !body.holds(b) {
			bad("%T in the margin: %+v", it, it)
		}
		if t, ok := it.(Text); ok {
			texts = append(texts, t)
			if !t.In.holds(t.Bounds()) {
				bad("%q leaves its box: %+v in %+v", t.S, t.Bounds(), t.In)
			}
			if !body.holds(t.In) {
				bad("the box of %q is in the margin: %+v", t.S, t.In)
			}
		}
	}
	for i, t := range texts {
		for _, u := range texts[:i] {
			if t.Bounds().meets(u.Bounds(), 0.25) {
				bad("%q lies on %q", t.S, u.S)
			}
		}
	}
	for _, it := range p.Items {
		if c, ok := it.(Code); ok {
			for _, t := range texts {
				if c.Bounds().meets(t.Bounds(), 0) {
					bad("%q lies on a code", t.S)
				}
			}
		}
	}
	return out
}

func TestNothingLeavesItsBox(t *testing.T) {
	for _, n := range testSet(t) {
		if bad := overflows(n.doc); len(bad) > 0 {
			t.Errorf("%s: %d faults, first: %s", n.name, len(bad), strings.Join(bad[:min(len(bad), 4)], "\n\t"))
		}
		if len(n.doc.Missing) > 0 {
			t.Errorf("%s: no glyph for %q", n.name, string(n.doc.Missing))
		}
	}
}

// The checker itself must see faults.
func TestOverflowsSees(t *testing.T) {
	in := Rect{50, 50, 20, 5}
	ok := Text{X: 50, Y: 53.5, Size: 9, S: "Ważne", In: in}
	wide, low, far := ok, ok, ok
	wide.S = "Bardzo ważne zdanie"
	low.Y = 55
	far.X, far.In.X = 205, 205
	for name, items := range map[string][]Item{"wide": {wide}, "low": {low}, "margin": {far}, "twice": {ok, ok},
		"on code": {ok, Code{X: 52, Y: 50, Size: 20, Modules: [][]bool{{true}}}}, "line": {Line{X1: 2, X2: 50, Y1: 9, Y2: 9}}} {
		if bad := pageOverflows(Page{W: a4Width, H: a4Height, Items: items}); len(bad) == 0 {
			t.Errorf("%s: not seen", name)
		}
	}
	if bad := pageOverflows(Page{W: a4Width, H: a4Height, Items: []Item{ok}}); len(bad) > 0 {
		t.Error(bad)
	}
}

func allText(d Doc) string {
	var b strings.Builder
	for _, p := range d.Pages {
		for _, it := range p.Items {
			if t, ok := it.(Text); ok {
				b.WriteString(t.S + "\n")
			}
		}
	}
	return b.String()
}

func codes(d Doc) []Code {
	var out []Code
	for _, p := range d.Pages {
		for _, it := range p.Items {
			if c, ok := it.(Code); ok {
				out = append(out, c)
			}
		}
	}
	return out
}

func TestEveryPageSaysWhatItIs(t *testing.T) {
	for _, n := range testSet(t) {
		for i, p := range n.doc.Pages {
			text := allText(Doc{Pages: []Page{p}})
			for _, want := range []string{say().Demonstration, fmt.Sprintf("strona %d z %d", i+1, len(n.doc.Pages))} {
				if !strings.Contains(text, want) {
					t.Errorf("%s page %d does not say %q", n.name, i+1, want)
				}
			}
		}
	}
}

func TestNoDemonstrationMark(t *testing.T) {
	m := testGmina(t)
	m.Demonstration = false
	in := slipInput(m)
	doc, err := SlipDoc(in)
	if err != nil || strings.Contains(allText(doc), say().Demonstration) {
		t.Fatalf("mark on a real slip, %v", err)
	}
	in.Demonstration = true
	if doc, err = SlipDoc(in); err != nil || !strings.Contains(allText(doc), say().Demonstration) {
		t.Fatalf("no mark, %v", err)
	}
}

func TestFormNeedsNumber(t *testing.T) {
	_, err := FormDoc(FormInput{Municipality: testGmina(t), Form: testForms(t)[0], Made: testDay})
	if e, ok := err.(*data.Error); !ok || e.Code != "paper.number_missing" {
		t.Fatalf("%v", err)
	}
}

// A filled form carries its answers in a code; a blank one has none.
func TestFormCodes(t *testing.T) {
	for _, n := range testSet(t) {
		found := false
		for _, c := range codes(n.doc) {
			found = found || strings.HasPrefix(c.Payload, "EG1:")
		}
		isForm := !strings.HasPrefix(n.name, "slip") && !strings.HasPrefix(n.name, "receipt")
		if want := isForm && !strings.HasSuffix(n.name, " blank"); found != want {
			t.Errorf("%s: code with answers: %v, want %v", n.name, found, want)
		}
	}
}

// Codes are large enough for old phones and cheap scanners.
func TestCodeSizes(t *testing.T) {
	for _, n := range testSet(t) {
		for _, c := range codes(n.doc) {
			if c.Size < 25 || c.module() < 0.4 {
				t.Errorf("%s: code of %.1f mm with modules of %.2f mm", n.name, c.Size, c.module())
			}
		}
	}
}

func TestSlipAmountLimits(t *testing.T) {
	in := slipInput(testGmina(t))
	for amount, coded := range map[data.Money]bool{1: true, payment.MaxAmount: true, payment.MaxAmount + 1: false} {
		in.Slips[0].Transfer.Amount = amount
		doc, err := SlipDoc(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(codes(doc)) == 1; got != coded {
			t.Errorf("%v: code %v, want %v", amount, got, coded)
		}
		text := strings.ReplaceAll(allText(doc), "\n", " ")
		if got := strings.Contains(text, say().Payment.NoCodeAmount); got == coded {
			t.Errorf("%v: reason printed: %v", amount, got)
		}
		if !strings.Contains(text, payment.Words(amount)) {
			t.Errorf("%v is not in words", amount)
		}
	}
}

func TestSlipErrors(t *testing.T) {
	m := testGmina(t)
	if _, err := SlipDoc(SlipInput{Municipality: m}); err == nil {
		t.Error("slip without payments")
	}
	in := slipInput(m)
	in.Slips[0].Transfer.NRB = "61109010140000071219812875"
	if _, err := SlipDoc(in); err == nil {
		t.Error("slip with a wrong account")
	}
	if _, err := ReceiptDoc(ReceiptInput{Municipality: m}); err == nil {
		t.Error("receipt without readings")
	}
}

// A fee whose account the office has not given prints without a code and says
// so.
func TestFeeWithoutAccount(t *testing.T) {
	m := testGmina(t)
	m.Accounts = nil
	for _, f := range testForms(t) {
		a := answer(t, f, false, false)
		if len(f.Eval(a).Fees) == 0 {
			continue
		}
		doc, err := FormDoc(FormInput{Municipality: m, Form: f, Answers: a, Number: testNumber, Made: testDay})
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(allText(doc), "\n", " ")
		if len(codes(doc)) != 1 || !strings.Contains(text, say().Payment.NoCodeData) || !strings.Contains(text, say().Unknown) {
			t.Errorf("%s: %d codes\n%s", f.Def().Slug, len(codes(doc)), text)
		}
		return
	}
	t.Fatal("no form with a fee")
}

// One character stands in the middle of each box.
func TestBoxesAreCentred(t *testing.T) {
	s := newSheet(data.Municipality{}, "", "", testDay, false)
	s.boxes(20, 50, boxPitch, boxHigh, 11, []rune("44051401359"))
	n := 0
	for _, it := range s.items {
		if t0, ok := it.(Text); ok {
			b := t0.Bounds()
			if middle := 20 + boxPitch*(float64(n)+0.5); b.X+b.W/2-middle > 0.01 || middle-b.X-b.W/2 > 0.01 {
				t.Errorf("%q is at %.2f, not at %.2f", t0.S, b.X+b.W/2, middle)
			}
			n++
		}
	}
	if n != 11 {
		t.Errorf("%d characters", n)
	}
}
