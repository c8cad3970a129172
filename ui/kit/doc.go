// Package kit holds the widgets of e-Gmina. It knows no domain: texts come in,
// calls go out.
//
// A page is put together from Column, Stack, Line, Grid, AutoGrid, Card, Panel,
// Inset and Narrow. Use these instead of the toolkit's boxes: they ask every
// child for its height at the width it will get, so wrapped text never overlaps.
// Grow(child) takes the room a Line or Column has left.
//
//	name := kit.NewField(ctx.Loc, kit.FieldSpec{
//		Label:     ctx.T("form.surname"),
//		Help:      ctx.T("form.surname_help"),
//		Value:     s.surname,                              // state lives in the screen
//		OnChanged: func(v string) { s.surname = v },
//	})
//	page := kit.Stack(
//		kit.Heading(ctx.T("form.who")),
//		name,
//		kit.NewChoice(kit.ChoiceSpec{Options: opts, Value: s.kind, OnChanged: func(id string) { s.kind = id; ctx.Refresh() }}),
//		kit.Note(kit.Attention, ctx.T("form.mind")),
//	)
//
// A field asks for the on-screen keyboard it needs with FieldSpec.Layout; the
// shell docks it. When a check fails later call name.SetError(text).
//
// An access code: Layout: kit.LayoutCode, Format: kit.Groups("-", 4, 4, 4),
// MaxLen: 14. A date: Layout: kit.LayoutDate, Format: kit.Groups(".", 2, 2, 4).
// A PIN: Layout: kit.LayoutDigits, Masked: true, MaxLen: 6.
//
// A long list has a scroller of its own; show it with shell.View{Fill: true}:
//
//	kit.NewList(kit.ListSpec{Words: ctx.Loc, Len: len(rows), Row: func(i int) kit.RowSpec { … },
//		Empty: kit.Empty("search", ctx.T("x.none"), ctx.T("x.none_do"))})
//
// Targets lists everything on a page that can be touched, with its place, for the
// guided tour and the tests.
package kit
