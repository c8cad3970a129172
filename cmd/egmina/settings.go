package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// maxSettings is far above any real settings file.
const maxSettings = 1 << 20

// Settings is the one file an installation is set up with. Every key has a
// default, so an empty file is a working one.
type Settings struct {
	Municipality string `toml:"municipality"` // built-in pack, or a folder with one
	Language     string `toml:"language"`     // of the interface after each resident

	Kiosk  KioskSettings  `toml:"kiosk"`
	Office OfficeSettings `toml:"office"`
}

// KioskSettings set up the lobby role.
type KioskSettings struct {
	Name       string   `toml:"name"`
	Data       string   `toml:"data"`        // folder of the cache and the kiosk's key
	Office     string   `toml:"office"`      // address, "https://office.example:8443"
	OfficePins []string `toml:"office_pins"` // current and next key of the office
	OfficeKey  string   `toml:"office_key"`  // public key that acts are sealed to
	Printer    string   `toml:"printer"`     // "cups:NAME", "windows:NAME", "folder:PATH" or "none"
	Fullscreen bool     `toml:"fullscreen"`
	Width      int      `toml:"width"`
	Height     int      `toml:"height"`
	Scale      float64  `toml:"scale"` // pixels per unit; fixed, so that one panel always looks the same
	Idle       Span     `toml:"idle"`
	Warning    Span     `toml:"warning"`
	Limit      Span     `toml:"limit"`
}

// OfficeSettings set up the server role.
type OfficeSettings struct {
	Listen string       `toml:"listen"`
	Data   string       `toml:"data"`
	Kiosks []KnownKiosk `toml:"kiosks"`
}

// KnownKiosk is a kiosk the office talks to.
type KnownKiosk struct {
	Name string `toml:"name"`
	Pin  string `toml:"pin"`
}

// Span is a length of time written as "60s" or "10m".
type Span struct{ time.Duration }

// UnmarshalText reads "90s", "10m".
func (s *Span) UnmarshalText(b []byte) error {
	d, err := time.ParseDuration(string(b))
	if err == nil {
		s.Duration = d
	}
	return err
}

func defaultSettings() Settings {
	return Settings{
		Municipality: "koscielisko",
		Language:     "pl",
		Kiosk: KioskSettings{
			Name: "Kiosk 1", Data: "egmina-kiosk", Printer: "none", Fullscreen: true, Width: 1366, Height: 768, Scale: 1,
			Idle: Span{60 * time.Second}, Warning: Span{30 * time.Second}, Limit: Span{15 * time.Minute},
		},
		Office: OfficeSettings{Listen: ":8443", Data: "egmina-office"},
	}
}

// loadSettings reads a settings file over the defaults. Every mistake is named
// by key and line. An empty path gives the defaults.
func loadSettings(path string) (Settings, error) {
	s := defaultSettings()
	if path == "" {
		return s, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return s, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxSettings+1))
	if err != nil {
		return s, err
	}
	if len(raw) > maxSettings {
		return s, fmt.Errorf("%s: larger than %d bytes", path, maxSettings)
	}
	if err := parseSettings(raw, &s); err != nil {
		return s, fmt.Errorf("%s:%w", path, err)
	}
	return s, nil
}

func parseSettings(raw []byte, s *Settings) error {
	err := toml.NewDecoder(bytes.NewReader(raw)).DisallowUnknownFields().Decode(s)
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		e := unknown.Errors[0]
		line, _ := e.Position()
		return fmt.Errorf("%d: unknown key %q", line, joinKey(e.Key()))
	}
	var bad *toml.DecodeError
	if errors.As(err, &bad) {
		line, col := bad.Position()
		return fmt.Errorf("%d:%d: %s", line, col, bad.Error())
	}
	if err != nil {
		return fmt.Errorf(" %w", err)
	}
	return s.check()
}

func joinKey(k toml.Key) string {
	var b bytes.Buffer
	for i, part := range k {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(part)
	}
	return b.String()
}

// check refuses values that would leave a resident without time to answer.
func (s *Settings) check() error {
	k := s.Kiosk
	switch {
	case k.Warning.Duration < 20*time.Second:
		return errors.New(" kiosk.warning: at least 20s, so that everybody can answer (WCAG 2.2.1)")
	case k.Idle.Duration < time.Second || k.Limit.Duration < k.Idle.Duration:
		return errors.New(" kiosk.idle and kiosk.limit: idle at least 1s, limit not shorter than idle")
	case k.Width < 800 || k.Height < 600 || k.Scale < 0.5 || k.Scale > 4:
		return errors.New(" kiosk.width, kiosk.height, kiosk.scale: at least 800 by 600 at a scale of 0.5 to 4")
	case s.Language != "pl" && s.Language != "en":
		return fmt.Errorf(" language: %q is not one of pl, en", s.Language)
	}
	return nil
}
