//go:build cgo

package main

import (
	"context"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"egmina/assets"
	"egmina/ui/kiosk"
	"egmina/ui/tour"
)

// hasWindow says that this build opens one.
const hasWindow = true

// gcPercent keeps the heap close to what is in use: a kiosk runs for weeks and has
// processor time to spare.
const gcPercent = 40

// appID names the application to the desktop.
const appID = "pl.egmina.kiosk"

// openWindow shows the kiosk until its window is closed or the program is asked
// to stop.
func (p *program) openWindow(o windowOptions) error {
	if os.Getenv("FYNE_SCALE") == "" { // one panel always looks the same
		_ = os.Setenv("FYNE_SCALE", strconv.FormatFloat(o.settings.Kiosk.Scale, 'f', -1, 64))
	}
	debug.SetGCPercent(gcPercent)
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	a := app.NewWithID(appID)
	if icon, err := assets.Icons.ReadFile("icons/app.png"); err == nil {
		a.SetIcon(fyne.NewStaticResource("app.png", icon))
	}
	w := a.NewWindow("e-Gmina")
	k := kiosk.New(p.kioskConfig(o, w.Canvas()))
	w.SetContent(k.Content())
	w.SetPadded(false)
	w.Resize(fyne.NewSize(float32(o.settings.Kiosk.Width), float32(o.settings.Kiosk.Height)))
	w.SetFullScreen(o.settings.Kiosk.Fullscreen)
	w.SetCloseIntercept(func() {
		if o.may { // whoever stands in a lobby cannot close it
			k.End()
			w.Close()
		}
	})
	a.Lifecycle().SetOnStarted(func() { k.Start(); p.background(ctx, o, k) })
	defer context.AfterFunc(ctx, func() { fyne.Do(func() { k.End(); a.Quit() }) })()
	if err := serveProbe(ctx, o, k); err != nil {
		return err
	}
	w.ShowAndRun()
	return nil
}

// background starts what goes on behind the window.
func (p *program) background(ctx context.Context, o windowOptions, k *kiosk.Kiosk) {
	o.lobby.run(ctx, func(bucket string) { fyne.Do(func() { k.Changed(bucket) }) })
	if o.started != nil {
		o.lobby.work.Go(func() { o.started(ctx) })
	}
}

// kioskConfig joins the kiosk's screens with its services.
func (p *program) kioskConfig(o windowOptions, c fyne.Canvas) kiosk.Config {
	s := o.settings.Kiosk
	return kiosk.Config{
		Canvas: c, Languages: p.catalog, Language: o.settings.Language, Name: s.Name,
		Content: o.lobby.content.Load, Desk: o.lobby.desk, Printer: pagePrinter{o.lobby.printer, &o.lobby.work}, Silent: o.lobby.silent,
		Demo: o.demo, Idle: s.Idle.Duration, Warning: s.Warning.Duration, Limit: s.Limit.Duration, Now: p.now,
		Dispatch: fyne.Do,
	}
}

// serveProbe lets a guided tour see what is on the screen.
func serveProbe(ctx context.Context, o windowOptions, k *kiosk.Kiosk) error {
	if o.probe == "" {
		return nil
	}
	return tour.Serve(ctx, o.probe, func() tour.View {
		var v tour.View
		fyne.DoAndWait(func() { v = probeView(k) })
		v.Facts = o.facts(ctx)
		return v
	})
}

func probeView(k *kiosk.Kiosk) tour.View {
	p := k.Probe()
	v := tour.View{Screen: p.Screen, Title: p.Title, Busy: p.Busy}
	for _, t := range p.Targets {
		v.Targets = append(v.Targets, tour.Target{
			Label: t.Label, Kind: string(t.Kind), Focused: t.Focused, Disabled: t.Disabled,
			X: int(t.Pos.X), Y: int(t.Pos.Y), W: int(t.Size.Width), H: int(t.Size.Height),
		})
	}
	return v
}

// silent tells for how long the office has not been reached.
func (l *lobby) silent() time.Duration { return l.client.Status().Silent(l.now()) }
