package meters

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// bars is how many periods the chart shows.
const bars = 12

// firstSpan is the longest time, in days, between a meter's installation and its
// first known reading for that use to be one period among others.
const firstSpan = 100

// noUse marks a reading that none stands before.
const noUse = -1

// mark is a reading with the use since the one before.
type mark struct {
	data.Reading
	used int64 // m³, or noUse
}

// series is the readings of one meter, oldest first. A place that had its meter
// replaced has several.
type series struct {
	number string
	marks  []mark
}

// seriesOf sorts the readings of a place by meter, the present one last.
func seriesOf(m data.Meter) []series {
	byNumber := map[string][]data.Reading{}
	var order []string
	for _, r := range m.Readings {
		n := r.Meter
		if n == "" {
			n = m.Number
		}
		if byNumber[n] == nil && n != m.Number {
			order = append(order, n)
		}
		byNumber[n] = append(byNumber[n], r)
	}
	var out []series
	for _, n := range append(order, m.Number) {
		out = append(out, series{n, marksOf(m, n, byNumber[n])})
	}
	return out
}

func marksOf(m data.Meter, number string, readings []data.Reading) []mark {
	slices.SortStableFunc(readings, func(a, b data.Reading) int { return strings.Compare(a.Date.String(), b.Date.String()) })
	var out []mark
	for i, r := range readings {
		x := mark{r, noUse}
		switch {
		case i > 0:
			x.used = r.Value - readings[i-1].Value
		case number == m.Number && m.Installed.DaysTo(r.Date) <= firstSpan:
			x.used = r.Value - m.Start
		}
		if x.used < 0 && (i > 0 || r.Value < m.Start) {
			x.used += m.Capacity()
		}
		out = append(out, x)
	}
	return out
}

// chart shows the use between readings; nil when there is none to show.
func chart(c *shell.Ctx, all []series) fyne.CanvasObject {
	var points []kit.ChartPoint
	faint := false
	for _, s := range all {
		for _, x := range s.marks {
			if x.used == noUse {
				continue
			}
			estimated := x.Source == data.ReadEstimated
			points = append(points, kit.ChartPoint{
				Label: fmt.Sprintf("%02d.%02d", x.Date.Month, x.Date.Year%100), Value: float64(x.used), Shown: strconv.FormatInt(x.used, 10), Faint: estimated,
			})
		}
	}
	points = points[max(0, len(points)-bars):]
	for _, p := range points {
		faint = faint || p.Faint
	}
	if len(points) == 0 {
		return nil
	}
	height := float32(360)
	if c.Compact {
		height = 280
	}
	rows := []fyne.CanvasObject{kit.NewChart(kit.ChartSpec{Points: points, Height: height, Unit: c.T("meters.chart_unit")})}
	if faint {
		rows = append(rows, kit.Small(c.T("meters.chart_faint")))
	}
	return kit.Column(theme.Size(theme.GapSmall), rows...)
}

// table lists the readings of one meter, newest first.
func table(c *shell.Ctx, v *visit, s series) fyne.CanvasObject {
	head := []kit.Cell{
		{Text: c.T("meters.date")}, {Text: c.T("meters.by")}, {Text: c.T("meters.value"), Right: true}, {Text: c.T("meters.used"), Right: true},
	}
	var rows [][]kit.Cell
	for i := len(s.marks) - 1; i >= 0; i-- {
		x := s.marks[i]
		used := "–"
		if x.used != noUse {
			used = cubic(x.used)
		}
		rows = append(rows, []kit.Cell{
			{Text: x.Date.Polish()}, {Text: source(c, v, x.Reading), Muted: true}, {Text: cubic(x.Value), Right: true, Bold: true}, {Text: used, Right: true},
		})
	}
	return kit.Table(head, rows, []float32{0.22, 0.38, 0.2, 0.2})
}

// source says who read, and for a resident's reading its receipt and state.
func source(c *shell.Ctx, v *visit, r data.Reading) string {
	who := c.T("meters.by_resident")
	switch r.Source {
	case data.ReadByCollector:
		who = c.T("meters.by_collector")
	case data.ReadEstimated:
		who = c.T("meters.by_estimate")
	}
	id, err := data.ParseID(r.Op)
	if err != nil {
		return who
	}
	state := data.OpApplied
	for _, s := range v.sent {
		if s.Op == id {
			state = s.State
		}
	}
	return who + " · " + id.ReceiptNumber() + " · " + stateWord(c, state)
}
