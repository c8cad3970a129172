package seal

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"egmina/data"
)

func identity(t testing.TB) *Identity {
	t.Helper()
	id, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// serve starts a real TLS server that answers with the pin it sees and whether
// the session was resumed.
func serve(t *testing.T, conf *tls.Config) string {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS.DidResume {
			w.Header().Set("Resumed", "yes")
		}
		_, _ = io.WriteString(w, PeerPin(r.TLS))
	}))
	srv.TLS = conf
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv.URL
}

func get(conf *tls.Config, url string) (body string, resumed bool, err error) {
	c := &http.Client{
		Transport: &http.Transport{TLSClientConfig: conf, DisableKeepAlives: true},
		Timeout:   10 * time.Second,
	}
	res, err := c.Get(url)
	if err != nil {
		return "", false, err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	return string(raw), res.Header.Get("Resumed") == "yes", err
}

func anyone(string) bool { return true }

func TestTLSBothSidesKnowEachOther(t *testing.T) {
	office, kiosk, next := identity(t), identity(t), identity(t)
	url := serve(t, ServerTLS(office, func(pin string) bool { return pin == kiosk.Pin() }))
	for name, pins := range map[string][]string{
		"current": {office.Pin(), next.Pin()},
		"next":    {next.Pin(), office.Pin()},
	} {
		if pin, _, err := get(ClientTLS(kiosk, pins...), url); err != nil || pin != kiosk.Pin() {
			t.Errorf("%s: %q, %v", name, pin, err)
		}
	}
}

func TestTLSUnknownOffice(t *testing.T) {
	office, kiosk := identity(t), identity(t)
	url := serve(t, ServerTLS(office, anyone))
	for name, pins := range map[string][]string{"wrong": {identity(t).Pin()}, "none": nil} {
		_, _, err := get(ClientTLS(kiosk, pins...), url)
		var e *data.Error
		if !errors.As(err, &e) || e.Code != "seal.unknown_pin" || e.Args["Pin"] != office.Pin() {
			t.Errorf("%s pin: %v", name, err)
		}
	}
}

func TestTLSUnknownKiosk(t *testing.T) {
	office, kiosk := identity(t), identity(t)
	url := serve(t, ServerTLS(office, func(string) bool { return false }))
	if _, _, err := get(ClientTLS(kiosk, office.Pin()), url); err == nil {
		t.Error("an unknown kiosk was served")
	}
	nobody := ClientTLS(kiosk, office.Pin())
	nobody.GetClientCertificate = nil
	if _, _, err := get(nobody, url); err == nil {
		t.Error("a client without a key was served")
	}
}

// Resumption skips certificates, never the pin: what crypto/tls calls
// VerifyPeerCertificate would be passed over here.
func TestTLSResumedIsCheckedAgain(t *testing.T) {
	office, kiosk := identity(t), identity(t)
	var revoked atomic.Bool
	url := serve(t, ServerTLS(office, func(string) bool { return !revoked.Load() }))
	conf := ClientTLS(kiosk, office.Pin())
	if _, _, err := get(conf, url); err != nil {
		t.Fatal(err)
	}
	pin, resumed, err := get(conf, url)
	if err != nil || !resumed || pin != kiosk.Pin() {
		t.Fatalf("second connection: pin %q, resumed %v, %v", pin, resumed, err)
	}
	moved := conf.Clone() // the same sessions, other pins: the office's key was revoked
	moved.VerifyConnection = ClientTLS(kiosk, identity(t).Pin()).VerifyConnection
	var e *data.Error
	if _, _, err := get(moved, url); !errors.As(err, &e) || e.Code != "seal.unknown_pin" {
		t.Errorf("resumed with an untrusted office: %v", err)
	}
	revoked.Store(true)
	if _, _, err := get(conf, url); err == nil {
		t.Error("a revoked kiosk came back on an old session")
	}
}

func TestTLSIgnoresDates(t *testing.T) {
	office, kiosk := identity(t), identity(t)
	url := serve(t, ServerTLS(expired(t, office), anyone))
	conf := ClientTLS(expired(t, kiosk), office.Pin())
	for range 2 {
		if pin, _, err := get(conf, url); err != nil || pin != kiosk.Pin() {
			t.Errorf("expired certificates: %q, %v", pin, err)
		}
	}
	conf = ClientTLS(kiosk, office.Pin())
	conf.Time = func() time.Time { return time.Unix(0, 0) } // flat clock battery
	if _, _, err := get(conf, url); err != nil {
		t.Errorf("in 1970: %v", err)
	}
}

func expired(t *testing.T, id *Identity) *Identity {
	t.Helper()
	cert, err := selfSigned(id.key, time.Unix(0, 0), time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	return &Identity{key: id.key, cert: cert, pin: id.pin}
}

func TestTLSOldVersionsRefused(t *testing.T) {
	office, kiosk := identity(t), identity(t)
	url := serve(t, ServerTLS(office, anyone))
	old := ClientTLS(kiosk, office.Pin())
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if _, _, err := get(old, url); err == nil {
		t.Error("the office spoke TLS 1.2")
	}
	conf := ServerTLS(office, anyone)
	conf.MinVersion, conf.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if _, _, err := get(ClientTLS(kiosk, office.Pin()), serve(t, conf)); err == nil {
		t.Error("the kiosk spoke TLS 1.2")
	}
}

func BenchmarkHandshake(b *testing.B) {
	office, kiosk := identity(b), identity(b)
	ln, err := tls.Listen("tcp", "127.0.0.1:0", ServerTLS(office, anyone))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func(c net.Conn) { _, _ = io.Copy(c, c); _ = c.Close() }(c)
		}
	}()
	for b.Loop() {
		c, err := tls.Dial("tcp", ln.Addr().String(), ClientTLS(kiosk, office.Pin()))
		if err != nil {
			b.Fatal(err)
		}
		_ = c.Close()
	}
}
