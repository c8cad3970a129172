package printing

import (
	"slices"
	"strings"
)

// The codes of data.Error this package returns; each has its sentence in the language files.
const (
	CodeJam          = "printer.jam"
	CodeDoorOpen     = "printer.door_open"
	CodeTrayMissing  = "printer.tray_missing"
	CodePaperEmpty   = "printer.paper_empty"
	CodeTonerEmpty   = "printer.toner_empty"
	CodeAttention    = "printer.attention"     // the printer wants a person and does not say why
	CodeGone         = "printer.gone"          // switched off, unplugged, no such queue
	CodeStopped      = "printer.stopped"       // paused, or the queue takes no jobs
	CodeCancelled    = "printer.cancelled"     // taken back: by the resident, the session's end or staff
	CodeTimeout      = "printer.timeout"       // took too long, taken back
	CodeFailed       = "printer.failed"        // given up by the printing system
	CodeUnknown      = "printer.unknown"       // ended, and nobody knows how
	CodeNotCancelled = "printer.not_cancelled" // may still be in the queue
	CodeService      = "printer.service"       // the printing system does not answer
	CodeFolder       = "printer.folder"        // the folder cannot be written
	CodeDocument     = "printer.document"      // not a PDF, or larger than MaxPDF
	CodeNone         = "printer.none"          // this kiosk has no printer
	CodeSettings     = "printer.settings"      // Args: Name
)

// order says which of several problems a person is told: what they could see with their eyes first.
var order = []string{CodeJam, CodeDoorOpen, CodeTrayMissing, CodePaperEmpty, CodeTonerEmpty, CodeGone, CodeStopped, CodeAttention}

// blocking maps printer-state-reasons (RFC 8011 §5.4.12, PWG 5100.9) without their suffix to
// what they mean for a resident, whatever severity the printer gave them: printers say
// media-empty-report when idle and media-empty-warning while a job waits for ever.
var blocking = map[string]string{
	"media-empty":                     CodePaperEmpty,
	"media-needed":                    CodePaperEmpty,
	"media-jam":                       CodeJam,
	"cover-open":                      CodeDoorOpen,
	"door-open":                       CodeDoorOpen,
	"interlock-open":                  CodeDoorOpen,
	"input-tray-missing":              CodeTrayMissing,
	"output-tray-missing":             CodeTrayMissing,
	"output-area-full":                CodeAttention,
	"marker-supply-empty":             CodeTonerEmpty,
	"marker-supply-missing":           CodeTonerEmpty,
	"marker-waste-full":               CodeAttention,
	"toner-empty":                     CodeTonerEmpty,
	"paused":                          CodeStopped,
	"moving-to-paused":                CodeStopped,
	"stopped-partly":                  CodeStopped,
	"shutdown":                        CodeGone,
	"offline":                         CodeGone,
	"timed-out":                       CodeGone,
	"cups-missing-filter":             CodeService,
	"cups-insecure-filter":            CodeService,
	"hold-new-jobs":                   CodeStopped,
	"deactivated":                     CodeStopped,
	"spool-area-full":                 CodeService,
	"fuser-over-temp":                 CodeAttention,
	"input-cannot-feed-size-selected": CodeAttention,
}

// busywork are reasons that only say what the printing system is doing.
var busywork = []string{"none", "cups-waiting-for-job-completed", "connecting-to-device", "cups-remote-pending", "cups-remote-processing"}

// keyword strips the severity an IPP printer adds to a reason.
func keyword(reason string) string {
	reason = strings.ToLower(strings.TrimSpace(reason))
	for _, s := range []string{"-report", "-warning", "-error"} {
		reason = strings.TrimSuffix(reason, s)
	}
	return reason
}

// sortReasons divides printer-state-reasons into problems that keep a printer from printing and notices for staff.
func sortReasons(reasons []string) (problems, notices []string) {
	for _, r := range reasons {
		k := keyword(r)
		switch code := blocking[k]; {
		case code != "":
			problems = append(problems, code)
		case k != "" && !slices.Contains(busywork, k):
			notices = append(notices, k)
		}
	}
	return rank(problems), notices
}

// rank puts problems into the order they are told in, each once.
func rank(problems []string) []string {
	place := func(code string) int {
		if i := slices.Index(order, code); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(problems, func(a, b string) int { return place(a) - place(b) })
	return slices.Compact(problems)
}
