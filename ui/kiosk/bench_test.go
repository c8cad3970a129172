package kiosk

import (
	"testing"

	"fyne.io/fyne/v2"

	"egmina/data/resident"
	"egmina/ui/kiosk/account"
	"egmina/ui/kiosk/form"
	"egmina/ui/kiosk/meters"
	"egmina/ui/kiosk/pages"
	"egmina/ui/kiosk/procedures"
	"egmina/ui/kiosk/shell"
	"egmina/ui/kiosk/waste"
)

// benchOpen measures from the press to the page laid out, on the largest panel.
func benchOpen(b *testing.B, open func(k *Kiosk, a *resident.Account) shell.Screen) {
	r := newRig(b, landscape)
	c := r.ctx()
	a := &resident.Account{Bundle: content().Residents[0].Bundle(0)}
	b.ResetTimer()
	for b.Loop() {
		c.Push(open(r.kiosk, a))
		b.StopTimer()
		r.key(fyne.KeyEscape)
		b.StartTimer()
	}
}

func BenchmarkOpenHome(b *testing.B) {
	r := newRig(b, landscape)
	for b.Loop() {
		r.kiosk.shell.Refresh()
	}
}

func BenchmarkOpenResults(b *testing.B) {
	benchOpen(b, func(k *Kiosk, _ *resident.Account) shell.Screen {
		return procedures.Results(&k.rooms.procedures, "smie")
	})
}

func BenchmarkOpenAreas(b *testing.B) {
	benchOpen(b, func(k *Kiosk, _ *resident.Account) shell.Screen { return procedures.Areas(&k.rooms.procedures) })
}

func BenchmarkOpenProcedure(b *testing.B) {
	benchOpen(b, func(k *Kiosk, _ *resident.Account) shell.Screen {
		return procedures.Card(&k.rooms.procedures, "deklaracja-odpady")
	})
}

func BenchmarkOpenPage(b *testing.B) {
	benchOpen(b, func(k *Kiosk, _ *resident.Account) shell.Screen { return pages.Reader(&k.rooms.pages, pageOffice) })
}

func BenchmarkOpenForm(b *testing.B) {
	benchOpen(b, func(k *Kiosk, _ *resident.Account) shell.Screen { return form.Intro(&k.rooms.form, certificate) })
}

func BenchmarkOpenLogin(b *testing.B) {
	r := newRig(b, landscape)
	c := r.ctx()
	for b.Loop() {
		k := r.kiosk
		account.Enter(c, k.rooms.account, k.wasteOf)
		b.StopTimer()
		r.key(fyne.KeyEscape)
		b.StartTimer()
	}
}

func BenchmarkOpenAccount(b *testing.B) {
	benchOpen(b, func(k *Kiosk, a *resident.Account) shell.Screen { return account.Overview(k.rooms.account, a) })
}

func BenchmarkOpenPay(b *testing.B) {
	r := newRig(b, landscape)
	r.open("K-001201")
	r.tap("Zaznacz wszystko po terminie")
	pay := r.target("Zapłać ").Object
	for b.Loop() {
		pay.(fyne.Tappable).Tapped(&fyne.PointEvent{})
		b.StopTimer()
		r.key(fyne.KeyEscape)
		pay = r.target("Zapłać ").Object
		b.StartTimer()
	}
}

func BenchmarkOpenWaste(b *testing.B) {
	benchOpen(b, func(k *Kiosk, a *resident.Account) shell.Screen { return waste.Mine(k.rooms.waste, a) })
}

func BenchmarkOpenMeters(b *testing.B) {
	benchOpen(b, func(k *Kiosk, a *resident.Account) shell.Screen { return meters.List(k.rooms.meters, a) })
}
