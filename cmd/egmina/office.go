package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"egmina/data"
	"egmina/data/office"
	"egmina/data/pack"
	"egmina/data/seal"
	"egmina/data/store"
	"egmina/data/store/sqlite"
)

// stopTime is how long a stopping office waits for requests under way.
const stopTime = 5 * time.Second

// secretSize is the length of the office's hash key, in bytes.
const secretSize = 32

// officeKeys are everything an office proves itself and opens acts with.
type officeKeys struct {
	id     *seal.Identity
	box    *seal.BoxKey
	secret []byte
}

// openOfficeKeys reads the keys in the folder or makes them at the first start.
func openOfficeKeys(dir string) (officeKeys, error) {
	var k officeKeys
	err := makeFolder(dir)
	if err != nil {
		return k, err
	}
	if k.id, err = seal.OpenIdentity(filepath.Join(dir, "office.key")); err != nil {
		return k, err
	}
	if k.box, err = openBoxKey(filepath.Join(dir, "acts.key")); err != nil {
		return k, err
	}
	k.secret, err = openSecret(filepath.Join(dir, "hash.key"))
	return k, err
}

func openBoxKey(path string) (*seal.BoxKey, error) {
	box, err := seal.LoadBoxKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return box, err
	}
	if box, err = seal.NewBoxKey(); err != nil {
		return nil, err
	}
	return box, box.Save(path)
}

func openSecret(path string) ([]byte, error) {
	secret, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		secret = make([]byte, secretSize)
		_, _ = rand.Read(secret) // crypto/rand never fails since Go 1.24
		return secret, writeFile(path, secret, 0o600)
	case err == nil && len(secret) != secretSize:
		err = fmt.Errorf("want %d bytes, not %d", secretSize, len(secret))
	}
	if err != nil {
		return nil, &data.Error{Code: "seal.key_file", Args: map[string]any{"File": path}, Err: err}
	}
	return secret, nil
}

// runningOffice is an office that serves kiosks until Close.
type runningOffice struct {
	service *office.Service
	store   *sqlite.Store
	server  *http.Server
	keys    officeKeys
	addr    string
	done    chan error
}

// startOffice opens the office's data and serves kiosks on the address.
func startOffice(ctx context.Context, municipality string, s OfficeSettings, keys officeKeys, now func() time.Time) (*runningOffice, error) {
	st, err := sqlite.Open(ctx, filepath.Join(s.Data, "office.db"), municipality, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	o := &runningOffice{store: st, keys: keys, done: make(chan error, 1)}
	kiosks := map[string]string{}
	for _, k := range s.Kiosks {
		kiosks[k.Pin] = k.Name
	}
	boxes := office.Keys{Boxes: []*seal.BoxKey{keys.box}, Secret: keys.secret}
	if o.service, err = office.New(ctx, st, boxes, office.Options{Kiosks: kiosks, Now: now}); err != nil {
		_ = st.Close()
		return nil, err
	}
	if err := o.listen(ctx, s.Listen); err != nil {
		o.service.Close()
		return nil, errors.Join(err, st.Close())
	}
	return o, nil
}

func (o *runningOffice) listen(ctx context.Context, address string) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return &data.Error{Code: "cli.listen", Args: map[string]any{"Address": address}, Err: err}
	}
	o.addr = l.Addr().String()
	o.server = o.service.Server(seal.ServerTLS(o.keys.id, o.service.Allowed))
	go func() { o.done <- o.server.ServeTLS(l, "", "") }()
	return nil
}

// Close stops serving and closes the data.
func (o *runningOffice) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	err := o.server.Shutdown(ctx)
	o.service.Close()
	return errors.Join(err, o.store.Close())
}

// publish makes the pack the office's public content.
func (o *runningOffice) publish(ctx context.Context, content *pack.Pack) error {
	return o.service.Publish(ctx, content.Documents())
}

// admit gives an invented resident of the pack an account with the code and PIN
// that stand there. Real residents make theirs themselves.
func (o *runningOffice) admit(ctx context.Context, municipality string, r *pack.Resident, asOf time.Time) error {
	code, err := seal.ParseCode(r.Code)
	if err != nil {
		return err
	}
	blind := seal.BlindID(code, municipality)
	pub, box, err := seal.NewKeybox(code, r.PIN, blind)
	if err != nil {
		return err
	}
	return o.service.PutAccount(ctx, blind, pub, box, r.Bundle(data.InstantOf(asOf)))
}

func runOffice(p *program, args []string) int {
	flags := flag.NewFlagSet("office", flag.ContinueOnError)
	path := flags.String("settings", "", "")
	keyOnly := flags.Bool("key", false, "")
	loadDemo := flags.Bool("load-demo", false, "")
	rest, status, ok := p.parse(flags, args, "cli.office")
	if !ok {
		return status
	}
	if len(rest) > 0 {
		return p.usage("cli.office")
	}
	s, err := loadSettings(*path)
	if err != nil {
		return p.fail(err)
	}
	keys, err := openOfficeKeys(s.Office.Data)
	if err != nil {
		return p.fail(err)
	}
	if *keyOnly {
		fmt.Fprintln(p.out, p.loc.T("cli.office_keys", "Pin", keys.id.Pin(), "Key", fmt.Sprintf("%x", keys.box.Public())))
		return exitOK
	}
	if err := p.serveOffice(s, keys, *loadDemo); err != nil {
		return p.fail(err)
	}
	return exitOK
}

// serveOffice runs the office until the program is asked to stop.
func (p *program) serveOffice(s Settings, keys officeKeys, loadDemo bool) error {
	if err := s.Office.check(); err != nil {
		return err
	}
	content, err := loadPack(s.Municipality)
	if err != nil {
		return err
	}
	o, err := startOffice(p.ctx, content.Municipality.ID, s.Office, keys, p.now)
	if err != nil {
		return err
	}
	defer func() {
		if err := o.Close(); err != nil {
			slog.Error("office: close", "err", err)
		}
	}()
	err = o.load(p.ctx, content, loadDemo, p.now)
	if err == nil {
		fmt.Fprintln(p.out, p.loc.T("cli.office_listens", "Address", o.addr))
		select {
		case <-p.ctx.Done():
		case err = <-o.done:
		}
	}
	if p.ctx.Err() != nil { // asked to stop, at any moment
		return nil
	}
	return err
}

// load publishes the pack and, for a demonstration, admits its residents.
func (o *runningOffice) load(ctx context.Context, content *pack.Pack, residents bool, now func() time.Time) error {
	if err := o.publish(ctx, content); err != nil || !residents {
		return err
	}
	for i := range content.Residents {
		if err := o.admit(ctx, content.Municipality.ID, &content.Residents[i], now()); err != nil {
			return err
		}
	}
	return nil
}

// readings counts the residents' readings the office holds.
func (o *runningOffice) readings(ctx context.Context) (n int, err error) {
	err = o.store.Read(ctx, func(tx store.ReadTx) error {
		list, err := tx.Worklist(0, 1000)
		n = len(list)
		return err
	})
	return n, err
}
