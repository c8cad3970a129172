package sync_test

import (
	"fmt"
	"testing"
	"time"

	"egmina/data"
	"egmina/data/cache"
	"egmina/data/seal"
	"egmina/data/sync"
)

// BenchmarkFirstSync fetches 10,000 rows over TLS into an empty cache.
func BenchmarkFirstSync(b *testing.B) {
	client, _ := benchKiosk(b, bulk(10000))
	for b.Loop() {
		b.StopTimer()
		c := newCache(b)
		fresh := client(c)
		b.StartTimer()
		if err := fresh.SyncOnce(ctx); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if docs, err := c.Documents(ctx); err != nil || len(docs) != 10000 {
			b.Fatalf("%d documents, %v", len(docs), err)
		}
		b.StartTimer()
	}
}

// BenchmarkNothingNew syncs a kiosk that is at the head.
func BenchmarkNothingNew(b *testing.B) {
	client, _ := benchKiosk(b, bulk(10000))
	c := client(newCache(b))
	if err := c.SyncOnce(ctx); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := c.SyncOnce(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOneChange is the time from the office's commit until a kiosk that
// runs has the change in its cache.
func BenchmarkOneChange(b *testing.B) {
	client, d := benchKiosk(b, map[string][]byte{"n": []byte("-1")})
	kiosk := newCache(b)
	changed := make(chan struct{}, 10)
	defer kiosk.Subscribe(func(bucket string) {
		if bucket == data.BucketPublic {
			changed <- struct{}{}
		}
	})()
	run(b, client(kiosk))
	<-changed
	n := 0
	var after time.Duration
	for b.Loop() {
		time.Sleep(2 * time.Millisecond) // let the kiosk ask again
		if err := d.Publish(ctx, map[string][]byte{"n": fmt.Append(nil, n)}); err != nil {
			b.Fatal(err)
		}
		committed := time.Now()
		<-changed
		after += time.Since(committed)
		n++
	}
	b.ReportMetric(float64(after.Microseconds())/1000/float64(n), "ms-after-commit")
}

// BenchmarkAct is the time from a durable enqueue until the office has it.
func BenchmarkAct(b *testing.B) {
	client, _ := benchKiosk(b, nil)
	kiosk := newCache(b)
	c := client(kiosk)
	run(b, c)
	for b.Loop() {
		enqueue(b, kiosk, accounts[0], "m1", 1)
		for {
			if n, err := kiosk.Counts(ctx); err != nil {
				b.Fatal(err)
			} else if n.Waiting == 0 {
				break
			}
			time.Sleep(200 * time.Microsecond)
		}
	}
}

func benchKiosk(b *testing.B, docs map[string][]byte) (client func(*cache.Cache) *sync.Client, d *desk) {
	b.Helper()
	server, kiosk := must(seal.NewIdentity()), must(seal.NewIdentity())
	d = newDesk(b)
	st := serveTLS(b, d, server, kiosk)
	if err := d.Publish(ctx, docs); err != nil {
		b.Fatal(err)
	}
	conn := sync.NewHTTP(seal.ClientTLS(kiosk, server.Pin()))
	b.Cleanup(conn.CloseIdleConnections)
	return func(c *cache.Cache) *sync.Client {
		return sync.New(sync.Options{Base: st.URL, HTTP: conn, Cache: c, Log: quiet})
	}, d
}
