package sync_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	gosync "sync"
	"sync/atomic"
	"testing"
	"time"

	"egmina/data"
	"egmina/data/seal"
	"egmina/data/sync"
)

// TestCutOverTLS runs kiosk and office over real connections with pinned keys,
// through a proxy that hurts them.
func TestCutOverTLS(t *testing.T) {
	server, kiosk := must(seal.NewIdentity()), must(seal.NewIdentity())
	d := newDesk(t)
	st := serveTLS(t, d, server, kiosk)
	proxy := newProxy(t, st.Listener.Addr().String())
	c := newCache(t)
	if err := errors.Join(d.putAccounts("x"), d.Publish(ctx, bulk(500))); err != nil {
		t.Fatal(err)
	}
	conn := sync.NewHTTP(seal.ClientTLS(kiosk, server.Pin()))
	defer conn.CloseIdleConnections()
	client := sync.New(sync.Options{
		Base: "https://" + proxy.addr, HTTP: conn, Cache: c, Log: quiet,
		Random: func(time.Duration) time.Duration { return 10 * time.Millisecond },
	})
	run(t, client)
	want := 0
	for i := range 40 {
		// Cut ever later: in the handshake, in a request, in the answer to acts, in a snapshot.
		proxy.limit.Store(int64(1 << (i%17 + 6)))
		for j := range 3 {
			enqueue(t, c, accounts[j%2], "m1", int64(i*10+j))
			want++
		}
		time.Sleep(20 * time.Millisecond)
		proxy.cut()
		if i%10 == 0 {
			if err := d.Publish(ctx, bulk(500+i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	proxy.limit.Store(1 << 40)
	proxy.cut()
	soon(t, "all acts in the office", func() bool { w, err := d.work(); return err == nil && len(w) == want })
	soon(t, "in step", func() bool { n, err := c.Counts(ctx); return err == nil && n.Applied == want && inStep(c, d) })
	if proxy.cuts.Load() < 40 {
		t.Errorf("only %d connections were cut", proxy.cuts.Load())
	}
}

func TestStrangersAreRefusedOverTLS(t *testing.T) {
	server, kiosk, stranger := must(seal.NewIdentity()), must(seal.NewIdentity()), must(seal.NewIdentity())
	st := serveTLS(t, newDesk(t), server, kiosk)
	for name, c := range map[string]struct {
		id    *seal.Identity
		pin   string
		alarm string
	}{
		"kiosk":          {kiosk, server.Pin(), ""},
		"unknown office": {kiosk, stranger.Pin(), "sync.unknown_office"},
		"unknown kiosk":  {stranger, server.Pin(), "sync.refused"},
	} {
		conn := sync.NewHTTP(seal.ClientTLS(c.id, c.pin))
		client := sync.New(sync.Options{Base: st.URL, HTTP: conn, Cache: newCache(t), Log: quiet})
		err := client.SyncOnce(ctx)
		// A request that is on its way when the office hangs up may break off before its alert is read.
		for tries := 0; isCode(err, "sync.unreachable") && tries < 20; tries++ {
			err = client.SyncOnce(ctx)
		}
		conn.CloseIdleConnections()
		if c.alarm == "" && err != nil || c.alarm != "" && !isCode(err, c.alarm) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func isCode(err error, code string) bool {
	var e *data.Error
	return errors.As(err, &e) && e.Code == code
}

// serveTLS serves the desk to the kiosk's key, over real connections.
func serveTLS(t testing.TB, d *desk, server, kiosk *seal.Identity) *httptest.Server {
	t.Helper()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set(callerHeader, seal.PeerPin(r.TLS))
		d.handler.ServeHTTP(w, r)
	})
	d2, err := openDesk(d.path, true, kiosk.Pin())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d2.store.Close() })
	_ = d.store.Close()
	*d = *d2
	st := httptest.NewUnstartedServer(h)
	st.Config = d.Server(nil)
	st.Config.Handler = h
	st.TLS = seal.ServerTLS(server, d.Allowed)
	st.StartTLS()
	t.Cleanup(st.Close)
	return st
}

func bulk(n int) map[string][]byte {
	docs := map[string][]byte{}
	for i := range n {
		docs[fmt.Sprintf("page/%05d", i)] = fmt.Appendf(nil, "content %d of %d %s", i, n, strings.Repeat("x", 100))
	}
	return docs
}

// proxy passes TCP connections on and cuts each after a number of bytes from
// the office.
type proxy struct {
	addr  string
	limit atomic.Int64
	cuts  atomic.Int64
	mu    gosync.Mutex
	open  map[net.Conn]bool
}

func newProxy(t testing.TB, to string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{addr: l.Addr().String(), open: map[net.Conn]bool{}}
	p.limit.Store(1 << 40)
	t.Cleanup(func() { _ = l.Close(); p.cut() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go p.pass(in, to)
		}
	}()
	return p
}

func (p *proxy) pass(in net.Conn, to string) {
	out, err := net.Dial("tcp", to)
	if err != nil {
		_ = in.Close()
		return
	}
	p.mu.Lock()
	p.open[in], p.open[out] = true, true
	p.mu.Unlock()
	go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
	if n, _ := io.CopyN(in, out, p.limit.Load()); n > 0 {
		p.cuts.Add(1)
	}
	p.mu.Lock()
	delete(p.open, in)
	delete(p.open, out)
	p.mu.Unlock()
	_ = in.Close()
	_ = out.Close()
}

// cut breaks every connection now.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.open {
		_ = c.Close()
	}
}
