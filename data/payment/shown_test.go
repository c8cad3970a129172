package payment_test

import (
	"slices"
	"testing"

	"egmina/data/payment"
)

// What is shown beside a code is what the code holds.
func TestShownIsWhatThePayloadHolds(t *testing.T) {
	for _, c := range vectors(t) {
		tr := c.transfer()
		payload, want, fail := tr.Payload()
		if got, warnings := tr.Shown(); fail != nil {
			if got != tr || warnings != nil {
				t.Errorf("%s: %+v %v without a code", c.Why, got, warnings)
			}
			continue
		}
		held, err := payment.ParsePayload(payload)
		got, warnings := tr.Shown()
		if err != nil || got.Name != held.Name || got.Title != held.Title || !slices.Equal(warnings, want) {
			t.Errorf("%s: %+v %v, the code holds %+v %v, %v", c.Why, got, warnings, held, want, err)
		}
		if got.NRB != tr.NRB || got.NIP != tr.NIP || got.Amount != tr.Amount {
			t.Errorf("%s: numbers changed: %+v", c.Why, got)
		}
	}
}
