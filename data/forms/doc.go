// Package forms gives form definitions their meaning: it compiles a data.Form,
// evaluates answers against it (what is asked, what is computed, what is wrong,
// what is to pay) and reads and writes answers.
//
// Answers hold canonical values: text in NFC, grosze for money, the last place
// for decimals, ISO dates, option IDs, "true" or "false". What could not be
// understood is kept as it was typed, marked, so that nobody types it twice.
package forms
