// Command egmina is the whole product in one binary: the lobby kiosk, the
// office server and the tools. Built with CGO_ENABLED=0 it is the same without
// a window.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"egmina/assets"
	"egmina/ui/i18n"
)

// Exit statuses: 1 means that the answer is no or the work failed.
const (
	exitOK    = 0
	exitNo    = 1
	exitUsage = 2
)

// version is set when a release is built.
var version = "0.1.0"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// program is what every sub-command gets of the world.
type program struct {
	ctx     context.Context
	in      io.Reader
	out     io.Writer
	errs    io.Writer
	catalog *i18n.Catalog
	loc     *i18n.Localizer
	now     func() time.Time
	asJSON  bool // answers and failures are for programs
}

type command struct {
	name string
	run  func(*program, []string) int
}

// commands lists the sub-commands in the order they are shown.
var commands = []command{
	{"kiosk", runKiosk},
	{"office", runOffice},
	{"demo", runDemo},
	{"tour", runTour},
	{"search", runSearch},
	{"transfer", runTransfer},
	{"form", runForm},
	{"check", runCheck},
	{"content", runContent},
	{"version", runVersion},
}

// run is main without the process: tests call it.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	catalog, err := i18n.Load(assets.Lang)
	if err != nil {
		fmt.Fprintln(errs, err)
		return exitNo
	}
	p := &program{ctx: ctx, in: in, out: out, errs: errs, catalog: catalog, loc: catalog.For(terminalLanguage()), now: time.Now}
	return p.run(args)
}

// run finds the sub-command and runs it.
func (p *program) run(args []string) int {
	if len(args) == 0 {
		return p.usage("cli.usage")
	}
	for _, c := range commands {
		if c.name == args[0] {
			return c.run(p, args[1:])
		}
	}
	switch args[0] {
	case "help", "-h", "--help":
		return p.help(args[1:])
	}
	fmt.Fprintln(p.errs, p.loc.T("cli.unknown_command", "Name", args[0]))
	return p.usage("cli.usage")
}

// help prints how the program, or one command, is used.
func (p *program) help(args []string) int {
	if len(args) == 0 {
		fmt.Fprintln(p.out, p.loc.T("cli.usage"))
		return exitOK
	}
	return p.run([]string{args[0], "--help"})
}

// terminalLanguage is Polish unless the terminal asks for English.
func terminalLanguage() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "en") {
				return "en"
			}
			return "pl"
		}
	}
	return "pl"
}
