package printing

import (
	"errors"
	"time"

	"egmina/data"
)

// Settings choose a printer.
type Settings struct {
	Kind    string // "cups", "windows" or "folder"
	Name    string // queue or printer
	Folder  string // of the folder printer
	Sumatra string // path of SumatraPDF.exe, for "windows"
}

// Open makes the printer the settings name, without looking at it yet.
func Open(s Settings, now func() time.Time) (Printer, error) {
	switch s.Kind {
	case "cups":
		return printerOr(NewCUPS(s.Name))
	case "windows":
		return printerOr(NewSpool(s.Name, s.Sumatra))
	case "folder":
		return printerOr(NewFolder(s.Folder, now))
	default:
		return nil, &data.Error{Code: CodeSettings, Args: map[string]any{"Name": s.Kind},
			Err: errors.New("no such kind of printer")}
	}
}

// printerOr keeps a nil pointer from becoming a Printer that is not nil.
func printerOr[P Printer](p P, err error) (Printer, error) {
	if err != nil {
		return nil, err
	}
	return p, nil
}
