package printing

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// IPP is spoken through ipptool of CUPS, whose answer as a property list carries attribute values
// unchanged. lpstat does not do: it shows one and the same line for a job that completed and one that was aborted,
// and knows nothing of the device behind a queue.

// The requests, in ipptool's language. $uri and $user are known to ipptool, $job is given to it.
const (
	askPrinter = `{ OPERATION Get-Printer-Attributes
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR language attributes-natural-language en
ATTR uri printer-uri $uri
ATTR name requesting-user-name $user
ATTR keyword requested-attributes printer-state,printer-state-reasons,printer-is-accepting-jobs,device-uri
}`
	askJob = `{ OPERATION Get-Job-Attributes
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR language attributes-natural-language en
ATTR uri printer-uri $uri
ATTR integer job-id $job
ATTR name requesting-user-name $user
ATTR keyword requested-attributes job-id,job-name,job-state,job-state-reasons,job-impressions-completed
}`
	askJobs = `{ OPERATION Get-Jobs
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR language attributes-natural-language en
ATTR uri printer-uri $uri
ATTR name requesting-user-name $user
ATTR keyword which-jobs not-completed
ATTR keyword requested-attributes job-id,job-name,job-state,job-state-reasons
}`
	// The last ones a printer finished, newest first (RFC 8011 §4.2.6).
	askEnded = `{ OPERATION Get-Jobs
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR language attributes-natural-language en
ATTR uri printer-uri $uri
ATTR name requesting-user-name $user
ATTR integer limit 50
ATTR keyword which-jobs completed
ATTR keyword requested-attributes job-id,job-name,job-state
}`
	cancelJob = `{ OPERATION Cancel-Job
GROUP operation-attributes-tag
ATTR charset attributes-charset utf-8
ATTR language attributes-natural-language en
ATTR uri printer-uri $uri
ATTR integer job-id $job
ATTR name requesting-user-name $user
}`
)

// attrs is one group of an IPP answer, its values as text.
type attrs map[string][]string

func (a attrs) first(name string) string {
	if v := a[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (a attrs) number(name string) int {
	n, err := strconv.Atoi(a.first(name))
	if err != nil {
		return 0
	}
	return n
}

// answer is what an IPP server said: a status keyword and the groups after the operation's own.
type answer struct {
	status string
	groups []attrs
}

// ok reports whether the server did what it was asked.
func (a answer) ok() bool { return strings.HasPrefix(a.status, "successful-ok") }

// missing reports whether the server does not know what it was asked about.
func (a answer) missing() bool {
	return a.status == "client-error-not-found" || a.status == "client-error-gone"
}

// errSilent means that no server answered.
var errSilent = errors.New("no answer")

// ask sends one request to an ipp or ipps address. job is 0 where none is meant.
func ask(ctx context.Context, run runner, uri, request string, job int) (answer, error) {
	args := []string{"-X", "-T", "5"}
	if job > 0 {
		args = append(args, "-d", "job="+strconv.Itoa(job))
	}
	res, err := run(ctx, command{
		name: "ipptool", args: append(args, uri, "/dev/stdin"), stdin: []byte(request)})
	if err != nil {
		return answer{}, err
	}
	a, err := parseAnswer(res.stdout)
	if err != nil && res.stderr != "" {
		err = fmt.Errorf("%w: %s", err, res.stderr)
	}
	return a, err
}

// parseAnswer reads the property list that "ipptool -X" writes for one request.
func parseAnswer(raw []byte) (answer, error) {
	root, err := parsePlist(raw)
	if err != nil {
		return answer{}, err
	}
	top, _ := root.(map[string]any)
	tests, _ := top["Tests"].([]any)
	if len(tests) != 1 {
		return answer{}, errSilent
	}
	test, _ := tests[0].(map[string]any)
	status, _ := test["StatusCode"].(string)
	if done, _ := test["Successful"].(bool); !done || status == "" {
		return answer{}, errSilent // ipptool gives "successful-ok" even when nothing came back
	}
	a := answer{status: status}
	list, _ := test["ResponseAttributes"].([]any)
	for i, g := range list {
		if group, ok := g.(map[string]any); ok && i > 0 {
			a.groups = append(a.groups, flatten(group))
		}
	}
	return a, nil
}

// flatten turns values into text; collections are left out, nothing here asks for one.
func flatten(group map[string]any) attrs {
	out := attrs{}
	for name, v := range group {
		values, ok := v.([]any)
		if !ok {
			values = []any{v}
		}
		for _, v := range values {
			switch v := v.(type) {
			case string:
				out[name] = append(out[name], v)
			case bool:
				out[name] = append(out[name], strconv.FormatBool(v))
			}
		}
	}
	return out
}

const maxDepth = 16 // of a property list; answers need 6

// parsePlist reads a property list into map[string]any, []any, string (also for numbers) and bool.
func parsePlist(raw []byte) (any, error) {
	if len(raw) > maxOutput {
		return nil, errOutput
	}
	d := xml.NewDecoder(bytes.NewReader(raw))
	for {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("ipptool: %w", noEOF(err))
		}
		if s, ok := t.(xml.StartElement); ok && s.Name.Local != "plist" {
			return plistValue(d, s, 0)
		}
	}
}

func plistValue(d *xml.Decoder, start xml.StartElement, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("ipptool: answer nested too deeply")
	}
	switch start.Name.Local {
	case "dict":
		return plistDict(d, depth)
	case "array":
		return plistArray(d, depth)
	case "true", "false":
		return start.Name.Local == "true", noEOF(d.Skip())
	default:
		var text string
		err := d.DecodeElement(&text, &start)
		return text, noEOF(err)
	}
}

func plistArray(d *xml.Decoder, depth int) ([]any, error) {
	var out []any
	for {
		start, err := nextStart(d)
		if err != nil || start == nil {
			return out, err
		}
		v, err := plistValue(d, *start, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

func plistDict(d *xml.Decoder, depth int) (map[string]any, error) {
	out := map[string]any{}
	for {
		start, err := nextStart(d)
		if err != nil || start == nil {
			return out, err
		}
		var key string
		if start.Name.Local != "key" {
			return nil, fmt.Errorf("ipptool: %s where a key belongs", start.Name.Local)
		}
		if err := d.DecodeElement(&key, start); err != nil {
			return nil, noEOF(err)
		}
		if start, err = nextStart(d); err != nil {
			return nil, err
		}
		if start == nil {
			return nil, fmt.Errorf("ipptool: key %q without value", key)
		}
		if out[key], err = plistValue(d, *start, depth+1); err != nil {
			return nil, err
		}
	}
}

// nextStart is the next element's start, or nil at the end of the surrounding one.
func nextStart(d *xml.Decoder) (*xml.StartElement, error) {
	for {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("ipptool: %w", noEOF(err))
		}
		switch t := t.(type) {
		case xml.StartElement:
			return &t, nil
		case xml.EndElement:
			return nil, nil
		}
	}
}

// noEOF: an answer that ends is an answer cut off.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
