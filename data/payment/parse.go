package payment

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"egmina/data"
)

// maxPayloadBytes caps what ParsePayload looks at: every allowed character
// takes at most two bytes.
const maxPayloadBytes = 2 * MaxPayload

// ParsePayload reads a payment code's payload as strictly as Payload writes it:
// nine fields, country PL, six digits of grosze, valid numbers, allowed
// characters, no field too long. Codes: payload_invalid for the structure, else
// the codes of Payload.
func ParsePayload(payload string) (Transfer, *data.Error) {
	if len(payload) > maxPayloadBytes || utf8.RuneCountInString(payload) > MaxPayload {
		return Transfer{}, data.Fail("payload_invalid", nil)
	}
	f := strings.Split(payload, "|")
	if len(f) != 9 || f[1] != "PL" || len(f[3]) != 6 {
		return Transfer{}, data.Fail("payload_invalid", nil)
	}
	grosze, parseErr := strconv.ParseUint(f[3], 10, 32)
	if parseErr != nil {
		return Transfer{}, data.Fail("payload_invalid", nil)
	}
	t := Transfer{
		NIP: f[0], NRB: f[2], Amount: data.Money(grosze), Name: f[4], Title: f[5],
		R1: f[6], R2: f[7], R3: f[8],
	}
	again, _, err := t.Payload()
	switch {
	case err != nil:
		return Transfer{}, err
	case again != payload: // something in it is not in its only valid form
		return Transfer{}, data.Fail("payload_invalid", nil)
	}
	return t, nil
}
