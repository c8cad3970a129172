package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	gosync "sync"
	"sync/atomic"
	"time"

	"egmina/data"
	"egmina/data/cache"
	"egmina/data/pack"
	"egmina/data/printing"
	"egmina/data/resident"
	"egmina/data/seal"
	"egmina/data/sync"
	"egmina/ui/kiosk"
)

// lobby is a kiosk without its window: its disk, its line to the office and its
// printer.
type lobby struct {
	cache   *cache.Cache
	client  *sync.Client
	desk    *resident.Desk
	printer printing.Printer
	content atomic.Pointer[kiosk.Catalog]
	now     func() time.Time
	stop    context.CancelFunc
	work    gosync.WaitGroup
}

// lobbyKeys are whom a kiosk trusts and what it seals acts to.
type lobbyKeys struct {
	id        *seal.Identity
	office    string // address
	pins      []string
	officeKey []byte
}

// openLobbyKeys reads the kiosk's own key, making it at the first start, and
// the office's from the settings.
func openLobbyKeys(s KioskSettings) (lobbyKeys, error) {
	id, err := seal.OpenIdentity(filepath.Join(s.Data, "kiosk.key"))
	if err != nil {
		return lobbyKeys{}, err
	}
	key, err := hex.DecodeString(s.OfficeKey)
	if err != nil || len(key) != 32 {
		return lobbyKeys{}, data.Fail("cli.office_key", errors.New("kiosk.office_key is not 64 hexadecimal digits"))
	}
	return lobbyKeys{id: id, office: s.Office, pins: s.OfficePins, officeKey: key}, nil
}

// openLobby opens the kiosk's disk. It does no network work before run.
func openLobby(municipality string, s KioskSettings, keys lobbyKeys, printer printing.Printer, now func() time.Time) (*lobby, error) {
	disk, report, err := cache.Open(s.Data, now)
	if err != nil {
		return nil, err
	}
	logReport(report)
	l := &lobby{
		cache:   disk,
		client:  sync.New(sync.Options{Base: keys.office, HTTP: sync.NewHTTP(seal.ClientTLS(keys.id, keys.pins...)), Cache: disk, Now: now}),
		desk:    resident.NewDesk(disk, municipality, keys.officeKey, now),
		printer: printer,
		now:     now,
	}
	if err := l.read(context.Background()); err != nil {
		_ = disk.Close()
		return nil, err
	}
	return l, nil
}

func logReport(r *cache.Report) {
	if len(r.SetAside)+len(r.Refetch)+len(r.Lost)+r.Recovered > 0 {
		slog.Warn("kiosk: files mended", "set_aside", r.SetAside, "refetch", r.Refetch, "recovered", r.Recovered, "lost", r.Lost)
	}
}

// read makes the catalogue from the content on the disk.
func (l *lobby) read(ctx context.Context) error {
	docs, err := l.cache.Documents(ctx)
	if err != nil {
		return err
	}
	content, err := pack.FromDocuments(docs)
	var problems pack.Problems
	if errors.As(err, &problems) {
		slog.Warn("kiosk: content left out", "problems", fmt.Sprint(problems))
	} else if err != nil {
		return err
	}
	l.content.Store(kiosk.NewCatalog(content))
	return nil
}

// run syncs with the office in the background. changed is called on any
// goroutine after content, an account or the outbox has changed.
func (l *lobby) run(ctx context.Context, changed func(bucket string)) {
	ctx, l.stop = context.WithCancel(ctx)
	l.cache.Subscribe(func(bucket string) {
		if bucket == data.BucketPublic {
			if err := l.read(ctx); err != nil {
				slog.Error("kiosk: content", "err", err)
			}
		}
		changed(bucket)
	})
	l.work.Go(func() { l.client.Run(ctx) })
	l.work.Go(func() {
		if err := printing.PurgeAtStart(ctx, l.printer, slog.Default()); err != nil {
			slog.Warn("kiosk: leftover print jobs", "err", err)
		}
	})
}

// Close stops the background work and closes the disk.
func (l *lobby) Close() error {
	if l.stop != nil {
		l.stop()
	}
	l.work.Wait()
	return l.cache.Close()
}
