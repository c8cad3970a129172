package seal

import (
	"crypto/tls"
	"errors"
	"slices"

	"egmina/data"
)

// sessions bounds the client's memory of TLS sessions to resume.
const sessions = 8

// ServerTLS is the office's side: TLS 1.3 only, every client must show a key
// and allow decides by its pin. It is asked on resumed connections too, so a
// revoked kiosk cannot ride on an old session.
func ServerTLS(id *Identity, allow func(pin string) bool) *tls.Config {
	return &tls.Config{
		MinVersion:       tls.VersionTLS13,
		Certificates:     []tls.Certificate{id.cert},
		ClientAuth:       tls.RequireAnyClientCert,
		VerifyConnection: verify(allow),
	}
}

// ClientTLS is the kiosk's side: TLS 1.3 only, and the office is who holds the
// key of one of the pins (the current and the next). Names and dates of the
// certificate are not looked at. An unknown key is the error seal.unknown_pin.
func ClientTLS(id *Identity, pins ...string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return &id.cert, nil
		},
		ClientSessionCache: tls.NewLRUClientSessionCache(sessions),
		InsecureSkipVerify: true, // VerifyConnection compares the pin instead, on every connection
		VerifyConnection:   verify(func(pin string) bool { return slices.Contains(pins, pin) }),
	}
}

// PeerPin returns the pin of the other side of a connection made with one of
// the configurations above, "" when it showed no key.
func PeerPin(c *tls.ConnectionState) string {
	if c == nil || len(c.PeerCertificates) == 0 {
		return ""
	}
	return pinOf(c.PeerCertificates[0])
}

func verify(known func(pin string) bool) func(tls.ConnectionState) error {
	return func(c tls.ConnectionState) error {
		pin := PeerPin(&c)
		if pin == "" || !known(pin) {
			return &data.Error{
				Code: "seal.unknown_pin", Args: map[string]any{"Pin": pin},
				Err: errors.New("tls: key of the other side is not trusted"),
			}
		}
		return nil
	}
}
