package sync_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"egmina/data"
	"egmina/data/cache"
	"egmina/data/store"
)

// inspect checks what must hold of a kiosk at any moment.
func (w *world) inspect(k *simKiosk) {
	if w.err != nil {
		return
	}
	all, err := k.cache.Positions(ctx)
	w.check("positions", err)
	for bucket, pos := range all {
		have, err := k.cache.Entries(ctx, bucket)
		w.check("entries", err)
		if state, ok := w.had[place(bucket, pos)]; pos.Epoch != "" && (!ok || state != fmt.Sprint(have)) {
			w.check(k.name, fmt.Errorf("%s at %d is not a state the office had (known: %v)", bucket, pos.Seq, ok))
		}
	}
	if epoch, err := w.epoch(); err != nil || all[data.BucketPublic].Epoch != epoch {
		w.check("epoch", err)
		return // has not heard of the restore
	}
	for _, a := range accounts {
		kept, err := k.cache.Of(ctx, a.bucket())
		w.check("outbox", err)
		for _, e := range kept {
			if e.State != cache.StateApplied {
				continue
			}
			err := w.desk.store.Read(ctx, func(tx store.ReadTx) error { _, err := tx.Receipt(e.Op.ID); return err })
			w.check(fmt.Sprintf("%s: act %d shows as sent", k.name, e.Op.Counter), err)
		}
	}
}

func (w *world) epoch() (epoch string, err error) {
	err = w.desk.store.Read(ctx, func(tx store.ReadTx) (err error) { epoch, err = tx.Epoch(); return err })
	return epoch, err
}

// quiesce ends the misfortune: what is late arrives, and everyone syncs until
// the office has nothing new any more.
func (w *world) quiesce() {
	w.calm = true
	for len(w.late) > 0 {
		w.arrive()
	}
	for round, known, waiting := 0, -1, 0; round < 5 && (known != len(w.had) || waiting > 0); round++ {
		w.now, known, waiting = w.now.Add(10*time.Minute), len(w.had), 0
		for _, k := range w.kiosks {
			w.check(k.name, k.client.SyncOnce(ctx))
			n, err := k.cache.Counts(ctx)
			w.check("outbox", err)
			waiting += n.Waiting
		}
	}
	for _, k := range w.kiosks {
		w.inspect(k)
	}
}

// judge checks that every act is in the office once and every kiosk at its head.
func (w *world) judge() {
	work, err := w.desk.work()
	w.check("worklist", err)
	times := map[data.ID]int{}
	values := map[data.ID]int64{}
	for _, r := range work {
		times[r.Op]++
		values[r.Op] = r.Value
	}
	for _, a := range w.acts {
		if n := times[a.entry.Op.ID]; n != 1 || values[a.entry.Op.ID] != a.value {
			w.check("worklist", fmt.Errorf("act %d of %s is there %d times", a.value, a.kiosk.name, n))
		}
	}
	if len(times) != len(w.acts) {
		w.check("worklist", fmt.Errorf("%d acts, %d were made", len(times), len(w.acts)))
	}
	for _, k := range w.kiosks {
		w.judgeKiosk(k, values)
	}
}

func (w *world) judgeKiosk(k *simKiosk, values map[data.ID]int64) {
	n, err := k.cache.Counts(ctx)
	w.check("outbox", err)
	if n.Waiting+n.Rejected+n.Conflict+n.Lost > 0 {
		w.check(k.name, fmt.Errorf("outbox not empty: %+v", n))
	}
	for _, b := range buckets() {
		snap, err := w.desk.snapshot(b)
		w.check("office", err)
		if d := differs(k.cache, snap); d != "" {
			w.check(k.name, errors.New(d))
		}
	}
	seen := 0
	for _, a := range accounts {
		b, err := openBundle(k.cache, a)
		w.check("bundle", err)
		for _, m := range b.Meters {
			seen += len(m.Readings)
		}
	}
	if seen != len(values) {
		w.check(k.name, fmt.Errorf("bundles show %d readings of %d", seen, len(values)))
	}
}

// officeDir is the folder of the office's present files.
func (w *world) officeDir() string { return filepath.Dir(w.desk.path) }
