package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"egmina/data"
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
// by key and place. An empty path gives the defaults. Errors: cli.file_*,
// cli.settings_*.
func loadSettings(path string) (Settings, error) {
	s := defaultSettings()
	if path == "" {
		return s, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return s, readFailed(path, err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxSettings+1))
	if err != nil {
		return s, readFailed(path, err)
	}
	if len(raw) > maxSettings {
		return s, &data.Error{Code: "cli.settings_too_large", Args: map[string]any{"Place": path, "Max": maxSettings >> 10}}
	}
	return s, parseSettings(path, raw, &s)
}

// parseSettings reads a file's text over s.
func parseSettings(path string, raw []byte, s *Settings) error {
	err := decodeSettings(raw, s)
	var unknown *toml.StrictMissingError
	var bad *toml.DecodeError
	switch {
	case err == nil:
		return s.check(path)
	case errors.As(err, &unknown):
		var all []error
		for i := range unknown.Errors {
			all = append(all, misread(path, "cli.settings_unknown_key", &unknown.Errors[i]))
		}
		return errors.Join(all...)
	case errors.As(err, &bad):
		return misread(path, decodeCode(bad), bad)
	}
	// Only a length of time written as a bare number comes without its place.
	place := fmt.Sprintf("%s:%d", path, badLine(raw))
	return &data.Error{Code: "cli.settings_span", Args: map[string]any{"Place": place}, Err: err}
}

func decodeSettings(raw []byte, s *Settings) error {
	return toml.NewDecoder(bytes.NewReader(raw)).DisallowUnknownFields().Decode(s)
}

func misread(path, code string, e *toml.DecodeError) error {
	line, col := e.Position()
	args := map[string]any{"Place": fmt.Sprintf("%s:%d:%d", path, line, col), "Key": strings.Join(e.Key(), ".")}
	return &data.Error{Code: code, Args: args, Err: e}
}

// decodeCode tells a value of the wrong type from text that is no TOML.
func decodeCode(e *toml.DecodeError) string {
	switch text := e.Error(); {
	case strings.Contains(text, "invalid duration") || strings.Contains(text, "in duration"):
		return "cli.settings_span"
	case strings.Contains(text, "already"):
		return "cli.settings_twice"
	case len(e.Key()) > 0:
		return "cli.settings_type"
	}
	return "cli.settings_syntax"
}

// badLine finds the line of a failure that has no place: the last one of the
// shortest beginning of the file that fails so. The file is decoded from the
// top, so that every longer beginning fails so, too.
func badLine(raw []byte) int {
	lines := bytes.SplitAfter(raw, []byte("\n"))
	return 1 + sort.Search(len(lines), func(i int) bool {
		var placed *toml.DecodeError
		var unknown *toml.StrictMissingError
		var s Settings
		err := decodeSettings(bytes.Join(lines[:i+1], nil), &s)
		return err != nil && !errors.As(err, &placed) && !errors.As(err, &unknown)
	})
}

// Bounds of the window, in pixels: what the screens are laid out for, and more
// than any panel has.
const (
	minWidth, minHeight = 800, 600
	maxSide             = 16384
)

// minWarning lets everybody answer (WCAG 2.2.1).
const minWarning = 20 * time.Second

var pinForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// rule is a condition a value has to meet, and the code of its sentence.
type rule struct {
	key, code string
	holds     bool
}

func firstBroken(path string, rules []rule) error {
	for _, r := range rules {
		if !r.holds {
			return &data.Error{Code: r.code, Args: map[string]any{"Place": path, "Key": r.key}}
		}
	}
	return nil
}

// check refuses values that cannot work, whatever the role; path names the file.
func (s *Settings) check(path string) error {
	k := s.Kiosk
	kind, name, _ := strings.Cut(k.Printer, ":")
	return firstBroken(path, []rule{
		{"municipality", "cli.settings_empty", s.Municipality != ""},
		{"language", "cli.settings_language", s.Language == "pl" || s.Language == "en"},
		{"kiosk.name", "cli.settings_empty", strings.TrimSpace(k.Name) != ""},
		{"kiosk.data", "cli.settings_empty", k.Data != ""},
		{"kiosk.office", "cli.settings_address", k.Office == "" || isBase(k.Office)},
		{"kiosk.printer", "cli.settings_printer", k.Printer == "none" || name != "" && slices.Contains([]string{"cups", "windows", "folder"}, kind)},
		{"kiosk.width", "cli.settings_size", k.Width >= minWidth && k.Width <= maxSide},
		{"kiosk.height", "cli.settings_size", k.Height >= minHeight && k.Height <= maxSide},
		{"kiosk.scale", "cli.settings_scale", k.Scale >= 0.5 && k.Scale <= 4}, // not a number is neither
		{"kiosk.warning", "cli.settings_warning", k.Warning.Duration >= minWarning},
		{"kiosk.idle", "cli.settings_idle", k.Idle.Duration >= time.Second},
		{"kiosk.limit", "cli.settings_limit", k.Limit.Duration >= k.Idle.Duration && k.Limit.Duration >= k.Warning.Duration},
		{"office.listen", "cli.settings_listen", isListen(s.Office.Listen)},
		{"office.data", "cli.settings_empty", s.Office.Data != ""},
	})
}

// isBase tells whether an address is "https://host" or "https://host:port".
func isBase(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == ""
}

func isListen(address string) bool {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

// check refuses kiosks that could never call. It is not part of reading the
// settings: to learn the pins, the keys have to be made first.
func (s OfficeSettings) check() error {
	seen := map[string]bool{}
	for _, k := range s.Kiosks {
		err := firstBroken(k.Name, []rule{
			{"office.kiosks.name", "cli.settings_empty", strings.TrimSpace(k.Name) != ""},
			{"office.kiosks.pin", "cli.settings_pin", pinForm.MatchString(k.Pin)},
			{"office.kiosks.pin", "cli.settings_pin_twice", !seen[k.Pin]},
		})
		if err != nil {
			return err
		}
		seen[k.Pin] = true
	}
	return nil
}

// check refuses what a kiosk could never reach its office with.
func (k KioskSettings) check() error {
	rules := []rule{{"kiosk.office", "cli.settings_address", isBase(k.Office)}, {"kiosk.office_pins", "cli.settings_pin", len(k.OfficePins) > 0}}
	for _, pin := range k.OfficePins {
		rules = append(rules, rule{"kiosk.office_pins", "cli.settings_pin", pinForm.MatchString(pin)})
	}
	return firstBroken(k.Name, append(rules, rule{"kiosk.office_key", "cli.settings_pin", pinForm.MatchString(k.OfficeKey)}))
}
