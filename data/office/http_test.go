package office

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"egmina/data"
)

const callerHeader = "Test-Pin"

// serve gives the handler with the caller's pin taken from a header.
func (b *bureau) serve() http.Handler {
	b.caller = func(r *http.Request) string { return r.Header.Get(callerHeader) }
	return b.Handler()
}

func at(p data.Position, more string) string {
	return fmt.Sprintf("?epoch=%s&since=%d&digest=%s%s", p.Epoch, p.Seq, p.Digest, more)
}

// TestRoutes is one table of every route with every kind of caller and every
// kind of bad input.
func TestRoutes(t *testing.T) {
	b := newBureau(t)
	if err := b.Publish(ctx, map[string][]byte{"gmina": []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	b.put(bundle())
	h := b.serve()
	start, head := data.Position{Epoch: b.head(data.BucketPublic).Epoch}, b.head(data.BucketPublic)
	account := data.AccountBucket + blind
	good, err := json.Marshal(data.OpsRequest{Ops: []data.Op{b.op(reading(105), 1)}})
	if err != nil {
		t.Fatal(err)
	}
	many := `{"ops":[` + strings.Repeat(`{"id":"00000000-0000-0000-0000-000000000000"},`, MaxBatch) + `{"id":"00000000-0000-0000-0000-000000000000"}]}`
	type scenario struct {
		name, method, url, caller, body string
		status                          int
		want                            string
	}
	scenarios := []scenario{
		{"feed", "GET", "/v1/feed/public" + at(start, ""), pin, "", 200, `"at_head":true`},
		{"feed at the head", "GET", "/v1/feed/public" + at(head, "&wait=0"), pin, "", 200, `"changes":[]`},
		{"feed of an account", "GET", "/v1/feed/" + account + at(start, ""), pin, "", 200, `"key":"bundle"`},
		{"feed, other epoch", "GET", "/v1/feed/public" + at(data.Position{Epoch: "x", Seq: 1, Digest: head.Digest}, ""), pin, "", 409, "must-refetch"},
		{"feed, no epoch", "GET", "/v1/feed/public" + at(data.Position{}, ""), pin, "", 409, "must-refetch"},
		{"feed, ahead", "GET", "/v1/feed/public" + at(data.Position{Epoch: head.Epoch, Seq: 9, Digest: head.Digest}, ""), pin, "", 409, "must-refetch"},
		{"feed, other digest", "GET", "/v1/feed/public" + at(data.Position{Epoch: head.Epoch, Seq: 1}, ""), pin, "", 409, "must-refetch"},
		{"feed without position", "GET", "/v1/feed/public", pin, "", 400, "bad-position"},
		{"feed, since not a number", "GET", "/v1/feed/public?epoch=x&since=one&digest=" + head.Digest.String(), pin, "", 400, "bad-position"},
		{"feed, since negative", "GET", "/v1/feed/public?epoch=x&since=-1&digest=" + head.Digest.String(), pin, "", 400, "bad-position"},
		{"feed, short digest", "GET", "/v1/feed/public?epoch=x&since=1&digest=00", pin, "", 400, "bad-position"},
		{"feed, wait not a number", "GET", "/v1/feed/public" + at(head, "&wait=1s"), pin, "", 400, "bad-position"},
		{"feed of a wrong bucket", "GET", "/v1/feed/secret" + at(start, ""), pin, "", 404, "no-such-bucket"},
		{"feed of a climbing bucket", "GET", "/v1/feed/..%2f..%2fetc" + at(start, ""), pin, "", 404, "no-such-bucket"},
		{"feed of an unknown account", "GET", "/v1/feed/account." + strings.Repeat("e", 32) + at(start, ""), pin, "", 404, "no-such-bucket"},
		{"snapshot", "GET", "/v1/snapshot/public", pin, "", 200, `"key":"gmina"`},
		{"snapshot of the directory", "GET", "/v1/snapshot/accounts", pin, "", 200, blind},
		{"snapshot of an account", "GET", "/v1/snapshot/" + account, pin, "", 200, `"key":"keybox"`},
		{"snapshot of a wrong bucket", "GET", "/v1/snapshot/account.x", pin, "", 404, "no-such-bucket"},
		{"snapshot of an unknown account", "GET", "/v1/snapshot/account." + strings.Repeat("e", 32), pin, "", 404, "no-such-bucket"},
		{"ops", "POST", "/v1/ops", pin, string(good), 200, `"status":"applied"`},
		{"ops again", "POST", "/v1/ops", pin, string(good), 200, `"status":"duplicate"`},
		{"no ops", "POST", "/v1/ops", pin, `{"ops":[]}`, 200, `"results":[]`},
		{"ops, nothing", "POST", "/v1/ops", pin, "", 400, "bad-request"},
		{"ops, truncated", "POST", "/v1/ops", pin, string(good[:len(good)/2]), 400, "bad-request"},
		{"ops, not JSON", "POST", "/v1/ops", pin, "<html>", 400, "bad-request"},
		{"ops, wrong type", "POST", "/v1/ops", pin, `{"ops":[{"id":7}]}`, 400, "bad-request"},
		{"ops, unknown key", "POST", "/v1/ops", pin, `{"ops":[],"more":1}`, 400, "bad-request"},
		{"ops, more after it", "POST", "/v1/ops", pin, `{"ops":[]} x`, 400, "bad-request"},
		{"ops, too many", "POST", "/v1/ops", pin, many, 413, "too-large"},
		{"ops, too large", "POST", "/v1/ops", pin, `{"ops":[{"sealed":"` + strings.Repeat("A", maxOpsBody) + `"}]}`, 413, "too-large"},
		{"ops by GET", "GET", "/v1/ops", pin, "", 405, ""},
		{"feed by POST", "POST", "/v1/feed/public", pin, "{}", 405, ""},
		{"no such route", "GET", "/v1/secrets", pin, "", 404, ""},
		{"no such route", "GET", "/", pin, "", 404, ""},
	}
	for _, url := range []string{"/v1/feed/public" + at(start, ""), "/v1/snapshot/public", "/v1/snapshot/" + account, "/", "/v1/secrets"} {
		scenarios = append(scenarios, scenario{"nobody", "GET", url, "", "", 401, "no-key"}, scenario{"unknown key", "GET", url, "ff", "", 403, "unknown-key"})
	}
	scenarios = append(scenarios, scenario{"nobody", "POST", "/v1/ops", "", string(good), 401, "no-key"}, scenario{"unknown key", "POST", "/v1/ops", "ff", string(good), 403, "unknown-key"})
	for _, s := range scenarios {
		t.Run(s.name+" "+s.method, func(t *testing.T) {
			r := httptest.NewRequest(s.method, s.url, strings.NewReader(s.body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set(callerHeader, s.caller)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != s.status || !strings.Contains(w.Body.String(), s.want) {
				t.Errorf("%d %.200s, want %d with %s", w.Code, w.Body, s.status, s.want)
			}
			if s.status != 200 && strings.Contains(w.Body.String(), blind) {
				t.Error("a refusal tells of accounts")
			}
		})
	}
	t.Run("not declared as JSON", func(t *testing.T) {
		r := httptest.NewRequest("POST", "/v1/ops", bytes.NewReader(good))
		r.Header.Set(callerHeader, pin)
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != 415 {
			t.Errorf("%d", w.Code)
		}
	})
}

func TestCompressedAnswersAreTheSame(t *testing.T) {
	b := newBureau(t)
	if err := b.Publish(ctx, map[string][]byte{"gmina": bytes.Repeat([]byte("abc"), 5000)}); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(b.serve())
	defer srv.Close()
	get := func(compressed bool) (body []byte, sent int64) {
		req, _ := http.NewRequest("GET", srv.URL+"/v1/snapshot/public", nil)
		req.Header.Set(callerHeader, pin)
		tr := &http.Transport{DisableCompression: !compressed}
		defer tr.CloseIdleConnections()
		resp, err := tr.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ = io.ReadAll(resp.Body)
		if resp.Uncompressed != compressed {
			t.Errorf("compressed %v, want %v", resp.Uncompressed, compressed)
		}
		return body, resp.ContentLength
	}
	plain, _ := get(false)
	unpacked, _ := get(true)
	if !bytes.Equal(plain, unpacked) || len(plain) < 15000 {
		t.Errorf("%d and %d bytes", len(plain), len(unpacked))
	}
}

func TestHeldRequest(t *testing.T) {
	for name, c := range map[string]struct {
		during func(*bureau, context.CancelFunc)
		want   int // changes, -1: no answer at all
	}{
		"woken by a commit": {func(b *bureau, _ context.CancelFunc) {
			if err := b.Publish(ctx, map[string][]byte{"a": []byte("1")}); err != nil {
				t.Error(err)
			}
		}, 1},
		"let go by a stopping office": {func(b *bureau, _ context.CancelFunc) { b.Close() }, 0},
		"left by its caller":          {func(_ *bureau, cancel context.CancelFunc) { cancel() }, -1},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t)
			h := b.serve()
			gone, cancel := context.WithCancel(ctx)
			defer cancel()
			r := httptest.NewRequest("GET", "/v1/feed/public"+at(b.head(data.BucketPublic), "&wait=9999"), nil).WithContext(gone)
			r.Header.Set(callerHeader, pin)
			w, done := httptest.NewRecorder(), make(chan struct{})
			go func() { h.ServeHTTP(w, r); close(done) }()
			select {
			case <-done:
				t.Fatal("the request was not held")
			case <-time.After(50 * time.Millisecond):
			}
			c.during(b, cancel)
			select {
			case <-done:
			case <-time.After(10 * time.Second):
				t.Fatal("still held")
			}
			var page data.FeedPage
			err := json.Unmarshal(w.Body.Bytes(), &page)
			if c.want < 0 != (err != nil) || c.want >= 0 && len(page.Changes) != c.want {
				t.Errorf("%d changes, %v", len(page.Changes), err)
			}
		})
	}
}

func TestStoreTroubleIsRetryLater(t *testing.T) {
	b := newBureau(t)
	h := b.serve()
	if err := b.st.Close(); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"/v1/feed/public" + at(data.Position{}, ""), "/v1/snapshot/public"} {
		r := httptest.NewRequest("GET", url, nil)
		r.Header.Set(callerHeader, pin)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 503 || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "sql") {
			t.Errorf("%s: %d %v %s", url, w.Code, w.Header(), w.Body)
		}
	}
}

// FuzzOps feeds the decoder of POST /v1/ops and what looks at each act before
// the database does.
func FuzzOps(f *testing.F) {
	b := newBureau(f)
	good, _ := json.Marshal(data.OpsRequest{Ops: []data.Op{b.op(reading(105), 1)}})
	f.Add(good)
	f.Add([]byte(`{"ops":[{"id":"0190-","counter":1e30}]}`))
	f.Add([]byte(`{"ops":null}`))
	f.Add([]byte(`{"ops":[{"id":"019ce1a0-0000-7000-8000-000000000001","kind":"reading","schema":1,"key_id":"` + b.box.KeyID() + `","sealed":"AAAA","counter":1}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		req, err := decodeOps(bytes.NewReader(body))
		if err != nil {
			return
		}
		for _, op := range req.Ops {
			if a := b.open(op); a.status == data.OpApplied && (a.act.Op != op.ID || op.Counter < 1 || len(op.Sealed) > MaxOp) {
				t.Errorf("accepted %+v", op)
			}
		}
	})
}

// FuzzReading feeds the decoder of what is inside a sealed reading.
func FuzzReading(f *testing.F) {
	good, _ := json.Marshal(reading(105))
	f.Add(good)
	f.Add([]byte(`{"value":9223372036854775807,"date":"0000-00-00"}`))
	f.Fuzz(func(t *testing.T, plain []byte) {
		act, err := decodeReading(plain)
		if err == nil && (!isBlind(act.Account) || act.Value < 0 || act.Value > maxReading || act.Date.IsZero() || act.Meter == "") {
			t.Errorf("accepted %+v", act)
		}
	})
}

// FuzzPosition feeds the decoder of a feed request's address.
func FuzzPosition(f *testing.F) {
	f.Add("public", "epoch=x&since=1&digest="+data.Digest{}.String()+"&wait=30")
	f.Add("account.zz", "since=99999999999999999999")
	b := newBureau(f)
	h := b.serve()
	f.Fuzz(func(t *testing.T, bucket, query string) {
		r := httptest.NewRequest("GET", "/v1/feed/x", nil)
		r.SetPathValue("bucket", bucket)
		r.URL.Path, r.URL.RawQuery = "/v1/feed/"+bucket, query
		r.Header.Set(callerHeader, pin)
		gone, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		h.ServeHTTP(httptest.NewRecorder(), r.WithContext(gone))
	})
}
