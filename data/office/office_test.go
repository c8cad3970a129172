package office

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"egmina/data"
	"egmina/data/seal"
	"egmina/data/store"
	"egmina/data/store/sqlite"
)

var (
	ctx   = context.Background()
	noon  = time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	blind = strings.Repeat("0123456789abcdef", 2)
	today = data.DateOf(noon)
)

const pin = "0f"

// bureau is an office under test with one account.
type bureau struct {
	*Service
	t   testing.TB
	st  store.Store
	key *seal.BoxKey // of the account: its resident's side
	box *seal.BoxKey // of the office
	log *bytes.Buffer
	now time.Time
}

func newKey(t testing.TB) *seal.BoxKey {
	t.Helper()
	k, err := seal.NewBoxKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newBureau(t testing.TB) *bureau {
	t.Helper()
	st, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "office.db"), "koscielisko", sqlite.Options{Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	b := &bureau{t: t, st: st, key: newKey(t), box: newKey(t), log: &bytes.Buffer{}, now: noon}
	b.Service, err = New(ctx, st, Keys{Boxes: []*seal.BoxKey{b.box}, Secret: make([]byte, 32)}, Options{
		Kiosks: map[string]string{pin: "hol"}, Now: func() time.Time { return b.now }, Log: slog.New(slog.NewTextHandler(b.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func bundle() data.Bundle {
	return data.Bundle{
		Payer: "K-001234", Holder: data.Holder{FirstName: "Kanaria", LastName: "Wróbel", PESEL: "44051401359"},
		Meters: []data.Meter{{ID: "m1", Number: "N-1", Digits: 5, Installed: data.Date{Year: 2024, Month: 1, Day: 2}, Start: 10,
			Readings: []data.Reading{{Date: data.Date{Year: 2026, Month: 1, Day: 10}, Value: 100, Source: data.ReadByCollector}}}},
	}
}

func (b *bureau) put(v data.Bundle) {
	b.t.Helper()
	if err := b.PutAccount(ctx, blind, b.key.Public(), []byte("keybox"), v); err != nil {
		b.t.Fatal(err)
	}
}

func reading(value int64) data.ReadingAct {
	return data.ReadingAct{Op: data.NewID(noon), Account: blind, Meter: "m1", Date: today, Value: value}
}

func (b *bureau) op(act data.ReadingAct, counter int64) data.Op {
	b.t.Helper()
	plain, err := json.Marshal(act)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.sealed(act.Op, plain, counter)
}

func (b *bureau) sealed(id data.ID, plain []byte, counter int64) data.Op {
	b.t.Helper()
	sealed, err := seal.Seal(b.box.Public(), seal.OpInfo(id), plain)
	if err != nil {
		b.t.Fatal(err)
	}
	return data.Op{ID: id, Kind: data.ActReading, Schema: 1, Made: data.InstantOf(noon), KeyID: b.box.KeyID(), Sealed: sealed, Counter: counter}
}

func (b *bureau) send(ops ...data.Op) data.OpsResponse {
	b.t.Helper()
	resp, err := b.ApplyOps(ctx, pin, ops)
	if err != nil || len(resp.Results) != len(ops) {
		b.t.Fatalf("ops: %+v, %v", resp, err)
	}
	return resp
}

// seen opens the bundle as the resident would, with the feed's position.
func (b *bureau) seen() (data.Bundle, int64) {
	b.t.Helper()
	var snap data.Snapshot
	err := b.st.Read(ctx, func(tx store.ReadTx) (err error) {
		snap, err = tx.Snapshot(data.AccountBucket + blind)
		return err
	})
	if err != nil || len(snap.Entries) != 2 || snap.Entries[0].Key != KeyBundle || string(snap.Entries[1].Value) != "keybox" {
		b.t.Fatalf("account's bucket: %d entries, %v", len(snap.Entries), err)
	}
	plain, err := b.key.Open(seal.BundleInfo(blind), snap.Entries[0].Value)
	if err != nil {
		b.t.Fatal(err)
	}
	var v data.Bundle
	if err := json.Unmarshal(plain, &v); err != nil {
		b.t.Fatal(err)
	}
	return v, snap.At.Seq
}

func (b *bureau) work() []store.Reading {
	b.t.Helper()
	var out []store.Reading
	if err := b.st.Read(ctx, func(tx store.ReadTx) (err error) { out, err = tx.Worklist(0, 1000); return err }); err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (b *bureau) head(bucket string) (pos data.Position) {
	b.t.Helper()
	if err := b.st.Read(ctx, func(tx store.ReadTx) (err error) { pos, err = tx.Head(bucket); return err }); err != nil {
		b.t.Fatal(err)
	}
	return pos
}

func TestPublishAppendsOnlyWhatChanged(t *testing.T) {
	b := newBureau(t)
	for i, step := range []struct {
		docs map[string][]byte
		seq  int64
	}{
		{map[string][]byte{"gmina": []byte("{}"), "page/a": []byte("1")}, 2},
		{map[string][]byte{"gmina": []byte("{}"), "page/a": []byte("1")}, 2},
		{map[string][]byte{"gmina": []byte("{}"), "page/a": []byte("2")}, 3},
		{map[string][]byte{"gmina": []byte("{}"), "empty": {}}, 5},
		{map[string][]byte{"gmina": []byte("{}"), "empty": nil, "page/a": []byte("2")}, 6},
	} {
		if err := b.Publish(ctx, step.docs); err != nil {
			t.Fatal(err)
		}
		if got := b.head(data.BucketPublic).Seq; got != step.seq {
			t.Errorf("step %d: seq %d, want %d", i, got, step.seq)
		}
	}
}

func TestPublishRefuses(t *testing.T) {
	b := newBureau(t)
	big := make([]byte, MaxValue)
	many := map[string][]byte{}
	for i := range MaxContent/MaxValue + 1 {
		many[fmt.Sprint(i)] = big
	}
	for code, docs := range map[string]map[string][]byte{
		"office.document_key":       {"": nil},
		"office.document_too_large": {"a": make([]byte, MaxValue+1)},
		"office.content_too_large":  many,
	} {
		var e *data.Error
		if err := b.Publish(ctx, docs); !errors.As(err, &e) || e.Code != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
	if b.head(data.BucketPublic).Seq != 0 {
		t.Error("refused content was published")
	}
}

func TestPutAccountSealsOnlyWhatChanged(t *testing.T) {
	b := newBureau(t)
	v := bundle()
	b.put(v)
	got, seq := b.seen()
	if !reflect.DeepEqual(got, normal(t, v)) || seq != 2 || b.head(data.BucketAccounts).Seq != 1 {
		t.Fatalf("seq %d, directory %d, bundle %+v", seq, b.head(data.BucketAccounts).Seq, got)
	}
	b.put(v)
	if _, seq := b.seen(); seq != 2 || b.head(data.BucketAccounts).Seq != 1 {
		t.Errorf("the same bundle was sealed again: seq %d", seq)
	}
	v.Place = "Witów"
	b.put(v)
	if got, seq := b.seen(); seq != 3 || got.Place != "Witów" {
		t.Errorf("changed bundle: seq %d, %+v", seq, got)
	}
	b.key = newKey(t)
	b.put(v)
	if _, seq := b.seen(); seq != 4 {
		t.Errorf("another key: seq %d", seq)
	}
	if err := b.PutAccount(ctx, "not blind", b.key.Public(), []byte("k"), v); err == nil {
		t.Error("an account without a blind ID was taken")
	}
}

// normal is v after a journey through JSON.
func normal(t *testing.T, v data.Bundle) (out data.Bundle) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err := errors.Join(err, json.Unmarshal(raw, &out)); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestReadingReachesWorklistAndBundleOnce(t *testing.T) {
	b := newBureau(t)
	b.put(bundle())
	act := reading(105)
	op := b.op(act, 1)
	for i, want := range []string{data.OpApplied, data.OpDuplicate, data.OpDuplicate} {
		resp := b.send(op)
		if r := resp.Results[0]; r.Status != want || r.ID != op.ID || r.Receipt != op.ID.ReceiptNumber() || resp.Epoch == "" {
			t.Errorf("time %d: %+v", i, resp)
		}
	}
	if work := b.work(); len(work) != 1 || work[0].Value != 105 || work[0].State != store.ReadingNew || work[0].Kiosk != pin {
		t.Errorf("worklist %+v", work)
	}
	got, seq := b.seen()
	want := data.Reading{Date: today, Value: 105, Source: data.ReadByResident, Op: op.ID.String()}
	if rs := got.Meters[0].Readings; len(rs) != 2 || rs[1] != want || seq != 3 {
		t.Errorf("bundle's readings %+v, seq %d", rs, seq)
	}
	fromFinance := bundle()
	fromFinance.Meters[0].Readings = append(fromFinance.Meters[0].Readings, data.Reading{Date: today, Value: 105, Source: data.ReadByResident})
	b.put(fromFinance)
	if got, _ := b.seen(); len(got.Meters[0].Readings) != 2 {
		t.Errorf("a reading the finance system gave back is there twice: %+v", got.Meters[0].Readings)
	}
}

func TestSameBatchTwiceTheSameAct(t *testing.T) {
	b := newBureau(t)
	b.put(bundle())
	op := b.op(reading(105), 1)
	resp := b.send(op, op, b.op(reading(106), 2))
	if s := statuses(resp); s != "applied duplicate applied" || len(b.work()) != 2 {
		t.Errorf("%s, %d in the worklist", s, len(b.work()))
	}
}

func statuses(r data.OpsResponse) string {
	var out []string
	for _, x := range r.Results {
		out = append(out, x.Status)
	}
	return strings.Join(out, " ")
}

func TestConflictIsKeptForAPerson(t *testing.T) {
	b := newBureau(t)
	b.put(bundle())
	act := reading(105)
	first := b.op(act, 1)
	act.Value = 900
	other := b.op(act, 2)
	if s := statuses(b.send(first)) + " " + statuses(b.send(other, other, first)); s != "applied conflict conflict duplicate" {
		t.Error(s)
	}
	var all []store.Conflict
	_ = b.st.Read(ctx, func(tx store.ReadTx) (err error) { all, err = tx.Conflicts(); return err })
	if len(all) != 1 || !bytes.Equal(all[0].Sealed, other.Sealed) || len(b.work()) != 1 || b.work()[0].Value != 105 {
		t.Errorf("conflicts %d, worklist %+v", len(all), b.work())
	}
	if progress, _ := b.Progress(ctx); progress[pin] != 2 {
		t.Errorf("progress %v: a conflict stops it", progress)
	}
}

func TestRejectedActs(t *testing.T) {
	b := newBureau(t)
	b.put(bundle())
	change := func(f func(*data.Op)) data.Op {
		op := b.op(reading(105), 1)
		f(&op)
		return op
	}
	plain := func(text string) data.Op { return b.sealed(data.NewID(noon), []byte(text), 1) }
	id := data.NewID(noon)
	for name, c := range map[string]struct {
		op     data.Op
		status string
		reason string
	}{
		"other ID inside": {b.sealed(id, []byte(`{"op":"`+data.NewID(noon).String()+`","account":"`+blind+`","meter":"m1","date":"2026-03-15","value":1}`), 1), data.OpRejected, ReasonMalformed},
		"moved seal":      {change(func(o *data.Op) { o.ID = data.NewID(noon) }), data.OpRejected, ReasonUnreadable},
		"damaged":         {change(func(o *data.Op) { o.Sealed[40] ^= 1 }), data.OpRejected, ReasonUnreadable},
		"not sealed":      {change(func(o *data.Op) { o.Sealed = []byte("{}") }), data.OpRejected, ReasonUnreadable},
		"nothing":         {change(func(o *data.Op) { o.Sealed = nil }), data.OpRejected, ReasonMalformed},
		"too large":       {change(func(o *data.Op) { o.Sealed = make([]byte, MaxOp+1) }), data.OpRejected, ReasonTooLarge},
		"unknown key":     {change(func(o *data.Op) { o.KeyID = "00000000" }), data.OpRejected, ReasonUnknownKey},
		"unknown kind":    {change(func(o *data.Op) { o.Kind = "wish" }), data.OpRejected, ReasonUnknownKind},
		"newer schema":    {change(func(o *data.Op) { o.Schema = 2 }), data.OpRetry, ReasonNewer},
		"no schema":       {change(func(o *data.Op) { o.Schema = 0 }), data.OpRejected, ReasonMalformed},
		"no counter":      {change(func(o *data.Op) { o.Counter = 0 }), data.OpRejected, ReasonMalformed},
		"no ID":           {change(func(o *data.Op) { o.ID = data.ID{} }), data.OpRejected, ReasonMalformed},
		"not JSON":        {plain("hello"), data.OpRejected, ReasonMalformed},
		"wrong type":      {plain(`{"op":5}`), data.OpRejected, ReasonMalformed},
		"unknown field":   {plain(`{"op":"` + id.String() + `","wish":1}`), data.OpRejected, ReasonMalformed},
		"two values":      {plain(`{} {}`), data.OpRejected, ReasonMalformed},
		"too many digits": {b.op(reading(100000), 1), data.OpRejected, ReasonValue},
		"negative":        {b.op(reading(-1), 1), data.OpRejected, ReasonMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 { // the stored answer is the same
				if r := b.send(c.op).Results[0]; r.Status != c.status || r.Reason != c.reason {
					t.Errorf("%+v, want %s %s", r, c.status, c.reason)
				}
			}
			var kept store.Receipt
			err := b.st.Read(ctx, func(tx store.ReadTx) (err error) { kept, err = tx.Receipt(c.op.ID); return err })
			if wantReceipt := c.status == data.OpRejected && !c.op.ID.IsZero(); wantReceipt != (err == nil) {
				t.Errorf("receipt: %v", err)
			} else if wantReceipt && c.reason != ReasonTooLarge && !bytes.Equal(kept.Sealed, c.op.Sealed) {
				t.Error("a rejected act's bytes were not kept")
			}
		})
	}
	if len(b.work()) != 0 {
		t.Errorf("worklist %+v", b.work())
	}
}

func TestFlags(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*data.ReadingAct)
		flags  string
		state  string
		date   data.Date
	}{
		"plain":            {func(*data.ReadingAct) {}, "", store.ReadingNew, today},
		"three weeks old":  {func(a *data.ReadingAct) { a.Date = today.AddDays(-21) }, "", store.ReadingNew, today.AddDays(-21)},
		"clock in 1970":    {func(a *data.ReadingAct) { a.Date = data.Date{Year: 1970, Month: 1, Day: 1} }, FlagClock, store.ReadingCheck, today},
		"clock ahead":      {func(a *data.ReadingAct) { a.Date = today.AddDays(400) }, FlagClock, store.ReadingCheck, today},
		"lower":            {func(a *data.ReadingAct) { a.Value = 99 }, FlagLower, store.ReadingCheck, today},
		"rolled over":      {func(a *data.ReadingAct) { a.Value, a.RollOver = 3, true }, "", store.ReadingNew, today},
		"jump":             {func(a *data.ReadingAct) { a.Jump = true }, FlagJump, store.ReadingCheck, today},
		"other meter":      {func(a *data.ReadingAct) { a.Meter = "m9" }, FlagMeter, store.ReadingCheck, today},
		"unknown account":  {func(a *data.ReadingAct) { a.Account = strings.Repeat("f", 32) }, FlagAccount, store.ReadingUnmatched, today},
		"collector's day":  {func(a *data.ReadingAct) { a.Date = data.Date{Year: 2026, Month: 1, Day: 10} }, FlagSameDay, store.ReadingCheck, data.Date{Year: 2026, Month: 1, Day: 10}},
		"before the meter": {func(a *data.ReadingAct) { a.Date = today.AddDays(-370) }, FlagClock, store.ReadingCheck, today},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t)
			b.put(bundle())
			act := reading(105)
			c.change(&act)
			if r := b.send(b.op(act, 1)).Results[0]; r.Status != data.OpApplied {
				t.Fatalf("%+v", r)
			}
			if got := b.work()[0]; got.Flags != c.flags || got.State != c.state || got.Date != c.date {
				t.Errorf("flags %q, state %s, date %s; want %q, %s, %s", got.Flags, got.State, got.Date, c.flags, c.state, c.date)
			}
		})
	}
}

func TestTwoReadingsOfOneDayAreBothKept(t *testing.T) {
	b := newBureau(t)
	b.put(bundle())
	b.send(b.op(reading(120), 1))
	b.send(b.op(reading(110), 2))
	if w := b.work(); len(w) != 2 || w[0].Flags != "" || w[1].Flags != FlagSameDay+" "+FlagLower {
		t.Errorf("worklist %+v", w)
	}
	if got, _ := b.seen(); len(got.Meters[0].Readings) != 3 {
		t.Errorf("bundle %+v", got.Meters[0].Readings)
	}
}

func TestReadingWaitsForItsAccount(t *testing.T) {
	b := newBureau(t)
	b.send(b.op(reading(105), 1), b.op(reading(100000), 2))
	b.put(bundle())
	w := b.work()
	if len(w) != 2 || w[0].State != store.ReadingNew || w[0].Flags != "" || w[1].State != store.ReadingCheck {
		t.Errorf("worklist %+v", w)
	}
	if got, _ := b.seen(); len(got.Meters[0].Readings) != 3 {
		t.Errorf("bundle %+v", got.Meters[0].Readings)
	}
}

// TestPoisonDoesNotHoldUpOthers damages one account, so that its acts fail.
func TestPoisonDoesNotHoldUpOthers(t *testing.T) {
	b := newBureau(t)
	b.put(bundle())
	poisoned := strings.Repeat("a", 32)
	err := b.st.Write(ctx, func(tx store.Tx) error {
		return tx.PutAccount(store.Account{Blind: poisoned, Public: []byte{1}, Ledger: []byte("damaged")})
	})
	if err != nil {
		t.Fatal(err)
	}
	bad := reading(1)
	bad.Account = poisoned
	resp := b.send(b.op(reading(105), 1), b.op(bad, 2), b.op(reading(106), 3))
	if s := statuses(resp); s != "applied retry applied" || resp.Epoch == "" || resp.Results[1].Reason != ReasonTrouble {
		t.Errorf("%s: %+v", s, resp)
	}
	if _, err := b.ApplyOps(ctx, pin, []data.Op{b.op(bad, 4)}); err == nil {
		t.Error("a failure of everything is not an error")
	}
}

func TestDurableFollowsBackups(t *testing.T) {
	b := newBureau(t)
	b.put(bundle())
	b.send(b.op(reading(101), 1), b.op(reading(102), 2), b.op(reading(104), 4))
	held, err := b.Progress(ctx)
	if err != nil || held[pin] != 2 {
		t.Fatalf("progress %v, %v: a gap at 3", held, err)
	}
	if resp := b.send(b.op(reading(103), 3)); resp.DurableUpTo != 0 {
		t.Errorf("durable %d before any backup", resp.DurableUpTo)
	}
	if err := b.BackedUp(ctx, held); err != nil {
		t.Fatal(err)
	}
	if resp := b.send(b.op(reading(105), 5)); resp.DurableUpTo != 2 {
		t.Errorf("durable %d, want 2", resp.DurableUpTo)
	}
	// A new act under an old counter: the kiosk lost its outbox and counts from 1 again.
	if resp := b.send(b.op(reading(106), 1)); resp.DurableUpTo != 0 {
		t.Errorf("durable %d for a kiosk that started over", resp.DurableUpTo)
	}
}

func TestRestoredOfficeChangesEpoch(t *testing.T) {
	b := newBureau(t)
	before := b.head(data.BucketPublic).Epoch
	if err := b.RotateEpoch(ctx); err != nil {
		t.Fatal(err)
	}
	if after := b.head(data.BucketPublic).Epoch; after == before || after == "" || before == "" {
		t.Errorf("epoch %q, then %q", before, after)
	}
}

func TestNothingPersonalInStoreFeedOrLog(t *testing.T) {
	b := newBureau(t)
	b.put(bundle())
	b.send(b.op(reading(105), 1))
	act := reading(1)
	act.Meter = "Kanaria"
	b.send(b.op(act, 2), b.sealed(data.NewID(noon), []byte(`{"Kanaria":1}`), 3))
	for _, canary := range []string{"Kanaria", "Wróbel", "44051401359", "K-001234"} {
		if strings.Contains(b.log.String(), canary) {
			t.Errorf("%s in the log", canary)
		}
		for _, bucket := range []string{data.BucketAccounts, data.AccountBucket + blind} {
			_ = b.st.Read(ctx, func(tx store.ReadTx) error {
				snap, _ := tx.Snapshot(bucket)
				for _, e := range snap.Entries {
					if bytes.Contains(e.Value, []byte(canary)) {
						t.Errorf("%s in bucket %s", canary, bucket)
					}
				}
				return nil
			})
		}
	}
}

func TestNewNeedsKeys(t *testing.T) {
	b := newBureau(t)
	for _, k := range []Keys{{}, {Boxes: []*seal.BoxKey{b.box}}, {Secret: make([]byte, 32)}} {
		if _, err := New(ctx, b.st, k, Options{}); err == nil {
			t.Errorf("keys %+v were enough", k)
		}
	}
}

// BenchmarkOps is a full batch of new readings, durable.
func BenchmarkOps(b *testing.B) {
	st, err := sqlite.Open(ctx, filepath.Join(b.TempDir(), "office.db"), "koscielisko", sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	o := &bureau{t: b, st: st, key: newKey(b), box: newKey(b)}
	o.Service, err = New(ctx, st, Keys{Boxes: []*seal.BoxKey{o.box}, Secret: make([]byte, 32)}, Options{
		Kiosks: map[string]string{pin: "hol"}, Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	n := int64(0)
	for b.Loop() {
		b.StopTimer()
		ops := make([]data.Op, MaxBatch)
		for i := range ops {
			n++
			act := reading(n)
			act.Account = fmt.Sprintf("%032x", n)
			ops[i] = o.op(act, n)
		}
		b.StartTimer()
		o.send(ops...)
	}
	b.ReportMetric(float64(b.N*MaxBatch)/b.Elapsed().Seconds(), "acts/s")
}
