//go:build !windows

package printing

import (
	"errors"

	"egmina/data"
)

// NewWindows says that the Windows spooler is on Windows only.
func NewWindows(printer string) (*Spool, error) {
	return nil, &data.Error{Code: CodeSettings, Args: map[string]any{"Name": printer}, Err: errors.ErrUnsupported}
}
