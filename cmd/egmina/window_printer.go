//go:build cgo

package main

import (
	"context"
	"image"
	"sync"

	"egmina/data"
	"egmina/data/paper"
	"egmina/data/printing"
)

// pictureDPI is the resolution of the pictures the folder printer writes.
const pictureDPI = 110

// pagePrinter prints laid-out documents for the screens. work is waited for
// before the program ends: a job that is broken off must be taken back first.
type pagePrinter struct {
	printer printing.Printer
	work    *sync.WaitGroup
}

// Check returns why nothing can be printed now, as a *data.Error, or nil.
func (p pagePrinter) Check(ctx context.Context) error {
	state, err := p.printer.State(ctx)
	if err != nil {
		return err
	}
	if len(state.Problems) > 0 {
		return data.Fail(state.Problems[0], nil)
	}
	return nil
}

// Print renders the document and returns nil only when it is on paper.
func (p pagePrinter) Print(ctx context.Context, kind string, doc paper.Doc, report func(printing.Progress)) error {
	p.work.Add(1)
	defer p.work.Done()
	pdf, err := paper.PDF(doc)
	if err != nil {
		return err
	}
	job := printing.Job{Kind: kind, PDF: pdf, Pictures: func() ([]image.Image, error) { return pictures(doc), nil }}
	return printing.Run(ctx, p.printer, job, report)
}

func pictures(doc paper.Doc) []image.Image {
	out := make([]image.Image, len(doc.Pages))
	for i, page := range doc.Pages {
		out[i] = paper.Picture(page, pictureDPI)
	}
	return out
}
