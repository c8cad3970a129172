// Package theme holds the looks of e-Gmina: named colours, sizes and durations,
// the one family of type and the line icons. Widgets ask for names; a palette or
// a text step changes what the names mean and nothing else.
package theme
