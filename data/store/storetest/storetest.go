// Package storetest is the contract of store.Store: every database behind the
// office passes it.
package storetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"egmina/data"
	"egmina/data/store"
)

// Run runs the contract. open returns an empty database that closes itself.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, store.Store)
	}{
		{"Epoch", testEpoch},
		{"FeedFollows", testFeedFollows},
		{"FeedPages", testFeedPages},
		{"FeedRefetch", testFeedRefetch},
		{"Snapshot", testSnapshot},
		{"Prune", testPrune},
		{"Rollback", testRollback},
		{"Watch", testWatch},
		{"Gminas", testGminas},
		{"Receipts", testReceipts},
		{"ReceiptsConcurrent", testReceiptsConcurrent},
		{"Conflicts", testConflicts},
		{"Advance", testAdvance},
		{"Accounts", testAccounts},
		{"Readings", testReadings},
		{"Kiosks", testKiosks},
		{"ReadIsOneView", testReadIsOneView},
		{"Cancelled", testCancelled},
		{"TwelveWriters", testTwelveWriters},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

const bucket = data.BucketPublic

var ctx = context.Background()

func write(t *testing.T, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Write(ctx, fn); err != nil {
		t.Fatalf("write: %v", err)
	}
}

func read(t *testing.T, s store.Store, fn func(store.ReadTx) error) {
	t.Helper()
	if err := s.Read(ctx, fn); err != nil {
		t.Fatalf("read: %v", err)
	}
}

func put(t *testing.T, s store.Store, bucket, key, value string) {
	t.Helper()
	write(t, s, func(tx store.Tx) error {
		_, err := tx.AppendFeed(bucket, key, []byte(value), value == "")
		return err
	})
}

func since(t *testing.T, s store.Store, from data.Position, rows, size int) (page data.FeedPage, err error) {
	t.Helper()
	err = s.Read(ctx, func(tx store.ReadTx) (err error) {
		page, err = tx.FeedSince(bucket, from, rows, size)
		return err
	})
	return page, err
}

func head(t *testing.T, s store.Store) (pos data.Position) {
	t.Helper()
	read(t, s, func(tx store.ReadTx) (err error) {
		pos, err = tx.Head(bucket)
		return err
	})
	return pos
}

func started(t *testing.T, s store.Store) data.Position {
	t.Helper()
	write(t, s, func(tx store.Tx) error { return tx.SetEpoch("e1") })
	return data.Position{Epoch: "e1"}
}

func testEpoch(t *testing.T, s store.Store) {
	for _, want := range []string{"", "e1", "e2"} {
		if want != "" {
			write(t, s, func(tx store.Tx) error { return tx.SetEpoch(want) })
		}
		read(t, s, func(tx store.ReadTx) error {
			if got, err := tx.Epoch(); got != want || err != nil {
				t.Errorf("epoch %q, %v; want %q", got, err, want)
			}
			return nil
		})
	}
}

func testFeedFollows(t *testing.T, s store.Store) {
	at := started(t, s)
	for i, step := range []struct{ key, value string }{{"a", "1"}, {"b", "2"}, {"a", "3"}, {"b", ""}, {"b", "4"}} {
		put(t, s, bucket, step.key, step.value)
		page, err := since(t, s, at, 10, 1<<20)
		if err != nil || len(page.Changes) != 1 || !page.AtHead || page.Bucket != bucket {
			t.Fatalf("step %d: %+v, %v", i, page, err)
		}
		c := page.Changes[0]
		if c.Key != step.key || string(c.Value) != step.value || c.Deleted != (step.value == "") || c.Seq != int64(i+1) {
			t.Fatalf("step %d: change %+v", i, c)
		}
		at = data.Position{Epoch: at.Epoch, Seq: c.Seq, Digest: at.Digest.Next(c)}
		if page.Next != at || head(t, s) != at {
			t.Fatalf("step %d: next %+v, head %+v, want %+v", i, page.Next, head(t, s), at)
		}
	}
	page, err := since(t, s, at, 10, 1<<20)
	if err != nil || len(page.Changes) != 0 || page.Next != at || !page.AtHead {
		t.Fatalf("nothing new: %+v, %v", page, err)
	}
}

func testFeedPages(t *testing.T, s store.Store) {
	at := started(t, s)
	write(t, s, func(tx store.Tx) error {
		for i := range 10 {
			if _, err := tx.AppendFeed(bucket, fmt.Sprint(i), bytes.Repeat([]byte{'x'}, 1000), false); err != nil {
				return err
			}
		}
		return nil
	})
	for _, limit := range []struct{ rows, size, want int }{{3, 1 << 20, 3}, {100, 2500, 2}, {100, 1, 1}, {10, 1 << 20, 10}} {
		pos, pages := at, 0
		for seen := 0; seen < 10; pages++ {
			page, err := since(t, s, pos, limit.rows, limit.size)
			if err != nil || len(page.Changes) > limit.want || len(page.Changes) == 0 {
				t.Fatalf("limit %+v: %d changes, %v", limit, len(page.Changes), err)
			}
			seen, pos = seen+len(page.Changes), page.Next
			if page.AtHead != (seen == 10) {
				t.Fatalf("limit %+v: at_head %v after %d", limit, page.AtHead, seen)
			}
		}
		if want := (10 + limit.want - 1) / limit.want; pages != want {
			t.Errorf("limit %+v: %d pages, want %d", limit, pages, want)
		}
	}
}

func testFeedRefetch(t *testing.T, s store.Store) {
	started(t, s)
	put(t, s, bucket, "a", "1")
	at := head(t, s)
	put(t, s, bucket, "a", "2")
	other := at
	other.Digest[0] ^= 1
	for name, from := range map[string]data.Position{
		"other epoch":       {Epoch: "e0", Seq: at.Seq, Digest: at.Digest},
		"no epoch":          {Seq: at.Seq, Digest: at.Digest},
		"ahead":             {Epoch: "e1", Seq: 3, Digest: at.Digest},
		"other content":     other,
		"other at the head": {Epoch: "e1", Seq: 2, Digest: at.Digest},
		"other at zero":     {Epoch: "e1", Digest: at.Digest},
		"negative":          {Epoch: "e1", Seq: -1},
	} {
		if page, err := since(t, s, from, 10, 1<<20); !errors.Is(err, store.ErrRefetch) {
			t.Errorf("%s: %+v, %v", name, page, err)
		}
	}
	if page, err := since(t, s, at, 10, 1<<20); err != nil || len(page.Changes) != 1 {
		t.Errorf("the right position: %+v, %v", page, err)
	}
}

func testSnapshot(t *testing.T, s store.Store) {
	started(t, s)
	for _, kv := range [][2]string{{"c", "1"}, {"a", "2"}, {"b", "3"}, {"a", "4"}, {"b", ""}, {"ż", "5"}} {
		put(t, s, bucket, kv[0], kv[1])
	}
	put(t, s, "other", "z", "9")
	read(t, s, func(tx store.ReadTx) error {
		snap, err := tx.Snapshot(bucket)
		want := []data.Change{{Seq: 4, Key: "a", Value: []byte("4")}, {Seq: 1, Key: "c", Value: []byte("1")}, {Seq: 6, Key: "ż", Value: []byte("5")}}
		if err != nil || !reflect.DeepEqual(snap.Entries, want) || snap.At.Seq != 6 || snap.Bucket != bucket {
			t.Errorf("snapshot %+v, %v", snap, err)
		}
		hashes, err := tx.Hashes(bucket)
		if err != nil || len(hashes) != 3 || hashes["a"] != sha256.Sum256([]byte("4")) {
			t.Errorf("hashes %v, %v", hashes, err)
		}
		empty, err := tx.Snapshot("none")
		if err != nil || empty.Entries == nil || len(empty.Entries) != 0 || empty.At != (data.Position{Epoch: "e1"}) {
			t.Errorf("empty snapshot %+v, %v", empty, err)
		}
		return nil
	})
}

func testPrune(t *testing.T, s store.Store) {
	at := started(t, s)
	put(t, s, bucket, "stays", "1")
	var places []data.Position
	for i := range 10 {
		put(t, s, bucket, "moves", fmt.Sprint(i))
		places = append(places, head(t, s))
	}
	put(t, s, bucket, "goes", "1")
	put(t, s, bucket, "goes", "")
	write(t, s, func(tx store.Tx) error { return tx.PruneFeed(bucket, 5) })
	for i, from := range append([]data.Position{at}, places...) {
		page, err := since(t, s, from, 100, 1<<20)
		if from.Seq < 8 {
			if !errors.Is(err, store.ErrRefetch) {
				t.Errorf("place %d: %+v, %v", i, page, err)
			}
			continue
		}
		if err != nil || int64(len(page.Changes)) != 13-from.Seq {
			t.Errorf("place %d: %d changes, %v", i, len(page.Changes), err)
		}
	}
	write(t, s, func(tx store.Tx) error {
		return errors.Join(tx.PruneFeed(bucket, 5), tx.PruneFeed(bucket, 100), tx.PruneFeed("none", 1))
	})
	write(t, s, func(tx store.Tx) error { return tx.PruneFeed(bucket, 0) })
	read(t, s, func(tx store.ReadTx) error {
		snap, err := tx.Snapshot(bucket)
		if err != nil || len(snap.Entries) != 2 || snap.At.Seq != 13 {
			t.Errorf("snapshot after pruning %+v, %v", snap, err)
		}
		return nil
	})
	if page, err := since(t, s, head(t, s), 100, 1<<20); err != nil || !page.AtHead {
		t.Errorf("at the head after pruning: %+v, %v", page, err)
	}
}

func testRollback(t *testing.T, s store.Store) {
	started(t, s)
	put(t, s, bucket, "a", "1")
	before, news := head(t, s), s.Watch(bucket)
	boom := errors.New("boom")
	err := s.Write(ctx, func(tx store.Tx) error {
		if _, err := tx.AppendFeed(bucket, "a", []byte("2"), false); err != nil {
			return err
		}
		if got, err := tx.Head(bucket); err != nil || got.Seq != 2 {
			t.Errorf("own write not seen: %+v, %v", got, err)
		}
		return boom
	})
	if !errors.Is(err, boom) || head(t, s) != before {
		t.Errorf("after a failed transaction: %v, head %+v", err, head(t, s))
	}
	select {
	case <-news:
		t.Error("a failed transaction told news")
	default:
	}
}

func testWatch(t *testing.T, s store.Store) {
	started(t, s)
	public, other := s.Watch(bucket), s.Gmina("other").Watch(bucket)
	accounts := s.Watch(data.BucketAccounts)
	put(t, s, bucket, "a", "1")
	select {
	case <-public:
	case <-time.After(10 * time.Second):
		t.Fatal("no news after a commit")
	}
	for name, ch := range map[string]<-chan struct{}{"another municipality": other, "another bucket": accounts, "the next": s.Watch(bucket)} {
		select {
		case <-ch:
			t.Errorf("news for %s", name)
		default:
		}
	}
}

func testGminas(t *testing.T, s store.Store) {
	other := s.Gmina("other")
	started(t, s)
	op := data.NewID(time.Now())
	put(t, s, bucket, "a", "1")
	write(t, s, func(tx store.Tx) error {
		_, err := tx.PutReceipt(store.Receipt{Op: op, Status: data.OpApplied, Kiosk: "k", Counter: 1})
		return errors.Join(err, tx.PutAccount(store.Account{Blind: "x", Public: []byte{1}, Ledger: []byte("{}")}),
			tx.PutReading(store.Reading{Op: op, Account: "x"}), tx.PutKiosk(store.Kiosk{Pin: "k"}), tx.PutConflict(store.Conflict{Op: op, Sealed: []byte{1}}))
	})
	read(t, other, func(tx store.ReadTx) error {
		epoch, _ := tx.Epoch()
		pos, _ := tx.Head(bucket)
		snap, _ := tx.Snapshot(bucket)
		hashes, _ := tx.Hashes(bucket)
		accounts, _ := tx.Accounts()
		readings, _ := tx.Readings("x")
		work, _ := tx.Worklist(0, 10)
		kiosks, _ := tx.Kiosks()
		conflicts, _ := tx.Conflicts()
		if epoch != "" || pos.Seq+int64(len(snap.Entries)+len(hashes)+len(accounts)+len(readings)+len(work)+len(kiosks)+len(conflicts)) != 0 {
			t.Error("another municipality sees rows")
		}
		_, e1 := tx.Account("x")
		_, e2 := tx.Receipt(op)
		_, e3 := tx.Kiosk("k")
		for _, err := range []error{e1, e2, e3} {
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("another municipality: %v", err)
			}
		}
		return nil
	})
	write(t, other, func(tx store.Tx) error {
		old, err := tx.PutReceipt(store.Receipt{Op: op, Status: data.OpRejected})
		if old != nil {
			t.Error("receipts of two municipalities meet")
		}
		return err
	})
}

func testReceipts(t *testing.T, s store.Store) {
	first := store.Receipt{Op: data.NewID(time.Now()), SHA: sha256.Sum256([]byte("a")), Kind: "reading", Status: data.OpRejected,
		Reason: "why", Kiosk: "k", Counter: 7, Received: 123456, Sealed: []byte("sealed")}
	write(t, s, func(tx store.Tx) error {
		old, err := tx.PutReceipt(first)
		if old != nil {
			t.Errorf("a new receipt was there: %+v", old)
		}
		return err
	})
	again := first
	again.SHA, again.Status, again.Kiosk = sha256.Sum256([]byte("b")), data.OpApplied, "other"
	write(t, s, func(tx store.Tx) error {
		old, err := tx.PutReceipt(again)
		if old == nil || !reflect.DeepEqual(*old, first) {
			t.Errorf("the receipt that is there: %+v, want %+v", old, first)
		}
		return err
	})
	read(t, s, func(tx store.ReadTx) error {
		got, err := tx.Receipt(first.Op)
		if err != nil || !reflect.DeepEqual(got, first) {
			t.Errorf("receipt %+v, %v", got, err)
		}
		if _, err := tx.Receipt(data.NewID(time.Now())); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown receipt: %v", err)
		}
		return nil
	})
}

// testReceiptsConcurrent posts the same act from many sides: one is first.
func testReceiptsConcurrent(t *testing.T, s store.Store) {
	op, firsts := data.NewID(time.Now()), make(chan int, 50)
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			var old *store.Receipt
			err := s.Write(ctx, func(tx store.Tx) (err error) {
				old, err = tx.PutReceipt(store.Receipt{Op: op, Status: data.OpApplied, Counter: int64(i)})
				return err
			})
			if err != nil {
				t.Error(err)
			}
			if old == nil {
				firsts <- i
			}
		})
	}
	all.Wait()
	if len(firsts) != 1 {
		t.Errorf("%d of 50 were first", len(firsts))
	}
}

func testConflicts(t *testing.T, s store.Store) {
	c := store.Conflict{Op: data.NewID(time.Now()), SHA: sha256.Sum256([]byte("a")), Kind: "reading", KeyID: "key", Kiosk: "k", Counter: 3, Received: 5, Sealed: []byte("x")}
	d := c
	d.SHA, d.Received = sha256.Sum256([]byte("b")), 6
	write(t, s, func(tx store.Tx) error { return errors.Join(tx.PutConflict(c), tx.PutConflict(c), tx.PutConflict(d)) })
	read(t, s, func(tx store.ReadTx) error {
		got, err := tx.Conflicts()
		if err != nil || !reflect.DeepEqual(got, []store.Conflict{c, d}) {
			t.Errorf("conflicts %+v, %v", got, err)
		}
		return nil
	})
}

func testAdvance(t *testing.T, s store.Store) {
	receipt := func(tx store.Tx, kiosk string, n int64) error {
		_, err := tx.PutReceipt(store.Receipt{Op: data.NewID(time.Now()), Status: data.OpApplied, Kiosk: kiosk, Counter: n})
		return err
	}
	write(t, s, func(tx store.Tx) error {
		return errors.Join(receipt(tx, "k", 1), receipt(tx, "k", 2), receipt(tx, "k", 2), receipt(tx, "k", 4), receipt(tx, "k", 6), receipt(tx, "j", 5),
			tx.PutConflict(store.Conflict{Op: data.NewID(time.Now()), Kiosk: "k", Counter: 3, Sealed: []byte("x")}))
	})
	write(t, s, func(tx store.Tx) error {
		for from, want := range map[int64]int64{0: 4, 2: 4, 4: 4, 5: 6, 6: 6, 9: 9} {
			if got, err := tx.Advance("k", from); got != want || err != nil {
				t.Errorf("from %d: %d, %v; want %d", from, got, err, want)
			}
		}
		return nil
	})
}

func testAccounts(t *testing.T, s store.Store) {
	a := store.Account{Blind: "b1", Payer: "K-1", Public: []byte("pub"), Ledger: []byte("{}"), Sum: sha256.Sum256([]byte("a"))}
	write(t, s, func(tx store.Tx) error {
		return errors.Join(tx.PutAccount(store.Account{Blind: "b2", Public: []byte{1}, Ledger: []byte("{}")}), tx.PutAccount(a))
	})
	a.Payer, a.Ledger = "K-2", []byte(`{"x":1}`)
	write(t, s, func(tx store.Tx) error { return tx.PutAccount(a) })
	read(t, s, func(tx store.ReadTx) error {
		got, err := tx.Account("b1")
		if err != nil || !reflect.DeepEqual(got, a) {
			t.Errorf("account %+v, %v", got, err)
		}
		all, err := tx.Accounts()
		if err != nil || !slices.Equal(all, []string{"b1", "b2"}) {
			t.Errorf("accounts %v, %v", all, err)
		}
		if _, err := tx.Account("b3"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown account: %v", err)
		}
		return nil
	})
}

func testReadings(t *testing.T, s store.Store) {
	var want []store.Reading
	for i, account := range []string{"a", "b", "a"} {
		r := store.Reading{Place: int64(i + 1), Op: data.NewID(time.Now()), Account: account, Meter: "m", Date: data.Date{Year: 2026, Month: 3, Day: 1 + i},
			Value: int64(100 + i), RollOver: i == 1, State: store.ReadingNew, Kiosk: "k", Received: data.Instant(i)}
		want = append(want, r)
		r.Place = 99 // the store's to give
		write(t, s, func(tx store.Tx) error { return tx.PutReading(r) })
	}
	want[0].Flags, want[0].State = "lower jump", store.ReadingCheck
	write(t, s, func(tx store.Tx) error { return tx.PutReading(want[0]) })
	read(t, s, func(tx store.ReadTx) error {
		work, err := tx.Worklist(0, 10)
		if err != nil || !reflect.DeepEqual(work, want) {
			t.Errorf("worklist %+v, %v", work, err)
		}
		rest, err := tx.Worklist(1, 1)
		if err != nil || !reflect.DeepEqual(rest, want[1:2]) {
			t.Errorf("rest of the worklist %+v, %v", rest, err)
		}
		own, err := tx.Readings("a")
		if err != nil || !reflect.DeepEqual(own, []store.Reading{want[0], want[2]}) {
			t.Errorf("readings %+v, %v", own, err)
		}
		return nil
	})
}

func testKiosks(t *testing.T, s store.Store) {
	k := store.Kiosk{Pin: "p", Name: "hol", Seen: 5, Counter: 3, Durable: 2, LastSeen: 4}
	write(t, s, func(tx store.Tx) error { return errors.Join(tx.PutKiosk(store.Kiosk{Pin: "p"}), tx.PutKiosk(k)) })
	read(t, s, func(tx store.ReadTx) error {
		all, err := tx.Kiosks()
		one, err2 := tx.Kiosk("p")
		if err != nil || err2 != nil || len(all) != 1 || all[0] != k || one != k {
			t.Errorf("kiosks %+v, %+v, %v, %v", all, one, err, err2)
		}
		if _, err := tx.Kiosk("q"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unknown kiosk: %v", err)
		}
		return nil
	})
}

// testReadIsOneView commits in the middle of a reading transaction.
func testReadIsOneView(t *testing.T, s store.Store) {
	started(t, s)
	put(t, s, bucket, "a", "1")
	read(t, s, func(tx store.ReadTx) error {
		before, err := tx.Head(bucket)
		put(t, s, bucket, "a", "2")
		snap, err2 := tx.Snapshot(bucket)
		if err != nil || err2 != nil || snap.At != before || string(snap.Entries[0].Value) != "1" {
			t.Errorf("head %+v, then snapshot %+v; %v, %v", before, snap, err, err2)
		}
		return nil
	})
}

func testCancelled(t *testing.T, s store.Store) {
	started(t, s)
	gone, cancel := context.WithCancel(ctx)
	err := s.Write(gone, func(tx store.Tx) error {
		_, err := tx.AppendFeed(bucket, "a", []byte("1"), false)
		cancel()
		return err
	})
	if err == nil {
		t.Error("a cancelled transaction committed")
	}
	put(t, s, bucket, "b", "1") // the database goes on
	if got := head(t, s); got.Seq != 1 {
		t.Errorf("head %+v", got)
	}
}

// testTwelveWriters has twelve writers, some slow, and a poller that follows by
// the feed's position: it must see every committed change, in order. A cursor
// over a sequence or a timestamp loses some here.
func testTwelveWriters(t *testing.T, s store.Store) {
	const writers, each = 12, 25
	at := started(t, s)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				err := s.Write(ctx, func(tx store.Tx) error {
					if _, err := tx.AppendFeed(bucket, fmt.Sprintf("%d/%d", w, i), []byte{1}, false); err != nil {
						return err
					}
					if (w+i)%20 == 0 {
						time.Sleep(5 * time.Millisecond) // between taking a number and the commit
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	seen := map[string]bool{}
	for last := false; ; {
		news := s.Watch(bucket)
		page, err := since(t, s, at, 7, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Changes {
			at = data.Position{Epoch: at.Epoch, Seq: c.Seq, Digest: at.Digest.Next(c)}
			seen[c.Key] = true
		}
		if page.Next != at {
			t.Fatalf("position %+v, digest of what was seen %+v", page.Next, at)
		}
		if len(page.Changes) > 0 {
			continue
		}
		if last {
			break
		}
		select {
		case <-news:
		case <-done:
			last = true
		case <-time.After(30 * time.Second):
			t.Fatal("no news")
		}
	}
	if len(seen) != writers*each {
		t.Errorf("the poller saw %d of %d changes", len(seen), writers*each)
	}
}
