//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The set-up script refuses a Go that cannot build this module, before it
// installs anything, and says what to install.
func TestSetupLooksAtGo(t *testing.T) {
	for version, want := range map[string]struct {
		ok  bool
		say string
	}{
		"go version go1.26.0 linux/amd64":               {true, ""},
		"go version go1.27.3 linux/amd64":               {true, ""},
		"go version go1.100 linux/amd64":                {true, ""},
		"go version go1.24.4 X:nodwarf5 linux/amd64":    {true, "Go 1.24.4 is older than the 1.26"},
		"go version go1.21 linux/amd64":                 {true, "Go 1.21 is older than the 1.26"},
		"go version go1.20.14 linux/amd64":              {false, "Go 1.20.14 is too old: install Go 1.26"},
		"go version go1.9 linux/amd64":                  {false, "Go 1.9 is too old: install Go 1.26"},
		"go version devel +a1b2c3 Mon Nov 23 linux/arm": {false, "unknown version is too old: install Go 1.26"},
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{"go": "echo '" + version + "'", "dpkg-query": "echo 'install ok installed'"} {
			must(0, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o700))
		}
		c := exec.Command("../../.ci/setup", "build")
		c.Env = []string{"PATH=" + dir + ":" + os.Getenv("PATH")}
		said, err := c.CombinedOutput()
		if (err == nil) != want.ok || !strings.Contains(string(said), want.say) || want.say == "" && len(said) > 0 {
			t.Errorf("%s: %v, %s", version, err, said)
		}
	}
}
