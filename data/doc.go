// Package data holds the words of the domain (procedures, forms, charges,
// meters, acts) and their rules. It knows only the standard library; every
// package below it speaks these types and no other shared vocabulary.
package data
