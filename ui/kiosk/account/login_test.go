package account

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"egmina/data/resident"
	"egmina/ui/kiosk/screentest"
)

// nobody's desk knows no account.
type nobody struct{ fail error }

func (n nobody) Login(context.Context, string, string) (*resident.Account, error) {
	return nil, n.fail
}

// TestSessionEndWipesWhatWasTyped looks into the screen: its entries leave with
// the page, its own copies must go, too.
func TestSessionEndWipesWhatWasTyped(t *testing.T) {
	s := screentest.New(t, fyne.NewSize(1920, 1080))
	l := &login{n: Needs{Desk: nobody{}}}
	s.Push(l)
	s.Type("Kod dostępu", "ZAB5RRB146VH")
	s.Type("PIN", "2580")
	if l.code != "ZAB5-RRB1-46VH" || l.pin != "2580" {
		t.Fatalf("typed %q and %q", l.code, l.pin)
	}
	s.Shell.End()
	if l.code != "" || l.pin != "" {
		t.Errorf("the screen still holds %q and %q", l.code, l.pin)
	}
}
