package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"egmina/assets"
	"egmina/data"
	"egmina/ui/i18n"
)

func TestSettingsDefaults(t *testing.T) {
	s, err := loadSettings("")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.check("defaults"); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
	empty := filepath.Join(t.TempDir(), "empty.toml")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	read, err := loadSettings(empty)
	if err != nil || read.Kiosk.Idle != s.Kiosk.Idle || read.Office.Listen != s.Office.Listen || read.Municipality != s.Municipality {
		t.Errorf("an empty file: %+v, %v", read, err)
	}
}

func TestSettingsAll(t *testing.T) {
	pin := strings.Repeat("0f", 32)
	s := defaultSettings()
	err := parseSettings("f", []byte(`municipality = "/srv/pack"
language = "en"
[kiosk]
name = "Hol"
data = "/k"
office = "https://10.0.0.1:8443/"
office_pins = ["`+pin+`"]
office_key = "`+pin+`"
printer = "cups:hol"
fullscreen = false
width = 1080
height = 1920
scale = 1.5
idle = "45s"
warning = "20s"
limit = "10m"
[office]
listen = "127.0.0.1:0"
data = "/o"
[[office.kiosks]]
name = "Hol"
pin = "`+pin+`"
`), &s)
	k := s.Kiosk
	if err != nil || s.Language != "en" || k.Name != "Hol" || k.Width != 1080 || k.Scale != 1.5 || k.Fullscreen || k.Idle.Duration != 45*time.Second ||
		k.Limit.Duration != 10*time.Minute || k.Printer != "cups:hol" || len(s.Office.Kiosks) != 1 || s.Office.Kiosks[0].Pin != pin {
		t.Errorf("%+v, %v", s, err)
	}
	if err := errors.Join(s.Office.check(), k.check()); err != nil {
		t.Error(err)
	}
}

// badSettings are mistakes with the code and the place, or the key, that the
// sentence has to name.
var badSettings = []struct{ toml, code, place string }{
	{"nope = 1", "settings_unknown_key", "f:1:1: nope"},
	{"\n[kiosk]\n idel = \"60s\"", "settings_unknown_key", "f:3:2: kiosk.idel"},
	{"[server]\nport = 1", "settings_unknown_key", "f:1:2: server"},
	{"[[office.kiosks]]\nname = \"a\"\npni = \"b\"", "settings_unknown_key", "f:3:1: office.kiosks.pni"},
	{"language = 1", "settings_type", "f:1:12: language"},
	{"[kiosk]\nwidth = \"wide\"", "settings_type", "f:2:9: kiosk.width"},
	{"[kiosk]\nwidth = 1.5", "settings_type", "f:2:9: kiosk.width"},
	{"[kiosk]\nwidth = 99999999999999999999", "settings_type", "f:2:9: kiosk.width"},
	{"[kiosk]\nfullscreen = 1", "settings_type", "f:2:14: kiosk.fullscreen"},
	{"[kiosk]\noffice_pins = \"a\"", "settings_type", "f:2:15: kiosk.office_pins"},
	{"[kiosk]\noffice_pins = [1]", "settings_type", "f:2:16: kiosk.office_pins"},
	{"kiosk = 1", "settings_type", "f:1:9: kiosk"},
	{"[[kiosk]]", "settings_type", "f:1:3: kiosk"},
	{"[kiosk]\nidle = \"soon\"", "settings_span", "f:2:8"},
	{"[kiosk]\nidle = 60\nname = \"x\"", "settings_span", "f:2"},
	{"[kiosk]\n\nidle = \"60s\"\nlimit = 9\n", "settings_span", "f:4"},
	{"[kiosk]\nidle = \"9999999h\"", "settings_span", "f:2:8"},
	{"language = \"pl\"\nlanguage = \"en\"", "settings_twice", "f:2:1: language"},
	{"[kiosk]\n[kiosk]", "settings_twice", "f:2:2: kiosk"},
	{"language = \"pl", "settings_syntax", "f:1:1"},
	{"language", "settings_syntax", "f:1:"},
	{"\x00", "settings_syntax", "f:1:1"},
	{"\xff\xfe", "settings_syntax", "f:1:1"},
	{"[kiosk]\nname = \"\xff\"", "settings_syntax", "f:2:"},
	{"\x7fELF\x02", "settings_syntax", "f:1:1"},
	{"municipality = \"\"", "settings_empty", "municipality"},
	{"language = \"de\"", "settings_language", "language"},
	{"[kiosk]\nname = \" \"", "settings_empty", "kiosk.name"},
	{"[kiosk]\ndata = \"\"", "settings_empty", "kiosk.data"},
	{"[kiosk]\noffice = \"http://office.example\"", "settings_address", "kiosk.office"},
	{"[kiosk]\noffice = \"office.example:8443\"", "settings_address", "kiosk.office"},
	{"[kiosk]\noffice = \"https://office.example/api?x\"", "settings_address", "kiosk.office"},
	{"[kiosk]\nprinter = \"laser\"", "settings_printer", "kiosk.printer"},
	{"[kiosk]\nprinter = \"cups:\"", "settings_printer", "kiosk.printer"},
	{"[kiosk]\nwidth = 799", "settings_size", "kiosk.width"},
	{"[kiosk]\nheight = 1000000000", "settings_size", "kiosk.height"},
	{"[kiosk]\nscale = nan", "settings_scale", "kiosk.scale"},
	{"[kiosk]\nscale = inf", "settings_scale", "kiosk.scale"},
	{"[kiosk]\nscale = 0.1", "settings_scale", "kiosk.scale"},
	{"[kiosk]\nwarning = \"19s\"", "settings_warning", "kiosk.warning"},
	{"[kiosk]\nidle = \"-1s\"", "settings_idle", "kiosk.idle"},
	{"[kiosk]\nlimit = \"59s\"", "settings_limit", "kiosk.limit"},
	{"[kiosk]\nwarning = \"20m\"", "settings_limit", "kiosk.limit"},
	{"[office]\nlisten = \"8443\"", "settings_listen", "office.listen"},
	{"[office]\nlisten = \":99999\"", "settings_listen", "office.listen"},
	{"[office]\ndata = \"\"", "settings_empty", "office.data"},
}

func TestSettingsMistakes(t *testing.T) {
	loc := must(i18n.Load(assets.Lang)).For("pl")
	for _, c := range badSettings {
		s := defaultSettings()
		err := parseSettings("f", []byte(c.toml), &s)
		var known *data.Error
		if !errors.As(err, &known) {
			t.Errorf("%q: %v", c.toml, err)
			continue
		}
		if known.Code != "cli."+c.code {
			t.Errorf("%q: %s, not %s", c.toml, known.Code, c.code)
		}
		place, key, _ := strings.Cut(c.place, ": ")
		if said := loc.Err(err); !strings.Contains(said, place) || !strings.Contains(said, key) || strings.Contains(said, "<no value>") {
			t.Errorf("%q: says %q", c.toml, said)
		}
	}
}

// All unknown keys are named at once, each with its line, by the program.
func TestSettingsSaid(t *testing.T) {
	speak(t, "pl")
	file := filepath.Join(t.TempDir(), "egmina.toml")
	for _, c := range []struct{ toml, says string }{
		{"a = 1\n[kiosk]\nb = 2\n", file + ":1:1: nie ma ustawienia a.\n" + file + ":3:1: nie ma ustawienia kiosk.b.\n"},
		{"[kiosk]\nidle = 5\n", file + ":2: to nie jest długość czasu. Pisze się ją na przykład tak: \"90s\" albo \"10m\".\n"},
		{"# " + strings.Repeat("x", maxSettings), file + ": plik ustawień jest za duży. Może mieć najwyżej 1024 KiB.\n"},
	} {
		if err := os.WriteFile(file, []byte(c.toml), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, role := range []string{"office", "kiosk"} {
			if a := egmina(role, "--settings", file); a.status != exitNo || a.errs != c.says || a.out != "" {
				t.Errorf("%s: %+v", role, a)
			}
		}
	}
}

func TestRoleSettings(t *testing.T) {
	pin := strings.Repeat("0f", 32)
	good := KioskSettings{Office: "https://office.example", OfficePins: []string{pin}, OfficeKey: pin}
	kiosk := func(change func(*KioskSettings)) error {
		k := good
		change(&k)
		return k.check()
	}
	for name, c := range map[string]struct {
		err  error
		code string
	}{
		"no office":     {kiosk(func(k *KioskSettings) { k.Office = "" }), "cli.settings_address"},
		"no pin":        {kiosk(func(k *KioskSettings) { k.OfficePins = nil }), "cli.settings_pin"},
		"empty pin":     {kiosk(func(k *KioskSettings) { k.OfficePins = []string{pin, ""} }), "cli.settings_pin"},
		"no key":        {kiosk(func(k *KioskSettings) { k.OfficeKey = "…" }), "cli.settings_pin"},
		"nameless":      {OfficeSettings{Kiosks: []KnownKiosk{{"", pin}}}.check(), "cli.settings_empty"},
		"empty pin too": {OfficeSettings{Kiosks: []KnownKiosk{{"a", ""}}}.check(), "cli.settings_pin"},
		"short pin":     {OfficeSettings{Kiosks: []KnownKiosk{{"a", pin[1:]}}}.check(), "cli.settings_pin"},
		"pin twice":     {OfficeSettings{Kiosks: []KnownKiosk{{"a", pin}, {"b", pin}}}.check(), "cli.settings_pin_twice"},
	} {
		var known *data.Error
		if !errors.As(c.err, &known) || known.Code != c.code {
			t.Errorf("%s: %v, not %s", name, c.err, c.code)
		}
	}
	if err := good.check(); err != nil {
		t.Error(err)
	}
}

// The examples of the README are settings the program takes.
func TestSettingsOfReadme(t *testing.T) {
	text := string(must(os.ReadFile("../../README.md")))
	blocks := regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(text, -1)
	if len(blocks) < 2 {
		t.Fatalf("%d blocks", len(blocks))
	}
	for _, b := range blocks {
		s := defaultSettings()
		if err := parseSettings("README", []byte(b[1]), &s); err != nil {
			t.Errorf("%v in\n%s", err, b[1])
		}
		// With real keys in the places of "…" the role starts.
		s = defaultSettings()
		err := parseSettings("README", []byte(strings.ReplaceAll(b[1], "…", strings.Repeat("0f", 32))), &s)
		if strings.Contains(b[1], "[kiosk]") {
			err = errors.Join(err, s.Kiosk.check())
		} else {
			err = errors.Join(err, s.Office.check())
		}
		if err != nil {
			t.Errorf("%v in\n%s", err, b[1])
		}
	}
}

func FuzzSettings(f *testing.F) {
	for _, c := range badSettings {
		f.Add([]byte(c.toml))
	}
	f.Add([]byte("[kiosk]\nidle = [\n1,\n2]\n"))
	f.Add([]byte("[[office.kiosks]]\nname = \"a\"\n[office.kiosks.x]\n"))
	loc := must(i18n.Load(assets.Lang)).For("pl")
	general := loc.T("error.general")
	p := &program{loc: loc}
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := defaultSettings()
		err := parseSettings("f", raw, &s)
		if err != nil {
			for _, said := range p.sentences(err) {
				if said == general || !strings.HasPrefix(said, "f:") || strings.Contains(said, "<no value>") {
					t.Errorf("%q: says %q for %v", raw, said, err)
				}
			}
			return
		}
		if s.Kiosk.Warning.Duration < minWarning || !(s.Kiosk.Scale >= 0.5) || s.Municipality == "" {
			t.Errorf("%q gives %+v", raw, s)
		}
	})
}
