//go:build kill

package cache

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"egmina/data"
)

// A kiosk's life in short: acts are put in, answered, dropped, and the journal
// compacted. Each act is printed once it is promised to the resident.
func init() {
	children["kill"] = func(dir string) int {
		runtime.LockOSThread() // strace counts calls by thread
		c, _, err := Open(dir, wall)
		if err != nil {
			fmt.Println("not opened", err)
			return 1
		}
		c.out.compactAt = 10_000
		put := func(from, to int) {
			for n := from; n <= to; n++ {
				if op, err := c.Enqueue(ctx, act(n)); err == nil {
					fmt.Println("saved", n, op.Counter)
				}
			}
		}
		put(1, 5)
		fmt.Println("answered 3")
		_ = c.Acked(ctx, results(1, 4, data.OpApplied), "e1", 3) // failing leaves them waiting
		put(6, 8)
		_ = c.Close()
		fmt.Println("done")
		return 0
	}
}

// What a sweep may take; calls that do not fit are stepped over evenly.
const (
	longSweep  = 25 * time.Second
	shortSweep = 6 * time.Second
)

// TestKilledAtEveryWrite ends a real process at its N-th call of each kind
// that changes the disk, for N = 1, 2, … until it comes through, and looks what
// a restart finds.
func TestKilledAtEveryWrite(t *testing.T) {
	t.Run("pwrite64", func(t *testing.T) { sweep(t, longSweep, "pwrite64", "signal=KILL", "") })
	for _, call := range []string{
		"write", "fsync", "fdatasync", "ftruncate", "rename,renameat,renameat2", "unlink,unlinkat",
	} {
		t.Run(call, func(t *testing.T) { sweep(t, shortSweep, call, "signal=KILL", "") })
	}
}

// A full disk from the N-th write on, and a sync that fails once: what was
// promised is there, what was refused is not half there.
func TestDiskCutOffAtEveryWrite(t *testing.T) {
	t.Run("disk full", func(t *testing.T) { sweep(t, shortSweep, "pwrite64", "error=ENOSPC", "+") })
	t.Run("sync fails", func(t *testing.T) { sweep(t, shortSweep, "fsync,fdatasync", "error=EIO", "") })
}

func sweep(t *testing.T, budget time.Duration, call, fault, andLater string) {
	start := time.Now()
	total := calls(t, call)
	step := max(1, total*int(time.Since(start))/int(budget))
	runs := 0
	for n := 1; n <= total+step; n += step {
		dir := t.TempDir()
		out := traced(t, dir, "-e", fmt.Sprintf("inject=%s:%s:when=%d%s", call, fault, n, andLater))
		restarted(t, dir, out)
		if runs++; t.Failed() {
			t.Fatalf("%s %s at call %d:\n%s", call, fault, n, out)
		}
	}
	t.Logf("%d calls, %d runs", total, runs)
}

// calls counts the calls of an undisturbed life.
func calls(t *testing.T, call string) int {
	log := filepath.Join(t.TempDir(), "calls")
	out := traced(t, t.TempDir(), "-o", log)
	if !strings.Contains(out, "done") {
		t.Fatalf("an undisturbed kiosk: %s", out)
	}
	raw, err := os.ReadFile(log)
	must(t, err)
	n := 0
	for line := range bytes.Lines(raw) {
		for name := range strings.SplitSeq(call, ",") {
			if bytes.Contains(line, []byte(" "+name+"(")) {
				n++
			}
		}
	}
	if n == 0 {
		t.Fatalf("a life without %s", call)
	}
	return n
}

func traced(t *testing.T, dir string, how ...string) string {
	t.Helper()
	args := append([]string{"-f", "-qq", "-e", "trace=pwrite64,write,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat"}, how...)
	if len(how) > 0 && how[0] == "-e" {
		args = append(args, "-o", os.DevNull)
	}
	cmd := exec.Command("strace", append(args, os.Args[0])...)
	cmd.Env = append(os.Environ(), "CACHE_CHILD=kill", "CACHE_DIR="+dir)
	out, err := cmd.Output() // killed is what it should be
	if _, ok := err.(*exec.ExitError); err != nil && !ok {
		t.Fatal(err)
	}
	return string(out)
}

// restarted opens what a killed kiosk left and compares it with what that one
// had promised.
func restarted(t *testing.T, dir, out string) {
	t.Helper()
	promised, answered := map[int]int{}, 0 // by act: its counter
	lines := bufio.NewScanner(strings.NewReader(out))
	for lines.Scan() {
		var n, counter int
		if _, err := fmt.Sscanf(lines.Text(), "saved %d %d", &n, &counter); err == nil {
			promised[n] = counter
		}
		if _, err := fmt.Sscanf(lines.Text(), "answered %d", &n); err == nil {
			answered = n
		}
	}
	c, rep, err := Open(dir, wall)
	must(t, err)
	if len(rep.Lost) > 0 {
		t.Errorf("lost %v", rep.Lost)
	}
	found := map[int]int{}
	for _, bucket := range []string{"account.a0", "account.a1"} {
		entries, err := c.Of(ctx, bucket)
		must(t, err)
		for _, e := range entries {
			found[int(e.Op.ID[15])]++
		}
	}
	for n := 1; n <= 8; n++ {
		if found[n] > 1 || promised[n] > answered && found[n] != 1 {
			t.Errorf("act %d is there %d times, promised as %d", n, found[n], promised[n])
		}
	}
	must(t, c.Close())
	c, rep, err = Open(dir, wall)
	must(t, err)
	clean(t, rep)
	must(t, c.Close())
	if sc := journalOnDisk(t, dir); sc.damaged {
		t.Error("the journal's chain does not hold")
	}
}
