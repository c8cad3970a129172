package pack

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"egmina/data"
)

// Keys of the public feed.
const (
	keyGmina     = "gmina"
	keyTariffs   = "tariffs"
	keyWaste     = "waste"
	keyProcedure = "procedure/"
	keyForm      = "form/"
	keyPage      = "page/"
	keyFile      = "file/"
)

// Documents writes the pack as entries of the public feed: "gmina", "tariffs",
// "waste", "procedure/SLUG", "form/SLUG", "page/SLUG" in JSON and
// "file/emblem.svg" as it is. The same pack gives the same bytes. Residents
// are not among them.
func (p *Pack) Documents() map[string][]byte {
	out := map[string][]byte{}
	put := func(key string, v any) {
		// The types hold strings, numbers, slices and maps of strings: they can
		// always be written.
		if b, err := json.Marshal(v); err == nil {
			out[key] = b
		}
	}
	put(keyGmina, p.Municipality)
	put(keyTariffs, p.Tariffs)
	put(keyWaste, p.Waste)
	for i := range p.Procedures {
		put(keyProcedure+p.Procedures[i].Slug, p.Procedures[i])
	}
	for i := range p.Forms {
		put(keyForm+p.Forms[i].Slug, p.Forms[i])
	}
	for i := range p.Pages {
		put(keyPage+p.Pages[i].Slug, p.Pages[i])
	}
	for name, content := range p.Files {
		out[keyFile+name] = content
	}
	return out
}

// FromDocuments reads a pack back from the feed's entries. It is tolerant, for
// an office may be newer than its kiosks: unknown keys are ignored, a bad
// document is left out and named in the error (Problems with the key as File).
// The pack is usable in either case.
func FromDocuments(docs map[string][]byte) (*Pack, error) {
	p, problems := &Pack{Files: map[string][]byte{}}, Problems(nil)
	size := 0
	for _, key := range slices.Sorted(maps.Keys(docs)) {
		content := docs[key]
		size += len(content)
		switch {
		case len(content) > maxFile:
			problems = append(problems, Problem{File: key, Code: "pack.file_too_big", Args: map[string]any{"Max": maxFile >> 10}})
		case size > maxPack:
			problems = append(problems, Problem{File: key, Code: "pack.too_big", Args: map[string]any{"Max": maxPack >> 20}})
		case !p.take(key, content):
			problems = append(problems, Problem{File: key, Code: "pack.bad_document"})
		}
	}
	p.sort()
	if len(problems) > 0 {
		return p, problems
	}
	return p, nil
}

// take reads one document; keys of other kinds are for newer kiosks.
func (p *Pack) take(key string, content []byte) bool {
	kind, slug, _ := strings.Cut(key, "/")
	switch kind + "/" {
	case keyGmina + "/":
		return decode(content, &p.Municipality)
	case keyTariffs + "/":
		return decode(content, &p.Tariffs)
	case keyWaste + "/":
		return decode(content, &p.Waste)
	case keyProcedure:
		return collect(content, &p.Procedures, func(v *data.Procedure) bool { return v.Slug == slug })
	case keyForm:
		return collect(content, &p.Forms, func(v *data.Form) bool { return v.Slug == slug })
	case keyPage:
		return collect(content, &p.Pages, func(v *data.Page) bool { return v.Slug == slug })
	case keyFile:
		p.Files[slug] = content
	}
	return true
}

// decode leaves the target as it was when the document is bad.
func decode[T any](content []byte, target *T) bool {
	var v T
	if !utf8.Valid(content) || json.Unmarshal(content, &v) != nil {
		return false
	}
	*target = v
	return true
}

func collect[T any](content []byte, list *[]T, right func(*T) bool) bool {
	var v T
	if !decode(content, &v) || !right(&v) {
		return false
	}
	*list = append(*list, v)
	return true
}
