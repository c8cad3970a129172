package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

type colours map[fyne.ThemeColorName]color.NRGBA

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

var palettes = map[Palette]colours{
	Normal: {
		Ground: rgb(0xf8f4ec), Surface: rgb(0xfffdf9), Sunken: rgb(0xefe9dd),
		Ink: rgb(0x2a2927), Muted: rgb(0x5c574e), Line: rgb(0xddd4c4), Edge: rgb(0x867c6c),
		Accent: rgb(0x1d5845), AccentDeep: rgb(0x123f31), OnAccent: rgb(0xfffdf9),
		AccentSoft: rgb(0xe2ece4), OnAccentSoft: rgb(0x174838), Pressed: rgb(0xe9e2d3),
		Attention: rgb(0xfae3b0), OnAttention: rgb(0x4a3000), AttentionInk: rgb(0x854700),
		Danger: rgb(0x8c2f1b), Faint: rgb(0x9c9484), Focus: rgb(0x2a2927), Ornament: rgb(0x1d5845),
		None: {},
	},
	HighContrast: {
		Ground: rgb(0x000000), Surface: rgb(0x000000), Sunken: rgb(0x161616),
		Ink: rgb(0xffffff), Muted: rgb(0xe6e6e6), Line: rgb(0x9a9a9a), Edge: rgb(0xffffff),
		Accent: rgb(0xffe14d), AccentDeep: rgb(0xffffff), OnAccent: rgb(0x000000),
		AccentSoft: rgb(0x2e2900), OnAccentSoft: rgb(0xffe14d), Pressed: rgb(0x3a3a3a),
		Attention: rgb(0xffffff), OnAttention: rgb(0x000000), AttentionInk: rgb(0xffc38a),
		Danger: rgb(0xffb4a6), Faint: rgb(0x9a9a9a), Focus: rgb(0x66e0ff), Ornament: rgb(0xffe14d),
		None: {},
	},
}

// toolkit says which of our names stands behind each of the toolkit's, so that
// its own widgets (entry, scroll bar) wear the same clothes.
var toolkit = map[fyne.ThemeColorName]fyne.ThemeColorName{
	fynetheme.ColorNameBackground:          Ground,
	fynetheme.ColorNameForeground:          Ink,
	fynetheme.ColorNameInputBackground:     Surface,
	fynetheme.ColorNameInputBorder:         Edge,
	fynetheme.ColorNamePrimary:             Accent,
	fynetheme.ColorNameForegroundOnPrimary: OnAccent,
	fynetheme.ColorNameButton:              Surface,
	fynetheme.ColorNamePlaceHolder:         Muted,
	fynetheme.ColorNameDisabled:            Faint,
	fynetheme.ColorNameDisabledButton:      Sunken,
	fynetheme.ColorNameSeparator:           Line,
	fynetheme.ColorNameScrollBar:           Faint,
	fynetheme.ColorNameScrollBarBackground: Sunken,
	fynetheme.ColorNameSelection:           AccentSoft,
	fynetheme.ColorNameFocus:               AccentSoft,
	fynetheme.ColorNameHover:               Pressed,
	fynetheme.ColorNamePressed:             Pressed,
	fynetheme.ColorNameError:               AttentionInk,
	fynetheme.ColorNameWarning:             AttentionInk,
	fynetheme.ColorNameSuccess:             Accent,
	fynetheme.ColorNameHyperlink:           Accent,
	fynetheme.ColorNameHeaderBackground:    Sunken,
	fynetheme.ColorNameMenuBackground:      Surface,
	fynetheme.ColorNameOverlayBackground:   Surface,
	fynetheme.ColorNameShadow:              None,
}
