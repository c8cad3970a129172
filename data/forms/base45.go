package forms

import (
	"errors"
	"strings"
)

// alphabet45 is the alphabet of RFC 9285, the characters that QR codes hold in
// alphanumeric mode.
const alphabet45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

var errBase45 = errors.New("not base45")

// encode45 writes bytes as base45: two bytes become three characters.
func encode45(b []byte) string {
	var out strings.Builder
	out.Grow((len(b) + 1) / 2 * 3)
	for len(b) >= 2 {
		n := int(b[0])<<8 | int(b[1])
		out.WriteByte(alphabet45[n%45])
		out.WriteByte(alphabet45[n/45%45])
		out.WriteByte(alphabet45[n/2025])
		b = b[2:]
	}
	if len(b) == 1 {
		out.WriteByte(alphabet45[b[0]%45])
		out.WriteByte(alphabet45[b[0]/45])
	}
	return out.String()
}

// decode45 reads base45 and refuses what encode45 would not have written.
func decode45(s string) ([]byte, error) {
	out := make([]byte, 0, len(s)/3*2+1)
	for len(s) > 0 {
		group := s[:min(3, len(s))]
		s = s[len(group):]
		n, weight := 0, 1
		for i := range len(group) {
			v := strings.IndexByte(alphabet45, group[i])
			if v < 0 {
				return nil, errBase45
			}
			n, weight = n+v*weight, weight*45
		}
		switch {
		case len(group) == 3 && n <= 0xffff:
			out = append(out, byte(n>>8), byte(n))
		case len(group) == 2 && n <= 0xff:
			out = append(out, byte(n))
		default:
			return nil, errBase45
		}
	}
	return out, nil
}
