package printing

import (
	"slices"
	"testing"

	"github.com/BurntSushi/toml"

	"egmina/assets"
)

func TestReasonsBlockWhateverTheSuffix(t *testing.T) {
	for _, reason := range []string{"media-empty", "media-needed", "media-jam", "cover-open", "door-open",
		"marker-supply-empty", "toner-empty", "input-tray-missing", "paused", "shutdown", "offline"} {
		for _, suffix := range []string{"", "-report", "-warning", "-error"} {
			if problems, notices := sortReasons([]string{reason + suffix}); len(problems) != 1 || len(notices) != 0 {
				t.Errorf("%s%s: problems %q, notices %q", reason, suffix, problems, notices)
			}
		}
	}
}

func TestReasonsForStaffOnly(t *testing.T) {
	problems, notices := sortReasons([]string{"media-low-warning", "toner-low-report", "marker-supply-low", "none",
		"cups-waiting-for-job-completed", "", "vendor-thing-error"})
	if len(problems) != 0 || !slices.Equal(notices, []string{"media-low", "toner-low", "marker-supply-low", "vendor-thing"}) {
		t.Errorf("problems %q, notices %q", problems, notices)
	}
}

func TestProblemsAreRanked(t *testing.T) {
	problems, _ := sortReasons([]string{"paused", "toner-empty-error", "media-needed-error", "media-empty-error", "media-jam-error"})
	if want := []string{CodeJam, CodePaperEmpty, CodeTonerEmpty, CodeStopped}; !slices.Equal(problems, want) {
		t.Errorf("%q, want %q", problems, want)
	}
}

func TestEveryCodeHasItsSentence(t *testing.T) {
	codes := []string{CodeJam, CodeDoorOpen, CodeTrayMissing, CodePaperEmpty, CodeTonerEmpty, CodeAttention, CodeGone, CodeStopped,
		CodeCancelled, CodeTimeout, CodeFailed, CodeUnknown, CodeNotCancelled, CodeService, CodeFolder, CodeDocument, CodeNone, CodeSettings}
	for _, lang := range []string{"pl", "en"} {
		raw, err := assets.Lang.ReadFile("lang/" + lang + "/errors-printing.toml")
		if err != nil {
			t.Fatal(err)
		}
		var sentences map[string]struct{ Other string }
		if err := toml.Unmarshal(raw, &sentences); err != nil {
			t.Fatal(err)
		}
		for _, code := range codes {
			if sentences["error."+code].Other == "" {
				t.Errorf("%s: no sentence for %s", lang, code)
			}
		}
		if len(sentences) != len(codes) {
			t.Errorf("%s: %d sentences for %d codes", lang, len(sentences), len(codes))
		}
	}
	for _, code := range blocking {
		if !slices.Contains(codes, code) {
			t.Errorf("%s is no code", code)
		}
	}
}
