package paper

import (
	"os"
	"strings"
	"testing"
)

func TestDump(t *testing.T) {
	os.MkdirAll("/tmp/pages", 0o755)
	for _, n := range testSet(t) {
		b, err := PDF(n.doc)
		if err != nil {
			t.Fatal(err)
		}
		os.WriteFile("/tmp/pages/"+strings.ReplaceAll(n.name, " ", "_")+".pdf", b, 0o644)
		t.Log(n.name, len(n.doc.Pages), len(b), string(n.doc.Missing))
	}
}
