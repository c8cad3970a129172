//go:build !cgo

package main

import "egmina/data"

// hasWindow says that this build opens none.
const hasWindow = false

// openWindow says that this build has no window.
func (p *program) openWindow(windowOptions) error { return data.Fail("cli.no_window", nil) }
