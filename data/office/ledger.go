package office

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"egmina/data"
	"egmina/data/seal"
	"egmina/data/store"
)

// Keys of an account's bucket.
const (
	KeyBundle = "bundle" // sealed data.Bundle (seal.BundleInfo)
	KeyKeybox = "keybox" // the account's private key, wrapped under access code and PIN
)

// PutAccount stores what the finance system says of an account and the keys
// its resident made, and appends to the account's bucket what changed. Readings
// that residents sent stay and are merged in. Errors: office.account_invalid,
// seal.key_invalid, seal.too_large.
func (s *Service) PutAccount(ctx context.Context, blind string, pub, keybox []byte, b data.Bundle) error {
	if !isBlind(blind) || len(keybox) == 0 || len(keybox) > MaxValue {
		return data.Fail("office.account_invalid", nil)
	}
	ledger, err := json.Marshal(b)
	if err != nil {
		return data.Fail("office.account_invalid", err)
	}
	return s.store.Write(ctx, func(tx store.Tx) error {
		a, err := tx.Account(blind)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		a.Blind, a.Payer, a.Public, a.Ledger = blind, b.Payer, pub, ledger
		if err := s.match(tx, blind, b); err != nil {
			return err
		}
		return s.refresh(tx, map[string]*update{blind: {account: &a, keybox: keybox}})
	})
}

// update is what a transaction does to one account.
type update struct {
	account *store.Account
	keybox  []byte // nil: as it is
}

// refresh seals the bundles that changed and appends them, buckets in sorted
// order, the directory of accounts last.
func (s *Service) refresh(tx store.Tx, updates map[string]*update) error {
	moved := map[string]int64{}
	for _, blind := range slices.Sorted(maps.Keys(updates)) {
		seq, err := s.refreshOne(tx, updates[blind])
		if err != nil {
			return err
		}
		if seq > 0 {
			moved[blind] = seq
		}
	}
	for _, blind := range slices.Sorted(maps.Keys(moved)) {
		value := fmt.Appendf(nil, `{"seq":%d}`, moved[blind])
		if _, err := tx.AppendFeed(data.BucketAccounts, blind, value, false); err != nil {
			return err
		}
	}
	if len(moved) == 0 {
		return nil
	}
	return tx.PruneFeed(data.BucketAccounts, keepOther)
}

// refreshOne returns the new head of the account's bucket, 0 when nothing
// changed.
func (s *Service) refreshOne(tx store.Tx, u *update) (seq int64, err error) {
	a, bucket := u.account, data.AccountBucket+u.account.Blind
	plain, sum, err := s.compose(tx, a)
	if err != nil {
		return 0, err
	}
	changed := sum != a.Sum
	a.Sum = sum
	if err := tx.PutAccount(*a); err != nil {
		return 0, err
	}
	if u.keybox != nil {
		if seq, err = appendChanged(tx, bucket, KeyKeybox, u.keybox); err != nil {
			return 0, err
		}
	}
	if !changed {
		return seq, nil
	}
	sealed, err := seal.Seal(a.Public, seal.BundleInfo(a.Blind), plain)
	if err != nil {
		return 0, err
	}
	if seq, err = tx.AppendFeed(bucket, KeyBundle, sealed, false); err != nil {
		return 0, err
	}
	return seq, tx.PruneFeed(bucket, keepSealed)
}

func appendChanged(tx store.Tx, bucket, key string, value []byte) (int64, error) {
	hashes, err := tx.Hashes(bucket)
	if err != nil {
		return 0, err
	}
	if old, ok := hashes[key]; ok && old == sha256.Sum256(value) {
		return 0, nil
	}
	return tx.AppendFeed(bucket, key, value, false)
}

// compose returns the bundle as its resident should see it, and its keyed hash
// (over the account's key too: another key needs another seal).
func (s *Service) compose(tx store.ReadTx, a *store.Account) (plain []byte, sum [sha256.Size]byte, err error) {
	b, err := bundleOf(tx, a)
	if err != nil {
		return nil, sum, err
	}
	if plain, err = json.Marshal(b); err != nil {
		return nil, sum, fmt.Errorf("bundle: %w", err)
	}
	mac := hmac.New(sha256.New, s.keys.Secret)
	mac.Write(a.Public)
	mac.Write(plain)
	return plain, [sha256.Size]byte(mac.Sum(nil)), nil
}

// bundleOf merges the finance system's bundle with residents' readings.
func bundleOf(tx store.ReadTx, a *store.Account) (data.Bundle, error) {
	var b data.Bundle
	if err := json.Unmarshal(a.Ledger, &b); err != nil {
		return b, fmt.Errorf("ledger: %w", err)
	}
	readings, err := tx.Readings(a.Blind)
	if err != nil {
		return b, err
	}
	for i := range b.Meters {
		merge(&b.Meters[i], readings)
	}
	return b, nil
}

func merge(m *data.Meter, sent []store.Reading) {
	known := slices.Clone(m.Readings)
	for _, r := range sent {
		if r.Meter != m.ID || slices.ContainsFunc(known, func(k data.Reading) bool { return same(k, r) }) {
			continue
		}
		m.Readings = append(m.Readings, data.Reading{
			Date: r.Date, Value: r.Value, Source: data.ReadByResident, Op: r.Op.String(), RollOver: r.RollOver,
		})
	}
	slices.SortStableFunc(m.Readings, func(a, b data.Reading) int { return cmp.Compare(a.Date.Time().Unix(), b.Date.Time().Unix()) })
}

// same tells whether the finance system gave a resident's reading back.
func same(k data.Reading, r store.Reading) bool {
	return k.Op == r.Op.String() || (k.Source == data.ReadByResident && k.Date == r.Date && k.Value == r.Value)
}

// match gives readings that waited for their account their state.
func (s *Service) match(tx store.Tx, blind string, b data.Bundle) error {
	readings, err := tx.Readings(blind)
	if err != nil {
		return err
	}
	for i, r := range readings {
		if r.State != store.ReadingUnmatched {
			continue
		}
		r.State, r.Flags = store.ReadingNew, unflag(r.Flags, FlagAccount)
		for _, f := range compare(r, meterOf(b, r.Meter), readings[:i]) {
			r.Flags = flag(r.Flags, f)
		}
		if r.Flags != "" {
			r.State = store.ReadingCheck
		}
		if err := tx.PutReading(r); err != nil {
			return err
		}
	}
	return nil
}

func meterOf(b data.Bundle, id string) *data.Meter {
	for i := range b.Meters {
		if b.Meters[i].ID == id {
			return &b.Meters[i]
		}
	}
	return nil
}

// isBlind reports whether s is a blind ID: 32 lower-case hex digits.
func isBlind(s string) bool {
	if len(s) != 32 {
		return false
	}
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
