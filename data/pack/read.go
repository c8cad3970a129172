package pack

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"egmina/data"
)

// Limits of a pack.
const (
	maxFile  = 1 << 20  // bytes
	maxPack  = 64 << 20 // bytes
	maxFiles = 2000
)

var fileName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,79}(\.en|\.uk|\.de)?\.[a-z]{2,4}$`)

// loader reads one pack. sources keeps the places of what was read, for the
// checks across files that come after.
type loader struct {
	pack     *Pack
	problems Problems
	sources  map[string]*source // by file
	bodies   map[string]string  // translated Markdown, by file
	size     int64
}

func load(fsys fs.FS) (*Pack, Problems) {
	l := &loader{pack: &Pack{Files: map[string][]byte{}}, sources: map[string]*source{}, bodies: map[string]string{}}
	names, err := l.list(fsys)
	if err != nil {
		l.source(".").fail("", "pack.unreadable", "Reason", reason(err))
		return l.pack, l.problems
	}
	for _, name := range names {
		if content, ok := l.read(fsys, name); ok {
			l.take(name, content)
		}
	}
	l.attachBodies()
	l.pack.sort()
	l.check()
	l.problems.sort()
	return l.pack, l.problems
}

func (l *loader) source(file string) *source {
	s, ok := l.sources[file]
	if !ok {
		s = &source{file: file, pos: map[string]position{}, problems: &l.problems}
		l.sources[file] = s
	}
	return s
}

// list names the files of the pack. Files and folders whose name begins with a
// dot are left alone.
func (l *loader) list(fsys fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return err
		case err != nil:
			l.source(name).fail("", "pack.unreadable", "Reason", reason(err))
			return nil
		case name != "." && strings.HasPrefix(path.Base(name), "."):
			return skip(d)
		case d.IsDir():
			if name != "." && !slices.Contains([]string{"procedures", "pages", "forms", "pictures"}, name) {
				l.source(name).fail("", "pack.unknown_file")
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			l.source(name).fail("", "pack.not_a_file")
			return nil
		case len(names) >= maxFiles:
			l.source(".").fail("", "pack.too_many_files", "Max", maxFiles)
			return fs.SkipAll
		}
		names = append(names, name)
		return nil
	})
	return names, err
}

func skip(d fs.DirEntry) error {
	if d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// reason leaves out the path of an error: the place is said already.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

func (l *loader) read(fsys fs.FS, name string) ([]byte, bool) {
	f, err := fsys.Open(name)
	if err != nil {
		l.source(name).fail("", "pack.unreadable", "Reason", reason(err))
		return nil, false
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	l.size += int64(len(content))
	switch {
	case err != nil:
		l.source(name).fail("", "pack.unreadable", "Reason", reason(err))
		return nil, false
	case len(content) > maxFile:
		l.source(name).fail("", "pack.file_too_big", "Max", maxFile>>10)
		return nil, false
	case l.size > maxPack:
		l.source(name).fail("", "pack.too_big", "Max", maxPack>>20)
		return nil, false
	}
	return content, true
}

// take puts a file in its place by its name.
func (l *loader) take(name string, content []byte) {
	dir, base := path.Split(name)
	ext := path.Ext(base)
	switch {
	case dir == "" && (base == "README.md" || base == "LICENSE" || base == "LICENSE.txt"):
	case !fileName.MatchString(base):
		l.source(name).fail("", "pack.bad_file_name")
	case dir == "" && ext == ".yaml":
		l.takeRoot(name, content)
	case dir == "forms/" && ext == ".yaml":
		bindFile(l, name, content, func(f *data.Form) {
			f.Slug = l.source(name).slug(f.Slug)
			l.pack.Forms = append(l.pack.Forms, *f)
		})
	case dir == "procedures/" && ext == ".md", dir == "pages/" && ext == ".md":
		l.takeMarkdown(name, content)
	case (dir == "" || dir == "pictures/") && (ext == ".svg" || ext == ".png"):
		l.takePicture(name, content)
	default:
		l.source(name).fail("", "pack.unknown_file")
	}
}

func (l *loader) takeRoot(name string, content []byte) {
	p := l.pack
	switch name {
	case "gmina.yaml":
		bindFile(l, name, content, func(m *data.Municipality) { p.Municipality = *m })
	case "tariffs.yaml":
		bindFile(l, name, content, func(t *data.Tariffs) { p.Tariffs = *t })
	case "waste.yaml":
		bindFile(l, name, content, func(w *data.Waste) { p.Waste = *w })
	case "residents.yaml":
		bindFile(l, name, content, func(r *[]Resident) { p.Residents = *r })
	default:
		l.source(name).fail("", "pack.unknown_file")
	}
}

// bindFile reads a YAML file into a T and hands it over, also when parts of it
// were wrong.
func bindFile[T any](l *loader, name string, content []byte, use func(*T)) {
	s := l.source(name)
	if !s.encoded(content) {
		return
	}
	if t := s.parseYAML(unixLines(content), 1); t != nil {
		var v T
		s.bind(t, &v)
		use(&v)
	}
}

// slug wants the slug to be the file's name and returns that.
func (s *source) slug(slug string) string {
	name := strings.TrimSuffix(path.Base(s.file), path.Ext(s.file))
	switch {
	case slug == "":
		s.fail("slug", "pack.missing", "Key", "slug")
	case slug != name:
		s.fail("slug", "pack.slug_is_not_file_name", "Slug", slug, "Name", name)
	}
	return name
}

// encoded wants UTF-8 without control characters.
func (s *source) encoded(content []byte) bool {
	line := 1
	for len(content) > 0 {
		r, n := utf8.DecodeRune(content)
		switch {
		case r == utf8.RuneError && n == 1:
			s.failAt(line, 1, "pack.encoding")
			return false
		case r == '\n':
			line++
		case unicode.IsControl(r) && r != '\r' && r != '\t', r == '\ufeff', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			s.failAt(line, 1, "pack.control_character")
			return false
		}
		content = content[n:]
	}
	return true
}

// takeMarkdown reads a procedure or a page, or the translation of its body:
// SLUG.en.md.
func (l *loader) takeMarkdown(name string, content []byte) {
	s := l.source(name)
	if !s.encoded(content) {
		return
	}
	text := unixLines(content)
	if strings.Count(path.Base(name), ".") > 1 {
		if strings.HasPrefix(text, "---\n") {
			s.failAt(1, 1, "pack.front_matter_in_translation")
			return
		}
		l.bodies[name] = strings.TrimSpace(text)
		return
	}
	front, body, ok := cutFrontMatter(text)
	if !ok {
		s.failAt(1, 1, "pack.no_front_matter")
		return
	}
	t := s.parseYAML(front, 2)
	if t == nil {
		return
	}
	if strings.HasPrefix(name, "pages/") {
		p := data.Page{Body: data.PL(body)}
		s.bind(t, &p)
		p.Slug = s.slug(p.Slug)
		l.pack.Pages = append(l.pack.Pages, p)
		return
	}
	p := data.Procedure{Body: data.PL(body)}
	s.bind(t, &p)
	p.Slug = s.slug(p.Slug)
	l.pack.Procedures = append(l.pack.Procedures, p)
}

// unixLines makes every line end alike, so that lines are counted alike.
func unixLines(content []byte) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(content))
}

// cutFrontMatter takes "---", YAML, "---", Markdown apart.
func cutFrontMatter(text string) (front, body string, ok bool) {
	rest, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return "", "", false
	}
	if front, ok = strings.CutSuffix(rest, "\n---"); ok && !strings.Contains(front, "\n---\n") {
		return front + "\n", "", true
	}
	front, body, ok = strings.Cut(rest, "\n---\n")
	return front + "\n", strings.TrimSpace(body), ok
}

func (l *loader) takePicture(name string, content []byte) {
	if path.Ext(name) == ".png" && !bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")) ||
		path.Ext(name) == ".svg" && !isSVG(content) {
		l.source(name).fail("", "pack.bad_picture")
		return
	}
	l.pack.Files[name] = content
}

// isSVG wants a well-formed drawing that runs and loads nothing.
func isSVG(content []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(content))
	root := ""
	for {
		t, err := d.Token()
		if err == io.EOF {
			return root == "svg"
		}
		if err != nil {
			return false
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if root == "" {
			root = e.Name.Local
		}
		if n := strings.ToLower(e.Name.Local); n == "script" || n == "foreignobject" {
			return false
		}
	}
}

// attachBodies gives translated Markdown to its procedure or page.
func (l *loader) attachBodies() {
	for name, body := range l.bodies {
		stem, lang, _ := strings.Cut(strings.TrimSuffix(name, ".md"), ".")
		dir, slug := path.Split(stem)
		found := false
		if dir == "pages/" {
			if p, ok := l.pack.Page(slug); ok {
				p.Body[lang], found = body, true
			}
		} else if p, ok := l.pack.Procedure(slug); ok {
			p.Body[lang], found = body, true
		}
		if _, broken := l.sources[stem+".md"]; !found && !broken {
			l.source(name).fail("", "pack.translation_of_nothing", "File", stem+".md")
		}
		if body == "" {
			l.source(name).fail("", "pack.no_body")
		}
	}
}

// sort orders what is shown in lists.
func (p *Pack) sort() {
	slices.SortFunc(p.Procedures, func(a, b data.Procedure) int { return cmp.Compare(a.Slug, b.Slug) })
	slices.SortFunc(p.Forms, func(a, b data.Form) int { return cmp.Compare(a.Slug, b.Slug) })
	slices.SortFunc(p.Pages, func(a, b data.Page) int {
		return cmp.Or(cmp.Compare(a.Door, b.Door), cmp.Compare(a.Order, b.Order), cmp.Compare(a.Slug, b.Slug))
	})
}
