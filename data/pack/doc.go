// Package pack reads and checks a municipality's pack: the folder of YAML and
// Markdown files that says everything the kiosk knows about one municipality.
// Check finds every mistake with its file, line and column; Documents and
// FromDocuments carry a pack over the public feed.
package pack
