package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"egmina/data"
	"egmina/data/pack"
	"egmina/ui/tour"
)

// tourForm is the form, and the procedure, that the tour goes through.
const tourForm = "deklaracja-odpady"

func runTour(p *program, args []string) int {
	flags := flag.NewFlagSet("tour", flag.ContinueOnError)
	dir := flags.String("dir", "egmina-tour", "")
	docs := flags.String("docs", "", "")
	measure := flags.Bool("measure", false, "")
	only := flags.String("only", "", "")
	check := flags.Bool("check", false, "")
	rest, status, ok := p.parse(flags, args, "cli.tour")
	if !ok {
		return status
	}
	if len(rest) > 0 {
		return p.usage("cli.tour")
	}
	o, err := p.tourOptions(*dir, *docs, *only)
	if err != nil {
		return p.fail(err)
	}
	o.Check = *check
	if *measure {
		err = tour.Measure(p.ctx, o)
	} else {
		err = tour.Run(p.ctx, o)
	}
	if errors.Is(err, tour.ErrNoPass) {
		return p.usage("cli.tour")
	}
	if err != nil {
		fmt.Fprintln(p.errs, p.loc.T("cli.tour_failed", "Why", err.Error()))
		return exitNo
	}
	if !*measure {
		fmt.Fprintln(p.out, p.loc.T("cli.tour_done", "Pictures", *dir, "Prints", filepath.Join(*dir, "*", "print")))
	}
	return exitOK
}

// tourOptions finds this very program and the resident whose code the first
// screen shows.
func (p *program) tourOptions(dir, docs, only string) (tour.Options, error) {
	if !hasWindow {
		return tour.Options{}, data.Fail("cli.no_window", nil)
	}
	self, err := os.Executable()
	if err != nil {
		return tour.Options{}, err
	}
	content, err := loadPack(defaultSettings().Municipality)
	if err != nil {
		return tour.Options{}, err
	}
	polish, english := p.catalog.For(data.Polish), p.catalog.For("en")
	o := tour.Options{
		Program: self, Dir: dir, Docs: docs, Only: only, Log: p.out,
		Text:    func(key string) string { return polish.T(key) },
		English: func(key string) string { return english.T(key) },
		Tell:    func(key string) string { return p.loc.T(key) },
	}
	form, okForm := content.Form(tourForm)
	proc, okProc := content.Procedure(tourForm)
	i := slices.IndexFunc(content.Residents, func(r pack.Resident) bool { return r.Show })
	if !okForm || !okProc || i < 0 {
		return o, errors.New("the pack lacks what the tour shows")
	}
	o.Form, o.Procedure, o.Meters = *form, *proc, content.Residents[i].Meters
	o.Access = tour.Access{Code: content.Residents[i].Code, PIN: content.Residents[i].PIN}
	return o, nil
}
