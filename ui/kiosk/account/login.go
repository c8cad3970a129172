package account

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"egmina/data"
	"egmina/data/resident"
	"egmina/ui/kiosk/parts"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kit"
	"egmina/ui/theme"
)

// codeLetters is the length of a code as it is shown, with its two dashes.
const codeLetters = 14

// maxPIN is the longest PIN.
const maxPIN = 12

// login asks for access code and PIN.
type login struct {
	n              Needs
	done           func(*shell.Ctx, *resident.Account)
	code, pin      string
	codeErr, other error
	pinErr         error
	busy           bool
	watched        bool // the session's end wipes what was typed
}

// Name is part of shell.Screen.
func (s *login) Name() string { return "login" }

// View is part of shell.Screen.
func (s *login) View(c *shell.Ctx) shell.View {
	if !s.watched {
		s.watched = true
		c.Session().OnEnd(s.wipe)
	}
	code := kit.NewField(c.Loc, kit.FieldSpec{
		Label: c.T("account.code"), Help: c.T("account.code_help"), Value: s.code, Error: say(c, s.codeErr),
		Layout: kit.LayoutCode, Format: kit.Groups("-", 4, 4, 4), MaxLen: codeLetters,
		OnChanged: func(v string) { s.code = v },
	})
	pin := kit.NewField(c.Loc, kit.FieldSpec{
		Label: c.T("account.pin"), Help: c.T("account.pin_help"), Value: s.pin, Error: say(c, s.pinErr),
		Layout: kit.LayoutDigits, Masked: true, MaxLen: maxPIN,
		OnChanged: func(v string) { s.pin = v }, OnSubmitted: func(string) { s.submit(c) },
	})
	return shell.View{
		Title: c.T("account.login_title"), Lead: c.T("account.login_lead"), Above: s.trouble(c), Body: s.body(c, code, pin), Focus: s.first(code, pin),
		Actions: []shell.Action{{
			Label: c.T("account.login"), Icon: "key", Kind: kit.ButtonPrimary, Disabled: s.busy, Do: func() { s.submit(c) },
		}},
	}
}

func (s *login) first(code, pin *kit.Field) fyne.Focusable {
	if s.codeErr == nil && (s.pinErr != nil || s.other != nil) {
		return pin.Entry()
	}
	return code.Entry()
}

// trouble says what is wrong with neither field alone. It stays above the page,
// where the keyboard leaves it in sight.
func (s *login) trouble(c *shell.Ctx) fyne.CanvasObject {
	if s.other == nil {
		return nil
	}
	return kit.Note(kit.Attention, c.Err(s.other))
}

// body shows both fields side by side where the keyboard leaves little height.
func (s *login) body(c *shell.Ctx, code, pin fyne.CanvasObject) fyne.CanvasObject {
	gap := theme.Size(theme.GapLarge)
	if c.Portrait {
		return kit.Column(gap, code, pin, s.help(c))
	}
	return kit.Column(gap, parts.Columns(0.5, gap, code, pin), s.help(c))
}

// help tells those without a code what to do.
func (s *login) help(c *shell.Ctx) fyne.CanvasObject {
	words := []fyne.CanvasObject{kit.Muted(c.T("account.no_code_text"))}
	if s.n.NoCode != nil {
		words = append(words, kit.Line(0, kit.Secondary(c.T("account.no_code"), "help", func() { s.n.NoCode(c) })))
	}
	return kit.Column(theme.Size(theme.GapSmall), words...)
}

func say(c *shell.Ctx, err error) string {
	if err == nil {
		return ""
	}
	return c.Err(err)
}

// submit opens the account. Nothing that was typed is lost on an error but the
// PIN, which is typed again.
func (s *login) submit(c *shell.Ctx) {
	if s.busy {
		return
	}
	s.codeErr, s.pinErr, s.other = nil, nil, nil
	if strings.TrimSpace(s.code) == "" {
		s.codeErr = data.Fail("account.code_empty", nil)
	} else if s.pin == "" {
		s.pinErr = data.Fail("account.pin_empty", nil)
	}
	if s.codeErr != nil || s.pinErr != nil {
		c.Refocus()
		return
	}
	code, pin := s.code, s.pin
	s.busy = true
	c.Refresh()
	shell.Run(c, func(ctx context.Context) (*resident.Account, error) { return s.n.Desk.Login(ctx, code, pin) },
		func(a *resident.Account, err error) { s.opened(c, a, err) })
}

func (s *login) opened(c *shell.Ctx, a *resident.Account, err error) {
	s.busy = false
	if err != nil {
		s.pin = ""
		s.sort(err)
		c.Refocus()
		return
	}
	s.wipe()
	keep(c, a)
	s.done(c, a)
}

// sort puts an error next to the field it is about.
func (s *login) sort(err error) {
	var fail *data.Error
	switch {
	case !errors.As(err, &fail):
		s.other = err
	case strings.HasPrefix(fail.Code, "seal.code_"):
		s.codeErr = err
	case fail.Code == "seal.pin_invalid":
		s.pinErr = err
	default:
		s.other = err
	}
}

func (s *login) wipe() { s.code, s.pin = "", "" }
