package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"egmina/data"
	"egmina/data/seal"
	"egmina/data/store"
)

// Limits of acts.
const (
	MaxOp    = 64 << 10 // sealed bytes of one act
	MaxBatch = 100      // acts of one request

	maxField     = 100
	readingV1    = 1       // schema of data.ReadingAct
	maxReading   = 1 << 40 // beyond any meter
	oldestDays   = 366     // a reading dated earlier than this comes from a wrong clock
	reasonPrefix = "office."
)

// Reasons of OpRejected and OpRetry, each with a sentence "error.<reason>".
const (
	ReasonMalformed   = reasonPrefix + "act_malformed"
	ReasonTooLarge    = reasonPrefix + "act_too_large"
	ReasonUnreadable  = reasonPrefix + "act_unreadable"
	ReasonUnknownKey  = reasonPrefix + "act_unknown_key"
	ReasonUnknownKind = reasonPrefix + "act_unknown_kind"
	ReasonNewer       = reasonPrefix + "act_newer" // made by a newer kiosk: the office must be updated first
	ReasonValue       = reasonPrefix + "reading_value"
	ReasonTrouble     = reasonPrefix + "trouble"
)

// Flags of a reading that a person looks at.
const (
	FlagAccount = "account"  // the account is not known (yet)
	FlagMeter   = "meter"    // the account has no such meter
	FlagClock   = "clock"    // the kiosk's date cannot be: the day of arrival stands instead
	FlagLower   = "lower"    // less than an earlier reading, and no roll-over
	FlagSameDay = "same_day" // another reading of the meter on that day
	FlagJump    = "jump"     // the resident confirmed an unusual use
)

// judged is an act with what is known of it before the transaction.
type judged struct {
	op      data.Op
	sha     [sha256.Size]byte
	act     data.ReadingAct
	status  string // OpApplied until something is against it
	reason  string
	reading store.Reading
}

// ApplyOps takes acts from a kiosk: each is applied at most once however often
// it comes. All of a batch are one transaction; should that fail, each act is
// tried alone, so that one bad act cannot hold up the others. The error means
// that nothing is known of any of them.
func (s *Service) ApplyOps(ctx context.Context, pin string, ops []data.Op) (data.OpsResponse, error) {
	acts := make([]judged, len(ops))
	for i, op := range ops {
		acts[i] = s.open(op)
	}
	resp, err := s.apply(ctx, pin, acts)
	if err == nil || len(acts) < 2 || ctx.Err() != nil {
		return resp, err
	}
	s.log.Error("batch failed, trying its acts one by one", "kiosk", s.kiosks[pin], "acts", len(acts), "err", err)
	return s.applySingly(ctx, pin, acts, err)
}

func (s *Service) applySingly(ctx context.Context, pin string, acts []judged, err error) (data.OpsResponse, error) {
	all := data.OpsResponse{}
	good := false
	for i := range acts {
		resp, oneErr := s.apply(ctx, pin, acts[i:i+1])
		if oneErr != nil {
			all.Results = append(all.Results, result(acts[i].op, data.OpRetry, ReasonTrouble))
			continue
		}
		good = true
		all.Epoch, all.DurableUpTo = resp.Epoch, resp.DurableUpTo
		all.Results = append(all.Results, resp.Results...)
	}
	if !good {
		return data.OpsResponse{}, err
	}
	return all, nil
}

func (s *Service) apply(ctx context.Context, pin string, acts []judged) (resp data.OpsResponse, err error) {
	err = s.store.Write(ctx, func(tx store.Tx) error {
		resp = data.OpsResponse{Results: make([]data.OpResult, 0, len(acts))}
		if resp.Epoch, err = tx.Epoch(); err != nil {
			return err
		}
		kiosk, err := s.kiosk(tx, pin)
		if err != nil {
			return err
		}
		updates := map[string]*update{}
		for _, a := range acts {
			r, err := s.applyOne(tx, &kiosk, a, updates)
			if err != nil {
				return err
			}
			resp.Results = append(resp.Results, r)
		}
		if kiosk.Counter, err = tx.Advance(pin, kiosk.Counter); err != nil {
			return err
		}
		resp.DurableUpTo = kiosk.Durable
		if err := tx.PutKiosk(kiosk); err != nil {
			return err
		}
		return s.refresh(tx, updates)
	})
	return resp, err
}

func (s *Service) kiosk(tx store.Tx, pin string) (store.Kiosk, error) {
	k, err := tx.Kiosk(pin)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return k, err
	}
	k.Pin, k.Name, k.Seen = pin, s.kiosks[pin], data.InstantOf(s.now())
	return k, nil
}

// applyOne inserts the receipt first: the act has an effect only if that is new.
func (s *Service) applyOne(tx store.Tx, k *store.Kiosk, a judged, updates map[string]*update) (data.OpResult, error) {
	if a.op.ID.IsZero() || a.status == data.OpRetry {
		return result(a.op, a.status, a.reason), nil
	}
	if err := s.judge(tx, k.Pin, &a); err != nil {
		return data.OpResult{}, err
	}
	now := data.InstantOf(s.now())
	r := store.Receipt{Op: a.op.ID, SHA: a.sha, Kind: a.op.Kind, Status: a.status, Reason: a.reason, Kiosk: k.Pin, Counter: a.op.Counter, Received: now}
	if a.status != data.OpApplied && len(a.op.Sealed) <= MaxOp {
		r.Sealed = a.op.Sealed
	}
	old, err := tx.PutReceipt(r)
	switch {
	case err != nil:
		return data.OpResult{}, err
	case old != nil && old.SHA != a.sha:
		s.log.Warn("act came again with other bytes", "kiosk", k.Name, "op", a.op.ID.String())
		return result(a.op, data.OpConflict, ""), tx.PutConflict(store.Conflict{
			Op: a.op.ID, SHA: a.sha, Kind: a.op.Kind, KeyID: a.op.KeyID, Kiosk: k.Pin, Counter: a.op.Counter, Received: now, Sealed: a.op.Sealed,
		})
	case old != nil && old.Status == data.OpApplied:
		return result(a.op, data.OpDuplicate, ""), nil
	case old != nil:
		return result(a.op, old.Status, old.Reason), nil
	}
	count(k, a.op.Counter)
	if a.status == data.OpApplied {
		err = s.take(tx, a, updates)
	}
	return result(a.op, a.status, a.reason), err
}

// count follows a kiosk's counter. A new act under a counter that was used
// before means the kiosk lost its outbox: nothing from there on is known to be in a backup.
func count(k *store.Kiosk, n int64) {
	k.LastSeen = max(k.LastSeen, n)
	k.Counter = min(k.Counter, max(n-1, 0))
	k.Durable = min(k.Durable, k.Counter)
}

// take stores the reading and marks its account's bundle for sealing.
func (s *Service) take(tx store.Tx, a judged, updates map[string]*update) error {
	if err := tx.PutReading(a.reading); err != nil {
		return err
	}
	blind := a.act.Account
	if updates[blind] != nil {
		return nil
	}
	account, err := tx.Account(blind)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	updates[blind] = &update{account: &account}
	return err
}

func result(op data.Op, status, reason string) data.OpResult {
	return data.OpResult{ID: op.ID, Status: status, Reason: reason, Receipt: op.ID.ReceiptNumber()}
}

// open checks an act's shape and reads its content.
func (s *Service) open(op data.Op) judged {
	a := judged{op: op, sha: frozen(op), status: data.OpApplied}
	refuse := func(status, reason string) judged {
		a.status, a.reason = status, reason
		return a
	}
	box := slices.IndexFunc(s.keys.Boxes, func(k *seal.BoxKey) bool { return k.KeyID() == op.KeyID })
	switch {
	case op.ID.IsZero() || op.Counter < 1 || op.Schema < 1 || len(op.Sealed) == 0 || len(op.KeyID) > maxField || len(op.Kind) > maxField:
		return refuse(data.OpRejected, ReasonMalformed)
	case len(op.Sealed) > MaxOp:
		return refuse(data.OpRejected, ReasonTooLarge)
	case op.Kind != data.ActReading:
		return refuse(data.OpRejected, ReasonUnknownKind)
	case op.Schema > readingV1:
		return refuse(data.OpRetry, ReasonNewer)
	case box < 0:
		return refuse(data.OpRejected, ReasonUnknownKey)
	}
	plain, err := s.keys.Boxes[box].Open(seal.OpInfo(op.ID), op.Sealed)
	if err != nil {
		return refuse(data.OpRejected, ReasonUnreadable)
	}
	if a.act, err = decodeReading(plain); err != nil || a.act.Op != op.ID {
		return refuse(data.OpRejected, ReasonMalformed)
	}
	return a
}

func decodeReading(plain []byte) (data.ReadingAct, error) {
	var act data.ReadingAct
	dec := json.NewDecoder(bytes.NewReader(plain))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&act); err != nil {
		return act, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return act, errors.New("reading: more than one value")
	}
	if !isBlind(act.Account) || act.Meter == "" || len(act.Meter) > maxField || act.Value < 0 || act.Value > maxReading || act.Date.IsZero() {
		return act, errors.New("reading: values out of range")
	}
	return act, nil
}

// frozen hashes what a kiosk may never change about an act.
func frozen(op data.Op) [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%s %q %d %q ", op.ID, op.Kind, op.Schema, op.KeyID)
	_ = binary.Write(h, binary.BigEndian, int64(op.Made))
	h.Write(op.Sealed)
	return [sha256.Size]byte(h.Sum(nil))
}

// judge makes the worklist's row of a readable act, or rejects it. An account
// or a meter that is not known is no reason to reject: after a restore from a
// backup it may come back.
func (s *Service) judge(tx store.Tx, pin string, a *judged) error {
	if a.status != data.OpApplied {
		return nil
	}
	now := s.now()
	r := store.Reading{
		Op: a.op.ID, Account: a.act.Account, Meter: a.act.Meter, Date: a.act.Date, Value: a.act.Value, RollOver: a.act.RollOver,
		State: store.ReadingNew, Kiosk: pin, Received: data.InstantOf(now),
	}
	today := data.DateOf(now)
	if d := r.Date.DaysTo(today); d < -1 || d > oldestDays {
		r.Date, r.Flags = today, flag(r.Flags, FlagClock)
	}
	if a.act.Jump {
		r.Flags = flag(r.Flags, FlagJump)
	}
	if err := s.inspect(tx, a, &r); err != nil {
		return err
	}
	switch {
	case strings.Contains(r.Flags, FlagAccount):
		r.State = store.ReadingUnmatched
	case r.Flags != "":
		r.State = store.ReadingCheck
	}
	a.reading = r
	return nil
}

// inspect holds the reading against what the office knows of the account.
func (s *Service) inspect(tx store.Tx, a *judged, r *store.Reading) error {
	account, err := tx.Account(r.Account)
	if errors.Is(err, store.ErrNotFound) {
		r.Flags = flag(r.Flags, FlagAccount)
		return nil
	}
	if err != nil {
		return err
	}
	b, err := bundleOf(tx, &account)
	if err != nil {
		return err
	}
	m := meterOf(b, r.Meter)
	if m != nil && r.Value >= m.Capacity() {
		a.status, a.reason = data.OpRejected, ReasonValue
		return nil
	}
	for _, f := range compare(*r, m, nil) {
		r.Flags = flag(r.Flags, f)
	}
	return nil
}

// compare returns the flags that the meter's other readings raise.
func compare(r store.Reading, m *data.Meter, sent []store.Reading) []string {
	if m == nil {
		return []string{FlagMeter}
	}
	merged := *m
	merged.Readings = slices.Clone(m.Readings)
	merge(&merged, sent)
	var flags []string
	for _, k := range merged.Readings {
		if k.Meter != "" && k.Meter != m.Number || k.Op == r.Op.String() {
			continue
		}
		if k.Date == r.Date {
			flags = append(flags, FlagSameDay)
		}
		if !r.RollOver && !r.Date.Before(k.Date) && k.Value > r.Value && !rolledSince(merged.Readings, k, r.Date) {
			flags = append(flags, FlagLower)
		}
	}
	return flags
}

// rolledSince reports whether the meter passed its end after the reading k.
func rolledSince(all []data.Reading, k data.Reading, until data.Date) bool {
	return slices.ContainsFunc(all, func(x data.Reading) bool { return x.RollOver && k.Date.Before(x.Date) && !until.Before(x.Date) })
}

func flag(flags, f string) string {
	if slices.Contains(strings.Fields(flags), f) {
		return flags
	}
	return strings.TrimSpace(flags + " " + f)
}

func unflag(flags, f string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(flags), func(x string) bool { return x == f }), " ")
}
