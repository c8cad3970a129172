package theme

import (
	"time"

	"fyne.io/fyne/v2"
)

// Names of colours. Every text colour has at least 4.5:1 on every ground that
// Pairs lists it with (WCAG 2.2, 1.4.3).
const (
	Ground       fyne.ThemeColorName = "egmina.ground"        // the page: warm paper white
	Surface      fyne.ThemeColorName = "egmina.surface"       // cards, fields, rows
	Sunken       fyne.ThemeColorName = "egmina.sunken"        // bars, keyboard bed, table heads
	Ink          fyne.ThemeColorName = "egmina.ink"           // text
	Muted        fyne.ThemeColorName = "egmina.muted"         // second text
	Line         fyne.ThemeColorName = "egmina.line"          // hair lines, no meaning of their own
	Edge         fyne.ThemeColorName = "egmina.edge"          // edges of things to touch, 3:1
	Accent       fyne.ThemeColorName = "egmina.accent"        // spruce: what to do next
	AccentDeep   fyne.ThemeColorName = "egmina.accent_deep"   // accent pressed
	OnAccent     fyne.ThemeColorName = "egmina.on_accent"     // text on accent
	AccentSoft   fyne.ThemeColorName = "egmina.accent_soft"   // chosen, information
	OnAccentSoft fyne.ThemeColorName = "egmina.on_accentsoft" // text on accent soft
	Pressed      fyne.ThemeColorName = "egmina.pressed"       // a surface under the finger
	Attention    fyne.ThemeColorName = "egmina.attention"     // ground of what needs attention: amber
	OnAttention  fyne.ThemeColorName = "egmina.on_attention"  // text on attention
	AttentionInk fyne.ThemeColorName = "egmina.attention_ink" // errors and warnings as text on ground
	Danger       fyne.ThemeColorName = "egmina.danger"        // ending, removing; red digits of a meter
	Faint        fyne.ThemeColorName = "egmina.faint"         // disabled text (exempt from contrast)
	Focus        fyne.ThemeColorName = "egmina.focus"         // ring around the focused thing, 3:1
	Ornament     fyne.ThemeColorName = "egmina.ornament"      // the parzenica line
	None         fyne.ThemeColorName = "egmina.none"          // nothing is painted
)

// Names of sizes, in Fyne units (pixels of a 21.5" Full HD panel at scale 1,
// 4.03 of them to the millimetre).
const (
	TextSmall   fyne.ThemeSizeName = "egmina.text_small"
	TextBody    fyne.ThemeSizeName = "egmina.text_body" // 22, large 28
	TextLead    fyne.ThemeSizeName = "egmina.text_lead"
	TextHeading fyne.ThemeSizeName = "egmina.text_heading"
	TextTitle   fyne.ThemeSizeName = "egmina.text_title"
	TextDisplay fyne.ThemeSizeName = "egmina.text_display"

	Target     fyne.ThemeSizeName = "egmina.target"      // height of things to touch: 84 = 20.8 mm
	SlimTarget fyne.ThemeSizeName = "egmina.target_slim" // in the top bar: 76
	BigTarget  fyne.ThemeSizeName = "egmina.target_big"  // the main thing on a page
	Key        fyne.ThemeSizeName = "egmina.key"         // height of a key of the keyboard
	KeyGap     fyne.ThemeSizeName = "egmina.key_gap"
	TopBar     fyne.ThemeSizeName = "egmina.top_bar"
	BottomBar  fyne.ThemeSizeName = "egmina.bottom_bar"

	GapTiny  fyne.ThemeSizeName = "egmina.gap_tiny"
	GapSmall fyne.ThemeSizeName = "egmina.gap_small"
	Gap      fyne.ThemeSizeName = "egmina.gap"
	GapLarge fyne.ThemeSizeName = "egmina.gap_large"
	Margin   fyne.ThemeSizeName = "egmina.margin" // left and right of a page

	Radius    fyne.ThemeSizeName = "egmina.radius"
	Stroke    fyne.ThemeSizeName = "egmina.stroke"
	Ring      fyne.ThemeSizeName = "egmina.ring" // thickness of the focus ring
	IconSmall fyne.ThemeSizeName = "egmina.icon_small"
	Icon      fyne.ThemeSizeName = "egmina.icon"
	IconTile  fyne.ThemeSizeName = "egmina.icon_tile" // the disc under a tile's icon
	IconLarge fyne.ThemeSizeName = "egmina.icon_large"
	BodyWidth fyne.ThemeSizeName = "egmina.body_width" // widest column of running text and forms
)

// Durations of the interface.
const (
	LongPress   = 450 * time.Millisecond // until a key offers its variants
	RepeatDelay = 600 * time.Millisecond // until a held key repeats
	RepeatEvery = 120 * time.Millisecond
	BusyAfter   = 300 * time.Millisecond // until a wait says that it goes on
)

// Palette is a set of colours behind the same names.
type Palette int

// Palettes.
const (
	Normal Palette = iota
	HighContrast
)

// Pair is a text colour and a ground it is written on.
type Pair struct{ Text, Ground fyne.ThemeColorName }

// Pairs lists every combination the widgets use; a test measures them all.
var Pairs = []Pair{
	{Ink, Ground}, {Ink, Surface}, {Ink, Sunken}, {Ink, Pressed}, {Ink, AccentSoft},
	{Muted, Ground}, {Muted, Surface}, {Muted, Sunken}, {Muted, AccentSoft}, {Muted, Pressed},
	{Accent, Ground}, {Accent, Surface}, {Accent, Sunken}, {Accent, Pressed}, {Accent, AccentSoft},
	{OnAccent, Accent}, {OnAccent, AccentDeep}, {OnAccentSoft, AccentSoft},
	{OnAttention, Attention}, {AttentionInk, Ground}, {AttentionInk, Surface},
	{Danger, Ground}, {Danger, Surface}, {Danger, Sunken}, {Danger, Pressed},
}

// Edges lists the pairs that must be told apart without being text (3:1).
var Edges = []Pair{{Edge, Ground}, {Edge, Surface}, {Edge, Sunken}, {Focus, Ground}, {Focus, Surface}, {Focus, Sunken}}
