// Command egmina is the whole product in one binary: the lobby kiosk, the
// office server and the tools. Built with CGO_ENABLED=0 it is the same without
// a window.
package main

import (
	"context"
	"errors"
	"flag"
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
	if len(args) == 0 {
		return p.usage("cli.usage")
	}
	for _, c := range commands {
		if c.name == args[0] {
			return c.run(p, args[1:])
		}
	}
	if args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		fmt.Fprintln(out, p.loc.T("cli.usage"))
		return exitOK
	}
	return p.usage("cli.usage")
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

// usage prints how a command is used and returns the status for wrong use.
func (p *program) usage(key string) int {
	fmt.Fprintln(p.errs, p.loc.T(key))
	return exitUsage
}

// parse reads flags that may stand before, between and after the arguments.
// ok is false when the command was used wrongly or help was asked for; then
// status is what to exit with.
func (p *program) parse(flags *flag.FlagSet, args []string, usage string) (rest []string, status int, ok bool) {
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	for len(args) > 0 {
		if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(p.out, p.loc.T(usage))
			return nil, exitOK, false
		} else if err != nil {
			fmt.Fprintln(p.errs, err)
			return nil, p.usage(usage), false
		}
		if args = flags.Args(); len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	return rest, exitOK, true
}

// fail prints an error in the user's language and returns the status for it.
func (p *program) fail(err error) int {
	fmt.Fprintln(p.errs, p.loc.Err(err))
	return exitNo
}

func runVersion(p *program, args []string) int {
	if len(args) > 0 && args[0] == "--json" {
		return p.json(map[string]string{"name": "e-Gmina", "version": version})
	}
	fmt.Fprintln(p.out, "e-Gmina", version)
	return exitOK
}
