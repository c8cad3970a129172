package seal

import (
	"crypto/ecdh"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"egmina/data"
)

// BoxKey is the office's X25519 key pair for acts: kiosks hold only its public
// half, so a stolen kiosk cannot read what residents left in it.
type BoxKey struct {
	key *ecdh.PrivateKey
}

// NewBoxKey makes a key pair.
func NewBoxKey() (*BoxKey, error) {
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("box key: %w", err)
	}
	return &BoxKey{key}, nil
}

// LoadBoxKey reads a key pair saved by Save. Errors: seal.key_file,
// seal.key_file_shared; a missing file also matches fs.ErrNotExist.
func LoadBoxKey(path string) (*BoxKey, error) {
	raw, err := loadKey(path)
	if err != nil {
		return nil, err
	}
	key, ok := raw.(*ecdh.PrivateKey)
	if !ok || key.Curve() != ecdh.X25519() {
		return nil, fileError("seal.key_file", path, errors.New("not an X25519 key"))
	}
	return &BoxKey{key}, nil
}

// Save writes the key pair to a PEM file (PKCS #8) that only its owner reads.
func (k *BoxKey) Save(path string) error { return saveKey(path, k.key) }

// Public returns the 32 bytes kiosks seal to.
func (k *BoxKey) Public() []byte { return k.key.PublicKey().Bytes() }

// KeyID names the key in data.Op.
func (k *BoxKey) KeyID() string { return KeyID(k.Public()) }

// Open opens an act sealed to this key under the same info. Error:
// seal.damaged.
func (k *BoxKey) Open(info string, sealed []byte) ([]byte, error) {
	return open(k.key.Bytes(), info, sealed)
}

// KeyID names a public key: the first 8 hex digits of its SHA-256.
func KeyID(pub []byte) string {
	sum := sha256.Sum256(pub)
	return hex.EncodeToString(sum[:4])
}

func fileError(code, path string, err error) *data.Error {
	return &data.Error{Code: code, Args: map[string]any{"File": path}, Err: err}
}
