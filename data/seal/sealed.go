package seal

import (
	"bytes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hpke"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"egmina/data"
)

type aead = cipher.AEAD

const (
	keySize  = 32
	step     = 4 << 10 // sizes of sealed texts tell no more than this
	head     = 4       // length of the plain text, big endian
	overhead = keySize + 16

	// MaxPlain is the longest plain text that can be sealed, in bytes: sealed, it
	// still fits a feed's largest value.
	MaxPlain = 1<<20 - step - head
	// MaxSealed is the longest sealed text that is opened, in bytes.
	MaxSealed = 1<<20 - step + overhead
)

// Key is an account's private key, opened by its resident. Wipe it when the
// session ends. It is safe for concurrent use.
type Key struct {
	mu   sync.Mutex
	priv []byte
	pub  []byte
}

// Public returns the public half, to which a copy for this resident is sealed.
func (k *Key) Public() []byte { return bytes.Clone(k.pub) }

// Open opens what was sealed to this key under the same info. Errors:
// seal.closed after Wipe, seal.damaged.
func (k *Key) Open(info string, sealed []byte) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.priv == nil {
		return nil, ErrClosed
	}
	return open(k.priv, info, sealed)
}

// Wipe clears the private key; the Key opens nothing any more.
func (k *Key) Wipe() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.priv)
	k.priv = nil
}

// Seal encrypts plain to an X25519 public key, bound to info and padded to
// steps of 4 KiB. Errors: seal.too_large, seal.key_invalid.
func Seal(pub []byte, info string, plain []byte) ([]byte, error) {
	if len(plain) > MaxPlain {
		return nil, data.Fail("seal.too_large", fmt.Errorf("seal: %d bytes", len(plain)))
	}
	raw, err := ecdh.X25519().NewPublicKey(pub)
	if err != nil {
		return nil, data.Fail("seal.key_invalid", err)
	}
	to, err := hpke.NewDHKEMPublicKey(raw)
	if err != nil {
		return nil, data.Fail("seal.key_invalid", err)
	}
	padded := pad(plain)
	defer clear(padded)
	sealed, err := hpke.Seal(to, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), []byte(info), padded)
	if err != nil {
		return nil, data.Fail("seal.key_invalid", err)
	}
	return sealed, nil
}

func open(priv []byte, info string, sealed []byte) ([]byte, error) {
	if len(sealed) > MaxSealed {
		return nil, data.Fail("seal.damaged", fmt.Errorf("open: %d bytes", len(sealed)))
	}
	raw, err := ecdh.X25519().NewPrivateKey(priv)
	if err != nil {
		return nil, data.Fail("seal.key_invalid", err)
	}
	key, err := hpke.NewDHKEMPrivateKey(raw)
	if err != nil {
		return nil, data.Fail("seal.key_invalid", err)
	}
	padded, err := hpke.Open(key, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), []byte(info), sealed)
	if err != nil {
		return nil, data.Fail("seal.damaged", err)
	}
	return unpad(padded)
}

func pad(plain []byte) []byte {
	n := (head + len(plain) + step - 1) / step * step
	out := make([]byte, n)
	binary.BigEndian.PutUint32(out, uint32(len(plain)))
	copy(out[head:], plain)
	return out
}

func unpad(padded []byte) ([]byte, error) {
	if len(padded) < step || len(padded)%step != 0 {
		return nil, data.Fail("seal.damaged", errors.New("open: padding"))
	}
	n := binary.BigEndian.Uint32(padded)
	if int64(n) > int64(len(padded)-head) {
		return nil, data.Fail("seal.damaged", errors.New("open: length"))
	}
	return padded[head : head+int(n)], nil
}

// newPrivate makes the bytes of an X25519 private key; any 32 bytes are one.
func newPrivate() []byte { return random(keySize) }

func publicOf(priv []byte) []byte {
	k, err := ecdh.X25519().NewPrivateKey(priv)
	if err != nil {
		return nil
	}
	return k.PublicKey().Bytes()
}
