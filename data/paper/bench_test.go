package paper

import "testing"

// benchForm is the waste declaration, typically filled.
func benchForm(b *testing.B) FormInput {
	m := testGmina(b)
	f := testForms(b)[0]
	return FormInput{Municipality: m, Form: f, Answers: answer(b, f, false, false), Number: testNumber, Made: testDay}
}

// BenchmarkFormPDF lays out and writes a whole form; "ms/page" is what the
// speed of a form page is judged by.
func BenchmarkFormPDF(b *testing.B) {
	in := benchForm(b)
	pages := 0
	b.ReportAllocs()
	for b.Loop() {
		doc, err := FormDoc(in)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := PDF(doc); err != nil {
			b.Fatal(err)
		}
		pages = len(doc.Pages)
	}
	perPage(b, pages)
}

func perPage(b *testing.B, pages int) {
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N*pages), "ms/page")
}

func BenchmarkFormLayout(b *testing.B) {
	in := benchForm(b)
	for b.Loop() {
		if _, err := FormDoc(in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSlipPDF(b *testing.B) {
	in := slipInput(testGmina(b))
	b.ReportAllocs()
	for b.Loop() {
		doc, err := SlipDoc(in)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := PDF(doc); err != nil {
			b.Fatal(err)
		}
	}
	perPage(b, 1)
}

// BenchmarkPreview draws one form page as large as a portrait screen shows it.
func BenchmarkPreview(b *testing.B) {
	doc, err := FormDoc(benchForm(b))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Picture(doc.Pages[0], 120)
	}
}
