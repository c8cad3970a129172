package sync

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"egmina/data"
)

// Codes of the failures a person may read ("error.<code>").
const (
	codeUnreachable   = "sync.unreachable"
	codeUnknownOffice = "sync.unknown_office" // the other side's key is not the office's: an alarm
	codeRefused       = "sync.refused"        // the office does not know this kiosk: an alarm
	codeBusy          = "sync.busy"
	codeBadAnswer     = "sync.bad_answer"
	codeCache         = "sync.cache"
)

// Caps on answers, in bytes after decompression, and on the time they may take.
const (
	maxPage      = 8 << 20
	maxSnapshot  = 64 << 20
	maxAnswer    = 1 << 20
	maxErrorBody = 4 << 10

	answerTime   = 30 * time.Second
	snapshotTime = 10 * time.Minute
	maxKey       = 200
)

var (
	errRefetch  = errors.New("sync: must refetch")
	errNoBucket = errors.New("sync: no such bucket")
)

// answerError is an answer that is of no use.
type answerError struct {
	status int
	wish   time.Duration // Retry-After
	err    error
}

func (e *answerError) Error() string { return fmt.Sprintf("answer %d: %v", e.status, e.err) }
func (e *answerError) Unwrap() error { return e.err }

// ours reports whether what was sent may be the reason, rather than the
// office's state or the way to it.
func (e *answerError) ours() bool {
	switch e.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return false
	}
	return true
}

// wishOf returns the office's Retry-After, 0 when it gave none.
func wishOf(err error) time.Duration {
	var a *answerError
	if errors.As(err, &a) {
		return a.wish
	}
	return 0
}

// NewHTTP returns an HTTP client for the office: no proxy, no redirects, and
// connections kept for all that a Client does at a time. conf is seal.ClientTLS.
func NewHTTP(conf *tls.Config) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			TLSClientConfig: conf, TLSHandshakeTimeout: answerTime / 2,
			DialContext:  (&net.Dialer{Timeout: answerTime / 2}).DialContext,
			MaxIdleConns: 16, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (c *Client) getFeed(ctx context.Context, bucket string, from data.Position, wait time.Duration) (data.FeedPage, error) {
	q := url.Values{
		"epoch": {from.Epoch}, "since": {strconv.FormatInt(from.Seq, 10)}, "digest": {from.Digest.String()},
		"wait": {strconv.Itoa(int(wait / time.Second))},
	}
	body, err := c.call(ctx, http.MethodGet, "/v1/feed/"+url.PathEscape(bucket)+"?"+q.Encode(), nil, maxPage, wait+answerTime)
	if err != nil {
		return data.FeedPage{}, err
	}
	page, err := decodePage(body, bucket, from)
	if err != nil {
		return page, data.Fail(codeBadAnswer, err)
	}
	c.reached()
	return page, nil
}

// decodePage reads a feed page and checks that it continues from: same bucket
// and epoch, dense counter, and the digest that its changes really give.
func decodePage(body []byte, bucket string, from data.Position) (data.FeedPage, error) {
	var page data.FeedPage
	if err := json.Unmarshal(body, &page); err != nil {
		return page, fmt.Errorf("feed page: %w", err)
	}
	at := from
	for _, ch := range page.Changes {
		if ch.Seq != at.Seq+1 || ch.Key == "" || len(ch.Key) > maxKey || ch.Deleted && len(ch.Value) > 0 {
			return page, fmt.Errorf("feed page: change %d after %d is not in order", ch.Seq, at.Seq)
		}
		at.Seq, at.Digest = ch.Seq, at.Digest.Next(ch)
	}
	if page.Bucket != bucket || page.Next != at {
		return page, fmt.Errorf("feed page: does not lead from %d to %d", from.Seq, page.Next.Seq)
	}
	return page, nil
}

func (c *Client) getSnapshot(ctx context.Context, bucket string) (data.Snapshot, error) {
	body, err := c.call(ctx, http.MethodGet, "/v1/snapshot/"+url.PathEscape(bucket), nil, maxSnapshot, snapshotTime)
	if err != nil {
		return data.Snapshot{}, err
	}
	snap, err := decodeSnapshot(body, bucket)
	if err != nil {
		return snap, data.Fail(codeBadAnswer, err)
	}
	c.reached()
	return snap, nil
}

// decodeSnapshot reads a snapshot and checks its bucket, epoch and key order.
func decodeSnapshot(body []byte, bucket string) (data.Snapshot, error) {
	var snap data.Snapshot
	if err := json.Unmarshal(body, &snap); err != nil {
		return snap, fmt.Errorf("snapshot: %w", err)
	}
	if snap.Bucket != bucket || snap.At.Epoch == "" || snap.At.Seq < 0 {
		return snap, errors.New("snapshot: of another bucket, or without a position")
	}
	last := ""
	for _, e := range snap.Entries {
		if e.Key <= last || len(e.Key) > maxKey || e.Deleted || e.Seq < 1 || e.Seq > snap.At.Seq {
			return snap, fmt.Errorf("snapshot: entry %d is out of order", e.Seq)
		}
		last = e.Key
	}
	return snap, nil
}

func (c *Client) postOps(ctx context.Context, ops []data.Op) (data.OpsResponse, error) {
	out, err := json.Marshal(data.OpsRequest{Ops: ops})
	if err != nil {
		return data.OpsResponse{}, fmt.Errorf("ops: %w", err)
	}
	body, err := c.call(ctx, http.MethodPost, "/v1/ops", out, maxAnswer, 2*answerTime)
	if err != nil {
		return data.OpsResponse{}, err
	}
	resp, err := decodeOps(body, ops)
	if err != nil {
		return resp, data.Fail(codeBadAnswer, &answerError{status: http.StatusOK, err: err})
	}
	c.reached()
	return resp, nil
}

// decodeOps reads the answer to ops and checks that it speaks of each of them,
// in order.
func decodeOps(body []byte, ops []data.Op) (data.OpsResponse, error) {
	var resp data.OpsResponse
	if err := json.Unmarshal(body, &resp); err != nil {
		return resp, fmt.Errorf("ops answer: %w", err)
	}
	if len(resp.Results) != len(ops) || resp.Epoch == "" || resp.DurableUpTo < 0 {
		return resp, fmt.Errorf("ops answer: %d results for %d acts", len(resp.Results), len(ops))
	}
	for i, r := range resp.Results {
		switch r.Status {
		case data.OpApplied, data.OpDuplicate, data.OpConflict, data.OpRejected, data.OpRetry:
		default:
			return resp, fmt.Errorf("ops answer: status of act %d", i)
		}
		if r.ID != ops[i].ID {
			return resp, fmt.Errorf("ops answer: act %d is another", i)
		}
	}
	return resp, nil
}

// call makes one request and returns the body of a 200. It never takes longer
// than limit, nor more than size bytes.
func (c *Client) call(ctx context.Context, method, path string, out []byte, size int64, limit time.Duration) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, c.o.Base+path, bytes.NewReader(out))
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	if out != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header["Idempotency-Key"] = nil // not sent; tells net/http that it may repeat the request
	}
	resp, err := c.o.HTTP.Do(req)
	if err != nil {
		return nil, connection(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, c.refusal(resp)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, size+1))
	switch {
	case err != nil:
		return nil, data.Fail(codeUnreachable, &answerError{status: resp.StatusCode, err: err})
	case int64(len(body)) > size:
		return nil, data.Fail(codeBadAnswer, &answerError{status: resp.StatusCode, err: fmt.Errorf("more than %d bytes", size)})
	}
	return body, nil
}

// connection tells a wrong key, on either side, from a way that is down.
func connection(err error) error {
	var e *data.Error
	if errors.As(err, &e) && e.Code == "seal.unknown_pin" {
		return data.Fail(codeUnknownOffice, err)
	}
	if keyRefused(err) {
		return data.Fail(codeRefused, err)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = &answerError{err: err} // the office, or something before it, hung up on this request
	}
	return data.Fail(codeUnreachable, err)
}

// keyAlerts are the alerts about the key a client showed (RFC 8446, 6.2), from
// bad_certificate to unknown_ca, access_denied and certificate_required.
var keyAlerts = []tls.AlertError{42, 43, 44, 45, 46, 48, 49, 116}

// keyRefused reports whether the other side ended the handshake because of our
// key. crypto/tls keeps the type of such an alert to itself, but not its words.
func keyRefused(err error) bool {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" || op.Err == nil {
		return false
	}
	return slices.ContainsFunc(keyAlerts, func(a tls.AlertError) bool { return a.Error() == op.Err.Error() })
}

// refusal reads the code of an error answer.
func (c *Client) refusal(resp *http.Response) error {
	raw, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
	var body struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(raw, &body)
	a := &answerError{status: resp.StatusCode, wish: retryAfter(resp), err: fmt.Errorf("%.40q", body.Error)}
	switch resp.StatusCode {
	case http.StatusConflict:
		if body.Error == "must-refetch" {
			c.reached()
			return errRefetch
		}
	case http.StatusNotFound:
		if body.Error == "no-such-bucket" {
			return errNoBucket
		}
	case http.StatusUnauthorized, http.StatusForbidden:
		return data.Fail(codeRefused, a)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return data.Fail(codeBusy, a)
	}
	return data.Fail(codeBadAnswer, a)
}

func retryAfter(resp *http.Response) time.Duration {
	n, err := strconv.ParseUint(resp.Header.Get("Retry-After"), 10, 16)
	if err != nil {
		return 0
	}
	return min(time.Duration(n)*time.Second, lastRetry)
}
