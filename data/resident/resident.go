// Package resident is what a person standing at the kiosk can do with an
// account: log in with code and PIN, see what is owed, leave readings and see
// what became of them. It joins the sealed vault with the outbox; nothing here
// is stored in the clear.
package resident

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"egmina/data"
	"egmina/data/cache"
	"egmina/data/seal"
)

// Desk serves residents from the kiosk's own disk, with or without the office.
type Desk struct {
	cache        *cache.Cache
	municipality string
	officeKey    []byte // public key that acts are sealed to
	now          func() time.Time
}

// NewDesk makes a Desk. officeKey is the office's X25519 public key.
func NewDesk(c *cache.Cache, municipality string, officeKey []byte, now func() time.Time) *Desk {
	return &Desk{cache: c, municipality: municipality, officeKey: officeKey, now: now}
}

// Account is one resident's open account. Wipe it when the session ends.
type Account struct {
	Blind  string
	Bundle data.Bundle
	key    *seal.Key
}

// Wipe forgets the account.
func (a *Account) Wipe() {
	if a.key != nil {
		a.key.Wipe()
	}
	a.Bundle = data.Bundle{}
}

// Login opens the account with an access code and a PIN as they were typed.
// Errors: seal.code_* for a code that cannot be one, seal.pin_invalid,
// resident.wait (Args Seconds) after too many tries, seal.wrong for an unknown
// code and a wrong PIN alike.
func (d *Desk) Login(ctx context.Context, typedCode, pin string) (*Account, error) {
	code, err := seal.ParseCode(typedCode)
	if err != nil {
		return nil, err
	}
	if err := seal.CheckPIN(pin); err != nil {
		return nil, err
	}
	blind := seal.BlindID(code, d.municipality)
	if err := d.count(ctx, blind); err != nil {
		return nil, err
	}
	key, err := d.open(ctx, blind, code, pin)
	debug.FreeOSMemory() // argon2 took 64 MiB; they are wanted once a visit
	if err != nil {
		return nil, err
	}
	if err := d.cache.Attempts().Clear(ctx, blind); err != nil {
		return nil, err
	}
	return d.account(ctx, blind, key)
}

// count writes the try to disk before it is made.
func (d *Desk) count(ctx context.Context, blind string) error {
	wait, err := d.cache.Attempts().Allow(ctx, blind)
	if err != nil {
		return err
	}
	if wait > 0 {
		return &data.Error{Code: "resident.wait", Args: map[string]any{"Seconds": int(math.Ceil(wait.Seconds()))}}
	}
	return d.cache.Attempts().Record(ctx, blind)
}

func (d *Desk) open(ctx context.Context, blind, code, pin string) (*seal.Key, error) {
	box, err := d.cache.Keybox(ctx, blind)
	if err != nil {
		return nil, err
	}
	return seal.OpenKeybox(box, code, pin, blind)
}

func (d *Desk) account(ctx context.Context, blind string, key *seal.Key) (*Account, error) {
	a := &Account{Blind: blind, key: key}
	if err := d.Refresh(ctx, a); err != nil {
		key.Wipe()
		return nil, err
	}
	return a, nil
}

// Refresh reads the account's bundle again, after news from the office.
// Error resident.no_bundle: the office has sent nothing yet.
func (d *Desk) Refresh(ctx context.Context, a *Account) error {
	sealed, _, err := d.cache.Bundle(ctx, a.Blind)
	if err != nil {
		return err
	}
	if sealed == nil {
		return data.Fail("resident.no_bundle", nil)
	}
	plain, err := a.key.Open(seal.BundleInfo(a.Blind), sealed)
	if err != nil {
		return err
	}
	defer clear(plain)
	var b data.Bundle
	if err := json.Unmarshal(plain, &b); err != nil {
		return data.Fail("resident.bundle_unreadable", errors.New("bundle is not of this version"))
	}
	a.Bundle = b
	return nil
}

// Draft is a reading as a screen holds it. Op is made when the screen opens, so
// that pressing the button twice sends one reading.
type Draft struct {
	Op        data.ID
	Meter     string   // ID
	Typed     string   // as typed
	Confirmed []string // questions of the check that were answered with yes
}

// Sent is a reading a resident has left, with what became of it.
type Sent struct {
	Op      data.ID
	Meter   string // ID
	Date    data.Date
	Value   int64
	Receipt string
	State   string // cache.State…
	Reason  string // code, when rejected
}

// ErrUnanswered says that a reading has questions the resident has not
// answered with yes.
var ErrUnanswered = data.Fail("reading.unanswered", nil)

// Check applies the rules to what was typed for a meter today, knowing the
// readings that still wait on this kiosk.
func (d *Desk) Check(ctx context.Context, a *Account, meter, typed string) (data.ReadingCheck, error) {
	m, ok := meterOf(a.Bundle, meter)
	if !ok {
		return data.ReadingCheck{}, data.Fail("reading.no_meter", nil)
	}
	sent, err := d.Sent(ctx, a)
	if err != nil {
		return data.ReadingCheck{}, err
	}
	return m.Check(typed, data.DateOf(d.now()), readingsOf(sent, meter)), nil
}

func meterOf(b data.Bundle, id string) (data.Meter, bool) {
	for _, m := range b.Meters {
		if m.ID == id {
			return m, true
		}
	}
	return data.Meter{}, false
}

func readingsOf(sent []Sent, meter string) []data.Reading {
	var out []data.Reading
	for _, s := range sent {
		if s.Meter == meter && (s.State == cache.StateWaiting || s.State == cache.StateApplied) {
			out = append(out, data.Reading{Date: s.Date, Value: s.Value, Source: data.ReadByResident, Op: s.Op.String()})
		}
	}
	return out
}

// Leave seals a reading to the office, keeps it durably and returns it with its
// receipt number. It returns without error only when the reading is on disk.
// Errors: reading.*, cache.*.
func (d *Desk) Leave(ctx context.Context, a *Account, draft Draft) (Sent, error) {
	if s, ok, err := d.already(ctx, a, draft.Op); ok || err != nil {
		return s, err
	}
	check, err := d.Check(ctx, a, draft.Meter, draft.Typed)
	if err != nil {
		return Sent{}, err
	}
	if check.Err != nil {
		return Sent{}, check.Err
	}
	for _, q := range check.Ask {
		if !slices.Contains(draft.Confirmed, q) {
			return Sent{}, ErrUnanswered
		}
	}
	act := data.ReadingAct{
		Op: draft.Op, Account: a.Blind, Meter: draft.Meter, Date: data.DateOf(d.now()), Value: check.Value,
		RollOver: slices.Contains(check.Ask, data.AskRollOver), Jump: slices.Contains(check.Ask, data.AskJump),
	}
	return d.enqueue(ctx, a, act)
}

// already returns the reading when this very act was kept before.
func (d *Desk) already(ctx context.Context, a *Account, op data.ID) (Sent, bool, error) {
	sent, err := d.Sent(ctx, a)
	for _, s := range sent {
		if s.Op == op {
			return s, true, nil
		}
	}
	return Sent{}, false, err
}

func (d *Desk) enqueue(ctx context.Context, a *Account, act data.ReadingAct) (Sent, error) {
	plain, err := json.Marshal(act)
	if err != nil {
		return Sent{}, fmt.Errorf("reading: %w", err)
	}
	defer clear(plain)
	sealed, err := seal.Seal(d.officeKey, seal.OpInfo(act.Op), plain)
	if err != nil {
		return Sent{}, err
	}
	echo, err := seal.Seal(a.key.Public(), seal.EchoInfo(act.Op), plain)
	if err != nil {
		return Sent{}, err
	}
	op := data.Op{ID: act.Op, Kind: data.ActReading, Schema: 1, Made: data.InstantOf(d.now()), KeyID: seal.KeyID(d.officeKey), Sealed: sealed}
	if _, err := d.cache.Enqueue(ctx, cache.Entry{Op: op, Bucket: data.AccountBucket + a.Blind, Echo: echo}); err != nil {
		return Sent{}, err
	}
	return sentOf(act, cache.StateWaiting, ""), nil
}

func sentOf(act data.ReadingAct, state, reason string) Sent {
	return Sent{Op: act.Op, Meter: act.Meter, Date: act.Date, Value: act.Value, Receipt: act.Op.ReceiptNumber(), State: state, Reason: reason}
}

// Sent lists the readings this account left on this kiosk that are still kept
// here, oldest first. Those the office confirmed are in the bundle, too.
func (d *Desk) Sent(ctx context.Context, a *Account) ([]Sent, error) {
	entries, err := d.cache.Of(ctx, data.AccountBucket+a.Blind)
	if err != nil {
		return nil, err
	}
	var out []Sent
	for _, e := range entries {
		if e.Op.Kind != data.ActReading {
			continue
		}
		if act, ok := a.echo(e); ok {
			out = append(out, sentOf(act, e.State, e.Reason))
		}
	}
	return out, nil
}

// echo opens the resident's own copy of an act. One that was sealed to an
// earlier key of the account is left out.
func (a *Account) echo(e cache.Entry) (data.ReadingAct, bool) {
	var act data.ReadingAct
	plain, err := a.key.Open(seal.EchoInfo(e.Op.ID), e.Echo)
	if err != nil {
		return act, false
	}
	defer clear(plain)
	return act, json.Unmarshal(plain, &act) == nil
}
