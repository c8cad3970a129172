package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"path/filepath"

	"egmina/data/seal"
	"egmina/ui/kiosk/home"
)

// windowOptions is what a kiosk's window needs to know.
type windowOptions struct {
	settings Settings
	lobby    *lobby
	demo     []home.Access
	probe    string // socket of the guided tour, "" for none
	facts    func(context.Context) map[string]string
	may      bool // the window may be closed by whoever stands in front of it
	// started runs on a goroutine of its own once the first screen shows.
	started func(context.Context)
}

func runKiosk(p *program, args []string) int {
	flags := flag.NewFlagSet("kiosk", flag.ContinueOnError)
	path := flags.String("settings", "", "")
	keyOnly := flags.Bool("key", false, "")
	rest, status, ok := p.parse(flags, args, "cli.kiosk")
	if !ok {
		return status
	}
	if len(rest) > 0 {
		return p.usage("cli.kiosk")
	}
	s, err := loadSettings(*path)
	if err != nil {
		return p.fail(err)
	}
	if err := makeFolder(s.Kiosk.Data); err != nil {
		return p.fail(err)
	}
	if *keyOnly {
		id, err := seal.OpenIdentity(filepath.Join(s.Kiosk.Data, "kiosk.key"))
		if err != nil {
			return p.fail(err)
		}
		fmt.Fprintln(p.out, p.loc.T("cli.kiosk_key", "Pin", id.Pin()))
		return exitOK
	}
	if err := p.serveLobby(s); err != nil {
		return p.fail(err)
	}
	return exitOK
}

// serveLobby opens the kiosk's disk and printer and shows its window.
func (p *program) serveLobby(s Settings) error {
	if err := s.Kiosk.check(); err != nil {
		return err
	}
	id, err := municipalityID(s.Municipality)
	if err != nil {
		return err
	}
	printer, err := openPrinter(s.Kiosk.Printer)
	if err != nil {
		return err
	}
	keys, err := openLobbyKeys(s.Kiosk)
	if err != nil {
		return err
	}
	l, err := openLobby(id, s.Kiosk, keys, printer, p.now)
	if err != nil {
		return err
	}
	defer func() {
		if err := l.Close(); err != nil {
			slog.Error("kiosk: close", "err", err)
		}
	}()
	return p.openWindow(windowOptions{settings: s, lobby: l})
}
