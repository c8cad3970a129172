// Package i18n gives a session its sentences. A Catalog holds all languages of
// assets/lang; a Localizer speaks one of them, so that two sessions never share
// a language. Keys are "area.name"; plural forms follow CLDR (Polish: one, few,
// many, other).
package i18n

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"slices"
	"sync"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"egmina/data"
)

// Catalog holds the sentences of every language. It is safe for concurrent use.
type Catalog struct {
	bundle  *goi18n.Bundle
	langs   []string
	missing sync.Map // keys already logged
}

// Load reads lang/<language>/*.toml of fsys and merges the files of a language.
// A file that cannot be read or parsed is an error that names it.
func Load(fsys fs.FS) (*Catalog, error) {
	c := &Catalog{bundle: goi18n.NewBundle(language.Polish)}
	c.bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	dirs, err := fs.ReadDir(fsys, "lang")
	if err != nil {
		return nil, fmt.Errorf("languages: %w", err)
	}
	for _, d := range dirs {
		if !d.IsDir() {
			continue
		}
		if err := c.loadLanguage(fsys, d.Name()); err != nil {
			return nil, err
		}
	}
	if !slices.Contains(c.langs, data.Polish) {
		return nil, errors.New("languages: no Polish")
	}
	return c, nil
}

func (c *Catalog) loadLanguage(fsys fs.FS, lang string) error {
	if _, err := language.Parse(lang); err != nil {
		return fmt.Errorf("language folder %q: %w", lang, err)
	}
	files, err := fs.Glob(fsys, path.Join("lang", lang, "*.toml"))
	if err != nil {
		return err
	}
	for _, f := range files {
		b, err := fs.ReadFile(fsys, f)
		if err != nil {
			return err
		}
		// The path given to the bundle must name the language alone.
		if _, err := c.bundle.ParseMessageFileBytes(b, lang+".toml"); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	c.langs = append(c.langs, lang)
	return nil
}

// Languages lists the languages there are, Polish first, the others by name.
func (c *Catalog) Languages() []string {
	out := []string{data.Polish}
	for _, l := range c.langs {
		if l != data.Polish {
			out = append(out, l)
		}
	}
	return out
}

// For returns the localizer of a language; an unknown one gives Polish.
func (c *Catalog) For(lang string) *Localizer {
	if !slices.Contains(c.langs, lang) {
		lang = data.Polish
	}
	return &Localizer{catalog: c, lang: lang, loc: goi18n.NewLocalizer(c.bundle, lang)}
}

// Localizer speaks one language. It is safe for concurrent use.
type Localizer struct {
	catalog *Catalog
	lang    string
	loc     *goi18n.Localizer
}

// Lang returns the language, "pl".
func (l *Localizer) Lang() string { return l.lang }

// T returns the sentence of key. Arguments are one map[string]any or pairs of
// placeholder and value: T("x.sum", "Amount", "12,00 zł"). A missing key shows
// as «key» and is logged once.
func (l *Localizer) T(key string, args ...any) string {
	return l.say(&goi18n.LocalizeConfig{MessageID: key, TemplateData: values(args)})
}

// N returns the form of key for a count; {{.Count}} is the count.
func (l *Localizer) N(key string, count int, args ...any) string {
	v := values(args)
	if v == nil {
		v = map[string]any{}
	}
	v["Count"] = count
	return l.say(&goi18n.LocalizeConfig{MessageID: key, TemplateData: v, PluralCount: count})
}

// Err returns the sentence for a failure: of its code when it is a data.Error
// with a known one, else a general one. The error's own text is never shown.
func (l *Localizer) Err(err error) string {
	if err == nil {
		return ""
	}
	var e *data.Error
	if errors.As(err, &e) && e.Code != "" {
		s, lerr := l.loc.Localize(&goi18n.LocalizeConfig{MessageID: "error." + e.Code, TemplateData: e.Args})
		if lerr == nil {
			return s
		}
		l.logMissing("error."+e.Code, lerr)
	}
	return l.T("error.general")
}

func (l *Localizer) say(cfg *goi18n.LocalizeConfig) string {
	s, err := l.loc.Localize(cfg)
	if err != nil {
		l.logMissing(cfg.MessageID, err)
	}
	if s == "" && err != nil {
		return "«" + cfg.MessageID + "»"
	}
	return s
}

func (l *Localizer) logMissing(key string, err error) {
	if _, seen := l.catalog.missing.LoadOrStore(l.lang+" "+key, true); !seen {
		slog.Warn("sentence missing", "lang", l.lang, "key", key, "err", err)
	}
}

func values(args []any) map[string]any {
	switch {
	case len(args) == 0:
		return nil
	case len(args) == 1:
		if m, ok := args[0].(map[string]any); ok {
			return copied(m)
		}
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[fmt.Sprint(args[i])] = args[i+1]
	}
	return m
}

func copied(m map[string]any) map[string]any {
	out := make(map[string]any, len(m)+1)
	for k, v := range m {
		out[k] = v
	}
	return out
}
