package theme

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// sizes of the normal text step on a Full HD panel.
var sizes = map[fyne.ThemeSizeName]float32{
	TextSmall: 20, TextBody: 22, TextLead: 25, TextHeading: 29, TextTitle: 38, TextDisplay: 48,
	Target: 84, SlimTarget: 76, BigTarget: 104, IconTile: 100, Key: 70, KeyGap: 8, TopBar: 100, BottomBar: 116,
	GapTiny: 6, GapSmall: 12, Gap: 20, GapLarge: 36, Margin: 56,
	Radius: 10, Stroke: 2, Ring: 4, IconSmall: 28, Icon: 34, IconLarge: 56, BodyWidth: 1240,

	fynetheme.SizeNameText: 24, fynetheme.SizeNameHeadingText: 38, fynetheme.SizeNameSubHeadingText: 29,
	fynetheme.SizeNameCaptionText: 20, fynetheme.SizeNamePadding: 8, fynetheme.SizeNameInnerPadding: 24,
	fynetheme.SizeNameLineSpacing: 6, fynetheme.SizeNameInlineIcon: 28,
	fynetheme.SizeNameScrollBar: 14, fynetheme.SizeNameScrollBarSmall: 14, fynetheme.SizeNameScrollBarRadius: 7,
	fynetheme.SizeNameInputBorder: 2, fynetheme.SizeNameInputRadius: 10, fynetheme.SizeNameSelectionRadius: 4,
	fynetheme.SizeNameSeparatorThickness: 1,
}

// compact replaces sizes on small panels (1366×768, 1280×1024): their pixels are
// larger (3.3 to the millimetre at 18.5", 3.4 at 19"), so 72 of them are still 20 mm.
var compact = map[fyne.ThemeSizeName]float32{
	TextSmall: 20, TextBody: 20, TextLead: 22, TextHeading: 25, TextTitle: 30, TextDisplay: 36,
	Target: 72, SlimTarget: 66, BigTarget: 84, IconTile: 72, Key: 64, KeyGap: 6, TopBar: 80, BottomBar: 88,
	GapTiny: 4, GapSmall: 8, Gap: 14, GapLarge: 22, Margin: 36, IconSmall: 26, Icon: 30, IconLarge: 40,
	fynetheme.SizeNameText: 22, fynetheme.SizeNameInnerPadding: 21,
}

// largeStep enlarges every text by this factor: body 28, whose capitals are
// 4.9 mm high on a 21.5" panel (EN 301 549 cl. 5.1.4 at 40 cm).
const largeStep = 1.27

var texts = map[fyne.ThemeSizeName]bool{
	TextSmall: true, TextBody: true, TextLead: true, TextHeading: true, TextTitle: true, TextDisplay: true,
	fynetheme.SizeNameText: true, fynetheme.SizeNameHeadingText: true, fynetheme.SizeNameSubHeadingText: true,
	fynetheme.SizeNameCaptionText: true,
}
