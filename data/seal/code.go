package seal

import (
	"crypto/rand"
	"encoding/hex"
	"strings"

	"golang.org/x/crypto/argon2"

	"egmina/data"
)

// CodeLen is the number of characters of an access code: 60 random bits.
const CodeLen = 12

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// maxTyped is far more than a code with any separators people type.
const maxTyped = 64

// NewCode makes a random access code of 12 Crockford base32 characters.
func NewCode() string {
	var raw [CodeLen]byte
	_, _ = rand.Read(raw[:]) // crypto/rand never fails since Go 1.24
	for i, b := range raw {
		raw[i] = crockford[b&31]
	}
	return string(raw[:])
}

// ParseCode reads a code as people type and scanners send it: any case, with
// spaces or dashes, O for 0, I or L for 1. Errors: seal.code_short,
// seal.code_long, seal.code_char.
func ParseCode(typed string) (string, error) {
	if len(typed) > maxTyped {
		return "", data.Fail("seal.code_long", nil)
	}
	out := make([]byte, 0, CodeLen)
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case ' ', '-', '–', '\t', '\r', '\n':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if r > 'Z' || strings.IndexByte(crockford, byte(r)) < 0 {
			return "", &data.Error{Code: "seal.code_char", Args: map[string]any{"Char": string(r)}}
		}
		out = append(out, byte(r))
	}
	switch {
	case len(out) < CodeLen:
		return "", data.Fail("seal.code_short", nil)
	case len(out) > CodeLen:
		return "", data.Fail("seal.code_long", nil)
	}
	return string(out), nil
}

// FormatCode writes a parsed code for people, "ABCD-EFGH-JKMN".
func FormatCode(code string) string {
	if len(code) != CodeLen {
		return code
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:]
}

// Parameters of BlindID: the OWASP minimum of argon2id. The code alone has 60
// random bits, so this only makes a stolen list of blind IDs costlier to try.
const (
	blindTime   = 2
	blindMemory = 19 * 1024 // KiB
)

// BlindID names an account without telling its code: 32 hex characters, the
// same on every kiosk of a municipality. The code must be parsed.
func BlindID(code, municipality string) string {
	salt := []byte("egmina/blind/1|" + municipality)
	return hex.EncodeToString(argon2.IDKey([]byte(code), salt, blindTime, blindMemory, 1, 16))
}
