package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"

	"egmina/data"
)

// Limits of a keybox that is read: what comes from outside may neither take all
// memory or time of a kiosk nor be larger than any real one.
const (
	maxKeybox    = 4 << 10
	maxKDFMemory = 256 << 10 // KiB
	maxKDFTime   = 8
	maxKDFLanes  = 4
)

// PINs are digits: what a lobby's keypad can type.
const (
	minPIN = 4
	maxPIN = 12
)

const keyboxVersion = 1

// keybox is a resident's private key wrapped under PIN and code.
type keybox struct {
	Version int    `json:"v"`
	Memory  uint32 `json:"m"` // argon2id, KiB
	Time    uint32 `json:"t"`
	Lanes   uint8  `json:"p"`
	Salt    []byte `json:"salt"`
	Nonce   []byte `json:"nonce"`
	Public  []byte `json:"pub"`
	Wrapped []byte `json:"key"` // XChaCha20-Poly1305
}

// ErrPIN says that a PIN is not 4 to 12 digits.
var ErrPIN = data.Fail("seal.pin_invalid", nil)

// NewKeybox makes a key pair for an account and wraps its private half under
// argon2id(PIN, code). It returns the public key, to which the office seals the
// account's bundle, and the keybox as JSON. The code must be parsed.
func NewKeybox(code, pin, blind string) (pub, box []byte, err error) {
	if err := CheckPIN(pin); err != nil {
		return nil, nil, err
	}
	priv := newPrivate()
	defer clear(priv)
	k := keybox{
		Version: keyboxVersion, Memory: 64 << 10, Time: 3, Lanes: 1,
		Salt: random(16), Nonce: random(chacha20poly1305.NonceSizeX), Public: publicOf(priv),
	}
	aead, done, err := k.cipher(code, pin)
	if err != nil {
		return nil, nil, err
	}
	defer done()
	k.Wrapped = aead.Seal(nil, k.Nonce, priv, k.bound(blind))
	box, err = json.Marshal(k)
	return k.Public, box, err
}

// CheckPIN reports ErrPIN when a PIN is not 4 to 12 digits.
func CheckPIN(pin string) error {
	if len(pin) < minPIN || len(pin) > maxPIN {
		return ErrPIN
	}
	for _, r := range pin {
		if r < '0' || r > '9' {
			return ErrPIN
		}
	}
	return nil
}

// OpenKeybox unwraps an account's key. A wrong PIN, a wrong code and an
// unknown one (box empty) take the same time and give ErrWrong; a keybox that is
// not one gives seal.keybox_invalid.
func OpenKeybox(box []byte, code, pin, blind string) (*Key, error) {
	if len(box) == 0 {
		decoy := keybox{Memory: 64 << 10, Time: 3, Lanes: 1, Salt: make([]byte, 16)}
		_, done, err := decoy.cipher(code, pin)
		if err == nil {
			done()
		}
		return nil, ErrWrong
	}
	k, err := readKeybox(box)
	if err != nil {
		return nil, data.Fail("seal.keybox_invalid", err)
	}
	aead, done, err := k.cipher(code, pin)
	if err != nil {
		return nil, err
	}
	defer done()
	priv, err := aead.Open(nil, k.Nonce, k.Wrapped, k.bound(blind))
	if err != nil {
		return nil, ErrWrong
	}
	if len(priv) != keySize || !bytes.Equal(publicOf(priv), k.Public) {
		clear(priv)
		return nil, data.Fail("seal.keybox_invalid", errors.New("keybox: keys do not belong together"))
	}
	return &Key{priv: priv, pub: k.Public}, nil
}

// readKeybox decodes and bounds a keybox before any of it is used.
func readKeybox(box []byte) (keybox, error) {
	var k keybox
	if len(box) > maxKeybox {
		return k, fmt.Errorf("keybox: %d bytes", len(box))
	}
	if err := json.Unmarshal(box, &k); err != nil {
		return k, fmt.Errorf("keybox: %w", err)
	}
	switch {
	case k.Version != keyboxVersion:
		return k, fmt.Errorf("keybox: version %d", k.Version)
	case k.Lanes < 1 || k.Lanes > maxKDFLanes || k.Time < 1 || k.Time > maxKDFTime:
		return k, fmt.Errorf("keybox: argon2id t=%d p=%d", k.Time, k.Lanes)
	case k.Memory < 8*uint32(k.Lanes) || k.Memory > maxKDFMemory:
		return k, fmt.Errorf("keybox: argon2id m=%d KiB", k.Memory)
	case len(k.Salt) < 8 || len(k.Salt) > 64 || len(k.Nonce) != chacha20poly1305.NonceSizeX:
		return k, errors.New("keybox: salt or nonce")
	case len(k.Public) != keySize || len(k.Wrapped) != keySize+chacha20poly1305.Overhead:
		return k, errors.New("keybox: key sizes")
	}
	return k, nil
}

// cipher derives the wrapping key; done clears it.
func (k keybox) cipher(code, pin string) (aead aead, done func(), err error) {
	secret := make([]byte, 0, 64)
	secret = append(secret, "egmina/keybox/1|"...)
	secret = append(secret, byte(len(pin)))
	secret = append(append(secret, pin...), code...)
	defer clear(secret)
	kek := argon2.IDKey(secret, k.Salt, k.Time, k.Memory, k.Lanes, chacha20poly1305.KeySize)
	a, err := chacha20poly1305.NewX(kek)
	return a, func() { clear(kek) }, err
}

// bound is what the wrapping authenticates beside the key: a box moved to
// another account does not open.
func (k keybox) bound(blind string) []byte {
	head := fmt.Sprintf("egmina/keybox/%d|%s|%d|%d|%d|", k.Version, blind, k.Memory, k.Time, k.Lanes)
	return append([]byte(head), k.Public...)
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // crypto/rand never fails since Go 1.24
	return b
}
