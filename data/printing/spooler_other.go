//go:build !windows

package printing

import (
	"errors"

	"egmina/data"
)

// NewSpool says that the Windows spooler is on Windows only.
func NewSpool(printer, _ string) (*Spool, error) {
	return nil, &data.Error{Code: CodeSettings, Args: map[string]any{"Name": printer}, Err: errors.ErrUnsupported}
}
