package main

import (
	"strings"

	"egmina/data"
	"egmina/data/printing"
)

// openPrinter makes the printer a setting names: "cups:NAME", "windows:NAME",
// "folder:PATH" or "none".
func openPrinter(setting string) (printing.Printer, error) {
	kind, name, _ := strings.Cut(setting, ":")
	switch kind {
	case "cups":
		return printing.NewCUPS(name)
	case "windows":
		return printing.NewWindows(name)
	case "folder":
		return printing.NewFolder(name)
	case "none":
		return printing.None{}, nil
	}
	return nil, &data.Error{Code: printing.CodeSettings, Args: map[string]any{"Name": setting}}
}
