package data

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"
)

// ID is a UUIDv7 (RFC 9562), made where the thing is made. Order never comes
// from it: clocks of kiosks lie.
type ID [16]byte

// NewID makes an ID for a thing made at t.
func NewID(t time.Time) ID {
	var id ID
	ms := uint64(t.UnixMilli())
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	_, _ = rand.Read(id[6:]) // crypto/rand never fails since Go 1.24
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}

// ParseID reads the 36-character form.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, fmt.Errorf("id %q: not a UUID", s)
	}
	raw, err := hex.DecodeString(s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:])
	if err != nil {
		return id, fmt.Errorf("id: %w", err)
	}
	copy(id[:], raw)
	return id, nil
}

// String writes the 36-character form.
func (id ID) String() string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// IsZero reports whether the ID is not set.
func (id ID) IsZero() bool { return id == ID{} }

// MarshalText writes the 36-character form.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the 36-character form.
func (id *ID) UnmarshalText(b []byte) error {
	v, err := ParseID(string(b))
	if err == nil {
		*id = v
	}
	return err
}

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// ReceiptNumber is the number a resident keeps for an act, "R-7F3K-92QM".
func (id ID) ReceiptNumber() string { return id.number("R-0000-0000") }

// DocumentNumber is the number printed on a form, "D-7F3K-92QM".
func (id ID) DocumentNumber() string { return id.number("D-0000-0000") }

// number writes the last 40 random bits in Crockford base32, so that a number
// exists offline and kiosk and office compute the same one.
func (id ID) number(mask string) string {
	var n uint64
	for _, b := range id[11:] {
		n = n<<8 | uint64(b)
	}
	out := []byte(mask)
	for i := len(out) - 1; i > 1; i-- {
		if out[i] != '-' {
			out[i] = crockford[n&31]
			n >>= 5
		}
	}
	return string(out)
}
