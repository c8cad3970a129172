//go:build unix

package printing

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestToolResult(t *testing.T) {
	res, err := runTool(t.Context(), command{name: "sh", args: []string{"-c", "cat; echo $LC_ALL; echo first >&2; echo second >&2; exit 3"}, stdin: []byte("in ")})
	if err != nil || string(res.stdout) != "in C\n" || res.stderr != "first" || res.code != 3 {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestToolEndlessOutput(t *testing.T) {
	for _, c := range []string{"yes", "yes >&2"} {
		if res, err := runTool(t.Context(), command{name: "sh", args: []string{"-c", c}}); !errors.Is(err, errOutput) || len(res.stdout) > maxOutput {
			t.Errorf("%s: %d bytes, %v", c, len(res.stdout), err)
		}
	}
}

func TestToolHangs(t *testing.T) {
	start := time.Now()
	// The shell's child keeps the pipes open after the shell is killed.
	_, err := runTool(t.Context(), command{name: "sh", args: []string{"-c", "sleep 60; true"}, limit: 100 * time.Millisecond})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := runTool(ctx, command{name: "sh", args: []string{"-c", "sleep 60"}}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestToolMissing(t *testing.T) {
	if _, err := runTool(t.Context(), command{name: "no-such-tool-here"}); err == nil {
		t.Error("no error")
	}
}

func TestFirstLine(t *testing.T) {
	if got := firstLine("  a\nb"); got != "a" {
		t.Errorf("%q", got)
	}
	if got := firstLine(strings.Repeat("x", 1000)); len(got) != 200 {
		t.Errorf("%d", len(got))
	}
}
