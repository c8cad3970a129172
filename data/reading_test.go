package data

import (
	"slices"
	"testing"
	"time"
)

func day(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// meter uses 10 m³ a month and was last read at 580 on 1 November 2026.
func meter() Meter {
	m := Meter{Number: "111", Digits: 5, Installed: day("2020-01-01")}
	for i := range 12 {
		at := day("2025-12-01").Time().AddDate(0, i, 0)
		m.Readings = append(m.Readings, Reading{Date: DateOf(at), Value: int64(470 + 10*i)})
	}
	return m
}

func TestMeterCheck(t *testing.T) {
	replaced := Meter{Number: "222", Digits: 5, Installed: day("2026-11-20"), Start: 3,
		Readings: []Reading{{Date: day("2026-11-01"), Value: 4812, Meter: "111"}}}
	rolling := meter()
	rolling.Readings = append(rolling.Readings, Reading{Date: day("2026-11-10"), Value: 99990})
	windowed := meter()
	windowed.WindowFrom, windowed.WindowTo = 25, 30
	tests := []struct {
		name  string
		meter Meter
		typed string
		want  int64
		code  string
		ask   []string
	}{
		{"usual", meter(), "588", 8, "", nil},
		{"leading zeros", meter(), "00588", 8, "", nil},
		{"same as before", meter(), "580", 0, "", nil},
		{"empty", meter(), " ", 0, "reading.empty", nil},
		{"not a number", meter(), "58a", 0, "reading.not_integer", nil},
		{"with the red digits", meter(), "588,4", 0, "reading.not_integer", nil},
		{"too many digits", meter(), "580123", 0, "reading.too_long", nil},
		{"lower", meter(), "570", 99990, "", []string{AskRollOver, AskJump}},
		{"rolled over", rolling, "6", 16, "", []string{AskRollOver}},
		{"jump", meter(), "680", 100, "", []string{AskJump}},
		{"lower on a replaced meter", replaced, "5", 2, "", nil},
		{"outside the window", windowed, "588", 8, "", []string{AskWindow}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := tt.meter.Check(tt.typed, day("2026-11-23"), nil)
			code := ""
			if c.Err != nil {
				code = c.Err.Code
			}
			if code != tt.code || (code == "" && c.Used != tt.want) || !slices.Equal(c.Ask, tt.ask) {
				t.Errorf("got %q used %d ask %v, want %q %d %v", code, c.Used, c.Ask, tt.code, tt.want, tt.ask)
			}
		})
	}
}

func TestMeterCheckOneADay(t *testing.T) {
	waiting := []Reading{{Date: day("2026-11-23"), Value: 588}}
	if c := meter().Check("589", day("2026-11-23"), waiting); c.Err == nil || c.Err.Code != "reading.today" {
		t.Errorf("second reading of a day: got %v", c.Err)
	}
	if c := meter().Check("589", day("2026-10-01"), nil); c.Err == nil || c.Err.Code != "reading.clock" {
		t.Errorf("a day before the last reading: got %v", c.Err)
	}
}

func TestMoney(t *testing.T) {
	for in, want := range map[Money]string{
		0: "0,00\u00a0zł", 5: "0,05\u00a0zł", 123456: "1\u00a0234,56\u00a0zł", -1250: "−12,50\u00a0zł", 100000000: "1\u00a0000\u00a0000,00\u00a0zł",
	} {
		if got := in.String(); got != want {
			t.Errorf("%d: got %q, want %q", int64(in), got, want)
		}
	}
	for in, want := range map[Money]Money{149: 100, 150: 200, -150: -200, 49: 0} {
		if got := in.RoundToZloty(); got != want {
			t.Errorf("round %d: got %d, want %d", in, got, want)
		}
	}
}

func TestDate(t *testing.T) {
	d := day("2026-12-30")
	if got := d.AddDays(3); got != day("2027-01-02") {
		t.Errorf("add days: %v", got)
	}
	if got := d.DaysTo(day("2027-01-02")); got != 3 {
		t.Errorf("days to: %d", got)
	}
	if _, err := ParseDate("2026-02-30"); err == nil {
		t.Error("30 February was accepted")
	}
	p := Period{From: day("2026-01-01")}
	if p.Holds(day("2025-12-31")) || !p.Holds(day("2030-01-01")) {
		t.Error("open period is wrong")
	}
}

func TestTariffPrice(t *testing.T) {
	household := Tariff{Tiers: []Tier{{UpTo: 4, Grosze: 1900}, {UpTo: 0, Grosze: 1700}}}
	for n, want := range map[int64]Money{0: 0, 1: 1900, 4: 7600, 5: 9300, 7: 12700} {
		if got := household.Price(n); got != want {
			t.Errorf("%d people: got %d, want %d", n, got, want)
		}
	}
}

func TestReceiptNumber(t *testing.T) {
	id := NewID(time.Unix(1_790_000_000, 0))
	back, err := ParseID(id.String())
	if err != nil || back != id {
		t.Fatalf("round trip: %v %v", back, err)
	}
	if id[6]>>4 != 7 || id[8]>>6 != 2 {
		t.Errorf("not a version 7 UUID: %s", id)
	}
	fixed := ID{11: 0xff, 12: 0xff, 13: 0xff, 14: 0xff, 15: 0xff}
	if got := fixed.ReceiptNumber(); got != "R-ZZZZ-ZZZZ" {
		t.Errorf("receipt %q", got)
	}
}
