// Package seal holds the project's cryptography: what may leave a process only
// sealed, and how two processes know each other.
//
//   - A resident's access code and PIN open a keybox; the key in it opens that
//     account's bundle. The office knows neither code nor PIN.
//   - A BoxKey is the office's: a kiosk can seal an act to it but not read it again.
//   - An Identity is a device's Ed25519 key; TLS trusts pins of such keys only.
//
// Sealing is HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256),
// HKDF-SHA256 and ChaCha20-Poly1305; passwords go through argon2id (RFC 9106).
package seal

import "egmina/data"

// ErrWrong is the one answer to an unknown code and to a wrong PIN, so that
// nobody learns which codes exist.
var ErrWrong = data.Fail("seal.wrong", nil)

// ErrClosed is returned by a Key after Wipe.
var ErrClosed = data.Fail("seal.closed", nil)

// BundleInfo is the HPKE info of an account's bundle.
func BundleInfo(blind string) string { return "egmina/bundle/1|" + blind }

// OpInfo is the HPKE info of an act sealed to the office.
func OpInfo(id data.ID) string { return "egmina/op/1|" + id.String() }

// EchoInfo is the HPKE info of an act's copy sealed to its own resident.
func EchoInfo(id data.ID) string { return "egmina/echo/1|" + id.String() }
