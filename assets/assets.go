// Package assets embeds what the binary carries: fonts, icons, language files
// and the demonstration municipality. Code has no texts; they live here.
package assets

import "embed"

// Fonts holds the one family of type, in two weights, for screen and paper.
//
//go:embed fonts/*.ttf
var Fonts embed.FS

// Lang holds the sentences of the interface: lang/<language>/<area>.toml.
//
//go:embed lang
var Lang embed.FS

// Icons holds the line icons of the interface.
//
//go:embed icons
var Icons embed.FS

// Gminas holds the municipality packs: gmina/<id>/….
//
//go:embed gmina
var Gminas embed.FS

// Paper holds the sentences printed on paper, Polish only: paper/pl.toml.
//
//go:embed paper/pl.toml
var Paper embed.FS
