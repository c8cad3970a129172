package tour

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// display is a virtual X screen of our own, or none when the user's is used.
type display struct {
	name string
	cmd  *exec.Cmd
}

// startDisplay starts Xvfb with one screen of w×h pixels and waits until it
// answers. It picks a free display number itself.
func startDisplay(ctx context.Context, w, h int) (*display, error) {
	r, pw, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd := exec.CommandContext(ctx, "Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", w, h), "-nolisten", "tcp", "-noreset")
	cmd.ExtraFiles = []*os.File{pw}
	if err := cmd.Start(); err != nil {
		pw.Close()
		return nil, fmt.Errorf("virtual display: %w", err)
	}
	pw.Close()
	d := &display{cmd: cmd}
	if d.name, err = readDisplay(r); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func readDisplay(r *os.File) (string, error) {
	if err := r.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil && !errors.Is(err, os.ErrNoDeadline) {
		return "", err
	}
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("virtual display did not start: %w", err)
	}
	return ":" + strings.TrimSpace(line), nil
}

// Close ends the virtual display.
func (d *display) Close() {
	if d.cmd == nil || d.cmd.Process == nil {
		return
	}
	_ = d.cmd.Process.Signal(os.Interrupt)
	done := make(chan struct{})
	go func() { _ = d.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(3 * time.Second):
		_ = d.cmd.Process.Kill()
	}
}
