package forms

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"egmina/data"
)

// Limits of the code on a printed form.
const (
	// MaxCode is the length of a code in characters of QR's alphanumeric mode:
	// the capacity of version 30 at error correction M (ISO/IEC 18004), 137
	// modules a side.
	MaxCode     = 1990
	maxDocument = 64 << 10 // bytes before compression
	maxAnswers  = 2000
	codePrefix  = "EG1:"
)

// codeWords is what the compression of "EG1:" codes knows beforehand. Changing
// it needs a new prefix: printed forms live for years.
const codeWords = "odbior_osobisty.wlasciciel.zmiana.wspolwlasciciel.numer_telefonu.adres_korespondencyjny.ul. Kościelisko" +
	"Dzianisz Witów 34-511 data_urodzenia.nazwisko.imie.imiona.miejscowosc.ulica.nr_domu.nr_lokalu.kod_pocztowy." +
	"street.house.flat.postcode.town.phone.email.first_name.last_name.full_name.pesel.nip.liczba.osoby.#" +
	".0..1..2.2024-2025-2026-2027-falsetaknietrue"

// Document is what the code of a printed form carries to the desk.
type Document struct {
	Form    string // slug
	Version string
	Number  string // of the document
	Answers data.Answers
	Partial bool // long answers were left out: the paper has them
}

// Document gathers what the code of a filled form carries: the right answers
// to what is asked, without those computed from others.
func (f *Form) Document(a data.Answers, number string) Document {
	d := Document{Form: f.def.Slug, Version: f.def.Version, Number: number, Answers: data.Answers{}}
	s := f.Eval(a)
	for i := range s.Steps {
		st := &s.Steps[i]
		if st.Def.Repeat != nil {
			d.Answers[countPath(st.Def.ID)] = fmt.Sprint(st.Index + 1)
		}
		for j := range st.Fields {
			if fs := &st.Fields[j]; fs.Value != "" && answerable(fs.Def) {
				d.Answers[fs.Path] = fs.Value
			}
		}
	}
	return d
}

// Encode writes the code of a document: "EG1:" and base45 (RFC 9285) of CRC-32
// and deflated contents, at most MaxCode characters. When that is too little
// the longest answers are left out and the code says so (Partial).
func Encode(d Document) (string, error) {
	d.Answers = maps.Clone(d.Answers)
	for {
		code, err := encode(d)
		if err != nil || len(code) <= MaxCode {
			return code, err
		}
		longest := ""
		for _, path := range slices.Sorted(maps.Keys(d.Answers)) {
			if longest == "" || len(d.Answers[path]) > len(d.Answers[longest]) {
				longest = path
			}
		}
		if longest == "" {
			return "", fail("forms.code_too_long")
		}
		delete(d.Answers, longest)
		d.Partial = true
	}
}

func encode(d Document) (string, error) {
	raw := marshal(d)
	if len(raw) > maxDocument || len(d.Answers) > maxAnswers {
		return "", fail("forms.code_too_long")
	}
	var packed bytes.Buffer
	w, err := flate.NewWriterDict(&packed, flate.BestCompression, []byte(codeWords))
	if err != nil {
		return "", err
	}
	if _, err := w.Write(raw); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(raw))
	return codePrefix + encode45(append(sum, packed.Bytes()...)), nil
}

// marshal writes flags, form, version, number and the answers sorted by path,
// each text with its length before it.
func marshal(d Document) []byte {
	flags := byte(0)
	if d.Partial {
		flags = 1
	}
	b := []byte{flags}
	put := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	put(d.Form)
	put(d.Version)
	put(d.Number)
	for _, path := range slices.Sorted(maps.Keys(d.Answers)) {
		put(path)
		put(d.Answers[path])
	}
	return b
}

// Decode reads a code. It never makes more of it than 64 KiB. Codes of the
// error: forms.code_other (not our code), forms.code_damaged.
func Decode(code string) (Document, error) {
	code = strings.TrimRight(code, "\r\n")
	body, ok := strings.CutPrefix(code, codePrefix)
	if !ok || len(code) > MaxCode {
		return Document{}, fail("forms.code_other")
	}
	packed, err := decode45(body)
	if err != nil || len(packed) < 5 {
		return Document{}, data.Fail("forms.code_damaged", err)
	}
	r := flate.NewReaderDict(bytes.NewReader(packed[4:]), []byte(codeWords))
	raw, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err != nil || len(raw) > maxDocument || crc32.ChecksumIEEE(raw) != binary.BigEndian.Uint32(packed) {
		return Document{}, data.Fail("forms.code_damaged", err)
	}
	d, err := unmarshal(raw)
	if err != nil {
		return Document{}, data.Fail("forms.code_damaged", err)
	}
	return d, nil
}

var errDocument = errors.New("malformed document")

func unmarshal(raw []byte) (Document, error) {
	if len(raw) == 0 || raw[0] > 1 {
		return Document{}, errDocument
	}
	d := Document{Partial: raw[0] == 1, Answers: data.Answers{}}
	raw = raw[1:]
	for _, target := range []*string{&d.Form, &d.Version, &d.Number} {
		s, rest, err := text(raw)
		if err != nil {
			return Document{}, err
		}
		*target, raw = s, rest
	}
	last := ""
	for len(raw) > 0 {
		path, rest, err := text(raw)
		if err != nil {
			return Document{}, err
		}
		value, rest, err := text(rest)
		if err != nil || path <= last || len(d.Answers) >= maxAnswers {
			return Document{}, errDocument
		}
		d.Answers[path], raw, last = value, rest, path
	}
	return d, nil
}

func text(b []byte) (s string, rest []byte, err error) {
	n, used := binary.Uvarint(b)
	if used <= 0 || n > uint64(len(b)-used) {
		return "", nil, errDocument
	}
	b = b[used:]
	if !utf8.Valid(b[:n]) {
		return "", nil, errDocument
	}
	return string(b[:n]), b[n:], nil
}
