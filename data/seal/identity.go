package seal

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"time"
)

// Identity is a device's Ed25519 key with the TLS certificate made from it.
type Identity struct {
	key  ed25519.PrivateKey
	cert tls.Certificate
	pin  string
}

// NewIdentity makes a device key.
func NewIdentity() (*Identity, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	return identityOf(key)
}

// LoadIdentity reads a device key saved by Save. Errors: seal.key_file,
// seal.key_file_shared; a missing file also matches fs.ErrNotExist.
func LoadIdentity(path string) (*Identity, error) {
	raw, err := loadKey(path)
	if err != nil {
		return nil, err
	}
	key, ok := raw.(ed25519.PrivateKey)
	if !ok {
		return nil, fileError("seal.key_file", path, errors.New("not an Ed25519 key"))
	}
	return identityOf(key)
}

// OpenIdentity reads a device key, or makes and saves one when there is none.
func OpenIdentity(path string) (*Identity, error) {
	id, err := LoadIdentity(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return id, err
	}
	if id, err = NewIdentity(); err != nil {
		return nil, err
	}
	return id, id.Save(path)
}

// Save writes the key to a PEM file (PKCS #8) that only its owner reads.
func (id *Identity) Save(path string) error { return saveKey(path, id.key) }

// Pin names the device: SHA-256 of its SubjectPublicKeyInfo, 64 hex characters.
func (id *Identity) Pin() string { return id.pin }

// The certificate only carries the key: nobody looks at its dates, which a
// kiosk with a flat clock battery could not judge. RFC 5280 §4.1.2.5: no expiry.
var (
	notBefore = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	notAfter  = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
)

func identityOf(key ed25519.PrivateKey) (*Identity, error) {
	cert, err := selfSigned(key, notBefore, notAfter)
	if err != nil {
		return nil, err
	}
	return &Identity{key: key, cert: cert, pin: pinOf(cert.Leaf)}, nil
}

// selfSigned makes the same certificate each time: Ed25519 signs
// deterministically and the serial number comes from the key.
func selfSigned(key ed25519.PrivateKey, from, to time.Time) (tls.Certificate, error) {
	pub := key.Public()
	raw, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	sum := sha256.Sum256(raw)
	form := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(sum[:8]),
		Subject:      pkix.Name{CommonName: "e-Gmina " + hex.EncodeToString(sum[:4])},
		NotBefore:    from, NotAfter: to,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, pub, key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

func pinOf(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:])
}
