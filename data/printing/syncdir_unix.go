//go:build !windows

package printing

import (
	"errors"
	"os"
)

// syncDir flushes the names of the files in a directory.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
