package data

import (
	"strconv"
	"strings"
)

// jumpFactor is how many times the mean use a reading may show before the
// resident is asked whether it is right.
const jumpFactor = 3

// unusualPerDay is the use, in m³ a day, that is asked about when a meter has
// no history to compare with: about three times a household of four.
const unusualPerDay = 2

// ReadingCheck is what the rules say of a typed reading. With Err nil and Ask
// empty it may be sent as it is; each question in Ask needs the resident's yes.
type ReadingCheck struct {
	Value int64
	Used  int64 // m³ since the last reading
	Last  Reading
	Err   *Error
	Ask   []string // AskRollOver, AskJump, AskWindow
}

// Questions of a ReadingCheck.
const (
	AskRollOver = "roll_over" // lower than the last one: did the counter pass its end?
	AskJump     = "jump"      // far more than usual
	AskWindow   = "window"    // outside the days that count for the bill
)

// LastReading returns the newest reading of this very meter; one that was just
// installed answers with its starting state.
func (m Meter) LastReading() Reading {
	last := Reading{Date: m.Installed, Value: m.Start, Source: ReadByCollector}
	for _, r := range m.Readings {
		if (r.Meter == "" || r.Meter == m.Number) && !r.Date.Before(last.Date) {
			last = r
		}
	}
	return last
}

// Capacity returns the count at which the register starts again from zero.
func (m Meter) Capacity() int64 {
	n := int64(1)
	for range m.Digits {
		n *= 10
	}
	return n
}

// Check applies the rules to what was typed on the day. others are readings
// the office does not know yet (waiting on the kiosk).
func (m Meter) Check(typed string, day Date, others []Reading) ReadingCheck {
	m.Readings = append(append([]Reading(nil), m.Readings...), others...)
	c := ReadingCheck{Last: m.LastReading()}
	if c.Value, c.Err = m.parse(typed); c.Err != nil {
		return c
	}
	if c.Err = m.dayError(c.Last, day); c.Err != nil {
		return c
	}
	c.Used = c.Value - c.Last.Value
	if c.Used < 0 {
		c.Used += m.Capacity()
		c.Ask = append(c.Ask, AskRollOver)
	}
	if c.Used > m.usual(c.Last.Date, day) {
		c.Ask = append(c.Ask, AskJump)
	}
	if !m.InWindow(day) {
		c.Ask = append(c.Ask, AskWindow)
	}
	return c
}

// InWindow reports whether a reading on the day counts for the next bill.
func (m Meter) InWindow(day Date) bool {
	if m.WindowFrom == 0 {
		return true
	}
	return day.Day >= m.WindowFrom && day.Day <= m.WindowTo
}

func (m Meter) parse(typed string) (int64, *Error) {
	typed = strings.TrimSpace(typed)
	switch {
	case typed == "":
		return 0, Fail("reading.empty", nil)
	case strings.Trim(typed, "0123456789") != "":
		return 0, Fail("reading.not_integer", nil)
	case len(strings.TrimLeft(typed, "0")) > m.Digits:
		return 0, &Error{Code: "reading.too_long", Args: map[string]any{"Digits": m.Digits}}
	}
	n, err := strconv.ParseInt("0"+strings.TrimLeft(typed, "0"), 10, 64)
	if err != nil {
		return 0, Fail("reading.not_integer", err)
	}
	return n, nil
}

func (m Meter) dayError(last Reading, day Date) *Error {
	switch {
	case day.Before(last.Date):
		return Fail("reading.clock", nil)
	case day == last.Date && last.Date != m.Installed:
		return Fail("reading.today", nil)
	}
	return nil
}

// usual returns the largest use between the days that is not asked about.
func (m Meter) usual(from, to Date) int64 {
	days := int64(max(from.DaysTo(to), 1))
	oldest, newest := m.yearSpan(to)
	span := int64(oldest.Date.DaysTo(newest.Date))
	used := newest.Value - oldest.Value
	if span < 28 || used <= 0 {
		return days * unusualPerDay
	}
	return max(used*days*jumpFactor/span, 5)
}

// yearSpan returns the oldest and the newest reading of this meter within 400
// days before the day, the span over which its mean use is taken.
func (m Meter) yearSpan(day Date) (oldest, newest Reading) {
	since := day.AddDays(-400)
	for _, r := range m.Readings {
		if (r.Meter != "" && r.Meter != m.Number) || r.Date.Before(since) || r.RollOver {
			continue
		}
		if oldest.Date.IsZero() || r.Date.Before(oldest.Date) {
			oldest = r
		}
		if newest.Date.IsZero() || newest.Date.Before(r.Date) {
			newest = r
		}
	}
	return oldest, newest
}
