package paper

import (
	"strconv"
	"strings"

	"egmina/data"
)

// ReceiptLine is one meter reading.
type ReceiptLine struct {
	Meter  string // number of the meter
	Place  string
	Value  int64  // whole m³
	Digits int    // of the counter, for leading zeros; 0 = none
	Number string // receipt number, "R-7F3K-92QM"
}

// ReceiptInput is what the receipt of meter readings is made of. It names no
// person: who finds it on the printer learns only numbers of meters.
type ReceiptInput struct {
	Municipality  data.Municipality
	Kiosk         string // name of the kiosk, "Hol urzędu"
	Made          data.Date
	Time          string // "14:05", may be empty
	Lines         []ReceiptLine
	Demonstration bool // also taken from the municipality
}

// Columns of the table: left edges, the last one is its right edge.
var receiptColumns = []float64{margin, margin + 40, margin + 98, margin + 130, a4Width - margin}

// ReceiptDoc lays the receipt out on A4. The error is a *data.Error,
// paper.nothing when there is no reading.
func ReceiptDoc(in ReceiptInput) (Doc, error) {
	if len(in.Lines) == 0 {
		return Doc{}, data.Fail("paper.nothing", nil)
	}
	w := say().Receipt
	m := in.Municipality
	s := newSheet(m, w.Title, w.Subject, in.Made, in.Demonstration)
	s.flow(margin, content, 5, style{11, true, black}, m.Office.In(data.Polish))
	s.flow(margin, content, 4.2, style{9, false, black}, joined(", ", m.Street, joined(" ", m.Postcode, m.Town)))
	s.y += 8
	s.title("", w.Title)
	s.y += 3
	half := content / 2
	s.receiptRow([]float64{margin, margin + half, a4Width - margin},
		[]cell{s.clip(valueCell{caption: caption(w.Date), value: joined(", ", in.Made.Polish(), in.Time)}, half),
			s.clip(valueCell{caption: caption(w.Kiosk), value: in.Kiosk}, half)})
	s.y += 4
	s.receiptHead()
	for _, l := range in.Lines {
		row := []cell{s.brief(l.Meter, 0), s.brief(l.Place, 1),
			valueCell{value: counter(l.Value, l.Digits), computed: true}, s.brief(l.Number, 3).strong()}
		if s.full(rowHeight(s, receiptColumns, row)) {
			s.turn()
			s.receiptHead()
		}
		s.receiptRow(receiptColumns, row)
	}
	s.y += 6
	s.flow(margin, content, 5.2, style{11, true, black}, w.State)
	s.y += 1
	s.flow(margin, content, 4.4, style{9, false, black}, w.Keep)
	return s.finish(joined(" · ", w.Title, m.Office.In(data.Polish))), nil
}

// briefLines is how many lines a name on a receipt may take.
const briefLines = 5

// brief is a cell of the table in the given column.
func (s *sheet) brief(text string, column int) valueCell {
	return s.clip(valueCell{value: text}, receiptColumns[column+1]-receiptColumns[column])
}

// clip cuts a name that would take more than briefLines, and shows the cut.
func (s *sheet) clip(c valueCell, w float64) valueCell {
	if f, lines := c.set(s, w); len(lines) > briefLines {
		c.value = strings.Join(s.few(c.value, f, w-2*padX, briefLines), "\n")
	}
	return c
}

func (c valueCell) strong() valueCell {
	c.computed = true
	return c
}

// receiptHead names the columns.
func (s *sheet) receiptHead() {
	w := say().Receipt
	h := 5.2
	s.need(h + 12)
	s.tint(Rect{margin, s.y, content, h})
	for i, name := range []string{w.Meter, w.Place, w.Value, w.Number} {
		in := Rect{receiptColumns[i], s.y, receiptColumns[i+1] - receiptColumns[i], h}
		s.frame(in)
		s.set(in.inset(padX, 0), s.y+3.6, style{7, true, black}, left, name)
	}
	s.y += h
}

func rowHeight(s *sheet, edges []float64, cells []cell) float64 {
	h := 0.0
	for i, c := range cells {
		h = max(h, c.height(s, edges[i+1]-edges[i]))
	}
	return h
}

// receiptRow draws cells side by side between the edges.
func (s *sheet) receiptRow(edges []float64, cells []cell) {
	h := rowHeight(s, edges, cells)
	s.need(h)
	for i, c := range cells {
		c.draw(s, Rect{edges[i], s.y, edges[i+1] - edges[i], h})
	}
	s.y += h
}

// counter writes a reading as the counter shows it, with leading zeros.
func counter(v int64, digits int) string {
	text := strconv.FormatInt(v, 10)
	for len(text) < digits && len(text) < 12 {
		text = "0" + text
	}
	return text
}
