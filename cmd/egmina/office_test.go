package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"egmina/data"
	"egmina/data/cache"
	"egmina/data/pack"
	"egmina/data/printing"
	"egmina/data/resident"
	"egmina/data/seal"
	"egmina/data/store"
)

// world is an office's folder and a kiosk's, joined by pinned TLS.
type world struct {
	t       *testing.T
	content *pack.Pack
	office  OfficeSettings
	kiosk   KioskSettings
	keys    officeKeys
	id      *seal.Identity
	now     func() time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir, started := t.TempDir(), time.Now()
	w := &world{t: t, content: must(loadPack("koscielisko")), now: func() time.Time { return testNow.Add(time.Since(started)) }}
	w.office = OfficeSettings{Listen: "127.0.0.1:0", Data: filepath.Join(dir, "office")}
	w.kiosk = KioskSettings{Name: "Hol", Data: filepath.Join(dir, "kiosk")}
	must(0, os.MkdirAll(w.kiosk.Data, 0o700))
	w.keys = must(openOfficeKeys(w.office.Data))
	w.id = must(seal.OpenIdentity(filepath.Join(w.kiosk.Data, "kiosk.key")))
	w.office.Kiosks = []KnownKiosk{{"Hol", w.id.Pin()}}
	return w
}

// openOffice starts the office; started again it has the address it had.
func (w *world) openOffice() *runningOffice {
	w.t.Helper()
	o, err := startOffice(ctx, w.content.Municipality.ID, w.office, w.keys, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.office.Listen = o.addr
	return o
}

// openLobby opens the kiosk against the office; pin is the office key it trusts.
func (w *world) openLobby(pin string) *lobby {
	w.t.Helper()
	trust := lobbyKeys{id: w.id, office: "https://" + w.office.Listen, pins: []string{pin}, officeKey: w.keys.box.Public()}
	l, err := openLobby(w.content.Municipality.ID, w.kiosk, trust, printing.None{}, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := l.Close(); err != nil {
			w.t.Error(err)
		}
	})
	return l
}

// eventually waits for what goes on in the background.
func (w *world) eventually(what string, ok func() bool) {
	w.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	w.t.Fatalf("never: %s", what)
}

func (w *world) leave(l *lobby, a *resident.Account, meter, typed string) resident.Sent {
	w.t.Helper()
	sent, err := l.desk.Leave(ctx, a, resident.Draft{Op: data.NewID(w.now()), Meter: meter, Typed: typed})
	if err != nil {
		w.t.Fatal(err)
	}
	return sent
}

// held returns the readings the office has, by act.
func (w *world) held(o *runningOffice) map[data.ID]int64 {
	out := map[data.ID]int64{}
	err := o.store.Read(ctx, func(tx store.ReadTx) error {
		list, err := tx.Worklist(0, 100)
		for _, r := range list {
			if _, twice := out[r.Op]; twice {
				w.t.Errorf("act %v is there twice", r.Op)
			}
			out[r.Op] = r.Value
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func inBundle(a *resident.Account, op data.ID) bool {
	for _, m := range a.Bundle.Meters {
		for _, r := range m.Readings {
			if r.Op == op.String() {
				return true
			}
		}
	}
	return false
}

func waits(l *lobby) int { return must(l.cache.Counts(ctx)).Waiting }

// From an empty kiosk to a reading in the office and back in the resident's
// account; then the office stops, the kiosk goes on, and what was left
// meanwhile arrives once.
func TestOfficeAndLobby(t *testing.T) {
	w := newWorld(t)
	o, l := w.openOffice(), w.openLobby(w.keys.id.Pin())
	if n := len(l.content.Load().Procedures); n != 0 {
		t.Fatalf("an empty kiosk has %d procedures", n)
	}
	l.run(ctx, func(string) {})
	must(0, o.publish(ctx, w.content))
	w.eventually("the catalogue appears", func() bool { return len(l.content.Load().Procedures) == len(w.content.Procedures) })
	if hits := l.content.Load().Search("zgubilem dowod"); len(hits) == 0 || hits[0].Slug != "dowod-utrata" {
		t.Errorf("the catalogue finds %d", len(hits))
	}

	r := &w.content.Residents[0]
	must(0, o.admit(ctx, w.content.Municipality.ID, r, w.now()))
	blind := seal.BlindID(must(seal.ParseCode(r.Code)), w.content.Municipality.ID)
	w.eventually("the account appears", func() bool { _, _, err := l.cache.Bundle(ctx, blind); return err == nil })
	a, err := l.desk.Login(ctx, r.Code, r.PIN)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Wipe()
	if a.Bundle.Payer != r.Payer || len(a.Bundle.Charges) != len(r.Charges) || len(a.Bundle.Meters) < 2 {
		t.Errorf("bundle of %s", a.Bundle.Payer)
	}
	meters := r.Meters

	first := w.leave(l, a, meters[0].ID, "664")
	w.eventually("the office has the reading", func() bool { return w.held(o)[first.Op] == 664 })
	w.eventually("the account shows it", func() bool { return l.desk.Refresh(ctx, a) == nil && inBundle(a, first.Op) })
	w.eventually("nothing waits", func() bool { return waits(l) == 0 })

	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	w.goesOnAlone(l, a, r)
	second := w.leave(l, a, meters[1].ID, "134")
	if sent := must(l.desk.Sent(ctx, a)); len(sent) == 0 || sent[len(sent)-1].State != cache.StateWaiting || waits(l) != 1 {
		t.Errorf("without the office: %+v", sent)
	}

	o = w.openOffice()
	l.client.Wake()
	w.eventually("what waited arrives", func() bool { return w.held(o)[second.Op] == 134 })
	w.eventually("the kiosk knows", func() bool { return waits(l) == 0 })
	w.eventually("the account shows it, too", func() bool { return l.desk.Refresh(ctx, a) == nil && inBundle(a, second.Op) && inBundle(a, first.Op) })
	if got := w.held(o); len(got) != 2 {
		t.Errorf("the office holds %v", got)
	}
	w.eventually("all is well", func() bool { s := l.client.Status(); return s.Alarm == "" && s.Trouble == "" && s.Waiting == 0 })
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}

// An office and a kiosk whose setting is a folder of any name agree on where an
// account is kept.
func TestLoginWithPackInFolder(t *testing.T) {
	w := newWorld(t)
	dir := filepath.Join(t.TempDir(), "nasza-gmina")
	must(0, os.CopyFS(dir, must(packFiles("koscielisko"))))
	w.content = must(loadPack(dir))
	o := w.openOffice()
	defer func() { must(0, o.Close()) }()
	r := &w.content.Residents[0]
	must(0, o.admit(ctx, w.content.Municipality.ID, r, w.now()))
	w.content.Municipality.ID = must(municipalityID(dir)) // as serveLobby has it
	l := w.openLobby(w.keys.id.Pin())
	must(0, l.client.SyncOnce(ctx))
	a, err := l.desk.Login(ctx, r.Code, r.PIN)
	if err != nil || a.Bundle.Payer != r.Payer {
		t.Fatalf("login: %v", err)
	}
	a.Wipe()
}

// goesOnAlone: content and accounts are there without the office.
func (w *world) goesOnAlone(l *lobby, a *resident.Account, r *pack.Resident) {
	w.t.Helper()
	must(0, l.read(ctx))
	again, err := l.desk.Login(ctx, r.Code, r.PIN)
	if err != nil || again.Bundle.Payer != a.Bundle.Payer {
		w.t.Fatalf("login alone: %v", err)
	}
	again.Wipe()
	if len(l.content.Load().Procedures) != len(w.content.Procedures) {
		w.t.Error("the catalogue is gone")
	}
}

// A server with another key and a kiosk the office does not know: nothing goes
// either way, and the status raises an alarm.
func TestStrangers(t *testing.T) {
	for name, c := range map[string]struct {
		pin    func(*world) string
		kiosks func(*world) []KnownKiosk
		alarm  string
	}{
		"another office": {
			func(*world) string { return must(seal.NewIdentity()).Pin() },
			func(w *world) []KnownKiosk { return w.office.Kiosks }, "sync.unknown_office",
		},
		"another kiosk": {
			func(w *world) string { return w.keys.id.Pin() },
			func(*world) []KnownKiosk { return []KnownKiosk{{"Inny", strings.Repeat("0f", 32)}} }, "sync.refused",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			pin := c.pin(w)
			w.office.Kiosks = c.kiosks(w)
			o := w.openOffice()
			defer func() { must(0, o.Close()) }()
			must(0, o.publish(ctx, w.content))
			l := w.openLobby(pin)
			op := data.Op{ID: data.NewID(w.now()), Kind: data.ActReading, Schema: 1, Made: data.InstantOf(w.now()), KeyID: seal.KeyID(w.keys.box.Public()), Sealed: []byte("x")}
			must(l.cache.Enqueue(ctx, cache.Entry{Op: op}))
			if err := l.client.SyncOnce(ctx); err == nil {
				t.Error("synced")
			}
			l.run(ctx, func(string) {})
			w.eventually("trouble", func() bool {
				s := l.client.Status()
				return s.Trouble != "" && s.Alarm == c.alarm
			})
			if s := l.client.Status(); !s.LastReached.IsZero() {
				t.Errorf("%+v", s)
			}
			if docs := must(l.cache.Documents(ctx)); len(docs) != 0 || waits(l) != 1 || len(w.held(o)) != 0 {
				t.Errorf("%d documents, %d waiting", len(docs), waits(l))
			}
		})
	}
}

// settingsFile writes the settings of an office in a fresh folder.
func settingsFile(t *testing.T, listen string) (file, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "office")
	file = filepath.Join(t.TempDir(), "egmina.toml")
	text := "[office]\nlisten = '" + listen + "'\ndata = '" + dir + "'\n"
	must(0, os.WriteFile(file, []byte(text), 0o600))
	return file, dir
}

// serve runs `egmina office` until it listens, calls then and asks it to stop.
func serve(t *testing.T, then func(out string), args ...string) answer {
	t.Helper()
	run, stop := context.WithCancel(ctx)
	var errs bytes.Buffer
	out := &firstLine{seen: make(chan string, 1)}
	p := testProgram(strings.NewReader(""), new(bytes.Buffer), &errs)
	p.ctx, p.out = run, out
	done := make(chan int, 1)
	go func() { done <- p.run(append([]string{"office"}, args...)) }()
	select {
	case line := <-out.seen:
		then(line)
		stop()
		return answer{<-done, line, errs.String()}
	case status := <-done:
		stop()
		return answer{status, "", errs.String()}
	}
}

// firstLine hands over what is written first.
type firstLine struct{ seen chan string }

func (f *firstLine) Write(b []byte) (int, error) {
	select {
	case f.seen <- string(b):
	default:
	}
	return len(b), nil
}

func TestOfficeRole(t *testing.T) {
	speak(t, "pl")
	file, dir := settingsFile(t, "127.0.0.1:0")
	keys := egmina("office", "--settings", file, "--key")
	id := must(seal.LoadIdentity(filepath.Join(dir, "office.key")))
	if keys.status != exitOK || !strings.Contains(keys.out, id.Pin()) || keys != egmina("office", "--settings", file, "--key") {
		t.Errorf("%+v", keys)
	}
	a := serve(t, func(line string) {
		address := strings.TrimSpace(line[strings.LastIndex(line, " "):])
		taken, _ := settingsFile(t, address)
		second := egmina("office", "--settings", taken)
		if second.status != exitNo || !strings.Contains(second.errs, "Nie można otworzyć adresu "+address) || strings.Count(second.errs, "\n") != 1 {
			t.Errorf("the address is taken: %+v", second)
		}
	}, "--settings", file)
	if a.status != exitOK || !strings.HasPrefix(a.out, "Urząd działa pod adresem 127.0.0.1:") || a.errs != "" {
		t.Errorf("%+v", a)
	}
}

// Whatever keeps the office from starting is said in one line.
func TestOfficeRefuses(t *testing.T) {
	speak(t, "pl")
	file, dir := settingsFile(t, "127.0.0.1:0")
	must(0, os.MkdirAll(dir, 0o700))
	write := func(name, text string) { must(0, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)) }
	text := string(must(os.ReadFile(file)))
	for _, c := range []struct {
		name         string
		damage, mend func()
		says         string
	}{
		{"short secret", func() { write("hash.key", "x") }, func() { must(0, os.Remove(filepath.Join(dir, "hash.key"))) }, "hash.key"},
		{"no key", func() { write("office.key", "x") }, func() { must(0, os.Remove(filepath.Join(dir, "office.key"))) }, "office.key"},
		{"damaged database", func() { write("office.db", strings.Repeat("x", 8192)) }, func() { must(0, os.Remove(filepath.Join(dir, "office.db"))) }, "office.db"},
		{"bad pin", func() {
			must(0, os.WriteFile(file, []byte(text+"[[office.kiosks]]\nname = 'Hol'\npin = '…'\n"), 0o600))
		},
			func() { must(0, os.WriteFile(file, []byte(text), 0o600)) }, "office.kiosks.pin"},
		{"no pack", func() { must(0, os.WriteFile(file, []byte("municipality = 'nope'\n"+text), 0o600)) },
			func() { must(0, os.WriteFile(file, []byte(text), 0o600)) }, "nope"},
		{"folder is a file", func() { must(0, errors.Join(os.RemoveAll(dir), os.WriteFile(dir, nil, 0o600))) }, func() { must(0, os.Remove(dir)) }, dir},
	} {
		c.damage()
		a := egmina("office", "--settings", file)
		if a.status != exitNo || a.out != "" || !strings.Contains(a.errs, c.says) || strings.Count(a.errs, "\n") != 1 || strings.Contains(a.errs, "Coś się nie udało") {
			t.Errorf("%s: %+v", c.name, a)
		}
		c.mend()
	}
}
