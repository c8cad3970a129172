package office

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"egmina/data"
	"egmina/data/store"
)

// Limits of the HTTP interface.
const (
	MaxWait = 30 * time.Second // of a held request

	maxRows     = 1000
	maxPage     = 4 << 20
	maxOpsBody  = 9 << 20 // MaxBatch acts of MaxOp in base64, and some
	retryAfter  = "5"
	smallAnswer = 1400 // about one packet: not worth compressing
)

// Server returns an HTTP server with the office's limits and time-outs. With
// seal.ServerTLS(id, s.Allowed) as its configuration it serves the kiosks. Its
// Shutdown also ends held requests.
func (s *Service) Server(conf *tls.Config) *http.Server {
	srv := &http.Server{
		Handler: s.Handler(), TLSConfig: conf,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 3 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	srv.RegisterOnShutdown(s.Close)
	return srv
}

// Handler serves GET /v1/feed/{bucket}, GET /v1/snapshot/{bucket} and POST
// /v1/ops to enrolled kiosks. Answers are JSON; errors are {"error": code}.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/feed/{bucket}", s.feed)
	mux.HandleFunc("GET /v1/snapshot/{bucket}", s.snapshot)
	mux.HandleFunc("POST /v1/ops", s.ops)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		switch pin := s.caller(r); {
		case pin == "":
			fail(w, http.StatusUnauthorized, "no-key")
		case !s.Allowed(pin):
			s.log.Warn("unknown device refused", "pin", pin)
			fail(w, http.StatusForbidden, "unknown-key")
		default:
			mux.ServeHTTP(w, r)
		}
	})
}

func fail(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code})
}

// isBucket keeps out names that no bucket can have.
func isBucket(name string) bool {
	blind, account := strings.CutPrefix(name, data.AccountBucket)
	return name == data.BucketPublic || name == data.BucketAccounts || account && isBlind(blind)
}

func (s *Service) feed(w http.ResponseWriter, r *http.Request) {
	bucket := r.PathValue("bucket")
	if !isBucket(bucket) {
		fail(w, http.StatusNotFound, "no-such-bucket")
		return
	}
	from, wait, err := parsePosition(r)
	if err != nil {
		fail(w, http.StatusBadRequest, "bad-position")
		return
	}
	page, err := s.poll(r.Context(), bucket, from, wait)
	s.answer(w, r, page, err)
}

// parsePosition reads epoch, since, digest and wait (whole seconds; longer than
// MaxWait means MaxWait).
func parsePosition(r *http.Request) (from data.Position, wait time.Duration, err error) {
	q := r.URL.Query()
	from.Epoch = q.Get("epoch")
	if from.Seq, err = strconv.ParseInt(q.Get("since"), 10, 64); err != nil || from.Seq < 0 {
		return from, 0, errors.New("since")
	}
	if err := from.Digest.UnmarshalText([]byte(q.Get("digest"))); err != nil {
		return from, 0, err
	}
	if text := q.Get("wait"); text != "" {
		n, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return from, 0, errors.New("wait")
		}
		wait = min(time.Duration(n)*time.Second, MaxWait)
	}
	return from, wait, nil
}

// poll returns the next page, holding on until there is news or time is up.
func (s *Service) poll(ctx context.Context, bucket string, from data.Position, wait time.Duration) (page data.FeedPage, err error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		news := s.store.Watch(bucket)
		err = s.store.Read(ctx, func(tx store.ReadTx) error {
			if err := exists(tx, bucket); err != nil {
				return err
			}
			page, err = tx.FeedSince(bucket, from, maxRows, maxPage)
			return err
		})
		if err != nil || len(page.Changes) > 0 || wait == 0 {
			return page, err
		}
		select {
		case <-news:
		case <-timer.C:
			return page, nil
		case <-s.closing:
			return page, nil
		case <-ctx.Done():
			return page, ctx.Err()
		}
	}
}

// exists refuses accounts that were never written; the two common buckets are
// there from the start.
func exists(tx store.ReadTx, bucket string) error {
	if !strings.HasPrefix(bucket, data.AccountBucket) {
		return nil
	}
	head, err := tx.Head(bucket)
	if err == nil && head.Seq == 0 {
		err = store.ErrNotFound
	}
	return err
}

func (s *Service) snapshot(w http.ResponseWriter, r *http.Request) {
	bucket := r.PathValue("bucket")
	if !isBucket(bucket) {
		fail(w, http.StatusNotFound, "no-such-bucket")
		return
	}
	var snap data.Snapshot
	err := s.store.Read(r.Context(), func(tx store.ReadTx) (err error) {
		if err := exists(tx, bucket); err != nil {
			return err
		}
		snap, err = tx.Snapshot(bucket)
		return err
	})
	s.answer(w, r, snap, err)
}

func (s *Service) ops(w http.ResponseWriter, r *http.Request) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		fail(w, http.StatusUnsupportedMediaType, "not-json")
		return
	}
	req, err := decodeOps(http.MaxBytesReader(w, r.Body, maxOpsBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge) || len(req.Ops) > MaxBatch:
		fail(w, http.StatusRequestEntityTooLarge, "too-large")
		return
	case err != nil:
		fail(w, http.StatusBadRequest, "bad-request")
		return
	}
	pin := s.caller(r)
	resp, err := s.ApplyOps(r.Context(), pin, req.Ops)
	if err == nil && len(req.Ops) > 0 {
		s.log.Info("acts taken", "kiosk", s.kiosks[pin], "acts", len(req.Ops))
	}
	s.answer(w, r, resp, err)
}

// decodeOps reads the body of POST /v1/ops: one JSON object, no unknown keys.
func decodeOps(body io.Reader) (data.OpsRequest, error) {
	var req data.OpsRequest
	dec := json.NewDecoder(body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&req); err != nil {
		return req, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return req, errors.Join(errors.New("ops: more than one value"), err)
	}
	return req, nil
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, v any, err error) {
	switch {
	case r.Context().Err() != nil:
		return // nobody listens any more
	case errors.Is(err, store.ErrRefetch):
		fail(w, http.StatusConflict, "must-refetch")
		return
	case errors.Is(err, store.ErrNotFound):
		fail(w, http.StatusNotFound, "no-such-bucket")
		return
	case err != nil:
		s.log.Error("request failed", "path", r.Pattern, "err", err)
		fail(w, http.StatusServiceUnavailable, "try-later")
		return
	}
	body, err := json.Marshal(v)
	if err != nil {
		s.log.Error("answer", "path", r.Pattern, "err", err)
		fail(w, http.StatusInternalServerError, "trouble")
		return
	}
	send(w, r, body)
}

var packers = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed); return z }}

func send(w http.ResponseWriter, r *http.Request, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	if len(body) > smallAnswer && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		var buf bytes.Buffer
		z := packers.Get().(*gzip.Writer)
		z.Reset(&buf)
		_, err1 := z.Write(body)
		err2 := z.Close()
		packers.Put(z)
		if err1 == nil && err2 == nil {
			w.Header().Set("Content-Encoding", "gzip")
			body = buf.Bytes()
		}
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}
