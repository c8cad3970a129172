package data

// Polish is the language of the office; every Text has it.
const Polish = "pl"

// Text is a sentence in several languages, keyed by BCP 47 language ("pl",
// "en", "uk", "de"). In content files it is either a plain string (Polish) or a
// mapping of languages.
type Text map[string]string

// PL makes a Text with Polish only.
func PL(s string) Text { return Text{Polish: s} }

// In returns the text in lang, or in Polish when lang is missing.
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	return t[Polish]
}

// IsEmpty reports whether there is no Polish text.
func (t Text) IsEmpty() bool { return t[Polish] == "" }

// Error is a failure a person may read. Code names the message in the
// language files ("error.<Code>"), Args fill its placeholders; Err is the chain
// for the log and never carries personal data.
type Error struct {
	Code string
	Args map[string]any
	Err  error
}

// Fail makes an Error with a code and no arguments.
func Fail(code string, err error) *Error { return &Error{Code: code, Err: err} }

// Error returns the code and the chain behind it.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Code
	}
	return e.Code + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
