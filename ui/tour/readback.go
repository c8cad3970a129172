package tour

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"egmina/data/forms"
	"egmina/data/payment"
)

// readDPI is the resolution at which printed pages are scanned.
const readDPI = "300"

// readBack scans a printed document and compares its codes with what was typed
// and chosen.
func (g *guide) readBack(kind, pdf string) error {
	codes, err := scan(pdf)
	if err != nil {
		return err
	}
	switch kind {
	case "blankiet":
		return twoPayments(codes)
	case "potwierdzenie":
		return nil // has no codes
	}
	return sameAnswers(codes)
}

// scan reads every code of a PDF with the decoder of the zbar project.
func scan(pdf string) ([]string, error) {
	base := strings.TrimSuffix(pdf, ".pdf") + "-scan"
	if out, err := exec.Command("pdftoppm", "-r", readDPI, "-gray", "-png", pdf, base).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("scan: %w: %s", err, out)
	}
	pages, err := filepath.Glob(base + "*.png")
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, page := range pages {
		out, err := exec.Command("zbarimg", "-q", "--raw", "-Sbinary", page).Output()
		if err == nil && len(out) > 0 {
			codes = append(codes, string(out))
		}
	}
	return codes, nil
}

// twoPayments finds two payment codes that a bank's app would take.
func twoPayments(codes []string) error {
	if len(codes) != 2 {
		return fmt.Errorf("%d payment codes on the slips, want 2", len(codes))
	}
	for _, c := range codes {
		if t, fail := payment.ParsePayload(strings.TrimSuffix(c, "\n")); fail != nil || t.Amount <= 0 {
			return fmt.Errorf("payment code %q: %v", c, fail)
		}
	}
	return nil
}

// sameAnswers compares the code of the declaration with what the tour typed.
func sameAnswers(codes []string) error {
	if len(codes) != 1 {
		return fmt.Errorf("%d codes on the form, want 1", len(codes))
	}
	doc, err := forms.Decode(strings.TrimSuffix(codes[0], "\n"))
	if err != nil {
		return err
	}
	for _, step := range declaration {
		for _, a := range step {
			if got := answered(doc, a.field); got != a.printed() {
				return fmt.Errorf("the form has %q for %s, typed was %q", got, a.field, a.value)
			}
		}
	}
	return nil
}

// answered finds an answer by its field, in repeated groups the first one.
func answered(doc forms.Document, field string) string {
	if v, ok := doc.Answers[field]; ok {
		return v
	}
	for path, v := range doc.Answers {
		if strings.HasSuffix(path, ".0."+field) {
			return v
		}
	}
	return ""
}

// printed is an answer in the canonical form that goes into the code.
func (a answer) printed() string {
	switch a.field {
	case "since":
		day := strings.Split(a.value, ".")
		return day[2] + "-" + day[1] + "-" + day[0]
	case "postcode":
		return a.value[:2] + "-" + a.value[2:]
	}
	return a.value
}
