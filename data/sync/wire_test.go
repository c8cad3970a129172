package sync

import (
	"encoding/json"
	"testing"

	"egmina/data"
)

func page(from data.Position, n int) data.FeedPage {
	p := data.FeedPage{Bucket: "public", Next: from, AtHead: true}
	for range n {
		c := data.Change{Seq: p.Next.Seq + 1, Key: "k", Value: []byte("v")}
		p.Changes = append(p.Changes, c)
		p.Next.Seq, p.Next.Digest = c.Seq, p.Next.Digest.Next(c)
	}
	return p
}

func TestDecodePage(t *testing.T) {
	from := data.Position{Epoch: "e", Seq: 4}
	for name, change := range map[string]func(*data.FeedPage){
		"good":            func(*data.FeedPage) {},
		"nothing":         func(p *data.FeedPage) { *p = page(from, 0) },
		"other bucket":    func(p *data.FeedPage) { p.Bucket = "accounts" },
		"other epoch":     func(p *data.FeedPage) { p.Next.Epoch = "f" },
		"altered value":   func(p *data.FeedPage) { p.Changes[1].Value = []byte("w") },
		"altered key":     func(p *data.FeedPage) { p.Changes[0].Key = "l" },
		"became deletion": func(p *data.FeedPage) { p.Changes[2].Deleted, p.Changes[2].Value = true, nil },
		"one missing":     func(p *data.FeedPage) { p.Changes = p.Changes[1:] },
		"last missing":    func(p *data.FeedPage) { p.Changes = p.Changes[:2] },
		"out of order":    func(p *data.FeedPage) { p.Changes[0], p.Changes[1] = p.Changes[1], p.Changes[0] },
		"twice":           func(p *data.FeedPage) { p.Changes = append(p.Changes, p.Changes[2]) },
		"no key":          func(p *data.FeedPage) { p.Changes[0].Key = "" },
	} {
		p := page(from, 3)
		change(&p)
		raw, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodePage(raw, "public", from); (err == nil) != (name == "good" || name == "nothing") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := decodePage(raw[:len(raw)/2], "public", from); err == nil {
			t.Errorf("%s, truncated: taken", name)
		}
	}
}

func FuzzFeedPage(f *testing.F) {
	from := data.Position{Epoch: "e", Seq: 4}
	good, _ := json.Marshal(page(from, 3))
	f.Add(good)
	f.Add([]byte(`{"bucket":"public","next":{"epoch":"e","seq":4,"digest":"00"}}`))
	f.Add([]byte(`{"changes":[{"seq":1e99}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := decodePage(raw, "public", from)
		if err == nil && (p.Next.Seq != from.Seq+int64(len(p.Changes)) || p.Next.Epoch != from.Epoch) {
			t.Errorf("accepted %+v", p)
		}
	})
}

func FuzzSnapshot(f *testing.F) {
	good, _ := json.Marshal(data.Snapshot{Bucket: "public", At: data.Position{Epoch: "e", Seq: 2}, Entries: []data.Change{{Seq: 2, Key: "a"}, {Seq: 1, Key: "b", Value: []byte("x")}}})
	f.Add(good)
	f.Add([]byte(`{"bucket":"public","at":{"epoch":"e"},"entries":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := decodeSnapshot(raw, "public")
		if err != nil {
			return
		}
		for i, e := range s.Entries {
			if e.Deleted || e.Seq > s.At.Seq || i > 0 && s.Entries[i-1].Key >= e.Key {
				t.Errorf("accepted entry %d: %+v", i, e)
			}
		}
	})
}

func FuzzOpsAnswer(f *testing.F) {
	ops := []data.Op{{ID: data.ID{1}}, {ID: data.ID{2}}}
	good, _ := json.Marshal(data.OpsResponse{Epoch: "e", Results: []data.OpResult{{ID: ops[0].ID, Status: data.OpApplied}, {ID: ops[1].ID, Status: data.OpRetry}}})
	f.Add(good)
	f.Add([]byte(`{"epoch":"e","results":[{},{}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := decodeOps(raw, ops)
		if err == nil && (len(r.Results) != 2 || r.Results[0].ID != ops[0].ID || r.Results[1].ID != ops[1].ID) {
			t.Errorf("accepted %+v", r)
		}
	})
}
