package printing

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	maxOutput    = 1 << 20          // bytes a tool may write before it is stopped
	toolTime     = 15 * time.Second // a tool that takes longer hangs
	toolLeftover = 2 * time.Second  // for pipes that a tool's children keep open
)

// errOutput stops a tool that writes without end.
var errOutput = errors.New("output too long")

// command is one call of an outside tool.
type command struct {
	name  string
	args  []string
	stdin []byte
	limit time.Duration // 0 is toolTime
}

// result is what a tool left behind; code is its exit status.
type result struct {
	stdout []byte
	stderr string
	code   int
}

// runner calls a tool. The error means that it could not be started, was stopped or wrote too much;
// an exit status other than 0 is a result.
type runner func(ctx context.Context, c command) (result, error)

// runTool is the runner for real: bounded in time and output, in the C locale, without a shell.
func runTool(ctx context.Context, c command) (result, error) {
	ctx, stop := context.WithTimeout(ctx, cmp.Or(c.limit, toolTime))
	defer stop()
	var out, complaint capped
	cmd := exec.CommandContext(ctx, c.name, c.args...)
	cmd.Stdin = bytes.NewReader(c.stdin)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	cmd.Env = append(os.Environ(), "LC_ALL=C", "LANG=C", "LANGUAGE=C")
	cmd.WaitDelay = toolLeftover
	err := cmd.Run()
	res := result{stdout: out.buf.Bytes(), stderr: firstLine(complaint.buf.String()), code: cmd.ProcessState.ExitCode()}
	switch _, exited := errors.AsType[*exec.ExitError](err); {
	case ctx.Err() != nil:
		return res, fmt.Errorf("%s: %w", c.name, ctx.Err())
	case out.over || complaint.over:
		return res, fmt.Errorf("%s: %w", c.name, errOutput)
	case err != nil && (!exited || res.code < 0):
		return res, fmt.Errorf("%s: %w", c.name, err)
	}
	return res, nil
}

// capped keeps the first maxOutput bytes; writing more fails, which ends the tool by a broken pipe.
// The buffer is not embedded: its ReadFrom would go round the cap.
type capped struct {
	buf  bytes.Buffer
	over bool
}

func (c *capped) Write(p []byte) (int, error) {
	if c.buf.Len()+len(p) > maxOutput {
		c.over = true
		return 0, errOutput
	}
	return c.buf.Write(p)
}

// firstLine shortens a tool's complaint for the log.
func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s[:min(len(s), 200)]
}
